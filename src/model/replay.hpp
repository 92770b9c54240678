// SPDX-License-Identifier: MIT
//
// The way along the graph, which is most of what a search does: the same checks as everywhere, without
// the calls, when none of them finds anything. Else nothing has been done, and the way that is written
// out in events.cpp and objects.cpp is taken.
#pragma once

#include "execution.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace runnel::model {

/// The next event of the calling thread if it is one of the graph, nobody waits for this thread, and it has
/// not changed plain memory.
inline const event* execution::ahead() {
  fiber& f = fibers_[running_];
  if (f.position >= f.leads_to) return nullptr;
  f.entered = f.position;
  return plain_.watching() && plain_.differs() ? nullptr : f.events + f.position;
}

/// What is known of the object if it is alive, and this thread knows of its last write. What it knows of the
/// construction of an atomic, it knows from then on.
inline execution::record* execution::known(const object& o) {
  if (!is_alive(&o)) return nullptr;
  record& r = records_[o.id_];
  if ((r.known_to >> running_ & 1U) != 0) return &r;
  if (!ordered(r.written)) return nullptr;
  if (r.kind == object_kind::atomic) r.known_to |= 1U << running_;
  return &r;
}

/// The next event, if it is an access of this kind to the atomic.
inline const event* execution::ahead(event_kind kind, const object& atomic) {
  const event* const e = ahead();
  if (e == nullptr || e->kind != kind) return nullptr;
  const record* const r = known(atomic);
  return r != nullptr && r->location == e->location ? e : nullptr;
}

inline void execution::go_past(std::size_t events, place where) {
  fiber& f = self();
  f.position += events;
  f.where = where;
}

inline void execution::go_past(std::size_t events, const object& atomic, place where) {
  record& r = records_[atomic.id_];
  r.use(running_, here().time);
  used_by_me(r);
  go_past(events, where);
}

/// A read that does not write, and whose value is accepted.
inline const event* execution::repeat_load(const object& atomic, place where,
                                           const acceptance& accepts) {
  const event* const e = ahead(event_kind::read, atomic);
  if (e == nullptr || e->op.kind != operation_kind::read || !accepts(e->value)) return nullptr;
  go_past(1, atomic, where);
  execute_up_to(e->rf);
  reveal();
  return e;
}

inline bool execution::repeat_store(const object& atomic, std::uint64_t value, place where) {
  const event* const e = ahead(event_kind::write, atomic);
  if (e == nullptr || e->value != value) return false;
  go_past(1, atomic, where);
  return true;
}

/// With its write, if it has one: then this is in the graph too.
inline const event* execution::repeat_modify(const object& atomic, const operation& op, place where,
                                             const acceptance& accepts) {
  const event* const e = ahead(event_kind::read, atomic);
  if (e == nullptr || e->op != op || !accepts(e->value)) return nullptr;
  const std::size_t events = e->rmw ? 2 : 1;
  if (self().position + events > self().length) return nullptr;
  go_past(events, atomic, where);
  execute_up_to(e->rf);
  reveal();
  return e;
}

/// A choice or a fence.
inline const event* execution::repeat_other(event_kind kind, unsigned choices, place where) {
  const event* const e = ahead();
  if (e == nullptr || e->kind != kind || e->choices != choices) return nullptr;
  go_past(1, where);
  reveal();
  return e;
}

inline clock execution::now() {
  clock c = hb();
  c.seen[running_] = here().time;
  return c;
}

inline bool execution::begins_access(const object& cell, cell_access access, place where) {
  record* const r = recording_ ? nullptr : known(cell);
  if (r == nullptr || r->writing || r->holds_value != (access != cell_access::construct))
    return false;
  const bool reads = access == cell_access::read;
  if (!reads && (r->readers > 0 || unordered_use(*r) != nobody)) return false;
  begin_span(*r, access, where);
  return true;
}

inline void execution::end_access(const object& cell, cell_access access) {
  record& r = checked(&cell);
  // The access counts as of its end: what is released during it does not cover it.
  if (access == cell_access::read) {
    --r.readers;
    r.use(running_, here().time);
    return;
  }
  r.writing = false;
  r.written = here();
  if (plain_.watching()) forget_plain(&cell, r.extent);
  if (access != cell_access::write) r.holds_value = access == cell_access::construct;
}

}  // namespace runnel::model

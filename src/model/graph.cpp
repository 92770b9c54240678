// SPDX-License-Identifier: MIT
#include "graph.hpp"

#include "place_name.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace runnel::model {

void graph::set_init(std::uint32_t l, std::uint64_t value) {
  if (l >= locations_.size()) locations_.resize(l + 1);
  location& loc = locations_[l];
  if (loc.init == value) return;
  const auto depth = static_cast<std::uint32_t>(revisits_.size());
  if (loc.kept_for != depth) inits_.push_back({l, loc.init, std::exchange(loc.kept_for, depth)});
  loc.init = value;
}

std::size_t graph::first_visible(std::uint32_t l, const clock& hb) const {
  const location& loc = locations_[l];
  std::size_t first = loc.mo.size();
  while (first > 0 && !hb.covers(loc.mo[first - 1])) --first;
  if (first == loc.mo.size()) return first;
  // What a thread reads from a location never goes back in mo: only the last read counts.
  for (unsigned t = 0; t < threads(); ++t) {
    std::int16_t n = loc.read.seen[t];
    while (n > hb.seen[t]) n = events_[t][static_cast<std::size_t>(n) - 1].earlier;
    if (n > 0)
      first = std::max(first, source_position(events_[t][static_cast<std::size_t>(n) - 1]));
  }
  return first;
}

event_id graph::add(unsigned thread, const event& e) {
  const event_id id{static_cast<std::uint16_t>(thread),
                    static_cast<std::uint16_t>(events_[thread].size())};
  event& added = events_[thread].emplace_back(e);
  added.stamp = static_cast<std::uint32_t>(order_.size());
  clocks_[thread].push_back(after(thread, id.index));
  order_.push_back(id);
  if (e.kind == event_kind::read) insert_read(id);
  if (e.kind == event_kind::write) insert_into_mo(id, e.position);
  if (e.kind == event_kind::spawn) start(id);
  if (is_seq_cst_fence(e)) ++seq_cst_fences_;
  compute_clocks(id);
  return id;
}

void graph::recompute(event_id read) {
  clocks_[read.thread][read.index] = after(read.thread, read.index);
  compute_clocks(read);
}

void graph::start(event_id spawn) {
  const std::uint32_t which = at(spawn).location;
  if (which != 0) {
    started_by_[which] = spawn;
  } else {
    std::fill(started_by_.begin() + 1,
              started_by_.begin() + static_cast<std::ptrdiff_t>(numbers_.first()), spawn);
  }
}

/// They are those of the event before so far.
void graph::compute_clocks(event_id id) {
  const event& e = at(id);
  event_clocks& c = clocks_[id.thread][id.index];
  switch (e.kind) {
    case event_kind::read:
      if (e.rf != init_event) {
        c.porf.join(clocks(e.rf).porf);
        if (acquires(e.order)) {
          acquire(c.hb, id, id);
        } else {
          c.pending.join(clocks(e.rf).message);
        }
      }
      break;
    case event_kind::write: break;
    case event_kind::fence:
      if (is_acquire_fence(e)) acquire_fence(c, id);
      break;
    case event_kind::join:
      if (e.location != 0) {
        join_end(c, e.location);
      } else {
        for (unsigned t = 1; t < numbers_.first(); ++t) join_end(c, t);
      }
      break;
    case event_kind::choice:
    case event_kind::spawn: break;
  }
  c.hb.add(id);
  c.porf.add(id);
  if (is_release_fence(e)) c.released = c.hb;
  if (e.kind == event_kind::write) {
    c.message = releases(e.order) ? c.hb : c.released;
    if (e.rmw) {
      const event_id source = events_[id.thread][id.index - 1U].rf;
      if (source != init_event) c.message.join(clocks(source).message);
    }
  }
}

/// Also with what the thread does after its last event.
void graph::join_end(event_clocks& c, unsigned thread) const {
  c.hb.join(last(thread).hb);
  c.porf.join(last(thread).porf);
  c.hb.seen[thread] = static_cast<std::int16_t>(length(thread) + 1);
}

/// What the read's release sequence hands to the acquire side, which is the read or a fence after it.
void graph::acquire(clock& hb, event_id side, event_id read) const {
  const event& r = at(read);
  if (severed_ == nullptr) {
    hb.join(clocks(r.rf).message);
  } else {
    for_each_source(r, [&](event_id w) { acquire_unless_severed(hb, side, w); });
  }
}

void graph::acquire_fence(event_clocks& c, event_id fence) const {
  if (severed_ == nullptr) return c.hb.join(c.pending);
  for (event_id r{fence.thread, 0}; r.index < fence.index; ++r.index) {
    if (at(r).kind == event_kind::read) acquire(c.hb, fence, r);
  }
}

/// The release sides of a write are the write itself and the release fences before it. What they hand on
/// grows from one to the next, so it is that of the last one that is not severed.
void graph::acquire_unless_severed(clock& hb, event_id side, event_id write) const {
  const bool at_acquire = is_called(at(side).place, severed_->acquire);
  for (int i = write.index; i >= 0; --i) {
    const event_id released{write.thread, static_cast<std::uint16_t>(i)};
    const event& e = at(released);
    const bool is_side = released == write ? releases(e.order) : is_release_fence(e);
    if (!is_side || (at_acquire && is_called(e.place, severed_->release))) continue;
    return hb.join(clocks(released).hb);
  }
}

void graph::insert_read(event_id read) {
  event& r = at(read);
  location& l = locations_[r.location];
  l.reads.push_back(read);
  r.earlier = l.read.seen[read.thread];
  l.read.add(read);
}

void graph::insert_into_mo(event_id write, std::size_t position) {
  std::vector<event_id>& mo = locations_[at(write).location].mo;
  mo.insert(mo.begin() + static_cast<std::ptrdiff_t>(position - 1), write);
  for (std::size_t i = position - 1; i < mo.size(); ++i)
    at(mo[i]).position = static_cast<std::uint32_t>(i + 1);
}

void graph::remove_from_mo(event_id write) {
  const event& w = at(write);
  std::vector<event_id>& mo = locations_[w.location].mo;
  const std::size_t position = w.position;
  mo.erase(mo.begin() + static_cast<std::ptrdiff_t>(position - 1));
  for (std::size_t i = position - 1; i < mo.size(); ++i)
    at(mo[i]).position = static_cast<std::uint32_t>(i + 1);
}

void graph::move_write(event_id write, std::size_t position) {
  remove_from_mo(write);
  insert_into_mo(write, position);
}

void graph::restrict(std::size_t stamp) {
  while (order_.size() > stamp) {
    const event_id id = order_.back();
    const event& e = at(id);
    if (e.kind == event_kind::read) locations_[e.location].reads.pop_back();
    pop(id);
    order_.pop_back();
  }
}

/// Takes the last event from its thread; the list of reads and the order still have it.
void graph::pop(event_id id) {
  const event& e = at(id);
  if (e.kind == event_kind::read) locations_[e.location].read.seen[id.thread] = e.earlier;
  if (e.kind == event_kind::write) remove_from_mo(id);
  if (is_seq_cst_fence(e)) --seq_cst_fences_;
  events_[id.thread].pop_back();
  clocks_[id.thread].pop_back();
}

// ---- Revisits

void graph::revisit(event_id write, event_id read) {
  revisited& undo = revisits_.emplace_back(revisited{.write = {write, at(write), {}},
                                                     .read = {read, at(read), clocks(read)},
                                                     .stamp = 0,
                                                     .parts = taken_out_.size(),
                                                     .inits = inits_.size()});
  const clock prefix = clocks(write).porf;
  restrict(undo.write.event.stamp);
  const std::size_t begin = undo.read.event.stamp + 1U;
  for (std::size_t s = order_.size(); s-- > begin;) {
    if (!prefix.covers(order_[s])) take_out(order_[s]);
  }
  undo.stamp = begin;
  for (std::size_t s = begin; s < order_.size(); ++s) {
    if (!prefix.covers(order_[s])) continue;
    at(order_[s]).stamp = static_cast<std::uint32_t>(undo.stamp);
    order_[undo.stamp++] = order_[s];
  }
  order_.resize(undo.stamp);
  event w = undo.write.event;
  w.position = static_cast<std::uint32_t>(locations_[w.location].mo.size() + 1);
  w.sought = true;
  add(write.thread, w);
}

void graph::take_out(event_id id) {
  const event& e = at(id);
  taken_out_.push_back({id, e, clocks(id)});
  if (e.kind == event_kind::read) {
    std::vector<event_id>& reads = locations_[e.location].reads;
    reads.erase(std::prev(std::find(reads.rbegin(), reads.rend(), id).base()));
  }
  pop(id);
}

void graph::undo_revisit() {
  const revisited& r = revisits_.back();
  restrict(r.stamp);
  for (; inits_.size() > r.inits; inits_.pop_back()) {
    location& l = locations_[inits_.back().location];
    l.init = inits_.back().value;
    l.kept_for = inits_.back().kept_for;
  }
  at(r.read.id) = r.read.event;
  clocks_[r.read.id.thread][r.read.id.index] = r.read.clocks;
  put_back_order(r);
  for (; taken_out_.size() > r.parts; taken_out_.pop_back()) put_back(taken_out_.back());
  event w = r.write.event;
  w.position = static_cast<std::uint32_t>(locations_[w.location].mo.size() + 1);
  add(r.write.id.thread, w);
  revisits_.pop_back();
}

/// The events that were taken out get their stamps again, and those that stayed the ones between.
void graph::put_back_order(const revisited& r) {
  std::size_t stayed = order_.size();
  order_.resize(r.write.event.stamp);
  std::size_t part = r.parts;
  for (std::size_t s = order_.size(); part < taken_out_.size();) {
    --s;
    if (taken_out_[part].event.stamp == s) {
      order_[s] = taken_out_[part++].id;
    } else {
      order_[s] = order_[--stayed];
      at(order_[s]).stamp = static_cast<std::uint32_t>(s);
    }
  }
}

void graph::put_back(const revisited::part& p) {
  const event& e = events_[p.id.thread].emplace_back(p.event);
  clocks_[p.id.thread].push_back(p.clocks);
  if (is_seq_cst_fence(e)) ++seq_cst_fences_;
  if (e.kind == event_kind::spawn) start(p.id);
  if (e.kind == event_kind::write) insert_into_mo(p.id, e.position);
  if (e.kind != event_kind::read) return;
  location& l = locations_[e.location];
  auto later = l.reads.end();
  while (later != l.reads.begin() && at(*std::prev(later)).stamp > e.stamp) --later;
  l.reads.insert(later, p.id);
  l.read.add(p.id);
}

void graph::forget_revisits() {
  revisits_.clear();
  taken_out_.clear();
  inits_.clear();
  for (location& l : locations_) l.kept_for = 0;
}

std::size_t graph::memory() const {
  std::size_t bytes = sizeof *this + memory_of(order_) + memory_of(locations_) +
                      memory_of(revisits_) + memory_of(taken_out_) + memory_of(inits_);
  for (unsigned t = 0; t < threads(); ++t) bytes += memory_of(events_[t]) + memory_of(clocks_[t]);
  for (const location& l : locations_) bytes += memory_of(l.mo) + memory_of(l.reads);
  return bytes;
}

}  // namespace runnel::model

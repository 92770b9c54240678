// SPDX-License-Identifier: MIT
#include "graph.hpp"

#include "place_name.hpp"

#include <algorithm>

namespace runnel::model {

void graph::set_init(std::uint32_t l, std::uint64_t value) {
  if (l >= locations_.size()) locations_.resize(l + 1);
  locations_[l].init = value;
}

std::size_t graph::first_visible(std::uint32_t l, const clock& hb) const {
  const location& loc = locations_[l];
  std::size_t first = loc.mo.size();
  while (first > 0 && !hb.covers(loc.mo[first - 1])) --first;
  if (first == loc.mo.size()) return first;
  for (const event_id r : loc.reads) {
    if (hb.covers(r)) first = std::max(first, source_position(at(r)));
  }
  return first;
}

event_id graph::add(unsigned thread, const event& e) {
  const event_id id{static_cast<std::uint16_t>(thread),
                    static_cast<std::uint16_t>(events_[thread].size())};
  event& added = events_[thread].emplace_back(e);
  added.stamp = static_cast<std::uint32_t>(order_.size());
  clocks_[thread].emplace_back();
  order_.push_back(id);
  if (e.kind == event_kind::read) locations_[e.location].reads.push_back(id);
  if (e.kind == event_kind::write) insert_into_mo(id, e.position);
  if (e.kind == event_kind::spawn) spawn_ = id.index;
  compute_clocks(id);
  return id;
}

void graph::compute_clocks(event_id id) {
  const event& e = at(id);
  const event_clocks& before = after(id.thread, id.index);
  event_clocks& c = clocks_[id.thread][id.index];
  c.hb = before.hb;
  c.porf = before.porf;
  c.pending = before.pending;
  c.released = before.released;
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
      for (unsigned t = 1; t < threads_; ++t) {
        c.hb.join(last(t).hb);
        c.porf.join(last(t).porf);
        // Also what a thread does after its last event.
        c.hb.seen[t] = static_cast<std::int16_t>(length(t) + 1);
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
    if (e.kind == event_kind::write) remove_from_mo(id);
    events_[id.thread].pop_back();
    clocks_[id.thread].pop_back();
    order_.pop_back();
  }
}

void graph::clear_events() {
  for (unsigned t = 0; t < threads_; ++t) {
    events_[t].clear();
    clocks_[t].clear();
  }
  order_.clear();
  for (location& l : locations_) {
    l.mo.clear();
    l.reads.clear();
  }
}

void graph::clear() {
  clear_events();
  locations_.clear();
}

std::size_t graph::memory() const {
  std::size_t bytes = sizeof *this + memory_of(order_) + memory_of(locations_);
  for (unsigned t = 0; t < threads_; ++t) bytes += memory_of(events_[t]) + memory_of(clocks_[t]);
  for (const location& l : locations_) bytes += memory_of(l.mo) + memory_of(l.reads);
  return bytes;
}

}  // namespace runnel::model

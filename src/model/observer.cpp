// SPDX-License-Identifier: MIT
#include "observer.hpp"

#include "place_name.hpp"

#include <bit>
#include <cstdint>
#include <map>
#include <utility>

namespace runnel::model {

namespace {

bool same(const place& a, const place& b) { return a.name == b.name && a.line == b.line; }

std::size_t hash_of(const place& p) { return std::bit_cast<std::uintptr_t>(p.name) * 31U + p.line; }

/// The write itself, or the last release fence of its thread before it; init_event if there is neither.
event_id release_side(const graph& g, event_id write) {
  if (releases(g.at(write).order)) return write;
  if (g.clocks(write).released.seen[write.thread] == 0) return init_event;
  event_id e = write;
  while (!is_release_fence(g.at(e))) --e.index;
  return e;
}

}  // namespace

void observer::observe(const graph& g) {
  ++executions_;
  // What thread 0 does is before or after all others.
  for (unsigned t = 1; t < g.threads(); ++t) {
    for (std::size_t i = 0; i < g.length(t); ++i) {
      const event_id id{static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(i)};
      const event& e = g.at(id);
      if (e.kind == event_kind::read && acquires(e.order)) observe_acquire(g, id, e);
      if (!is_acquire_fence(e)) continue;
      for (event_id r{id.thread, 0}; r.index < id.index; ++r.index) {
        const event& read = g.at(r);
        if (read.kind == event_kind::read && !acquires(read.order)) observe_acquire(g, id, read);
      }
    }
  }
}

void observer::observe_acquire(const graph& g, event_id side, const event& read) {
  g.for_each_source(read, [&](event_id w) {
    if (w.thread == 0 || w.thread == side.thread) return;
    const event_id released = release_side(g, w);
    if (released != init_event) count(g.at(released).place, g.at(side).place, w != read.rf);
  });
}

void observer::count(const place& release, const place& acquire, bool continued) {
  counted& c = find(release, acquire);
  if (std::exchange(c.seen_in, executions_) != executions_) ++c.pair.executions;
  if (continued && std::exchange(c.continued_in, executions_) != executions_) ++c.pair.continued;
}

observer::counted& observer::find(const place& release, const place& acquire) {
  const std::size_t mask = table_.size() - 1;
  // The upper bits of the product depend on all bits of the addresses.
  const std::uint64_t mixed =
      (hash_of(release) * 7U + hash_of(acquire)) * std::uint64_t{0x9E3779B97F4A7C15};
  for (std::size_t i = mixed >> 32U;; ++i) {
    counted& c = table_[i & mask];
    if (c.seen_in != 0 && same(c.pair.release, release) && same(c.pair.acquire, acquire)) return c;
    if (c.seen_in != 0) continue;
    if (2 * used_ >= table_.size()) {
      grow();
      return find(release, acquire);
    }
    ++used_;
    c.pair = {release, acquire, 0, 0};
    return c;
  }
}

void observer::grow() {
  const std::vector<counted> old = std::exchange(table_, std::vector<counted>(2 * table_.size()));
  used_ = 0;
  for (const counted& c : old) {
    if (c.seen_in != 0) find(c.pair.release, c.pair.acquire) = c;
  }
}

std::vector<observer::entry> observer::entries() const {
  std::vector<entry> all;
  for (const counted& c : table_) {
    if (c.seen_in != 0) all.push_back(c.pair);
  }
  return all;
}

std::vector<synchronization> named(const std::vector<observer::entry>& entries) {
  std::map<place_pair, synchronization> all;
  for (const observer::entry& e : entries) {
    const place_pair places{text_of(e.release), text_of(e.acquire)};
    synchronization& s = all.try_emplace(places, synchronization{places, 0, 0}).first->second;
    s.executions += e.executions;
    s.continued += e.continued;
  }
  std::vector<synchronization> list;
  for (auto& [places, s] : all) list.push_back(std::move(s));
  return list;
}

}  // namespace runnel::model

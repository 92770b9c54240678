// SPDX-License-Identifier: MIT
#include "cxx20_order.hpp"

#include <algorithm>
#include <limits>

namespace runnel::model {

namespace {

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

event_id after(event_id e) { return {e.thread, static_cast<std::uint16_t>(e.index + 1)}; }

/// Whether the read is part of a read-modify-write whose write is in the graph.
bool is_part(const graph& g, event_id read) {
  return g.at(read).kind == event_kind::read && g.at(read).rmw &&
         after(read).index < g.length(read.thread);
}

}  // namespace

bool cxx20_order::exists(const graph& g) {
  collect(g);
  if (operations_.size() < 2) return true;
  state_.assign(operations_.size(), 0);
  for (std::size_t n = 0; n < operations_.size(); ++n)
    if (state_[n] == 0 && !search(g, n)) return false;
  return true;
}

void cxx20_order::collect(const graph& g) {
  operations_.clear();
  extents_.clear();
  locations_ = g.locations().size();
  for (const event_id id : g.order()) {
    const event& e = g.at(id);
    const bool counted = e.kind == event_kind::write && e.rmw;  // with its read
    if (e.order != std::memory_order::seq_cst || counted) continue;
    operation& o = operations_.emplace_back(operation{.first = id,
                                                      .last = id,
                                                      .fence = e.kind == event_kind::fence,
                                                      .location = e.location,
                                                      .at = {}});
    if (o.fence) {
      measure(g, o);
      continue;
    }
    if (is_part(g, id)) o.last = after(id);
    const event& last = g.at(o.last);
    o.at.writes = last.kind == event_kind::write;
    o.at.position = o.at.writes ? last.position : g.source_position(last);
  }
}

void cxx20_order::measure(const graph& g, operation& fence) {
  fence.extents = extents_.size();
  const clock& before = g.clocks(fence.first).hb;
  for (const location& l : g.locations()) {
    extent x{nowhere, nowhere, 0, 0};
    for (const event_id w : l.mo) {
      const std::size_t p = g.at(w).position;
      if (g.clocks(w).hb.covers(fence.first)) {
        x.write_after = std::min(x.write_after, p + 1);
        x.read_after = std::min(x.read_after, p);
      }
      if (before.covers(w)) x.written_before = std::max(x.written_before, p);
    }
    for (const event_id r : l.reads) {
      if (is_part(g, r)) continue;
      const std::size_t p = g.source_position(g.at(r));
      if (g.clocks(r).hb.covers(fence.first)) {
        x.write_after = std::min(x.write_after, p + 1);
        x.read_after = std::min(x.read_after, p + 1);
      }
      if (before.covers(r)) x.read_before = std::max(x.read_before, p);
    }
    extents_.push_back(x);
  }
}

bool cxx20_order::edge(const graph& g, const operation& a, const operation& b) {
  ++steps_;
  // Strongly happens before. The end of a thread, and its start, are evaluations too.
  if (a.first.thread == b.first.thread) {
    if (a.first.index < b.first.index) return true;
  } else if (g.after(b.first.thread, b.first.index).hb.covers(after(a.last))) {
    return true;
  }
  return coherence_ordered(a, b);
}

bool cxx20_order::coherence_ordered(const operation& a, const operation& b) const {
  const auto comes_before = [](const extent& x, const place& p) {
    return (p.writes ? x.write_after : x.read_after) <= p.position;
  };
  const auto comes_after = [](const place& p, const extent& x) {
    return p.position < x.written_before || p.position < x.read_before ||
           (p.writes && p.position == x.read_before);
  };
  if (!a.fence && !b.fence) {
    if (a.location != b.location) return false;
    if (b.at.writes || !a.at.writes) return a.at.position < b.at.position;
    return a.at.position <= b.at.position;
  }
  if (!b.fence) return comes_before(extents_[a.extents + b.location], b.at);
  if (!a.fence) return comes_after(a.at, extents_[b.extents + a.location]);
  for (std::size_t l = 0; l < locations_; ++l) {
    const extent& from = extents_[a.extents + l];
    const extent& to = extents_[b.extents + l];
    if (from.write_after <= to.written_before || from.read_after <= to.read_before) return true;
  }
  return false;
}

bool cxx20_order::search(const graph& g, std::size_t n) {
  state_[n] = 1;
  for (std::size_t m = 0; m < operations_.size(); ++m) {
    if (state_[m] == 2 || m == n || !edge(g, operations_[n], operations_[m])) continue;
    if (state_[m] == 1 || !search(g, m)) return false;
  }
  state_[n] = 2;
  return true;
}

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
#include "psc.hpp"

#include <algorithm>
#include <limits>

namespace runnel::model {

namespace {

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

bool is_access(const event& e) { return e.kind == event_kind::read || e.kind == event_kind::write; }
/// Places in mo after this one are after the access in mo or fr.
std::size_t position(const graph& g, const event& e) {
  return e.kind == event_kind::write ? e.position : g.source_position(e);
}

/// The next (step 1) or previous (step -1) event of the thread that is no access of the same location;
/// init_event if there is none.
event_id elsewhere(const graph& g, event_id id, int step) {
  const std::uint32_t l = g.at(id).location;
  const auto length = static_cast<int>(g.length(id.thread));
  for (int i = id.index + step; i >= 0 && i < length; i += step) {
    const event_id other{id.thread, static_cast<std::uint16_t>(i)};
    if (!is_access(g.at(other)) || g.at(other).location != l) return other;
  }
  return init_event;
}

/// Whether the read takes its value from the write or from what continues its release sequence.
bool has_source(const graph& g, const event& read, event_id write) {
  bool found = false;
  g.for_each_source(read, [&](event_id w) { found = found || w == write; });
  return found;
}

}  // namespace

bool psc_checker::acyclic(const graph& g, event_id changed, event_id also_changed) {
  const bool fences = collect(g);
  if (nodes_.size() < 2) return true;
  if (!fences) {
    // Every new edge begins or ends at a changed event.
    return search_from(g, changed) && (also_changed == init_event || search_from(g, also_changed));
  }
  measure_fences(g);
  state_.assign(nodes_.size(), 0);
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (state_[n] == 0 && !search(g, n)) return false;
  }
  return true;
}

/// Whether no cycle goes through the event.
bool psc_checker::search_from(const graph& g, event_id e) {
  if (g.at(e).order != std::memory_order::seq_cst) return true;
  state_.assign(nodes_.size(), 0);
  const auto n =
      std::find_if(nodes_.begin(), nodes_.end(), [e](const node& m) { return m.id == e; });
  return search(g, static_cast<std::size_t>(n - nodes_.begin()));
}

/// Collects the seq_cst events; whether there are fences among them.
bool psc_checker::collect(const graph& g) {
  nodes_.clear();
  bool fences = false;
  for (const event_id id : g.order()) {
    const event& e = g.at(id);
    if (e.order != std::memory_order::seq_cst) continue;
    const bool fence = e.kind == event_kind::fence;
    fences = fences || fence;
    nodes_.push_back({id, fence, e.location});
  }
  return fences;
}

void psc_checker::measure_fences(const graph& g) {
  reaches_.clear();
  fences_.assign(nodes_.size(), 0);
  const auto locations = static_cast<std::uint32_t>(g.locations().size());
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (!nodes_[n].fence) continue;
    fences_[n] = reaches_.size() / std::max<std::size_t>(locations, 1);
    for (std::uint32_t l = 0; l < locations; ++l) reaches_.push_back(measure(g, nodes_[n].id, l));
  }
}

psc_checker::reach psc_checker::measure(const graph& g, event_id fence, std::uint32_t l) const {
  reach r{nowhere, nowhere, 0, 0, false};
  const clock& before = g.clocks(fence).hb;
  const location& loc = g.at(l);
  const auto visit = [&](event_id id) {
    const event& e = g.at(id);
    const std::size_t p = position(g, e);
    if (g.clocks(id).hb.covers(fence)) {
      r.any_after = true;
      r.first_written_after = std::min(r.first_written_after, p + 1);
      // mo;rf and rf reach a read of the write itself, fr;rf only reads of later ones.
      r.first_read_after = std::min(r.first_read_after, e.kind == event_kind::write ? p : p + 1);
    }
    if (before.covers(id)) {
      if (e.kind == event_kind::write) r.last_written_before = std::max(r.last_written_before, p);
      r.last_seen_before = std::max(r.last_seen_before, p);
    }
  };
  for (const event_id w : loc.mo) visit(w);
  for (const event_id rd : loc.reads) visit(rd);
  return r;
}

bool psc_checker::edge(const graph& g, std::size_t a, std::size_t b) const {
  const node& from = nodes_[a];
  const node& to = nodes_[b];
  if (from.fence) return to.fence ? fence_to_fence(g, a, b) : fence_to_access(g, a, to);
  return to.fence ? access_to_fence(g, from, b) : access_to_access(g, from, to);
}

bool psc_checker::access_to_access(const graph& g, const node& a, const node& b) const {
  if (a.id.thread == b.id.thread) {
    if (a.id.index < b.id.index) return true;
  } else if (g.clocks(b.id).hb.covers(a.id)) {
    if (a.location == b.location) return true;
    const event_id first = elsewhere(g, a.id, 1);
    const event_id last = elsewhere(g, b.id, -1);
    if (first != init_event && last != init_event && g.clocks(last).hb.covers(first)) return true;
  }
  if (a.location != b.location) return false;
  const event& to = g.at(b.id);
  // Else it is in hb.
  if (g.is_severed() && to.kind == event_kind::read && has_source(g, to, a.id)) return true;
  return to.kind == event_kind::write && position(g, g.at(a.id)) < to.position && a.id != b.id;
}

bool psc_checker::fence_to_access(const graph& g, std::size_t f, const node& b) const {
  const event_id fence = nodes_[f].id;
  if (b.id.index > 0 || b.id.thread != 0) {
    if (g.after(b.id.thread, b.id.index).hb.covers(fence)) return true;
  }
  const event& to = g.at(b.id);
  const clock& hb = g.clocks(b.id).hb;
  const location& loc = g.at(b.location);
  const auto between = [&](event_id x) {
    return x != b.id && hb.covers(x) && g.clocks(x).hb.covers(fence);
  };
  if (std::any_of(loc.mo.begin(), loc.mo.end(), between) ||
      std::any_of(loc.reads.begin(), loc.reads.end(), between))
    return true;
  const reach& r = reaches_[fences_[f] * g.locations().size() + b.location];
  return to.kind == event_kind::write && r.any_after && r.first_written_after <= to.position;
}

bool psc_checker::access_to_fence(const graph& g, const node& a, std::size_t f) const {
  const event_id fence = nodes_[f].id;
  const clock& before = g.clocks(fence).hb;
  const event_id next{a.id.thread, static_cast<std::uint16_t>(a.id.index + 1)};
  if (next.index < g.length(next.thread) && before.covers(next)) return true;
  const location& loc = g.at(a.location);
  const auto between = [&](event_id y) {
    return y != a.id && before.covers(y) && g.clocks(y).hb.covers(a.id);
  };
  if (std::any_of(loc.mo.begin(), loc.mo.end(), between) ||
      std::any_of(loc.reads.begin(), loc.reads.end(), between))
    return true;
  const reach& r = reaches_[fences_[f] * g.locations().size() + a.location];
  return position(g, g.at(a.id)) < r.last_written_before;
}

bool psc_checker::fence_to_fence(const graph& g, std::size_t f, std::size_t h) const {
  if (f == h) return false;
  if (g.clocks(nodes_[h].id).hb.covers(nodes_[f].id)) return true;
  const std::size_t locations = g.locations().size();
  for (std::size_t l = 0; l < locations; ++l) {
    const reach& from = reaches_[fences_[f] * locations + l];
    const reach& to = reaches_[fences_[h] * locations + l];
    if (!from.any_after) continue;
    if (from.first_written_after <= to.last_written_before ||
        from.first_read_after <= to.last_seen_before)
      return true;
  }
  return false;
}

bool psc_checker::search(const graph& g, std::size_t n) {
  state_[n] = 1;
  for (std::size_t m = 0; m < nodes_.size(); ++m) {
    if (state_[m] == 2 || m == n || !edge(g, n, m)) continue;
    if (state_[m] == 1 || !search(g, m)) return false;
  }
  state_[n] = 2;
  return true;
}

}  // namespace runnel::model

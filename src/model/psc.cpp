// SPDX-License-Identifier: MIT
#include "psc.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace runnel::model {

namespace {

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

bool is_seq_cst_access(const event& e) {
  return e.order == std::memory_order::seq_cst && is_access(e);
}

/// Places in mo after this one are after the access in mo or fr.
std::size_t position(const graph& g, const event& e) {
  return e.kind == event_kind::write ? e.position : g.source_position(e);
}

bool is_access_of(const graph& g, unsigned thread, std::size_t index, std::uint32_t l) {
  const event& e = g.at({static_cast<std::uint16_t>(thread), static_cast<std::uint16_t>(index)});
  return is_access(e) && e.location == l;
}

/// The next event of the thread that is no access of the same location, or its end, which is one too: whoever joins
/// it has seen that.
event_id elsewhere_after(const graph& g, event_id id) {
  const std::uint32_t l = g.at(id).location;
  std::size_t i = id.index + 1U;
  while (i < g.length(id.thread) && is_access_of(g, id.thread, i, l)) ++i;
  return {id.thread, static_cast<std::uint16_t>(i)};
}

/// What the previous such event of the thread has seen, or its start.
const clock& elsewhere_before(const graph& g, event_id id) {
  const std::uint32_t l = g.at(id).location;
  std::size_t i = id.index;
  while (i > 0 && is_access_of(g, id.thread, i - 1, l)) --i;
  return g.after(id.thread, i).hb;
}

/// Whether the read takes its value from the write or from what continues its release sequence.
bool has_source(const graph& g, const event& read, event_id write) {
  bool found = false;
  g.for_each_source(read, [&](event_id w) { found = found || w == write; });
  return found;
}

}  // namespace

bool psc_checker::acyclic(const graph& g, event_id changed, event_id also_changed) {
  // Where no fence is seq_cst, every new edge begins or ends at a changed event.
  if (!g.has_seq_cst_fences() && !g.is_severed()) {
    return !reaches_itself(g, changed) &&
           (also_changed == init_event || !reaches_itself(g, also_changed));
  }
  collect(g);
  if (nodes_.size() < 2) return true;
  if (!g.has_seq_cst_fences())
    return search_from(g, changed) && (also_changed == init_event || search_from(g, also_changed));
  measure_fences(g);
  state_.assign(nodes_.size(), 0);
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (state_[n] == 0 && !search(g, n)) return false;
  }
  return true;
}

// ---- Where no fence is seq_cst

/// Whether a cycle goes through the event.
bool psc_checker::reaches_itself(const graph& g, event_id e) {
  if (!is_seq_cst_access(g.at(e))) return false;
  set_out(g);
  leave(g, e.thread, e.index, e.index + 1U);
  const auto end = threads_.begin() + static_cast<std::ptrdiff_t>(g.threads());
  const auto has_left = [](const progress& p) { return p.left <= p.reached; };
  while (threads_[e.thread].reached > e.index) {
    const auto next = std::find_if_not(threads_.begin(), end, has_left);
    if (next == end) return false;
    const std::size_t before = std::exchange(next->left, next->reached);
    leave(g, static_cast<std::uint16_t>(next - threads_.begin()), next->left, before);
  }
  return true;
}

/// Nothing is reached.
void psc_checker::set_out(const graph& g) {
  for (unsigned t = 0; t < g.threads(); ++t) {
    progress& p = threads_[t];
    p.reached = p.left = g.length(t);
    p.runs.resize(g.length(t));
    for (std::size_t i = g.length(t); i-- > 0; ++steps_) {
      const event& e = g.at({static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(i)});
      const auto next = static_cast<std::uint16_t>(i + 1);
      const bool goes_on = next < g.length(t) && is_access(e) &&
                           is_access(g.at({static_cast<std::uint16_t>(t), next})) &&
                           g.at({static_cast<std::uint16_t>(t), next}).location == e.location;
      p.runs[i] = goes_on ? p.runs[next] : next;
    }
  }
  mo_from_.assign(g.locations().size(), nowhere);
  left_.assign(g.locations().size(), round_);
}

/// Follows the edges to other threads of the seq_cst accesses of a thread from one place to another.
/// What the first one has by hb, the others have not more of; of each location likewise.
void psc_checker::leave(const graph& g, std::uint16_t thread, std::size_t begin, std::size_t end) {
  ++round_;
  bool first = true;
  for (std::size_t i = begin; i < end; ++i, ++steps_) {
    const event_id a{thread, static_cast<std::uint16_t>(i)};
    if (!is_seq_cst_access(g.at(a))) continue;
    leave_by_mo(g, a);
    if (std::exchange(first, false)) leave_by_others(g, a);
    if (std::exchange(left_[g.at(a).location], round_) != round_) leave_by_location(g, a);
  }
}

/// By mo and fr; to a write by hb|loc as well, since mo agrees with that.
void psc_checker::leave_by_mo(const graph& g, event_id a) {
  const event& e = g.at(a);
  const std::vector<event_id>& mo = g.at(e.location).mo;
  std::size_t& from = mo_from_[e.location];
  const std::size_t end = std::min(from, mo.size());
  from = std::min(from, position(g, e));
  for (std::size_t p = from; p < end; ++p, ++steps_) {
    if (g.at(mo[p]).order == std::memory_order::seq_cst) reach(mo[p].thread, mo[p].index);
  }
}

/// By sb≠loc;hb;sb≠loc. The start and the end of a thread are events of no location.
void psc_checker::leave_by_others(const graph& g, event_id a) {
  const event_id next{a.thread, threads_[a.thread].runs[a.index]};
  for (unsigned t = 0; t < g.threads(); ++t) {
    if (t == a.thread || threads_[t].reached == 0) continue;
    if (g.after(t, 0).hb.covers(next)) {
      reach(t, 0);
      continue;
    }
    const std::size_t i = find_covering(g, t, next);
    if (i < threads_[t].reached) reach(t, threads_[t].runs[i]);
  }
}

/// By hb|loc, to a read.
void psc_checker::leave_by_location(const graph& g, event_id a) {
  const std::uint32_t l = g.at(a).location;
  for (unsigned t = 0; t < g.threads(); ++t) {
    if (t == a.thread) continue;
    const std::size_t begin = find_covering(g, t, a);
    std::size_t first = threads_[t].reached;
    if (begin == first) continue;
    for (auto n = static_cast<std::size_t>(g.at(l).read.seen[t]); n > begin; ++steps_) {
      const event& r = *g.find(t, n - 1);
      if (r.order == std::memory_order::seq_cst) first = std::min(first, n - 1);
      n = static_cast<std::size_t>(r.earlier);
    }
    reach(t, first);
  }
}

/// The first event of the thread before which the other one happens; that part of the thread which is
/// reached does not count.
std::size_t psc_checker::find_covering(const graph& g, unsigned thread, event_id e) {
  std::size_t begin = 0;
  std::size_t end = threads_[thread].reached;
  for (; begin < end; ++steps_) {
    const std::size_t middle = begin + (end - begin) / 2;
    const bool covers = g.after(thread, middle + 1).hb.covers(e);
    (covers ? end : begin) = covers ? middle : middle + 1;
  }
  return begin;
}

// ---- Where fences are, or places are severed

/// Collects the seq_cst events.
void psc_checker::collect(const graph& g) {
  nodes_.clear();
  for (const event_id id : g.order()) {
    const event& e = g.at(id);
    if (e.order == std::memory_order::seq_cst)
      nodes_.push_back({id, e.kind == event_kind::fence, e.location});
  }
}

/// Whether no cycle goes through the event.
bool psc_checker::search_from(const graph& g, event_id e) {
  if (g.at(e).order != std::memory_order::seq_cst) return true;
  state_.assign(nodes_.size(), 0);
  const auto n =
      std::find_if(nodes_.begin(), nodes_.end(), [e](const node& m) { return m.id == e; });
  return search(g, static_cast<std::size_t>(n - nodes_.begin()));
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

psc_checker::extent psc_checker::measure(const graph& g, event_id fence, std::uint32_t l) const {
  extent r{nowhere, nowhere, 0, 0, false};
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

bool psc_checker::edge(const graph& g, std::size_t a, std::size_t b) {
  ++steps_;
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
    if (elsewhere_before(g, b.id).covers(elsewhere_after(g, a.id))) return true;
  }
  if (a.location != b.location) return false;
  const event& to = g.at(b.id);
  // Else it is in hb.
  if (g.is_severed() && to.kind == event_kind::read && has_source(g, to, a.id)) return true;
  return to.kind == event_kind::write && position(g, g.at(a.id)) < to.position && a.id != b.id;
}

bool psc_checker::fence_to_access(const graph& g, std::size_t f, const node& b) const {
  const event_id fence = nodes_[f].id;
  if (g.after(b.id.thread, b.id.index).hb.covers(fence)) return true;
  const event& to = g.at(b.id);
  const clock& hb = g.clocks(b.id).hb;
  const location& loc = g.at(b.location);
  const auto between = [&](event_id x) {
    return x != b.id && hb.covers(x) && g.clocks(x).hb.covers(fence);
  };
  if (std::any_of(loc.mo.begin(), loc.mo.end(), between) ||
      std::any_of(loc.reads.begin(), loc.reads.end(), between))
    return true;
  const extent& r = reaches_[fences_[f] * g.locations().size() + b.location];
  return to.kind == event_kind::write && r.any_after && r.first_written_after <= to.position;
}

bool psc_checker::access_to_fence(const graph& g, const node& a, std::size_t f) const {
  const event_id fence = nodes_[f].id;
  const clock& before = g.clocks(fence).hb;
  const event_id next{a.id.thread, static_cast<std::uint16_t>(a.id.index + 1)};
  if (before.covers(next)) return true;  // also the end of the thread
  const location& loc = g.at(a.location);
  const auto between = [&](event_id y) {
    return y != a.id && before.covers(y) && g.clocks(y).hb.covers(a.id);
  };
  if (std::any_of(loc.mo.begin(), loc.mo.end(), between) ||
      std::any_of(loc.reads.begin(), loc.reads.end(), between))
    return true;
  const extent& r = reaches_[fences_[f] * g.locations().size() + a.location];
  return position(g, g.at(a.id)) < r.last_written_before;
}

bool psc_checker::fence_to_fence(const graph& g, std::size_t f, std::size_t h) const {
  if (f == h) return false;
  if (g.clocks(nodes_[h].id).hb.covers(nodes_[f].id)) return true;
  const std::size_t locations = g.locations().size();
  for (std::size_t l = 0; l < locations; ++l) {
    const extent& from = reaches_[fences_[f] * locations + l];
    const extent& to = reaches_[fences_[h] * locations + l];
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

// SPDX-License-Identifier: MIT
#include "relations.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace runnel::cli {
namespace {

using model::picture;
using model::picture_event;
using model::reads;
using model::writes;

bool is_access(const picture_event& e) { return reads(e) || writes(e); }
bool is_seq_cst(const picture_event& e) {
  return e.order == std::memory_order::seq_cst && (is_access(e) || e.kind == model::step::fence);
}
bool is_fence(const picture_event& e) { return is_seq_cst(e) && e.kind == model::step::fence; }

bool same_location(const picture_event& a, const picture_event& b) {
  return is_access(a) && is_access(b) && a.object == b.object;
}

/// The place in the modification order of the value that is read; 0 is the initial value.
std::size_t position_read(const picture& p, const picture_event& e) {
  return e.source == picture_event::initial ? 0 : p.events[e.source].position;
}

/// mo and fr.
bool precedes(const picture& p, const picture_event& a, const picture_event& b) {
  if (!same_location(a, b) || !writes(b)) return false;
  return (writes(a) && a.position < b.position) || (reads(a) && position_read(p, a) < b.position);
}

template <class Holds>
relation relation_of(const picture& p, Holds holds) {
  relation r(p.events.size());
  for (std::size_t a = 0; a < r.size(); ++a) {
    for (std::size_t b = 0; b < r.size(); ++b) {
      if (a != b && holds(a, b)) r.add(a, b);
    }
  }
  return r;
}

/// eco: (rf ∪ mo ∪ fr)⁺
relation communication(const picture& p) {
  relation r = relation_of(p, [&](std::size_t a, std::size_t b) {
    return precedes(p, p.events[a], p.events[b]) || (reads(p.events[b]) && p.events[b].source == a);
  });
  r.close();
  return r;
}

/// scb
relation before_in_seq_cst(const picture& p, const relation& sb, const relation& hb) {
  const auto& e = p.events;
  const relation other = relation_of(
      p, [&](std::size_t a, std::size_t b) { return sb(a, b) && !same_location(e[a], e[b]); });
  relation scb = relation_of(p, [&](std::size_t a, std::size_t b) {
    return sb(a, b) || (hb(a, b) && same_location(e[a], e[b])) || precedes(p, e[a], e[b]);
  });
  scb.add(composed(composed(other, hb), other));
  return scb;
}

relation psc(const picture& p) {
  const auto& e = p.events;
  const relation sb = program_order(p);
  const relation hb = happens_before(p);
  // An end that is seq_cst, or what is reached from or leads to a fence.
  const relation left =
      relation_of(p, [&](std::size_t a, std::size_t b) { return is_fence(e[a]) && hb(a, b); });
  const relation right =
      relation_of(p, [&](std::size_t a, std::size_t b) { return is_fence(e[b]) && hb(a, b); });
  const relation scb = before_in_seq_cst(p, sb, hb);
  relation all = scb;
  all.add(composed(left, scb));
  relation both = all;
  both.add(composed(all, right));
  relation fences = hb;
  fences.add(composed(composed(hb, communication(p)), hb));
  return relation_of(p, [&](std::size_t a, std::size_t b) {
    return is_seq_cst(e[a]) && is_seq_cst(e[b]) &&
           (both(a, b) || (is_fence(e[a]) && is_fence(e[b]) && fences(a, b)));
  });
}

/// A shortest way from the event back to it; empty if there is none.
std::vector<std::size_t> cycle_through(const relation& r, std::size_t start) {
  constexpr std::size_t unseen = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> from(r.size(), unseen);
  std::vector<std::size_t> reached{start};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    for (std::size_t b = 0; b < r.size(); ++b) {
      if (!r(reached[i], b) || from[b] != unseen) continue;
      from[b] = reached[i];
      if (b != start) {
        reached.push_back(b);
        continue;
      }
      std::vector<std::size_t> cycle{start};
      while (from[cycle.back()] != start) cycle.push_back(from[cycle.back()]);
      std::reverse(cycle.begin() + 1, cycle.end());
      return cycle;
    }
  }
  return {};
}

}  // namespace

void relation::join_row(std::size_t to, const std::uint64_t* row) {
  for (std::size_t w = 0; w < words_; ++w) bits_[to * words_ + w] |= row[w];
}

void relation::close() {
  for (std::size_t k = 0; k < n_; ++k) {
    for (std::size_t a = 0; a < n_; ++a) {
      if ((*this)(a, k)) join_row(a, &bits_[k * words_]);
    }
  }
}

relation composed(const relation& a, const relation& b) {
  relation r(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < a.size(); ++k) {
      if (a(i, k)) r.join_row(i, &b.bits_[k * b.words_]);
    }
  }
  return r;
}

relation program_order(const picture& p) {
  const model::whole_threads whole(p);
  return relation_of(p, [&](std::size_t a, std::size_t b) {
    const unsigned from = p.events[a].thread;
    const unsigned to = p.events[b].thread;
    return from == to ? a < b : whole.ordered(from, to);
  });
}

relation happens_before(const picture& p) {
  relation hb = program_order(p);
  for (const auto& [a, b] : model::synchronizes_with(p)) hb.add(a, b);
  hb.close();
  return hb;
}

std::vector<model::picture_edge> essential(const picture& p,
                                           const std::vector<model::picture_edge>& sw) {
  const auto& e = p.events;
  std::vector<model::picture_edge> edges;
  for (const model::picture_edge& edge : sw) {
    const auto implies = [&](const model::picture_edge& other) {
      return other != edge && e[other.first].thread == e[edge.first].thread &&
             e[other.second].thread == e[edge.second].thread && other.first >= edge.first &&
             other.second <= edge.second;
    };
    if (std::ranges::none_of(sw, implies)) edges.push_back(edge);
  }
  return edges;
}

std::vector<model::picture_edge> way(const picture& p, std::size_t from, std::size_t to) {
  const relation sb = program_order(p);
  const auto sw = model::synchronizes_with(p);
  const auto same_or_before = [&](std::size_t a, std::size_t b) { return a == b || sb(a, b); };
  // Edges are reached in the order of how many come before them.
  std::vector<std::size_t> reached;
  std::vector<std::size_t> before(sw.size(), sw.size());
  for (std::size_t e = 0; e < sw.size(); ++e) {
    if (same_or_before(from, sw[e].first)) reached.push_back(e);
  }
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const std::size_t e = reached[i];
    if (same_or_before(sw[e].second, to)) {
      std::vector<model::picture_edge> edges{sw[e]};
      for (std::size_t b = before[e]; b != sw.size(); b = before[b]) edges.push_back(sw[b]);
      return edges;
    }
    for (std::size_t next = 0; next < sw.size(); ++next) {
      const bool known = std::ranges::find(reached, next) != reached.end();
      if (known || !same_or_before(sw[e].second, sw[next].first)) continue;
      before[next] = e;
      reached.push_back(next);
    }
  }
  return {};
}

std::vector<std::size_t> incoherent(const picture& p) {
  const relation hb = happens_before(p);
  for (std::size_t b = 0; b < p.events.size(); ++b) {
    for (std::size_t a = 0; a < p.events.size(); ++a) {
      const picture_event& x = p.events[a];
      const picture_event& y = p.events[b];
      if (!hb(a, b) || !same_location(x, y)) continue;
      const std::size_t seen = writes(x) ? x.position : position_read(p, x);
      if (writes(y) ? y.position <= seen : position_read(p, y) < seen) return {a, b};
    }
  }
  return {};
}

std::vector<std::size_t> cycle_of_seq_cst(const picture& p) {
  const relation r = psc(p);
  std::vector<std::size_t> shortest;
  for (std::size_t start = 0; start < r.size(); ++start) {
    std::vector<std::size_t> cycle = cycle_through(r, start);
    if (!cycle.empty() && (shortest.empty() || cycle.size() < shortest.size()))
      shortest = std::move(cycle);
  }
  return shortest;
}

}  // namespace runnel::cli

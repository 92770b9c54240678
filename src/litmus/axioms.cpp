// SPDX-License-Identifier: MIT
#include "axioms.hpp"

#include "relation.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <utility>

namespace runnel::litmus_core {

namespace {

bool acquires(std::memory_order o) {
  return o != std::memory_order::relaxed && o != std::memory_order::release;
}
bool releases(std::memory_order o) {
  return o == std::memory_order::release || o == std::memory_order::acq_rel ||
         o == std::memory_order::seq_cst;
}

/// The events numbered, the initial writes first, in sets and relations.
struct candidate {
  candidate(const program& p, const execution& x);

  [[nodiscard]] relation on(event_set s) const { return relation::identity(count, s); }

  std::size_t initials;
  std::size_t count;
  event_set writes = 0, reads = 0, fences = 0, plain = 0, acquiring = 0, releasing = 0, seq_cst = 0;
  relation sb, rf, mo, rmw, same_location, external;
  relation fr, eco;

 private:
  void add(const execution& x, std::size_t e);
};

candidate::candidate(const program& p, const execution& x)
    : initials(p.locations.size()),
      count(initials + x.events.size()),
      writes(initials == 0 ? 0 : ~event_set{0} >> (relation::most_events - initials)),
      sb(count),
      rf(count),
      mo(count),
      rmw(count),
      same_location(count),
      external(count),
      fr(count),
      eco(count) {
  for (std::size_t l = 0; l < initials; ++l) {
    same_location.add(l, l);
    for (std::size_t e = initials; e < count; ++e) sb.add(l, e);
    const std::vector<std::size_t>& order = x.mo[l];
    for (std::size_t i = 0; i < order.size(); ++i) {
      mo.add(l, initials + order[i]);
      for (std::size_t j = i + 1; j < order.size(); ++j)
        mo.add(initials + order[i], initials + order[j]);
    }
  }
  for (std::size_t e = 0; e < x.events.size(); ++e) add(x, e);
  fr = rf.inverse() * mo;
  eco = (rf | mo | fr).closure();
}

void candidate::add(const execution& x, std::size_t e) {
  const event& added = x.events[e];
  const std::size_t n = initials + e;
  for (std::size_t other = 0; other < x.events.size(); ++other) {
    const event& o = x.events[other];
    if (o.thread != added.thread) external.add(n, initials + other);
    if (o.thread == added.thread && other > e) sb.add(n, initials + other);
    if (added.is != event::kind::fence && o.is != event::kind::fence &&
        o.location == added.location)
      same_location.add(n, initials + other);
  }
  if (added.is == event::kind::fence) {
    fences |= single(n);
  } else {
    same_location.add(n, added.location);
    same_location.add(added.location, n);
    (added.is == event::kind::read ? reads : writes) |= single(n);
  }
  if (added.is == event::kind::read) {
    rf.add(added.source == event::initial ? added.location : initials + added.source, n);
    if (added.rmw) rmw.add(n, n + 1);
  }
  if (added.plain) {
    plain |= single(n);
    return;
  }
  if (acquires(added.order)) acquiring |= single(n);
  if (releases(added.order)) releasing |= single(n);
  if (added.order == std::memory_order::seq_cst) seq_cst |= single(n);
}

// ---- Happens-before: RC11 with the release sequences of C++20

relation synchronizes_with(const candidate& c) {
  const relation release_sequence = c.on(c.writes & ~c.plain) * (c.rf * c.rmw).closure().optional();
  return c.on(c.releasing) * (c.on(c.fences) * c.sb).optional() * release_sequence * c.rf *
         c.on(c.reads & ~c.plain) * (c.sb * c.on(c.fences)).optional() * c.on(c.acquiring);
}

// ---- Ways, for people

struct named {
  std::string_view name;
  const relation* is;
};
using way = std::vector<cycle_edge>;
using relations = std::vector<named>;

/// A shortest way of at least one step; numbers are those of the candidate.
std::optional<way> way_between(const candidate& c, const relations& steps, std::size_t from,
                               std::size_t to) {
  std::vector<std::optional<cycle_edge>> reached_by(c.count);
  std::vector<std::size_t> next{from};
  for (std::size_t i = 0; i < next.size() && !reached_by[to]; ++i) {
    for (const named& r : steps) {
      for (std::size_t e = 0; e < c.count; ++e) {
        if (reached_by[e] || !r.is->has(next[i], e)) continue;
        reached_by[e] = cycle_edge{next[i], e, r.name};
        next.push_back(e);
      }
    }
  }
  if (!reached_by[to]) return std::nullopt;
  way w;
  std::size_t at = to;
  do {
    w.push_back(*reached_by[at]);
    at = w.back().from;
  } while (at != from);
  std::ranges::reverse(w);
  return w;
}

/// One after the other; nothing if one is nothing.
std::optional<way> joined(std::initializer_list<std::optional<way>> parts) {
  way all;
  for (const std::optional<way>& part : parts) {
    if (!part) return std::nullopt;
    all.insert(all.end(), part->begin(), part->end());
  }
  return all;
}

void keep_shorter(std::optional<way>& best, std::optional<way> other) {
  if (other && (!best || other->size() < best->size())) best = std::move(other);
}

/// The shortest cycle, over all events.
std::optional<way> shortest_cycle(const candidate& c, const relations& steps) {
  std::optional<way> best;
  for (std::size_t e = 0; e < c.count; ++e) keep_shorter(best, way_between(c, steps, e, e));
  return best;
}

// ---- The models

class judge {
 public:
  judge(const program& p, const execution& x)
      : c_(p, x), sw_(synchronizes_with(c_)), hb_((c_.sb | sw_).closure()) {}

  [[nodiscard]] bool is_consistent(model_name m) const {
    switch (m) {
      case model_name::rc11: return is_coherent() && partial_sc().acyclic();
      case model_name::cxx20: return is_coherent() && order_of_cxx20().acyclic();
      case model_name::sc: return is_atomic() && (c_.sb | c_.rf | c_.mo | c_.fr).acyclic();
      case model_name::tso: break;
    }
    return is_atomic() && per_location().acyclic() && global_happens_before().acyclic();
  }

  [[nodiscard]] std::vector<violation> violations(model_name m) const {
    std::vector<violation> all;
    if (m == model_name::rc11 || m == model_name::cxx20) {
      add(all, "coherence", "irreflexive hb ; eco?", incoherence());
      add(all, "atomicity", "empty rmw & (fr ; mo)", torn_update());
      add(all, "no thin air", "acyclic sb | rf",
          shortest_cycle(c_, {{"sb", &c_.sb}, {"rf", &c_.rf}}));
      if (m == model_name::rc11) add(all, "SC", "acyclic psc", cycle_of_seq_cst(partial_sc()));
      if (m == model_name::cxx20) add(all, "SC", "S exists", cycle_of_seq_cst(order_of_cxx20()));
      return all;
    }
    add(all, "atomicity", "empty rmw & (fr ; mo)", torn_update());
    if (m == model_name::sc) {
      add(all, "SC", "acyclic sb | rf | mo | fr",
          shortest_cycle(c_, {{"sb", &c_.sb}, {"rf", &c_.rf}, {"mo", &c_.mo}, {"fr", &c_.fr}}));
      return all;
    }
    const relation po_loc = c_.sb & c_.same_location;
    const relation kept = kept_order();
    const relation rfe = c_.rf & c_.external;
    add(all, "coherence", "acyclic (sb & loc) | rf | mo | fr",
        shortest_cycle(c_, {{"sb", &po_loc}, {"rf", &c_.rf}, {"mo", &c_.mo}, {"fr", &c_.fr}}));
    add(all, "TSO", "acyclic ppo | rfe | mo | fr",
        shortest_cycle(c_, {{"ppo", &kept}, {"rfe", &rfe}, {"mo", &c_.mo}, {"fr", &c_.fr}}));
    return all;
  }

  [[nodiscard]] bool has_race() const {
    const event_set real = ~event_set{0} << c_.initials;
    const relation conflict =
        (c_.on(c_.writes & real) * c_.same_location | c_.same_location * c_.on(c_.writes & real)) &
        c_.external;
    const relation plain = c_.on(c_.plain) * c_.same_location | c_.same_location * c_.on(c_.plain);
    return !(((conflict & plain) - hb_) - hb_.inverse()).empty();
  }

 private:
  [[nodiscard]] bool is_atomic() const { return (c_.rmw & (c_.fr * c_.mo)).empty(); }

  // RC11: O. Lahav, V. Vafeiadis, J. Kang, C.-K. Hur, D. Dreyer, "Repairing Sequential Consistency in C/C++11", PLDI 2017.
  [[nodiscard]] bool is_coherent() const {
    return (hb_ * c_.eco.optional()).irreflexive() && is_atomic() && (c_.sb | c_.rf).acyclic();
  }
  [[nodiscard]] relation partial_sc() const {
    const relation other = c_.sb - c_.same_location;
    const relation scb = c_.sb | other * hb_ * other | (hb_ & c_.same_location) | c_.mo | c_.fr;
    const relation sc = c_.on(c_.seq_cst);
    const relation fence = c_.on(c_.seq_cst & c_.fences);
    const relation base = (sc | fence * hb_.optional()) * scb * (sc | hb_.optional() * fence);
    return base | fence * (hb_ | hb_ * c_.eco * hb_) * fence;
  }

  // C++20, [atomics.order] 3 and 4. The two events of a read-modify-write are one operation.
  [[nodiscard]] relation order_of_cxx20() const {
    const relation sc = c_.on(c_.seq_cst);
    const relation fence = c_.on(c_.seq_cst & c_.fences);
    const relation sequenced = c_.sb - c_.rmw;
    const relation strongly = (sequenced | sc * sw_ * sc | sequenced * hb_ * sequenced).closure();
    const relation coherence_ordered = (c_.rf | c_.mo | (c_.fr - c_.rmw)).closure();
    const relation order =
        sc * strongly * sc | (sc | fence * hb_) * coherence_ordered * (sc | hb_ * fence);
    const relation one_operation = (c_.rmw | c_.rmw.inverse()).optional();
    return one_operation * order * one_operation;
  }

  // x86-TSO: S. Owens, S. Sarkar, P. Sewell, "A Better x86 Memory Model: x86-TSO", TPHOLs 2009, of what compilers make
  // of the operations: read-modify-writes and seq_cst stores are locked instructions, a seq_cst fence is MFENCE; the
  // other orders say nothing.
  [[nodiscard]] relation kept_order() const {
    const relation accesses = c_.on(c_.reads | c_.writes);
    const relation program_order = accesses * c_.sb * accesses;
    const relation after_write = c_.on(c_.writes) * program_order * c_.on(c_.reads);
    const relation fenced = c_.sb * c_.on(c_.fences & c_.seq_cst) * c_.sb;
    const event_set real = ~event_set{0} << c_.initials;
    event_set locked = c_.writes & c_.seq_cst & real;
    for (std::size_t e = c_.initials; e + 1 < c_.count; ++e) {
      if (c_.rmw.has(e, e + 1)) locked |= single(e) | single(e + 1);
    }
    const relation around = c_.on(locked) * program_order | program_order * c_.on(locked);
    return (program_order - after_write) | fenced | around;
  }
  [[nodiscard]] relation per_location() const {
    return (c_.sb & c_.same_location) | c_.rf | c_.mo | c_.fr;
  }
  [[nodiscard]] relation global_happens_before() const {
    return kept_order() | (c_.rf & c_.external) | c_.mo | c_.fr;
  }

  // What does not hold, shown.
  void add(std::vector<violation>& all, std::string_view axiom, std::string_view formula,
           std::optional<way> cycle) const {
    if (!cycle) return;
    for (cycle_edge& e : *cycle) {
      e.from = e.from < c_.initials ? event::initial : e.from - c_.initials;
      e.to = e.to < c_.initials ? event::initial : e.to - c_.initials;
    }
    all.push_back({axiom, formula, std::move(*cycle)});
  }

  [[nodiscard]] std::optional<way> by_hb(std::size_t a, std::size_t b) const {
    return way_between(c_, {{"sb", &c_.sb}, {"sw", &sw_}}, a, b);
  }
  [[nodiscard]] std::optional<way> by_eco(std::size_t a, std::size_t b) const {
    return way_between(c_, {{"rf", &c_.rf}, {"mo", &c_.mo}, {"fr", &c_.fr}}, a, b);
  }

  [[nodiscard]] std::optional<way> incoherence() const {
    std::optional<way> best;
    for (std::size_t a = 0; a < c_.count; ++a) {
      for (std::size_t b = 0; b < c_.count; ++b) {
        if (!hb_.has(a, b)) continue;
        if (a == b) keep_shorter(best, by_hb(a, a));
        if (c_.eco.has(b, a)) keep_shorter(best, joined({by_hb(a, b), by_eco(b, a)}));
      }
    }
    return best;
  }

  [[nodiscard]] std::optional<way> torn_update() const {
    for (std::size_t r = c_.initials; r + 1 < c_.count; ++r) {
      if (!c_.rmw.has(r, r + 1)) continue;
      for (std::size_t m = 0; m < c_.count; ++m) {
        if (c_.fr.has(r, m) && c_.mo.has(m, r + 1))
          return way{{r, m, "fr"}, {m, r + 1, "mo"}, {r + 1, r, "rmw⁻¹"}};
      }
    }
    return std::nullopt;
  }

  /// An edge between two seq_cst events: a way in hb, or one in eco with ways in hb from and to fences around it.
  [[nodiscard]] std::optional<way> by_seq_cst(std::size_t a, std::size_t b) const {
    if (c_.rmw.has(b, a)) return way{{a, b, "rmw⁻¹"}};
    std::optional<way> best;
    if (hb_.has(a, b)) best = by_hb(a, b);
    const auto begins = [&](std::size_t x) { return x == a ? std::optional(way{}) : by_hb(a, x); };
    const auto ends = [&](std::size_t y) { return y == b ? std::optional(way{}) : by_hb(y, b); };
    for (std::size_t x = 0; x < c_.count; ++x) {
      if (x != a && ((c_.fences >> a & 1U) == 0 || !hb_.has(a, x))) continue;
      for (std::size_t y = 0; y < c_.count; ++y) {
        if (y != b && ((c_.fences >> b & 1U) == 0 || !hb_.has(y, b))) continue;
        if (c_.eco.has(x, y)) keep_shorter(best, joined({begins(x), by_eco(x, y), ends(y)}));
      }
    }
    return best;
  }

  [[nodiscard]] std::optional<way> cycle_of_seq_cst(const relation& order) const {
    const std::optional<way> cycle = shortest_cycle(c_, {{"psc", &order}});
    if (!cycle) return std::nullopt;
    way all;
    for (const cycle_edge& e : *cycle) {
      const std::optional<way> part = by_seq_cst(e.from, e.to);
      if (!part) {
        all.push_back(e);
      } else {
        all.insert(all.end(), part->begin(), part->end());
      }
    }
    return all;
  }

  candidate c_;
  relation sw_;
  relation hb_;
};

}  // namespace

bool can_be_judged(const program& p, const execution& x) {
  return p.locations.size() + x.events.size() <= relation::most_events;
}

bool is_consistent(const program& p, const execution& x, model_name m) {
  return judge(p, x).is_consistent(m);
}

std::vector<violation> violations(const program& p, const execution& x, model_name m) {
  return judge(p, x).violations(m);
}

std::vector<std::pair<std::size_t, std::size_t>> synchronizations(const program& p,
                                                                  const execution& x) {
  const candidate c(p, x);
  const relation sw = synchronizes_with(c) & c.external;
  // What another one gives that goes from later in the thread, or to earlier.
  const relation later = c.sb.optional();
  const relation follows = (c.sb * sw * later) | (later * sw * c.sb);
  std::vector<std::pair<std::size_t, std::size_t>> all;
  for (std::size_t a = c.initials; a < c.count; ++a) {
    for (std::size_t b = c.initials; b < c.count; ++b) {
      if (sw.has(a, b) && !follows.has(a, b)) all.emplace_back(a - c.initials, b - c.initials);
    }
  }
  return all;
}

bool has_race(const program& p, const execution& x) { return judge(p, x).has_race(); }

}  // namespace runnel::litmus_core

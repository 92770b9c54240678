// SPDX-License-Identifier: MIT
//
// RC11 as it is written: O. Lahav, V. Vafeiadis, J. Kang, C.-K. Hur, D. Dreyer, "Repairing
// Sequential Consistency in C/C++11", PLDI 2017, with the release sequences of C++20 (no longer
// continued by later writes of the same thread).
#include "graph.hpp"
#include "litmus/relation.hpp"

#include <cstddef>
#include <stdexcept>

namespace runnel::reference {

namespace {

using litmus_core::event_set;
using litmus_core::relation;
using litmus_core::single;

bool acquires(std::memory_order o) {
  return o == std::memory_order::acquire || o == std::memory_order::acq_rel ||
         o == std::memory_order::seq_cst;
}
bool releases(std::memory_order o) {
  return o == std::memory_order::release || o == std::memory_order::acq_rel ||
         o == std::memory_order::seq_cst;
}

/// The events of a graph, numbered, in sets and relations. Initial writes come first.
struct candidate {
  explicit candidate(const graph& g);

  [[nodiscard]] relation on(event_set s) const { return relation::identity(count, s); }

  std::size_t count;
  event_set writes = 0, reads = 0, fences = 0, acquiring = 0, releasing = 0, seq_cst = 0;
  relation sb, rf, mo, rmw, same_location;

 private:
  static std::size_t count_of(const graph& g);
  [[nodiscard]] std::size_t number(event_name e) const;
  void add(const graph& g, std::size_t thread, std::size_t index);

  std::vector<std::size_t> first_;
  std::vector<int> location_;  // -1: none
};

std::size_t candidate::count_of(const graph& g) {
  std::size_t n = g.mo.size();
  for (const std::vector<event>& t : g.threads) n += t.size();
  if (n > relation::most_events) throw std::length_error("more than 64 events");
  return n;
}

std::size_t candidate::number(event_name e) const {
  const auto index = static_cast<std::size_t>(e.index);
  return e.thread < 0 ? index : first_[static_cast<std::size_t>(e.thread)] + index;
}

candidate::candidate(const graph& g)
    : count(count_of(g)), sb(count), rf(count), mo(count), rmw(count), same_location(count) {
  std::size_t next = g.mo.size();
  for (std::size_t l = 0; l < g.mo.size(); ++l) {
    writes |= single(l);
    location_.push_back(static_cast<int>(l));
    for (std::size_t e = g.mo.size(); e < count; ++e) sb.add(l, e);
  }
  for (const std::vector<event>& t : g.threads) {
    first_.push_back(next);
    next += t.size();
  }
  for (std::size_t t = 0; t < g.threads.size(); ++t) {
    for (std::size_t i = 0; i < g.threads[t].size(); ++i) add(g, t, i);
  }
  for (std::size_t l = 0; l < g.mo.size(); ++l) {
    for (std::size_t i = 0; i < g.mo[l].size(); ++i) {
      mo.add(l, number(g.mo[l][i]));
      for (std::size_t j = i + 1; j < g.mo[l].size(); ++j)
        mo.add(number(g.mo[l][i]), number(g.mo[l][j]));
    }
  }
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = 0; b < count; ++b) {
      if (location_[a] >= 0 && location_[a] == location_[b]) same_location.add(a, b);
    }
  }
}

void candidate::add(const graph& g, std::size_t thread, std::size_t index) {
  const event& e = g.threads[thread][index];
  const std::size_t n = first_[thread] + index;
  const bool access = e.kind == event_kind::read || e.kind == event_kind::write;
  location_.push_back(access ? e.location : -1);
  for (std::size_t later = index + 1; later < g.threads[thread].size(); ++later)
    sb.add(n, first_[thread] + later);
  if (e.kind == event_kind::choice) return;
  if (e.kind == event_kind::write) writes |= single(n);
  if (e.kind == event_kind::fence) fences |= single(n);
  if (e.kind == event_kind::read) {
    reads |= single(n);
    rf.add(number(e.rf), n);
    if (e.rmw) rmw.add(n, n + 1);
  }
  if (acquires(e.order)) acquiring |= single(n);
  if (releases(e.order)) releasing |= single(n);
  if (e.order == std::memory_order::seq_cst) seq_cst |= single(n);
}

relation synchronizes_with(const candidate& c) {
  const relation release_sequence = c.on(c.writes) * (c.rf * c.rmw).closure().optional();
  return c.on(c.releasing) * (c.on(c.fences) * c.sb).optional() * release_sequence * c.rf *
         c.on(c.reads) * (c.sb * c.on(c.fences)).optional() * c.on(c.acquiring);
}

relation happens_before(const candidate& c) { return (c.sb | synchronizes_with(c)).closure(); }

relation partial_sc(const candidate& c, const relation& hb, const relation& fr,
                    const relation& between) {
  const relation eco = (c.rf | c.mo | fr).closure();
  const relation scb = c.sb | between * hb * between | (hb & c.same_location) | c.mo | fr;
  const relation sc = c.on(c.seq_cst);
  const relation fence = c.on(c.seq_cst & c.fences);
  const relation base = (sc | fence * hb.optional()) * scb * (sc | hb.optional() * fence);
  return base | fence * (hb | hb * eco * hb) * fence;
}

/// [atomics.order] 3 and 4: what the single total order of seq_cst operations has to agree with. The two events of
/// a read-modify-write are one operation.
relation order_of_cxx20(const candidate& c, const relation& hb, const relation& fr) {
  const relation sc = c.on(c.seq_cst);
  const relation fence = c.on(c.seq_cst & c.fences);
  const relation sequenced = c.sb - c.rmw;
  const relation strongly =
      (sequenced | sc * synchronizes_with(c) * sc | sequenced * hb * sequenced).closure();
  const relation coherence_ordered = (c.rf | c.mo | (fr - c.rmw)).closure();
  const relation order =
      sc * strongly * sc | (sc | fence * hb) * coherence_ordered * (sc | hb * fence);
  const relation one_operation = (c.rmw | c.rmw.inverse()).optional();
  return one_operation * order * one_operation;
}

}  // namespace

bool consistent(const graph& g, seq_cst_axiom a) {
  const candidate c(g);
  const relation fr = c.rf.inverse() * c.mo;
  const relation eco = (c.rf | c.mo | fr).closure();
  const relation hb = happens_before(c);
  const bool rest = (hb * eco.optional()).irreflexive()  // coherence
                    && (c.rmw & (fr * c.mo)).empty()     // atomicity
                    && (c.sb | c.rf).acyclic();          // nothing out of thin air
  if (!rest) return false;
  switch (a) {
    case seq_cst_axiom::rc11: return partial_sc(c, hb, fr, c.sb - c.same_location).acyclic();
    case seq_cst_axiom::any_location: return partial_sc(c, hb, fr, c.sb).acyclic();
    case seq_cst_axiom::cxx20: break;
  }
  return order_of_cxx20(c, hb, fr).acyclic();
}

std::string text_of(const graph& g) {
  const auto name = [](event_name e) {
    return e.thread < 0 ? std::string("init")
                        : std::to_string(e.thread) + '.' + std::to_string(e.index);
  };
  constexpr const char* kinds[] = {"read", "write", "fence", "choice"};
  constexpr const char* orders[] = {"rlx", "consume", "acq", "rel", "acq_rel", "sc"};
  std::string text;
  for (std::size_t t = 0; t < g.threads.size(); ++t) {
    text += "thread " + std::to_string(t) + ':';
    for (const event& e : g.threads[t]) {
      text += std::string("  ") + kinds[static_cast<int>(e.kind)] + ' ' +
              orders[static_cast<int>(e.order)] + " l" + std::to_string(e.location) + " = " +
              std::to_string(e.value);
      if (e.kind == event_kind::read) text += " from " + name(e.rf) + (e.rmw ? " rmw" : "");
    }
    text += '\n';
  }
  for (std::size_t l = 0; l < g.mo.size(); ++l) {
    text += "mo of l" + std::to_string(l) + ':';
    for (const event_name e : g.mo[l]) text += ' ' + name(e);
    text += '\n';
  }
  return text;
}

}  // namespace runnel::reference

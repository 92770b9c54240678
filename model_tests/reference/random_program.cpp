// SPDX-License-Identifier: MIT
#include "random_program.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace runnel::reference {

namespace {

using order = std::memory_order;
constexpr unsigned most_locations = 4;
constexpr std::size_t most_steps = 8;

void run(litmus::machine& m, const step& s, int& seen) {
  switch (s.is) {
    case step::kind::nothing: return;
    case step::kind::load: seen = m.load(s.location, s.order); return;
    case step::kind::store: m.store(s.location, s.value, s.order); return;
    case step::kind::add: seen = m.fetch_add(s.location, s.value, s.order); return;
    case step::kind::exchange: seen = m.exchange(s.location, s.value, s.order); return;
    case step::kind::compare:
      seen = m.compare_exchange(s.location, s.expected, s.value, s.order, s.failure);
      return;
    case step::kind::fence: m.fence(s.order); return;
    case step::kind::await:
      seen = m.await(s.location, s.negated ? litmus::unequal(s.value) : litmus::equal(s.value),
                     s.order);
      return;
    case step::kind::choose: seen = m.choose(2); return;
    case step::kind::assume: m.assume((seen == s.expected) != s.negated); return;
  }
}

/// Shrinks towards the first.
template <class T>
T one_of(std::initializer_list<T> values) {
  const auto place = rc::gen::inRange<std::size_t>(0, values.size());
  return *(values.begin() + *rc::gen::resize(rc::kNominalSize, place));
}

/// What a program is rich in. Without it, few programs would show what seq_cst forbids.
enum class style : std::uint8_t { mixed, seq_cst, fences };

step::kind random_kind(style st) {
  using enum step::kind;
  switch (st) {
    case style::seq_cst:
      return one_of({nothing, load, load, load, load, store, store, store, store, store, add,
                     exchange, compare, fence, await});
    case style::fences:
      return one_of({nothing, load, load, load, load, store, store, store, store, store, add,
                     compare, fence, fence, fence, fence, fence, await});
    case style::mixed: break;
  }
  return one_of({nothing, load, load, load, store, store, store, store, add, exchange, compare,
                 compare, fence, fence, await, await, await, choose, assume});
}

order random_order(step::kind k, style st) {
  if (st == style::seq_cst && one_of({true, true, true, true, false})) return order::seq_cst;
  if (st == style::fences && one_of({true, true, true, false}))
    return k == step::kind::fence ? order::seq_cst : order::relaxed;
  switch (k) {
    case step::kind::load:
    case step::kind::await: return one_of({order::relaxed, order::acquire, order::seq_cst});
    case step::kind::store: return one_of({order::relaxed, order::release, order::seq_cst});
    case step::kind::fence:
      return one_of({order::acquire, order::release, order::acq_rel, order::seq_cst});
    default:
      return one_of(
          {order::relaxed, order::acquire, order::release, order::acq_rel, order::seq_cst});
  }
}

step random_step(style st, unsigned threads, unsigned locations) {
  step s;
  s.is = random_kind(st);
  s.thread = one_of({0U, 1U, 2U, 3U}) % threads;
  s.only_if_seen = one_of({false, false, false, false, true});
  s.location = one_of({0U, 1U, 2U, 3U, 4U, 5U}) % locations;
  s.order = random_order(s.is, st);
  s.failure = one_of({order::relaxed, order::acquire, order::seq_cst});
  s.value = s.is == step::kind::await ? one_of({0, 1, 2}) : one_of({1, 1, 2});
  s.expected = one_of({0, 0, 1, 2});
  s.negated = one_of({false, true});
  return s;
}

/// Each thread accesses a location, then that of the next thread, with or without a fence between:
/// the shape of most programs that tell memory models apart.
steps random_cycle() {
  const style st = one_of({style::mixed, style::seq_cst, style::fences});
  const unsigned threads = one_of({3U, 2U, 4U});
  steps all;
  for (unsigned t = 0; t < threads; ++t) {
    const auto add = [&](step::kind k, unsigned location) {
      step s = random_step(style::mixed, 1, 1);
      s.thread = t;
      s.is = k;
      s.location = location % threads;
      s.order = random_order(k, one_of({style::mixed, st, st, st}));
      all.push_back(s);
    };
    const auto access = [] {
      using enum step::kind;
      return one_of(
          {nothing, load, load, load, store, store, store, store, step::kind::add, compare});
    };
    add(access(), t);
    if (one_of({false, true, st == style::fences})) add(step::kind::fence, 0);
    if (one_of({false, false, true})) add(access(), one_of({t, t + 1}));
    add(access(), t + 1);
  }
  return all;
}

}  // namespace

litmus::program program_of(const steps& all) {
  litmus::program p;
  p.name = "random";
  p.locations = most_locations;
  unsigned threads = 0;
  for (const step& s : all) threads = std::max(threads, s.thread + 1);
  for (unsigned t = 0; t < threads; ++t) {
    steps mine;
    std::copy_if(all.begin(), all.end(), std::back_inserter(mine),
                 [t](const step& s) { return s.thread == t; });
    p.threads.emplace_back([mine](litmus::machine& m) {
      int seen = 0;
      for (const step& s : mine) {
        if (!s.only_if_seen || seen != 0) run(m, s, seen);
      }
    });
  }
  return p;
}

rc::Gen<steps> random_steps() {
  return rc::gen::exec([] {
    if (one_of({false, false, true})) return random_cycle();
    const style st = one_of({style::mixed, style::seq_cst, style::fences});
    const unsigned threads = one_of({2U, 3U, 4U});
    const unsigned locations = one_of({1U, 2U, 2U, 3U});
    steps all;
    for (std::size_t i = 0; i < most_steps; ++i) all.push_back(random_step(st, threads, locations));
    return all;
  });
}

std::ostream& operator<<(std::ostream& out, const step& s) {
  if (s.is == step::kind::nothing) return out << "\n  nothing";
  constexpr const char* kinds[] = {"nothing", "load",  "store", "add",    "exchange",
                                   "compare", "fence", "await", "choose", "assume"};
  constexpr const char* orders[] = {"rlx", "consume", "acq", "rel", "acq_rel", "sc"};
  out << "\n  thread " << s.thread << (s.only_if_seen ? " if seen: " : ": ")
      << kinds[static_cast<int>(s.is)] << " l" << s.location << ' '
      << orders[static_cast<int>(s.order)];
  if (s.is == step::kind::compare)
    out << '/' << orders[static_cast<int>(s.failure)] << ' ' << s.expected << " ->";
  if (s.is == step::kind::assume) return out << (s.negated ? " != " : " == ") << s.expected;
  if (s.is == step::kind::await) out << (s.negated ? " !=" : " ==");
  return out << ' ' << s.value;
}

}  // namespace runnel::reference

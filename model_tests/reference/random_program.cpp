// SPDX-License-Identifier: MIT
#include "random_program.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace runnel::reference {

namespace {

using order = std::memory_order;
constexpr unsigned locations = 3;
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
  }
}

template <class T>
T one_of(std::initializer_list<T> values) {
  return *rc::gen::elementOf(std::vector<T>(values));
}

order order_of(step::kind k) {
  switch (k) {
    case step::kind::load:
    case step::kind::await: return one_of({order::relaxed, order::acquire, order::seq_cst});
    case step::kind::store: return one_of({order::relaxed, order::release, order::seq_cst});
    case step::kind::fence:
      return one_of(
          {order::acquire, order::release, order::acq_rel, order::seq_cst, order::seq_cst});
    default:
      return one_of(
          {order::relaxed, order::acquire, order::release, order::acq_rel, order::seq_cst});
  }
}

step random_step() {
  using enum step::kind;
  step s;
  s.thread = one_of({0U, 1U, 2U, 3U});
  // What is shrunk becomes the first of the list.
  s.is = one_of({nothing, load, load, load, store, store, store, store, add, exchange, compare,
                 compare, fence, fence, await, await, await, choose});
  s.only_if_seen = one_of({false, false, false, true});
  s.location = one_of({0U, 0U, 1U, 1U, 2U});
  s.order = order_of(s.is);
  s.failure = one_of({order::relaxed, order::acquire, order::seq_cst});
  s.value = s.is == await ? one_of({0, 1, 2}) : one_of({1, 1, 2});
  s.expected = one_of({0, 0, 1, 2});
  s.negated = one_of({false, true});
  return s;
}

}  // namespace

litmus::program program_of(const steps& all) {
  litmus::program p;
  p.name = "random";
  p.locations = locations;
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
  return rc::gen::container<steps>(most_steps,
                                   rc::gen::resize(rc::kNominalSize, rc::gen::exec(random_step)));
}

std::ostream& operator<<(std::ostream& out, const step& s) {
  if (s.is == step::kind::nothing) return out << "\n  nothing";
  constexpr const char* kinds[] = {"nothing", "load",  "store", "add",   "exchange",
                                   "compare", "fence", "await", "choose"};
  constexpr const char* orders[] = {"rlx", "consume", "acq", "rel", "acq_rel", "sc"};
  out << "\n  thread " << s.thread << (s.only_if_seen ? " if seen: " : ": ")
      << kinds[static_cast<int>(s.is)] << " l" << s.location << ' '
      << orders[static_cast<int>(s.order)];
  if (s.is == step::kind::compare)
    out << '/' << orders[static_cast<int>(s.failure)] << ' ' << s.expected << " ->";
  if (s.is == step::kind::await) out << (s.negated ? " !=" : " ==");
  return out << ' ' << s.value;
}

}  // namespace runnel::reference

// SPDX-License-Identifier: MIT
//
// The checker agrees with the definition, tried in every order, on random small histories: those of a
// simulated channel, cut off or not, with and without planted errors, with an order that is that of
// time or weaker, and with values that are distinct or not.
#include "brute_force_history.hpp"
#include "simulated_history.hpp"

#include <spec/history_text.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <optional>

namespace runnel::spec {
namespace {

/// Evenly, whatever the size that RapidCheck has come to.
std::size_t choose(std::size_t n) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, n));
}
bool one_in(std::size_t n) { return n - 1 == choose(n); }  // shrinks towards no

recorded_history random_history() {
  constexpr std::array<std::optional<std::size_t>, 4> capacities{1, 2, std::nullopt, 0};
  simulation s;
  s.capacity = capacities[choose(capacities.size())];
  s.senders = 1 + static_cast<unsigned>(choose(2));
  s.receivers = 1 + static_cast<unsigned>(choose(2));
  s.calls = 1 + static_cast<unsigned>(choose(s.senders + s.receivers == 2 ? 3 : 2));
  s.delay = static_cast<unsigned>(choose(5));
  recorded_history h = simulate(s, choose);
  if (one_in(3)) h = prefix_of(h, choose(events_of(h).size() + 1));
  for (std::size_t errors = choose(6); errors > 0; --errors) plant_error(h, choose);
  if (one_in(5)) {
    for (recorded_call& c : h.calls) c.call.value = (c.call.value + 1) / 2;
  }
  if (one_in(3)) weaken_order(h, choose);
  return h;
}

TEST(LinearizeProperty, AgreesWithTheDefinition) {
  setenv("RC_PARAMS", "max_success=4000", 0);
  std::size_t legal = 0;
  std::size_t illegal = 0;
  EXPECT_TRUE(rc::check("the checker agrees with the definition", [&] {
    const recorded_history h = random_history();
    RC_PRE(h.calls.size() <= 12);
    const bool expected = brute_force(h).explains();
    ++(expected ? legal : illegal);
    const judgement j = judge(h);
    RC_LOG() << text(h, j);
    RC_ASSERT(j.verdict == (expected ? verdict::explained : verdict::unexplained));
  }));
  std::cout << legal << " legal histories, " << illegal << " illegal ones\n";
  EXPECT_GE(legal * 5, legal + illegal);
  EXPECT_GE(illegal * 5, legal + illegal);
}

/// Prefixes of what can be explained can be explained: the search for the shortest one needs it.
TEST(LinearizeProperty, PrefixesOfExplainedHistoriesAreExplained) {
  EXPECT_TRUE(rc::check("prefixes are explained", [] {
    simulation s;
    s.capacity = choose(3);
    s.senders = s.receivers = 2;
    const recorded_history h = simulate(s, choose);
    const std::size_t cut = choose(events_of(h).size() + 1);
    RC_ASSERT(explain(h) == verdict::explained);
    RC_ASSERT(explain(prefix_of(h, cut)) == verdict::explained);
  }));
}

}  // namespace
}  // namespace runnel::spec

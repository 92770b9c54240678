// SPDX-License-Identifier: MIT
//
// The judgement on each channel by itself agrees with the definition, one order on all channels, on random
// small histories of selects in the order of time, cut off, with and without planted errors.
#include "brute_force_selects.hpp"
#include "simulated_select_history.hpp"

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

std::size_t choose_evenly(std::size_t n) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, n));
}

recorded_selects random_selects(std::size_t calls) {
  constexpr std::array<std::optional<std::size_t>, 4> capacities{0, 1, 2, std::nullopt};
  select_simulator simulator({capacities[choose_evenly(4)], capacities[choose_evenly(4)]},
                             2 + choose_evenly(2), calls, choose_evenly);
  return simulator.run(choose_evenly(60 * calls));
}

TEST(SelectHistoryProperty, AgreesWithTheDefinition) {
  setenv("RC_PARAMS", "max_success=4000", 0);
  std::size_t legal = 0;
  std::size_t illegal = 0;
  EXPECT_TRUE(rc::check("judged channel by channel as in one order", [&] {
    recorded_selects h = random_selects(1 + choose_evenly(2));
    for (std::size_t errors = choose_evenly(3); errors > 0; --errors) plant_error(h, choose_evenly);
    brute_force_selects definition(h);
    RC_PRE(definition.steps() <= 10U);
    const bool expected = definition.explains();
    ++(expected ? legal : illegal);
    const select_judgement j = judge(h);
    RC_LOG() << "channel " << j.channel << '\n' << text(j.history, {});
    RC_ASSERT(j.verdict == (expected ? verdict::explained : verdict::unexplained));
  }));
  std::cout << legal << " legal histories, " << illegal << " illegal ones\n";
  EXPECT_GE(legal * 8, legal + illegal);
  EXPECT_GE(illegal * 8, legal + illegal);
}

TEST(SelectHistoryProperty, WhatTheSpecificationDoesIsExplained) {
  EXPECT_TRUE(rc::check("histories of the specification are explained", [] {
    const select_judgement j = judge(random_selects(4));
    RC_LOG() << "channel " << j.channel << '\n' << text(j.history, {});
    RC_ASSERT(j.verdict == verdict::explained);
  }));
}

}  // namespace
}  // namespace runnel::spec

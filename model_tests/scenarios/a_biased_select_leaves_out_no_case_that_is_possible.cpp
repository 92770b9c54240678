// SPDX-License-Identifier: MIT
//
// A thread has sent to both channels and selects from them. The first must not seem empty to it while
// another thread's message, the oldest there, is still being published.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step::select_case> both = {{0, recv()}, {1, recv()}};
  const auto program = [](capacity first, const select_step& last) {
    return select_program{{first, 1},
                          {{plain(0, send(1))}, {plain(0, send(2)), plain(1, send(3)), last}}};
  };
  for (const capacity first : {capacity(unbounded), capacity(2)}) {
    add_selects(file, "one that waits" + flavour_text(first), search::bounded(2),
                program(first, select(both)));
    add_selects(file, "one that only looks" + flavour_text(first), search::bounded(2),
                program(first, try_select(both)));
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// Each of two threads waits in both channels, or in the only one, for what a third sends and closes.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step::select_case> both = {{0, recv()}, {1, recv()}};
  const std::vector<select_step::select_case> crosswise = {{1, recv()}, {0, recv()}};
  for (const auto& [a, b] : pairs_of_flavours()) {
    sample_selects(
        file, "two channels" + flavours_text(a, b), search::random(20000),
        {{a, b},
         {{select(both)}, {select(crosswise)}, {plain(0, send(1)), plain(1, drop_sender())}}},
        true);
  }
  for (const auto capacity : flavours()) {
    const auto add = capacity ? add_selects : add_long_selects;
    add(file, "one channel" + flavour_text(capacity), search::random(20000),
        {{capacity}, {{select({{0, recv()}})}, {select({{0, recv()}})}, {plain(0, send(1))}}},
        true);
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

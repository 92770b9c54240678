// SPDX-License-Identifier: MIT
//
// Two cases of a select are of the same channel: two contenders of one owner stand in one list, or in both
// lists of a channel. A message serves one of them.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step::select_case> twice = {{0, recv()}, {0, recv()}};
  for (const auto capacity : flavours()) {
    add_selects(
        file, "two receives" + flavour_text(capacity), search::random(20000),
        {{capacity}, {{plain(0, send(1)), plain(0, send(2))}, {select(twice), select(twice)}}});
    // A select that only `try_` operations could meet at a rendezvous has to give up.
    const auto steps = capacity == rendezvous ? select_for : select;
    add_selects(
        file, "a send and a receive" + flavour_text(capacity), search::random(20000),
        {{capacity},
         {{steps({{0, recv()}, {0, send(1)}})}, {plain(0, try_recv()), plain(0, try_send(2))}}},
        true);
  }
  add_selects(file, "two sends of one thread, full", search::random(20000),
              {{1},
               {{plain(0, send(1)), select({{0, send(2)}, {0, send(3)}})},
                {plain(0, recv()), plain(0, recv())}}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

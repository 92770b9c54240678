// SPDX-License-Identifier: MIT
//
// A thread would send to either of two channels that are full. Receivers make room in both: one of them
// sends its message for it, the other finds it taken; its other message stays its own.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step::select_case> either = {{0, send(2)}, {1, send(3)}};
  add_selects(file, "one full channel of two", search::random(20000),
              {{1, rendezvous},
               {{plain(0, send(1)), select(either)}, {plain(0, recv())}, {plain(1, try_recv())}}});
  add_selects(file, "two full channels", search::random(20000),
              {{1, 1},
               {{plain(0, send(1)), plain(1, send(4)), select(either)},
                {plain(0, try_recv())},
                {plain(1, recv())}}});
  add_selects(
      file, "rendezvous", search::random(20000),
      {{rendezvous, rendezvous}, {{select(either)}, {plain(0, recv_for())}, {plain(1, recv())}}});
  add_selects(
      file, "it gives up", search::random(20000),
      {{1, rendezvous},
       {{plain(0, send(1)), select_for(either)}, {plain(0, try_recv())}, {plain(1, try_recv())}}});
  add_selects(file, "it sends or receives", search::random(20000),
              {{1, 1},
               {{plain(0, send(1)), select({{0, send(2)}, {1, recv()}})},
                {plain(0, recv()), plain(1, try_send(4))}}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

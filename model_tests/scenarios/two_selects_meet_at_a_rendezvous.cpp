// SPDX-License-Identifier: MIT
//
// Both threads would send or receive on the same channels: each select may be the partner of the other, in
// either role, or on either channel, but never of itself; and neither may wait for ever.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  add_selects(file, "each sends or receives on one channel", search::full(),
              {{rendezvous},
               {{select({{0, send(1)}, {0, recv()}})}, {select({{0, send(2)}, {0, recv()}})}}},
              true);
  add_selects(file, "each sends or receives on one channel, in another order", search::full(),
              {{rendezvous},
               {{select({{0, send(1)}, {0, recv()}})}, {select({{0, recv()}, {0, send(2)}})}}},
              true);
  add_selects(file, "two channels crosswise", search::random(20000),
              {{rendezvous, rendezvous},
               {{select({{0, send(1)}, {1, send(2)}})}, {select({{1, recv()}, {0, recv()}})}}});
  add_selects(file, "two channels, one each way", search::random(20000),
              {{rendezvous, rendezvous},
               {{select({{0, send(1)}, {1, recv()}})}, {select({{1, send(2)}, {0, recv()}})}}});
  add_selects(
      file, "one gives up", search::random(20000),
      {{rendezvous, rendezvous},
       {{select_for({{0, send(1)}, {1, recv()}})}, {select_for({{1, send(2)}, {0, recv()}})}}});
  sample_selects(file, "with a third that sends plainly", search::random(20000),
                 {{rendezvous},
                  {{select_for({{0, send(1)}, {0, recv()}})},
                   {select_for({{0, send(2)}, {0, recv()}})},
                   {plain(0, send_for(3))}}},
                 true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// The last handle of the other side goes while a select registers, waits or is being served by the other
// channel: the select reports `disconnected` of that case, or does the other one, and keeps its values.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step::select_case> both = {{0, recv()}, {1, recv()}};
  for (const auto& [a, b] : pairs_of_flavours()) {
    add_selects(file, "the senders go" + flavours_text(a, b), search::random(20000),
                {{a, b}, {{plain(0, drop_sender())}, {plain(1, try_send(1))}, {select(both)}}});
  }
  add_selects(file, "a receiver goes, rendezvous", search::random(20000),
              {{rendezvous, rendezvous},
               {{select({{0, send(1)}, {1, send(2)}})},
                {plain(0, drop_receiver())},
                {plain(1, try_recv())}}});
  add_selects(file, "a receiver goes, full", search::random(20000),
              {{1, 1},
               {{plain(0, send(1)), plain(1, send(2)), select({{0, send(3)}, {1, send(4)}})},
                {plain(0, drop_receiver())},
                {plain(1, try_recv())}}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

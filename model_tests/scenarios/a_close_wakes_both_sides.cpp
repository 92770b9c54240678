// SPDX-License-Identifier: MIT
//
// Senders wait for room, receivers for a message, both for a partner, when a receiver closes the channel:
// all wake up, senders with their values. Nobody else wakes them: all handles stay until the end.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

program kept_open(std::optional<std::size_t> capacity, std::vector<thread_program> threads) {
  return {capacity, std::move(threads), 1, true};
}

void fill(scenario_file& file) {
  const thread_program closes = receiver({close()});
  file.program("two senders, capacity 1", search::bounded(1),
               kept_open(1, {sender({send(1), send(2)}), sender({send(3)}), closes}));
  file.program("two senders, rendezvous", search::bounded(2),
               kept_open(rendezvous, {sender({send(1)}), sender({send(2)}), closes}));
  for (const auto& [name, capacity] : {std::pair{"capacity 1", std::optional<std::size_t>(1)},
                                       {"unbounded", unbounded},
                                       {"rendezvous", rendezvous}}) {
    file.program(std::string("two receivers, ") + name, search::bounded(2),
                 kept_open(capacity, {receiver({recv()}), receiver({recv()}), sender({close()})}),
                 true);
    file.program(std::string("the last sender goes, ") + name, search::bounded(2),
                 {capacity, {sender({}), receiver({recv()}), closes}, 1}, true);
  }
  file.program("one of each, rendezvous", search::bounded(2),
               kept_open(rendezvous, {sender({send(1)}), receiver({recv()}), closes}), true);
  file.program("both time out, rendezvous", search::bounded(1),
               kept_open(rendezvous, {sender({send_for(1)}), receiver({recv_for()}), closes}),
               true);
  file.program("a send that times out, capacity 1", search::bounded(1),
               kept_open(1, {sender({send(1), send_for(2)}), closes}));
  file.program("a receive that times out, unbounded", search::bounded(1),
               kept_open(unbounded, {receiver({recv_for()}), sender({close()})}));
  // A receiver makes room, and finds the next message, or none, after the close.
  file.program("a sender is served, capacity 1", search::bounded(1),
               kept_open(1, {sender({send(1), send(2)}), receiver({recv()}), closes}), true);
  file.program(
      "a sender is served by the one that closes, capacity 1", search::bounded(1),
      kept_open(1, {sender({send(1), send(2)}), receiver({recv(), close(), recv(), recv()})}));
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

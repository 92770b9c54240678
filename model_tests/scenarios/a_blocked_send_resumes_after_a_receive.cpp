// SPDX-License-Identifier: MIT
//
// The sender finds the ring full, registers, and looks again, while the receiver takes a message,
// releases the slot and looks for waiters. Without either second look the sender sleeps for ever.
// The ring wraps around its slots and its positions.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.program("capacity 1, two messages", search::bounded(2),
               {1, {sender({send(1), send(2)}), draining_receiver()}});
  const std::vector<thread_program> three_messages{sender({send(1), send(2), send(3)}),
                                                   draining_receiver()};
  file.explored_long("capacity 1, three messages", {1, three_messages});
  const reductions retries_and_guesses = reduction::retries | reduction::guesses;
  file.reduced("capacity 1, two messages", retries_and_guesses,
               {1, {sender({send(1), send(2)}), draining_receiver()}});
  file.reduced_long("capacity 1, three messages", retries_and_guesses, {1, three_messages});
  file.sampled("capacity 1", search::bounded(2), {1, three_messages});
  file.sampled("capacity 2", search::bounded(1),
               {2, {sender({send(1), send(2), send(3), send(4)}), draining_receiver()}});
  file.sampled("capacity 3", search::bounded(1),
               {3, {sender({send(1), send(2), send(3), send(4)}), draining_receiver()}});
  file.program("rendezvous", search::bounded(5),
               {rendezvous, {sender({send(1), send(2)}), draining_receiver()}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

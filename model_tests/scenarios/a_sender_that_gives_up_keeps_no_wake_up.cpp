// SPDX-License-Identifier: MIT
//
// Two senders wait for room, one of them with a deadline. The receiver makes room once and sends for
// the one with the deadline, or notifies it, while that one times out. Were the notification wasted,
// the other sender would sleep beside free room.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.explored("one message each, capacity 1",
                {1, {sender({send(1)}), sender({send_for(2)}), receiver({recv()})}});
  file.sampled("capacity 1", search::random(300'000),
               {1, {sender({send(1), send_for(2)}), sender({send(3)}), draining_receiver()}});
  file.program("rendezvous", search::bounded(2),
               {rendezvous, {sender({send_for(2)}), sender({send(3)}), draining_receiver()}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

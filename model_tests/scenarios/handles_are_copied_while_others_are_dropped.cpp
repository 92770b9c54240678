// SPDX-License-Identifier: MIT
//
// A sender copies its handle and drops one of the two while another thread drops its own: the channel
// closes after the last of them, not before.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.program(
      "senders, capacity 1", search::bounded(2),
      {1, {sender({clone_sender(), drop_sender(), send(1)}), sender({}), draining_receiver()}});
  file.program(
      "senders, rendezvous", search::bounded(3),
      {rendezvous,
       {sender({clone_sender(), send(1), drop_sender()}), sender({}), draining_receiver()}});
  file.program("receivers, unbounded", search::bounded(1),
               {unbounded,
                {sender({send(1), send(2)}), receiver({clone_receiver(), recv(), drop_receiver()}),
                 receiver({})},
                1},
               true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

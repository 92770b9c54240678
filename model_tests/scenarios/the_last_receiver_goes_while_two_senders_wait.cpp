// SPDX-License-Identifier: MIT
//
// Both senders wait for room, or for a partner, when the last receiver goes: both wake up and get their
// values back.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.program("capacity 1", search::bounded(2),
               {1, {sender({send(1), send(2)}), sender({send(3)}), receiver({})}});
  file.program("rendezvous", search::bounded(3),
               {rendezvous, {sender({send(1)}), sender({send(2)}), receiver({})}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

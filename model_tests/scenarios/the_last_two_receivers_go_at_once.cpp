// SPDX-License-Identifier: MIT
//
// Two receivers drop their handles at the same time while a sender waits: one of them is the last and
// closes; what the other one did before is seen by the sender.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.program("capacity 1", search::bounded(2),
               {1, {sender({send(1), send(2)}), receiver({}), receiver({})}}, true);
  file.program("unbounded", search::bounded(2),
               {unbounded, {sender({send(1)}), receiver({try_recv()}), receiver({})}, 1}, true);
  file.program("rendezvous", search::bounded(4),
               {rendezvous, {sender({send(1)}), receiver({}), receiver({})}}, true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

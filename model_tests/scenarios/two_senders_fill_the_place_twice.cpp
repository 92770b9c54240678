// SPDX-License-Identifier: MIT
//
// Two senders send twice each through one place: a sender comes back for its second message while the other one
// still waits with its first, and each lap of the ring meets claims of the one before.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const auto two_and = [](const thread_program& receives) {
    return program{1, {sender({send(1), send(2)}), sender({send(3), send(4)}), receives}};
  };
  file.reduced("one receive", reductions::every(), two_and(receiver({recv()})));
  file.reduced_long("drained", reductions::every(), two_and(draining_receiver()));
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

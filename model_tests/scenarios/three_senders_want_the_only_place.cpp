// SPDX-License-Identifier: MIT
//
// Three senders race for the one place of a channel. Two of them find it taken, register and look again, while
// the receiver takes messages and sends for the first that waits; and while the others drop their handles.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const auto three_and = [](const thread_program& receives) {
    return program{1, {sender({send(1)}), sender({send(2)}), sender({send(3)}), receives}};
  };
  file.reduced("one receive", reductions::every(), three_and(receiver({recv()})));
  file.reduced_long("drained", reductions::every(), three_and(draining_receiver()));
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

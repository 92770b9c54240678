// SPDX-License-Identifier: MIT
//
// Three senders race for the one place of a channel. Two of them find it taken, register and look again, while
// the receiver takes messages and sends for the first that waits; and while the others drop their handles.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  // Drained, it would take longer than minutes.
  file.reduced_long(
      "one receive", reductions::every(),
      {1, {sender({send(1)}), sender({send(2)}), sender({send(3)}), receiver({recv()})}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// One sender has claimed the last slot and not yet linked the next block, the other one arrives at the
// end; the receiver gets to the end before the link is there.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.program(
      "blocks of 1", search::bounded(1),
      {unbounded, {sender({send(1), send(2)}), sender({send(3)}), draining_receiver()}, 1});
  file.program(
      "blocks of 2", search::bounded(1),
      {unbounded, {sender({send(1), send(2)}), sender({send(3)}), draining_receiver()}, 2});
  file.program("and the receiver goes", search::bounded(1),
               {unbounded, {sender({send(1), send(2)}), sender({send(3)}), receiver({recv()})}, 1});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// Both senders want the one place, and both receivers what is in it. Whoever makes room or brings a message looks
// for one that waits while others come and go: each message finds its receiver, and nobody is left behind.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<thread_program> one_each{sender({send(1)}), sender({send(2)}),
                                             receiver({recv()}), receiver({recv()})};
  file.reduced_long("a message each, capacity 1", reductions::every(), {1, one_each}, true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

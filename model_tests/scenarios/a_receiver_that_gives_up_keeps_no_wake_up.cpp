// SPDX-License-Identifier: MIT
//
// Two receivers wait, one of them with a deadline; a message comes and the notification goes to the
// one that is just giving up. The other one must not sleep beside a message.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<thread_program> threads{sender({send(1), send(2)}), receiver({recv_for()}),
                                            draining_receiver()};
  file.sampled("capacity 1", search::bounded(1), {1, threads}, true);
  file.sampled("unbounded", search::bounded(1), {unbounded, threads, 1}, true);
  const std::vector<thread_program> one_message{sender({send(1)}), receiver({recv_for()}),
                                                receiver({recv()})};
  file.explored("one message, unbounded", {unbounded, one_message}, true);
  file.explored_long("one message, capacity 1", {1, one_message}, true);
  file.program("rendezvous", search::bounded(1), {rendezvous, threads}, true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// Both receivers see the same message and one claims it; the other must not sleep while there is a
// second one, nor after the sender has gone.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<thread_program> threads{sender({send(1), send(2)}), draining_receiver(),
                                            draining_receiver()};
  file.sampled("capacity 1", search::bounded(1), {1, threads}, true);
  file.sampled("capacity 2", search::bounded(1), {2, threads}, true);
  file.sampled("unbounded, blocks of 1", search::bounded(1), {unbounded, threads, 1}, true);
  file.sampled("unbounded, blocks of 2", search::bounded(1), {unbounded, threads, 2}, true);
  const std::vector<thread_program> one_message{sender({send(1)}), receiver({recv()}),
                                                receiver({recv()})};
  file.explored("one message, capacity 1", {1, one_message}, true);
  file.reduced("one message, capacity 1", reductions::every(), {1, one_message}, true);
  file.explored("one message, rendezvous", {rendezvous, one_message}, true);
  file.program("rendezvous", search::bounded(2), {rendezvous, threads}, true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

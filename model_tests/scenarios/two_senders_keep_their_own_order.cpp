// SPDX-License-Identifier: MIT
//
// Two senders race for the same place; one has claimed and not yet published while the other claims,
// publishes and wakes the receiver, which finds the first place unpublished and waits for it.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<thread_program> threads{sender({send(1), send(2)}), sender({send(3)}),
                                            draining_receiver()};
  file.sampled("capacity 1", search::random(300'000), {1, threads});
  file.sampled("capacity 2", search::bounded(1), {2, threads});
  file.sampled("unbounded, blocks of 1", search::bounded(1), {unbounded, threads, 1});
  file.sampled("unbounded, blocks of 2", search::bounded(1), {unbounded, threads, 2});
  const std::vector<thread_program> a_message_each{sender({send(1)}), sender({send(2)}),
                                                   receiver({recv()})};
  const std::vector<thread_program> drained{sender({send(1)}), sender({send(2)}),
                                            draining_receiver()};
  file.explored("a message each, capacity 1", {1, a_message_each});
  file.explored_long("a message each, capacity 2, drained", {2, drained});
  file.explored_long("a message each, capacity 1, drained", {1, drained});
  file.reduced("a message each, capacity 1", reductions::every(), {1, a_message_each});
  file.reduced("a message each, capacity 2, drained", reductions::every(), {2, drained});
  file.reduced("a message each, capacity 1, drained", reductions::every(), {1, drained});
  file.explored(
      "a message each, rendezvous, with a deadline",
      {rendezvous, {sender({send(1)}), sender({send(2)}), receiver({recv_for(), recv_for()})}});
  file.program("rendezvous", search::bounded(2), {rendezvous, threads});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

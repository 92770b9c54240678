// SPDX-License-Identifier: MIT
//
// A thread asks for the size, and whether the other side has gone, while the others send, receive and
// go: it must not count a message twice, nor see a negative size because head and tail were read at
// different moments; and who sees the disconnect sees what came before it. In the queues alone, somebody
// asks while another thread takes each message out again before it sends the next: there are never two.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void queues_alone(scenario_file& file) {
  file.judged_by(judge::both);
  const auto queue = [&file](const char* variant, std::vector<std::string> kinds_of_channel,
                             std::optional<std::size_t> capacity, bool sole_receiver) {
    const queue_program p{.capacity = capacity,
                          .threads = {{try_send(1), try_recv(), try_send(2)}, {look_from_sender()}},
                          .block_length = 1,
                          .sole_receiver = sole_receiver,
                          .most = 1};
    file.made_for(std::move(kinds_of_channel));
    file.add(variant, search::bounded(2), [p](engine e, const search& how, const options& o) {
      return check::run(e, p, how, o);
    });
  };
  // In a ring of 1 or 2 a size that is wrong may come to 1 all the same.
  queue("never two messages, ring of 3", {"mpsc", "mpmc"}, 3, false);
  queue("never two messages, list", {"mpmc"}, unbounded, false);
  queue("never two messages, list of a sole receiver", {"mpsc"}, unbounded, true);
}

void fill(scenario_file& file) {
  const std::vector<thread_program> from_sender{
      sender({send(1), look_from_sender(), send(2), look_from_sender()}), draining_receiver()};
  const std::vector<thread_program> from_receiver{
      sender({send(1), send(2)}),
      receiver({look_from_receiver(), recv(), look_from_receiver(), recv(), look_from_receiver()})};
  const std::vector<thread_program> from_a_third{sender({send(1), send(2)}),
                                                 sender({look_from_sender()}), draining_receiver()};
  const std::vector<thread_program> one_message_and_a_third{sender({send(1)}), receiver({recv()}),
                                                            sender({look_from_sender()})};
  for (const auto& [name, capacity] : {std::pair{"capacity 1", std::optional<std::size_t>(1)},
                                       {"capacity 2", 2},
                                       {"unbounded", unbounded},
                                       {"rendezvous", rendezvous}}) {
    const std::string of = std::string(", ") + name;
    file.program("seen by the sender" + of, search::bounded(1), {capacity, from_sender, 1});
    file.program("seen by the receiver" + of, search::bounded(1), {capacity, from_receiver, 1});
    file.explored("seen by a third, one message" + of, {capacity, one_message_and_a_third, 1});
    file.sampled("seen by a third" + of, search::random(300'000), {capacity, from_a_third, 1});
  }
  file.program("the receiver goes, unbounded", search::bounded(2),
               {unbounded, {sender({look_from_sender(), look_from_sender()}), receiver({})}, 1});
  file.program("the receiver goes, capacity 1", search::bounded(2),
               {1, {sender({look_from_sender(), look_from_sender()}), receiver({})}, 1});
  file.program("the receiver goes, rendezvous", search::bounded(2),
               {rendezvous, {sender({look_from_sender(), look_from_sender()}), receiver({})}, 1});
  queues_alone(file);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

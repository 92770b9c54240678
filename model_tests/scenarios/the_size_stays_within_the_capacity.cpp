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
                             std::optional<std::size_t> capacity, bool sole_receiver,
                             std::size_t block_length = 1) {
    const queue_program p{.capacity = capacity,
                          .threads = {{try_send(1), try_recv(), try_send(2)}, {look_from_sender()}},
                          .block_length = block_length,
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
  queue("never two messages, list, blocks of 2", {"mpmc"}, unbounded, false, 2);
  queue("never two messages, list of a sole receiver, blocks of 2", {"mpsc"}, unbounded, true, 2);
}

/// What a thread has sent and nobody can have received is there when it looks; who was told that the
/// other side has gone is told so again.
void after_calls_of_its_own(scenario_file& file) {
  const auto left = [&file](const char* variant, std::optional<std::size_t> capacity,
                            std::size_t block_length, const thread_program& third) {
    file.on_the_explorer(
        variant, {.capacity = capacity,
                  .threads = {sender({send(1), send(2), look_from_sender()}), receiver({}), third},
                  .block_length = block_length,
                  .stays_open = true});
  };
  const thread_program another_sender = sender({try_send(3)});
  left("full, capacity 2", 2, 2, sender({look_from_sender()}));
  // Where the lap does not end with the capacity.
  file.on_the_explorer("full, capacity 3",
                       {.capacity = 3,
                        .threads = {sender({send(1), send(2), send(3), look_from_sender()}),
                                    receiver({look_from_receiver()})},
                        .stays_open = true});
  left("nothing is received, blocks of 1", unbounded, 1, another_sender);
  left("nothing is received, blocks of 2", unbounded, 2, another_sender);
  for (const auto& [name, capacity] : {std::pair{"capacity 1", std::optional<std::size_t>(1)},
                                       {"unbounded", unbounded},
                                       {"rendezvous", rendezvous}}) {
    const std::string of = std::string(", ") + name;
    file.on_the_explorer(
        "the sender was told that the receiver has gone" + of,
        {capacity, {sender({send(1), send(2), look_from_sender()}), receiver({})}, 1});
    file.on_the_explorer("the receiver was told that the sender has gone" + of,
                         {capacity, {sender({}), receiver({recv(), look_from_receiver()})}, 1});
  }
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
  after_calls_of_its_own(file);
  queues_alone(file);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

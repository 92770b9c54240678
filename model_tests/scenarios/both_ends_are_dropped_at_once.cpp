// SPDX-License-Identifier: MIT
//
// The last sender and the last receiver go at the same time, with a message in the channel or without:
// it is destroyed once, and the channel is freed once, by whoever lets go of it last.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  for (const auto& [name, capacity] :
       {std::pair{"capacity 1", std::optional<std::size_t>(1)}, {"unbounded", unbounded}}) {
    file.program(
        std::string("a message inside, ") + name, search::bounded(4),
        {capacity, {sender({try_send(1), drop_sender()}), receiver({drop_receiver()})}, 1});
  }
  const std::vector<thread_program> two_each{sender({}), sender({}), receiver({})};
  file.program("two senders, capacity 1", search::full(), {1, two_each});
  file.program("two senders, rendezvous", search::bounded(4), {rendezvous, two_each});
  file.program("two receivers, unbounded", search::full(),
               {unbounded, {sender({}), receiver({}), receiver({})}, 1}, true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

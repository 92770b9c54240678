// SPDX-License-Identifier: MIT
//
// A send claims its place, a receiver closes the channel, the send publishes: who receives after the close, or
// waits for a message meanwhile, gets it, and `disconnected` only then. A send that comes later keeps its value.
#include "support/scenarios.hpp"

#include <algorithm>

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const thread_program closes_and_receives = receiver({close(), recv(), recv()});
  const thread_program sends = sender({send(1)});
  for (const auto& [name, capacity] :
       {std::pair{"capacity 1", std::optional<std::size_t>(1)}, {"unbounded", unbounded}}) {
    const auto add = [&](const std::string& variant, std::vector<thread_program> threads,
                         bool stays_open = false) {
      const bool mpmc = std::ranges::count(threads, role::receiver, &thread_program::role) == 2;
      file.program(variant + ", " + name, search::bounded(1),
                   {capacity, std::move(threads), 1, stays_open}, mpmc);
    };
    add("one sender", {sender({send(1), try_send(2)}), closes_and_receives});
    add("the closer goes", {sends, receiver({close()})});
    add("another thread closes", {sends, sender({close()}), receiver({recv(), recv()})}, true);
    add("another receiver closes", {sends, receiver({recv()}), receiver({close()})}, true);
    add("two receivers close", {sends, receiver({close(), recv()}), receiver({close(), close()})});
  }
  file.program("two senders, capacity 2", search::bounded(1),
               {2, {sends, sender({send(2)}), receiver({close(), try_recv(), recv()})}, 1});
  file.program("two senders, unbounded", search::bounded(1),
               {unbounded, {sends, sender({send(2)}), receiver({close(), try_recv(), recv()})}, 1});
  file.program("the size, capacity 1", search::bounded(1),
               {1,
                {sender({send(1), look_from_sender()}),
                 receiver({close(), look_from_receiver(), recv(), look_from_receiver()})},
                1,
                true});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

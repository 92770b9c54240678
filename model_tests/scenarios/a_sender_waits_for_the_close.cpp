// SPDX-License-Identifier: MIT
//
// A sender looks whether the channel is closed, registers, looks again and sleeps, while a receiver closes or
// the last one goes: it wakes up, sees what was done before, and no send succeeds any more.
#include "support/scenarios.hpp"

#include <algorithm>

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const thread_program waits = sender({closed()});
  for (const auto& [name, capacity] : {std::pair{"capacity 1", std::optional<std::size_t>(1)},
                                       {"unbounded", unbounded},
                                       {"rendezvous", rendezvous}}) {
    const auto add = [&](const std::string& variant, std::vector<thread_program> threads,
                         bool stays_open = true) {
      const bool mpmc = std::ranges::count(threads, role::receiver, &thread_program::role) == 2;
      file.program(variant + ", " + name, search::bounded(2),
                   {capacity, std::move(threads), 1, stays_open}, mpmc);
    };
    add("a receiver closes", {waits, receiver({close()})});
    add("the receiver goes", {waits, receiver({})}, false);
    add("the last of two receivers goes", {waits, receiver({}), receiver({})}, false);
    add("two wait", {waits, waits, receiver({close()})});
    add("it times out, then sends", {sender({closed_for(), try_send(1)}), receiver({close()})});
    add("a receiver waits, too",
        {sender({closed_for(), try_send(1)}), receiver({recv()}), receiver({close()})});
  }
  file.program(
      "it has sent before, capacity 1", search::bounded(1),
      {1, {sender({send(1), closed(), try_send(2)}), receiver({close(), recv(), recv()})}, 1});
  file.program("it has sent before, unbounded", search::bounded(1),
               {unbounded,
                {sender({send(1), closed(), try_send(2)}), receiver({close(), recv(), recv()})},
                1});
  file.program("another waits for room, capacity 1", search::bounded(1),
               {1, {sender({send(1), send(2)}), waits, receiver({close()})}, 1, true});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

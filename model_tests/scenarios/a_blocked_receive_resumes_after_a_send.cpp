// SPDX-License-Identifier: MIT
//
// The receiver finds nothing, registers, and looks again, while the sender sends in one way or another and
// looks for waiters. Nobody closes, so without either second look the receiver sleeps beside a message.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  for (const auto& [name, capacity] :
       {std::pair{"capacity 1", std::optional<std::size_t>(1)}, {"unbounded", unbounded}}) {
    for (const auto& [way, sends] :
         {std::pair{"sent", send(1)}, {"tried", try_send(1)}, {"with a deadline", send_for(1)}}) {
      const program p{.capacity = capacity,
                      .threads = {sender({sends}), receiver({recv()})},
                      .block_length = 1,
                      .stays_open = true};
      const std::string variant = std::string(way) + ", " + name;
      file.on_the_explorer(variant, p);
      if (!capacity) file.on_the_explorer(variant + " mpmc", p, true);
    }
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

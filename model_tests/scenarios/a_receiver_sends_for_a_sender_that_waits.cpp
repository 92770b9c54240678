// SPDX-License-Identifier: MIT
//
// A receiver makes room, finds a sender that waits, and moves its message into that room, while the
// sender times out, another sender takes the room first, another receiver has just found nothing and
// registers, or the sender was about to look by itself. The message must be there once, and somebody
// must wake up for it.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  // The third message waits for room, so that nobody drops the sender while a receiver sleeps.
  const std::vector<step> three{send(1), send(2), send(3)};
  file.explored_long("another receiver waits for the message",
                     {1, {sender(three), receiver({try_recv()}), receiver({recv()})}}, true);
  file.sampled("two receivers", search::random(100'000),
               {1, {sender(three), receiver({recv()}), receiver({recv()})}}, true);
  // Nobody closes, so two messages are enough.
  file.program("another receiver waits, nobody closes", search::random(100'000),
               {.capacity = 1,
                .threads = {sender({send(1), send(2)}), receiver({try_recv()}), receiver({recv()})},
                .stays_open = true},
               true);
  file.program("the sender times out", search::bounded(2),
               {1, {sender({send(1), send_for(2)}), receiver({recv(), try_recv()})}});
  file.program("the receiver does not wait", search::bounded(2),
               {1, {sender({send(1), send(2)}), receiver({try_recv(), try_recv()})}});
  file.program("another sender is faster", search::random(100'000),
               {1, {sender({send(1), send(2)}), sender({try_send(3)}), receiver({recv()})}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

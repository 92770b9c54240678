// SPDX-License-Identifier: MIT
//
// One sender has claimed the last slot and not yet linked the next block, the other one arrives at the
// end; the receiver gets to the end before the link is there.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.sampled(
      "blocks of 1", search::bounded(1),
      {unbounded, {sender({send(1), send(2)}), sender({send(3)}), draining_receiver()}, 1});
  file.sampled(
      "blocks of 2", search::bounded(1),
      {unbounded, {sender({send(1), send(2)}), sender({send(3)}), draining_receiver()}, 2});
  file.sampled("and the receiver goes", search::bounded(1),
               {unbounded, {sender({send(1), send(2)}), sender({send(3)}), receiver({recv()})}, 1});
  const auto a_message_each = [](const thread_program& third) {
    return program{unbounded, {sender({send(1)}), sender({send(2)}), third}, 1};
  };
  file.explored("a message each, blocks of 1", a_message_each(receiver({recv()})));
  file.explored("a message each, blocks of 1, polled",
                a_message_each(receiver({try_recv(), try_recv()})));
  file.explored("a message each, blocks of 1, nobody receives", a_message_each(receiver({})));
  file.explored_long("a message each, blocks of 1, drained", a_message_each(draining_receiver()));
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

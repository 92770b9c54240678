// SPDX-License-Identifier: MIT
//
// One side fills the channel and is told that it is full, while the other one empties it and is told
// that it is empty: one order has to explain both. On a ring of capacity 2 that holds one message, one
// thread must not get it and then see `empty` while the other sends one and then sees `full`.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.program("capacity 1", search::bounded(3),
               {1, {sender({try_send(1), try_send(2)}), receiver({try_recv(), try_recv()})}});
  file.program(
      "capacity 2", search::bounded(3),
      {2, {sender({try_send(1), try_send(2), try_send(3)}), receiver({try_recv(), try_recv()})}});
  file.program("capacity 3", search::bounded(2),
               {3,
                {sender({try_send(1), try_send(2), try_send(3), try_send(4)}),
                 receiver({try_recv(), try_recv()})}});
  file.program("two senders, capacity 1", search::bounded(2),
               {1, {sender({try_send(1)}), sender({try_send(2)}), receiver({try_recv()})}});
  file.program("two receivers, unbounded", search::bounded(2),
               {unbounded, {sender({send(1)}), receiver({try_recv()}), receiver({try_recv()})}, 1},
               true);
  file.program(
      "rendezvous", search::bounded(5),
      {rendezvous, {sender({try_send(1), try_send(2)}), receiver({try_recv(), recv_for()})}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

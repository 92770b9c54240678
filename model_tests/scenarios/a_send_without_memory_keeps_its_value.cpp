// SPDX-License-Identifier: MIT
//
// A send that claims the last slot of a block finds no memory for the next one: it throws, its value is
// still the caller's, and the channel goes on as if there had been no such send. So does a channel that
// is made when there is memory for a part of it only.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.without_memory("unbounded, blocks of 1",
                      {unbounded, {sender({send(1), send(2)}), draining_receiver()}, 1});
  file.without_memory("unbounded, blocks of 2",
                      {unbounded, {sender({send(1), send(2), send(3)}), draining_receiver()}, 2});
  file.without_memory("unbounded, tried and timed",
                      {unbounded, {sender({try_send(1), send_for(2)}), receiver({recv_for()})}, 1});
  file.without_memory(
      "unbounded, two senders",
      {unbounded, {sender({send(1)}), sender({send(2)}), receiver({try_recv(), try_recv()})}, 1});
  file.without_memory(
      "unbounded, a copied sender",
      {unbounded,
       {sender({clone_sender(), send(1), drop_sender(), send(2)}), draining_receiver()},
       1});
  file.without_memory("capacity 1", {1, {sender({send(1), send(2)}), draining_receiver()}});
  file.without_memory("rendezvous", {rendezvous, {sender({send(1)}), receiver({recv_for()})}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// The last handle of the other side goes while a coroutine is about to wait, is suspended, or has been notified
// of something else. It learns of it, and has its value back.
#include "support/async_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  for (const auto c : flavours()) {
    add_coroutines(file, "the sender goes", c, {{plain(0, recv())}, {plain(0, drop_sender())}},
                   {as::coroutine, as::thread});
    add_coroutines(file, "the sender goes, the coroutine moves", c,
                   {{plain(0, recv())}, {}, {plain(0, drop_sender())}},
                   {as::moved, as::resumer_of_the_first, as::thread});
    add_coroutines(file, "the sender goes, the coroutine is destroyed", c,
                   {{plain(0, recv())}, {plain(0, drop_sender())}},
                   {as::destroyed_at_once, as::thread});
    if (!c) continue;
    std::vector<select_step> sends;
    if (c != rendezvous) sends.push_back(plain(0, try_send(1)));
    sends.push_back(plain(0, send(2)));
    add_coroutines(file, "the receiver goes", c, {sends, {plain(0, drop_receiver())}},
                   {as::coroutine, as::thread});
    add_coroutines(file, "the receiver takes one and goes", c,
                   {sends, {plain(0, try_recv()), plain(0, drop_receiver())}},
                   {as::coroutine, as::thread});
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

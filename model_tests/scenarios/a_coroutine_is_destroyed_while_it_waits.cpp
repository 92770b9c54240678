// SPDX-License-Identifier: MIT
//
// A coroutine that waits is destroyed: before it is notified, while somebody notifies it, or when it should be
// resumed. Nobody uses it afterwards; a message that it has not received stays in the channel, and who waits
// for the same is notified in its place. A send has been done, or the value ends with the coroutine.
#include "support/async_scenarios.hpp"

namespace runnel::check {
namespace {

void fill_receives(scenario_file& file, capacity c) {
  const std::vector<select_step> receives{plain(0, recv())};
  const std::vector<select_step> tries{plain(0, try_send(1))};
  add_coroutines(file, "a receive, at once", c, {receives, tries},
                 {as::destroyed_at_once, as::thread});
  add_coroutines(file, "a receive, when resumed", c, {receives, tries},
                 {as::destroyed_when_resumed, as::thread});
  add_coroutines(file, "a receive, at last", c,
                 {receives, {plain(0, try_send(1))}, {plain(0, recv_for())}},
                 {as::never_resumed, as::thread, as::thread});
  if (c == rendezvous) return;  // the message is handed to the coroutine
  const std::vector<select_step> stays{plain(0, recv()), plain(0, drop_sender())};
  const std::vector<select_step> sends{plain(0, send(1))};
  add_coroutines(file, "a receive, at once, another waits", c, {receives, stays, sends},
                 {as::destroyed_at_once, as::thread, as::thread});
  add_coroutines(file, "a receive, when resumed, another waits", c, {receives, stays, sends},
                 {as::destroyed_when_resumed, as::thread, as::thread});
}

void fill_sends(scenario_file& file, capacity c) {
  std::vector<select_step> sends;
  if (c != rendezvous) sends.push_back(plain(0, try_send(1)));
  sends.push_back(plain(0, send(2)));
  const std::vector<select_step> tries{plain(0, try_recv()), plain(0, try_recv())};
  add_coroutines(file, "a send, at once", c, {sends, tries}, {as::destroyed_at_once, as::thread});
  add_coroutines(file, "a send, when resumed", c, {sends, tries},
                 {as::destroyed_when_resumed, as::thread});
  // Whoever makes room after the first has gone makes it for the second.
  add_coroutines(file, "a send, at once, another waits", c,
                 {sends, {plain(0, send(3))}, {plain(0, recv()), plain(0, recv())}},
                 {as::destroyed_at_once, as::thread, as::thread});
}

void fill(scenario_file& file) {
  for (const auto c : flavours()) {
    fill_receives(file, c);
    if (c) fill_sends(file, c);
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

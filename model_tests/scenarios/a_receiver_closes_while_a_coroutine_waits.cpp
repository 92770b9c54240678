// SPDX-License-Identifier: MIT
//
// A receiver closes the channel while a coroutine is about to wait for a message, for room or for the close, is
// suspended, or has been notified of something else. It learns of it, and has its value back.
#include "support/async_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step> closes{plain(0, close())};
  for (const auto c : flavours()) {
    add_coroutines(file, "it waits for that", c, {{plain(0, closed())}, closes},
                   {as::coroutine, as::thread});
    add_coroutines(file, "it waits for that and is destroyed", c, {{plain(0, closed())}, closes},
                   {as::destroyed_at_once, as::thread});
    add_coroutines(file, "it waits for that and is stopped", c,
                   {{stoppable(plain(0, closed()))}, closes, {plain(0, request_stop())}},
                   {as::coroutine, as::thread, as::thread});
    add_coroutines(file, "it receives", c,
                   {{plain(0, recv()), plain(0, drop_receiver())}, closes, {plain(0, try_send(1))}},
                   {as::coroutine, as::thread, as::thread});
    add_posted(file, "it waits for that, posted", c, {{plain(0, closed())}, closes},
               {as::coroutine, as::thread});
    if (!c) continue;
    std::vector<select_step> sends;
    if (c != rendezvous) sends.push_back(plain(0, try_send(1)));
    sends.push_back(plain(0, send(2)));
    add_coroutines(file, "it sends", c, {sends, closes}, {as::coroutine, as::thread});
    add_coroutines(file, "it sends, and one is received first", c,
                   {sends, {plain(0, try_recv()), plain(0, close())}}, {as::coroutine, as::thread});
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

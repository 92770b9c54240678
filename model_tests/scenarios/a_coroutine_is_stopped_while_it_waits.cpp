// SPDX-License-Identifier: MIT
//
// A stop is requested before, while and after a coroutine is suspended, and somebody notifies it at that moment:
// one of the two resumes it, once. A message that is there goes before the stop, and a send that was done says
// so.
#include "support/async_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step> stops{plain(0, request_stop())};
  const std::vector<select_step> receives{stoppable(plain(0, recv())), plain(0, drop_sender())};
  for (const auto c : flavours()) {
    add_coroutines(file, "a receive", c, {receives, stops}, {as::coroutine, as::thread});
    add_coroutines(file, "a receive that moves", c, {receives, {}, stops},
                   {as::moved, as::resumer_of_the_first, as::thread});
    add_coroutines(file, "a receive, a message", c, {receives, stops, {plain(0, try_send(1))}},
                   {as::coroutine, as::thread, as::thread});
    add_coroutines(
        file, "a receive, a message before the stop", c,
        {{stoppable(plain(0, recv()))}, {plain(0, try_send(1)), plain(0, request_stop())}},
        {as::coroutine, as::thread});
    add_coroutines(file, "a receive, the sender goes", c,
                   {{stoppable(plain(0, recv()))}, stops, {plain(0, drop_sender())}},
                   {as::coroutine, as::thread, as::thread});
    if (!c) continue;
    std::vector<select_step> sends;
    if (c != rendezvous) sends.push_back(plain(0, try_send(1)));
    sends.push_back(stoppable(plain(0, send(2))));
    sends.push_back(plain(0, drop_receiver()));
    add_coroutines(file, "a send", c, {sends, stops}, {as::coroutine, as::thread});
    add_coroutines(file, "a send, a receive", c, {sends, stops, {plain(0, try_recv())}},
                   {as::coroutine, as::thread, as::thread});
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

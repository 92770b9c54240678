// SPDX-License-Identifier: MIT
//
// An operation joins the lists of its channel, has done nothing yet, and goes on where its executor runs it: so it
// may be notified before it is suspended, and ended between any two steps. Nothing is lost and nobody is left
// waiting, whether it goes on, is stopped, or is ended when it should.
#include "support/async_scenarios.hpp"

namespace runnel::check {
namespace {

void fill_ends(scenario_file& file, capacity c) {
  const std::vector<select_step> receives{plain(0, recv())};
  const std::vector<select_step> stays{plain(0, recv()), plain(0, drop_sender())};
  const std::vector<select_step> sends{plain(0, send(1))};
  add_posted(file, "a receive ends", c, {receives, {plain(0, try_send(1))}},
             {as::destroyed_when_resumed, as::thread});
  if (c == rendezvous) return;  // the message is handed to the operation
  add_posted(file, "a receive ends, another waits", c, {receives, stays, sends},
             {as::destroyed_when_resumed, as::thread, as::thread});
  add_posted(file, "a receive ends at once, another waits", c, {receives, stays, sends},
             {as::destroyed_at_once, as::thread, as::thread});
  if (!c) return;
  add_posted(file, "a send ends, another waits", c,
             {{plain(0, try_send(1)), plain(0, send(2))},
              {plain(0, send(3))},
              {plain(0, recv()), plain(0, recv())}},
             {as::destroyed_at_once, as::thread, as::thread});
}

void fill(scenario_file& file) {
  const std::vector<select_step> receives{plain(0, recv())};
  for (const auto c : flavours()) {
    add_posted(file, "a receive", c, {receives, {plain(0, send(1))}}, {as::coroutine, as::thread});
    add_posted(file, "both sides", c, {receives, {plain(0, send(1))}},
               {as::coroutine, as::coroutine});
    add_posted(file, "a receive, the sender goes", c,
               {{plain(0, drop_sender()), plain(0, recv())}, {plain(0, drop_sender())}},
               {as::coroutine, as::thread});
    add_posted(file, "a receive, a message, a stop", c,
               {{stoppable(plain(0, recv())), plain(0, drop_sender())},
                {plain(0, request_stop())},
                {plain(0, try_send(1))}},
               {as::coroutine, as::thread, as::thread});
    fill_ends(file, c);
    if (!c) continue;  // some millions of executions
    const std::vector<select_step> receives_alone{plain(0, drop_sender()), plain(0, recv())};
    add_posted(file, "two receives, a message", c,
               {receives_alone, receives_alone, {plain(0, send(1)), plain(0, drop_receiver())}},
               {as::coroutine, as::coroutine, as::thread});
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

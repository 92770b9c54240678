// SPDX-License-Identifier: MIT
//
// A stop is requested before, while or after a thread waits, with a select or with an operation that has a
// token: while it looks, registers its callback, sleeps, leaves the lists. It wakes up, and says `stopped`
// only if nothing else was possible after the request; a message, room or a disconnect that is there goes
// first.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

const std::vector<select_step> stops{plain(0, request_stop())};

/// A thread waits in one channel, another one stops it; what it does before, or a third one, may go first.
void fill_one_channel(scenario_file& file, capacity c) {
  const auto add_program = [&](const std::string& variant, const select_program& p) {
    add_selects(file, variant + flavour_text(c), search::random(5000), p);
  };
  const auto add = [&](const std::string& variant, std::vector<select_step> waits,
                       std::vector<select_step> does = {}) {
    select_program p{{c}, {std::move(waits), stops}};
    if (!does.empty()) p.threads.push_back(std::move(does));
    add_program(variant, p);
  };
  const auto receives = stoppable(plain(0, recv()));
  const auto receives_for_a_while = stoppable(plain(0, recv_for()));
  const std::vector<select_step> sends{plain(0, try_send(1))};
  const std::vector<select_step> leaves{plain(0, drop_sender())};
  add("a receive", {receives, plain(0, drop_sender())});
  add("a receive, a message", {receives}, sends);
  add("a receive, the sender goes", {receives}, leaves);
  add("a receive with a deadline, a message", {receives_for_a_while}, sends);
  add_program("a receive, a message before the stop",
              {{c}, {{receives}, {plain(0, try_send(1)), plain(0, request_stop())}}});
  // When the deadline passes and it tries for the last time.
  add_program("a receive with a deadline, a message before the stop",
              {{c}, {{receives_for_a_while}, {plain(0, try_send(1)), plain(0, request_stop())}}});
  if (!c) return;
  std::vector<select_step> fill_and;
  if (*c != rendezvous) fill_and.push_back(plain(0, send(1)));
  const auto and_then = [&](select_step s) {
    auto all = fill_and;
    all.push_back(std::move(s));
    return all;
  };
  const auto sends_second = and_then(stoppable(plain(0, send(2))));
  auto holds_a_receiver = sends_second;
  holds_a_receiver.push_back(plain(0, drop_receiver()));
  add("a send", std::move(holds_a_receiver));
  add_program("a send, a receive before the stop",
              {{c}, {sends_second, {plain(0, try_recv()), plain(0, request_stop())}}});
  add("a send, a receive", sends_second, {plain(0, try_recv())});
  add("a send, the receiver goes", sends_second, {plain(0, drop_receiver())});
  add("a send with a deadline, a receive", and_then(stoppable(plain(0, send_for(2)))),
      {plain(0, try_recv())});
}

/// The same in two channels.
void fill_two_channels(scenario_file& file, capacity a, capacity b) {
  const std::vector<select_step::select_case> both = {{0, recv()}, {1, recv()}};
  const auto add = [&](const std::string& variant, select_step waits,
                       std::vector<select_step> does) {
    // It holds both channels open.
    add_selects(file, variant + flavours_text(a, b), search::random(5000),
                {{a, b},
                 {{std::move(waits), plain(0, drop_sender()), plain(1, drop_sender()),
                   plain(1, drop_receiver())},
                  stops,
                  std::move(does)}});
  };
  add("two receives, a message", stoppable(select(both)), {plain(1, try_send(1))});
  add("two receives with a deadline, a message", stoppable(select_for(both)),
      {plain(1, try_send(1))});
  if (b != rendezvous) return;  // else there is room
  add("a send or a receive, a message", stoppable(select({{0, recv()}, {1, send(2)}})),
      {plain(0, try_send(1))});
}

/// A stop that comes when a notification has chosen the one that it ends. That one gives back what it gets
/// all the same; so another one that waits, and holds the channel open, must get a message in any case. (In
/// the other flavours there are too many executions.)
void fill_two_receivers(scenario_file& file, capacity c) {
  const std::vector<select_step> borrows{stoppable(select({{0, recv(), 3}}))};
  const std::vector<select_step> stays{plain(0, recv()), plain(0, drop_sender())};
  const auto add = [&](const std::string& variant, std::vector<select_step> does) {
    add_selects(file, "two receivers, " + variant + flavour_text(c), search::random(5000),
                {{c}, {borrows, stays, std::move(does)}}, true);
  };
  add("a message first", {plain(0, send(1)), plain(0, request_stop())});
  add("the stop first", {plain(0, request_stop()), plain(0, send(1))});
}

void fill(scenario_file& file) {
  for (const auto c : flavours()) fill_one_channel(file, c);
  fill_two_receivers(file, rendezvous);
  for (const auto& [a, b] : pairs_of_flavours()) fill_two_channels(file, a, b);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// A thread waits in two channels; messages, disconnects and its deadline come from two others at any
// moment: while it looks, while it registers, while it leaves the lists.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step::select_case> both = {{0, recv()}, {1, recv()}};
  for (const auto& [a, b] : pairs_of_flavours()) {
    const std::string pair = flavours_text(a, b);
    add_selects(file, "one of two messages" + pair, search::random(20000),
                {{a, b}, {{plain(0, try_send(1))}, {plain(1, try_send(2))}, {select(both)}}});
    add_selects(file, "with a deadline" + pair, search::random(20000),
                {{a, b}, {{plain(0, try_send(1))}, {plain(1, try_send(2))}, {select_for(both)}}});
    add_long_selects(
        file, "two messages" + pair, search::random(20000),
        {{a, b}, {{plain(0, send(1))}, {plain(1, send(2))}, {select(both), select(both)}}});
  }
  // It holds both channels open: only the message wakes it up.
  for (const auto& [a, b] : pairs_of_flavours()) {
    for (const std::size_t i : {0U, 1U}) {
      const select_program p{
          {a, b},
          {{select(both), plain(0, drop_sender()), plain(1, drop_sender())}, {plain(i, send(1))}}};
      file.on_the_explorer(std::string("one message, ") +
                               (i == 0 ? "first channel" : "second channel") + flavours_text(a, b),
                           selects(file, p, false));
    }
  }
  add_selects(file, "one that only looks", search::random(20000),
              {{unbounded, rendezvous},
               {{plain(0, send(1)), plain(1, send_for(2))}, {try_select(both), select(both)}}});
  add_selects(
      file, "in any order", search::random(20000),
      {{unbounded, unbounded}, {{plain(0, send(1)), plain(1, send(2))}, {fair_select(both)}}});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

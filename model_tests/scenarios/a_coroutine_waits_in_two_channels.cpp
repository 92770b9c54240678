// SPDX-License-Identifier: MIT
//
// A coroutine selects between two channels; both have something for it at the same moment, or one closes. It
// takes one, and is resumed once. When it is destroyed it is in the lists of both.
#include "support/async_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step> both{select({{0, recv()}, {1, recv()}})};
  for (const auto& [a, b] : pairs_of_flavours()) {
    const auto add = [&, c = std::vector{a, b}, text = flavours_text(a, b)](
                         const std::string& variant, std::vector<std::vector<select_step>> threads,
                         std::vector<as> run_as) {
      add_coroutines(file, variant + text, {{c, std::move(threads)}, std::move(run_as)});
    };
    add("two messages", {both, {plain(0, try_send(1))}, {plain(1, try_send(2))}},
        {as::coroutine, as::thread, as::thread});
    add("two messages of one sender", {both, {plain(0, try_send(1)), plain(1, try_send(2))}},
        {as::coroutine, as::thread});
    add("one closes", {both, {plain(1, drop_sender())}, {plain(0, try_send(1))}},
        {as::coroutine, as::thread, as::thread});
    add("destroyed", {both, {plain(0, try_send(1))}, {plain(1, try_send(2))}},
        {as::destroyed_at_once, as::thread, as::thread});
    if (b != rendezvous) continue;  // else there is room
    add("a receive and a send",
        {{select({{0, recv()}, {1, send(3)}})}, {plain(0, try_send(1))}, {plain(1, try_recv())}},
        {as::coroutine, as::thread, as::thread});
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

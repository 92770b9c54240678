// SPDX-License-Identifier: MIT
//
// A thread has sent to both channels and selects from them. The first must not seem empty to it while
// another thread's message, the oldest there, is still being published. And to a thread that has received
// the second message of a full channel it must not seem full while another thread still takes the first.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step::select_case> both = {{0, recv()}, {1, recv()}};
  const auto program = [](capacity first, const select_step& last) {
    return select_program{{first, 1},
                          {{plain(0, send(1))}, {plain(0, send(2)), plain(1, send(3)), last}}};
  };
  const auto makes_room = [](const select_step& last) {
    return select_program{
        {2, unbounded},
        {{plain(0, recv())}, {plain(0, send(1)), plain(0, send(2)), plain(0, recv()), last}}};
  };
  file.on_the_explorer("one that sends",
                       selects(file, makes_room(select({{0, send(3)}, {1, send(4)}})), true));
  file.on_the_explorer("one that only tries to send",
                       selects(file, makes_room(try_select({{0, send(3)}})), true));
  for (const capacity first : {capacity(unbounded), capacity(2)}) {
    add_selects(file, "one that waits" + flavour_text(first), search::bounded(2),
                program(first, select(both)));
    add_selects(file, "one that only looks" + flavour_text(first), search::bounded(2),
                program(first, try_select(both)));
  }
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

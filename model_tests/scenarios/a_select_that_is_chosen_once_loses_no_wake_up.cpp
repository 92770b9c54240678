// SPDX-License-Identifier: MIT
//
// A select waits in two lists, in one of them before another receiver. Both are notified: one of the
// notifications finds the select taken, and has to go to the other receiver. Whatever the select receives
// from the second channel it gives back, so that the other one must get a message in any case.
#include "support/select_scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<select_step> borrows{select({{0, recv()}, {1, recv(), 3}})};
  const std::vector<select_step> receives{plain(1, recv()), plain(1, drop_sender())};
  const auto program = [&](capacity a, capacity b, std::vector<select_step> sends) {
    return select_program{{a, b}, {borrows, receives, std::move(sends)}};
  };
  const std::vector<select_step> first_one_first{plain(0, send(1)), plain(1, send(2))};
  const std::vector<select_step> second_one_first{plain(1, send(2)), plain(0, send(1))};
  add_selects(file, "capacity 1, the first one first", search::random(20000),
              program(1, 1, first_one_first), true);
  sample_selects(file, "capacity 1, the second one first", search::random(20000),
                 program(1, 1, second_one_first), true);
  sample_selects(file, "unbounded, the first one first", search::random(20000),
                 program(unbounded, unbounded, first_one_first), true);
  sample_selects(file, "unbounded, the second one first", search::random(20000),
                 program(unbounded, unbounded, second_one_first), true);
  sample_selects(file, "rendezvous and unbounded", search::random(20000),
                 program(rendezvous, unbounded, {plain(1, send(2)), plain(0, send_for(1))}), true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

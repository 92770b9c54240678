// SPDX-License-Identifier: MIT
//
// The ring is full, so head and tail are at the same index, one lap apart, and somebody asks for the
// size, while another sender finds no room, or takes the last of it: the size is the capacity, not 0,
// where the lap ends as elsewhere.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.judged_by(judge::both);
  const auto queue = [&file](const char* variant, std::size_t capacity,
                             const std::vector<step>& first, const std::vector<step>& second) {
    const queue_program p{
        .capacity = capacity, .threads = {first, second}, .most = capacity, .least = capacity};
    file.add(variant, search::bounded(2), [p](engine e, const search& how, const options& o) {
      return check::run(e, p, how, o);
    });
  };
  queue("ring of 1", 1, {try_send(1), look_from_sender()}, {try_send(2)});
  queue("ring of 2", 2, {try_send(1), try_send(2), look_from_sender()}, {try_send(3)});
  // From the second place on: the messages are on two laps.
  queue("ring of 3, after a receive", 3,
        {try_send(1), try_recv(), try_send(2), try_send(3), try_send(4), look_from_sender()},
        {try_send(5)});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

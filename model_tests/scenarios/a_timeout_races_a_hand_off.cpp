// SPDX-License-Identifier: MIT
//
// The deadline of one side passes while the other side is handing over: the value is delivered or
// handed back, never both, and a result that is ready wins over the deadline.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<thread_program> timed{sender({send_for(1)}), receiver({recv_for()})};
  const std::vector<thread_program> twice{sender({send_for(1), send_for(2)}),
                                          receiver({recv_for(), recv_for()})};
  file.program("once, capacity 1", search::bounded(4), {1, timed});
  file.program("once, unbounded", search::bounded(3), {unbounded, timed, 1});
  file.program("once, rendezvous", search::bounded(5), {rendezvous, timed});
  file.program("twice, capacity 1", search::bounded(2), {1, twice});
  file.program("twice, rendezvous", search::bounded(4), {rendezvous, twice});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

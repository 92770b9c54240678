// SPDX-License-Identifier: MIT
//
// Both receivers are registered, or about to be, when the last sender closes: the close must be seen
// in their second look, or wake them both.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<thread_program> threads{sender({}), receiver({recv()}), receiver({recv()})};
  file.program("capacity 1", search::bounded(3), {1, threads}, true);
  file.program("unbounded", search::bounded(3), {unbounded, threads, 1}, true);
  file.program("rendezvous", search::bounded(3), {rendezvous, threads}, true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

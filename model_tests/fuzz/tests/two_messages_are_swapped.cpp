// SPDX-License-Identifier: MIT
//
// Found, and shrunk, by
//   runnel fuzz --seed 1 --first 0 --programs 1 --broken 'two messages of a sender are swapped'
// Failed with: no order explains the results.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const thread_program first = sender({send(1), send(2)});
  const thread_program second = receiver({recv()});
  file.explored("seed 1, program 0", {unbounded, {first, second}, 1});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

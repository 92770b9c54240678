// SPDX-License-Identifier: MIT
//
// The last receiver closes the channel while two senders are between claim and publication: each
// value is destroyed by that drop or handed back, and nothing is left when the drop returns.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<thread_program> threads{sender({send(1)}), sender({send(2)}), receiver({})};
  file.program("capacity 1", search::bounded(2), {1, threads});
  file.program("capacity 2", search::bounded(2), {2, threads});
  file.program("unbounded, blocks of 1", search::bounded(2), {unbounded, threads, 1});
  file.program("unbounded, blocks of 2", search::bounded(2), {unbounded, threads, 2});
  file.program("rendezvous", search::bounded(3), {rendezvous, threads});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

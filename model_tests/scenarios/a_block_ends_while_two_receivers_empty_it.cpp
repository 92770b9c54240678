// SPDX-License-Identifier: MIT
//
// The receiver of the last slot goes on to the next block while the receiver of the slot before is
// still taking its message: the block is freed or reused when both are done, once.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  const std::vector<thread_program> threads{sender({send(1), send(2), send(3)}),
                                            receiver({recv(), recv()}), draining_receiver()};
  file.sampled("blocks of 1", search::random(300'000), {unbounded, threads, 1}, true);
  file.sampled("blocks of 2", search::bounded(1), {unbounded, threads, 2}, true);
  const std::vector<thread_program> fewer{sender({send(1)}), receiver({recv()}),
                                          receiver({recv()})};
  file.explored("one message, blocks of 1", {unbounded, fewer, 1}, true);
  const std::vector<thread_program> one_each{sender({send(1), send(2)}), receiver({recv()}),
                                             receiver({recv()})};
  file.explored("a message each, blocks of 2", {unbounded, one_each, 2}, true);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

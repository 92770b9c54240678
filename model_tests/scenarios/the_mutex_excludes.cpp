// SPDX-License-Identifier: MIT
//
// Three threads want the mutex: one has it, one is about to sleep, one comes when it is released.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.judged_by(judge::assertions);
  const auto mutex = [&file](const char* variant, const search& s, unsigned threads, int rounds) {
    file.add(variant, s, [threads, rounds](engine e, const search& how, const options& o) {
      return check::run(e, mutex_program{rounds}, threads, how, o);
    });
  };
  file.with_faults("two threads", [](engine e, const search& how, const options& o) {
    return check::run(e, mutex_program{1}, 2, how, o);
  });
  mutex("two threads", search::full(), 2, 1);
  mutex("two threads, twice", search::full(), 2, 2);
  mutex("three threads", search::full(), 3, 1);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// Threads copy and drop handles at the same time: one drop is the last, and it comes after all that was
// done with every handle.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.judged_by(judge::assertions);
  const auto counting = [&file](const char* variant, const search& s, unsigned threads,
                                unsigned copies) {
    file.add(variant, s, [threads, copies](engine e, const search& how, const options& o) {
      return check::run(e, counting_program{copies}, threads, how, o);
    });
  };
  counting("two threads", search::full(), 2, 1);
  counting("three threads", search::full(), 3, 0);
  counting("three threads that copy", search::bounded(4), 3, 1);
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// Threads copy and drop handles at the same time: one drop is the last, and it comes after all that was
// done with every handle. A copy too many is refused, and counts no more.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.judged_by(judge::assertions);
  const auto counting = [&file](const char* variant, const search& s, unsigned threads,
                                const counting_program& p) {
    file.add(variant, s, [threads, p](engine e, const search& how, const options& o) {
      return check::run(e, p, threads, how, o);
    });
  };
  counting("two threads", search::full(), 2, {.copies = 1});
  counting("three threads", search::full(), 3, {.copies = 0});
  counting("three threads that copy", search::bounded(4), 3, {.copies = 1});
  // A copy that is refused counts for a moment, and then no more.
  counting("two threads, every copy is refused", search::full(), 2, {.copies = 1, .limit = 1});
  counting("two threads, and three handles at most", search::full(), 2, {.copies = 1, .limit = 3});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

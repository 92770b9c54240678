// SPDX-License-Identifier: MIT
//
// Tokens in the place of messages: whoever gives one looks for waiters, whoever finds none registers
// and looks again. With "served", whoever gives one takes it for the first that waits.
#include "support/scenarios.hpp"

namespace runnel::check {
namespace {

void fill(scenario_file& file) {
  file.judged_by(judge::assertions);
  const auto waiting = [&file](const char* variant, const search& s, const waiting_program& p) {
    file.add(variant, s, [p](engine e, const search& how, const options& o) {
      return check::run(e, p, how, o);
    });
  };
  waiting("one gives, one takes", search::full(), {{1, -1}});
  file.with_faults("one gives, one takes", [](engine e, const search& how, const options& o) {
    return check::run(e, waiting_program{{1, -1}}, how, o);
  });
  for (const bool is_served : {false, true}) {
    const waiting_program p{{1, -1}, true, is_served};
    file.on_the_explorer(
        std::string("one gives, one takes with a deadline") + (is_served ? ", served" : ""),
        [p](engine e, const search& how, const options& o) { return check::run(e, p, how, o); });
  }
  waiting("one gives two, two take", search::bounded(4), {{2, -1, -1}});
  waiting("two give, one takes two", search::bounded(4), {{1, 1, -2}});
  waiting("two give, two take", search::bounded(2), {{1, 1, -1, -1}});
  waiting("one gives, two take with a deadline", search::bounded(3), {{1, -1, -1}, true});
  waiting("two give, two take with a deadline", search::bounded(2), {{1, 1, -1, -1}, true});

  const bool timed = true;
  const bool served = true;
  waiting("one gives, one takes, served", search::full(), {{1, -1}, !timed, served});
  waiting("one gives two, two take, served", search::bounded(4), {{2, -1, -1}, !timed, served});
  waiting("two give, two take, served", search::bounded(2), {{1, 1, -1, -1}, !timed, served});
  waiting("one gives, two take with a deadline, served", search::bounded(3),
          {{1, -1, -1}, timed, served});
}

const register_file registered(__FILE__, fill);

}  // namespace
}  // namespace runnel::check

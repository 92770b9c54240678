// SPDX-License-Identifier: MIT
#include "tests_on.hpp"

#include "support/graph_engine.hpp"
#include "support/timer_test.hpp"

#include <stdexcept>

namespace runnel::check {

namespace {

template <unsigned Threads>
result run_timers_in(const timer_program& p, const search& s, const options& o) {
  using test = timer_test<core::select_call, core::basic_timer, Threads>;
  return run_on_graphs<timed_platform, test::template on>(p, s, o);
}

}  // namespace

result run_timers(const timer_program& p, const search& s, const options& o) {
  if (p.threads.size() == 1) return run_timers_in<1>(p, s, o);
  if (p.threads.size() == 2) return run_timers_in<2>(p, s, o);
  if (p.threads.size() == 3) return run_timers_in<3>(p, s, o);
  throw std::invalid_argument("no test is compiled for timers of so many threads");
}

}  // namespace runnel::check

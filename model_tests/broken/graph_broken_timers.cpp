// SPDX-License-Identifier: MIT
#include "broken_channels.hpp"
#include "mistaken_on.hpp"

#include "support/graph_engine.hpp"
#include "support/timer_test.hpp"

namespace runnel::check {

result run_mistaken_timers(const timer_program& p, const search& s, const options& o) {
  using test = timer_test<mistaken_select, mistaken_timer, 2>;
  return run_on_graphs<timed_platform, test::template on>(p, s, o);
}

}  // namespace runnel::check

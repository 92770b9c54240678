// SPDX-License-Identifier: MIT
#include "broken_channels.hpp"
#include "runs/fiber_tests.hpp"

namespace runnel::check::on_fiber {

result mistaken(const check::program& p, const search& s, const options& o) {
  if (p.threads.size() != 2) no_such_test("mistaken channels of so many threads");
  return run_program<fiber_tests, mistaken_parts, 2, false>(p, s, o);
}
result mistaken(const queue_program& p, const search& s, const options& o) {
  return fiber_tests::run<queue_test<mistaken_parts, 2, true, 1>::on>(p, s, o);
}

}  // namespace runnel::check::on_fiber

// SPDX-License-Identifier: MIT
#include "broken_channels.hpp"
#include "mistaken_runs.hpp"
#include "runs/thread_tests.hpp"

namespace runnel::check::on_threads {

result mistaken(const check::program& p, const search& s, const options& o) {
  if (p.threads.size() == 2) return run_program<thread_tests, mistaken_parts, 2, false>(p, s, o);
  return run_program<thread_tests, mistaken_parts, 3, true>(p, s, o);
}
result mistaken(const queue_program& p, const search& s, const options& o) {
  return thread_tests::run<queue_test<mistaken_parts, 2, queue_kind::ring, 1>::on>(p, s, o);
}
result mistaken(const waiting_program& p, const search& s, const options& o) {
  if (p.threads.size() != 3) no_such_test("mistaken waiting of so many threads");
  return thread_tests::run<waiting_test<mistaken_parts, 3>::on>(p, s, o);
}

}  // namespace runnel::check::on_threads

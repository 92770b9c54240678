// SPDX-License-Identifier: MIT
#include "tests_on.hpp"

#include <stdexcept>

namespace runnel::check {

namespace {

/// The engine must be one that is built.
template <class... Arguments>
result run_on([[maybe_unused]] engine e, const Arguments&... test) {
#ifndef RUNNEL_THREADS_ONLY
  if (e == engine::explorer) return tests_on<engine::explorer>::run(test...);
  if (e == engine::relacy) return tests_on<engine::relacy>::run(test...);
#endif
  return tests_on<engine::threads>::run(test...);
}

}  // namespace

result run(engine e, const program& p, bool mpmc, const search& s, const options& o) {
  return run_on(e, p, mpmc, s, o);
}
result run(engine e, const queue_program& p, const search& s, const options& o) {
  return run_on(e, p, s, o);
}
result run(engine e, const waiting_program& p, const search& s, const options& o) {
  return run_on(e, p, s, o);
}
result run(engine e, const order_program& p, const search& s, const options& o) {
  return run_on(e, p, s, o);
}
result run(engine e, const counting_program& p, unsigned threads, const search& s,
           const options& o) {
  return run_on(e, p, threads, s, o);
}
result run(engine e, const mutex_program& p, unsigned threads, const search& s, const options& o) {
  return run_on(e, p, threads, s, o);
}
result run(engine e, const parcel_program& p, const search& s, const options& o) {
  return run_on(e, p, s, o);
}
result run(engine e, const select_program& p, bool mpmc, const search& s, const options& o) {
  return run_on(e, p, mpmc, s, o);
}
result run(engine e, const async_program& p, bool mpmc, const search& s, const options& o) {
#ifndef RUNNEL_THREADS_ONLY
  if (e == engine::explorer) return tests_on<engine::explorer>::run(p, mpmc, s, o);
#endif
  if (e == engine::threads) return tests_on<engine::threads>::run(p, mpmc, s, o);
  throw std::invalid_argument("coroutines run on the explorer and on real threads");
}
result run(engine, [[maybe_unused]] const timer_program& p, [[maybe_unused]] const search& s,
           [[maybe_unused]] const options& o) {
#ifndef RUNNEL_THREADS_ONLY
  return run_timers(p, s, o);
#else
  throw std::invalid_argument("timers run on the explorer alone");
#endif
}

}  // namespace runnel::check

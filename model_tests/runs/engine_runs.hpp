// SPDX-License-Identifier: MIT
//
// What each engine runs. The tests are instantiated for an engine in a few translation units: each
// takes the compiler some time.
#pragma once

#include "support/scenarios.hpp"

namespace runnel::check {

/// The tests on one engine.
struct engine_runs {
  result (*program)(const check::program&, bool mpmc, const search&, const options&);
  result (*queue)(const queue_program&, const search&, const options&);
  result (*waiting)(const waiting_program&, const search&, const options&);
  result (*counting)(const counting_program&, unsigned threads, const search&, const options&);
  result (*mutex)(const mutex_program&, unsigned threads, const search&, const options&);
  result (*parcel)(const parcel_program&, const search&, const options&);
};

namespace on_graphs {
result program(const check::program&, bool mpmc, const search&, const options&);
result queue(const queue_program&, const search&, const options&);
result waiting(const waiting_program&, const search&, const options&);
result counting(const counting_program&, unsigned threads, const search&, const options&);
result mutex(const mutex_program&, unsigned threads, const search&, const options&);
result parcel(const parcel_program&, const search&, const options&);
inline constexpr engine_runs runs{program, queue, waiting, counting, mutex, parcel};
}  // namespace on_graphs

namespace on_relacy {
result program(const check::program&, bool mpmc, const search&, const options&);
result queue(const queue_program&, const search&, const options&);
result waiting(const waiting_program&, const search&, const options&);
result counting(const counting_program&, unsigned threads, const search&, const options&);
result mutex(const mutex_program&, unsigned threads, const search&, const options&);
result parcel(const parcel_program&, const search&, const options&);
inline constexpr engine_runs runs{program, queue, waiting, counting, mutex, parcel};
}  // namespace on_relacy

namespace on_threads {
result program(const check::program&, bool mpmc, const search&, const options&);
result queue(const queue_program&, const search&, const options&);
result waiting(const waiting_program&, const search&, const options&);
result counting(const counting_program&, unsigned threads, const search&, const options&);
result mutex(const mutex_program&, unsigned threads, const search&, const options&);
result parcel(const parcel_program&, const search&, const options&);
inline constexpr engine_runs runs{program, queue, waiting, counting, mutex, parcel};
}  // namespace on_threads

/// The engine must be one that is built.
inline const engine_runs& runs_on([[maybe_unused]] engine e) {
#ifndef RUNNEL_THREADS_ONLY
  if (e == engine::explorer) return on_graphs::runs;
  if (e == engine::relacy) return on_relacy::runs;
#endif
  return on_threads::runs;
}

}  // namespace runnel::check

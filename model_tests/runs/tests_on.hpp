// SPDX-License-Identifier: MIT
//
// What each engine runs. The tests are instantiated for an engine in a few translation units: each
// takes the compiler some time.
#pragma once

#include "support/scenarios.hpp"

namespace runnel::check {

/// The tests on one engine, which must be one that is built.
template <engine E>
struct tests_on {
  static result run(const program&, bool mpmc, const search&, const options&);
  static result run(const queue_program&, const search&, const options&);
  static result run(const waiting_program&, const search&, const options&);
  static result run(const order_program&, const search&, const options&);
  static result run(const counting_program&, unsigned threads, const search&, const options&);
  static result run(const mutex_program&, unsigned threads, const search&, const options&);
  static result run(const parcel_program&, const search&, const options&);
  static result run(const select_program&, bool mpmc, const search&, const options&);
  /// Not with Relacy: it would tell nothing that the explorer does not.
  static result run(const async_program&, bool mpmc, const search&, const options&);
};

/// On the explorer: no other engine lets a test choose the time.
result run_timers(const timer_program&, const search&, const options&);

}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// What each engine runs with `current_mistake()`: programs on a channel, or on a part of one. As
// tests_on, instantiated for an engine in a translation unit of its own.
#pragma once

#include "mistakes.hpp"
#include "support/scenarios.hpp"

namespace runnel::check {

template <engine E>
struct mistaken_on {
  static result run(const program&, bool mpmc, const search&, const options&);
  static result run(const queue_program&, const search&, const options&);
  static result run(const waiting_program&, const search&, const options&);
  static result run(const order_program&, const search&, const options&);
  static result run(const counting_program&, const search&, const options&);
  static result run(const select_program&, const search&, const options&);
  static result run(const mailbox_program&, const search&, const options&);
};

/// On the explorer.
result run_mistaken_timers(const timer_program&, const search&, const options&);
result run_mistaken_asyncs(const async_program&, const search&, const options&);

}  // namespace runnel::check

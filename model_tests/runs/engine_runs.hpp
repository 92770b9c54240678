// SPDX-License-Identifier: MIT
//
// What each engine runs. The tests are instantiated for an engine in a few translation units: each
// takes the compiler some time.
#pragma once

#include "support/scenarios.hpp"

namespace runnel::check {

namespace on_relacy {
result program(const check::program&, bool mpmc, const search&, const options&);
result queue(const queue_program&, const search&, const options&);
result waiting(const waiting_program&, const search&, const options&);
result counting(const counting_program&, unsigned threads, const search&, const options&);
result mutex(const mutex_program&, unsigned threads, const search&, const options&);
result parcel(const parcel_program&, const search&, const options&);
/// The program on a channel or a part of one with `current_mistake()`.
result mistaken(const check::program&, const search&, const options&);
result mistaken(const queue_program&, const search&, const options&);
result mistaken(const waiting_program&, const search&, const options&);
}  // namespace on_relacy

namespace on_graphs {
result program(const check::program&, bool mpmc, const search&, const options&);
result queue(const queue_program&, const search&, const options&);
result waiting(const waiting_program&, const search&, const options&);
result counting(const counting_program&, unsigned threads, const search&, const options&);
result mutex(const mutex_program&, unsigned threads, const search&, const options&);
result parcel(const parcel_program&, const search&, const options&);
/// The program on a channel or a part of one with `current_mistake()`.
result mistaken(const check::program&, const search&, const options&);
result mistaken(const queue_program&, const search&, const options&);
result mistaken(const waiting_program&, const search&, const options&);
}  // namespace on_graphs

}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// What each engine runs with `current_mistake()`: programs on a channel, or on a part of one.
#pragma once

#include "mistakes.hpp"
#include "support/scenarios.hpp"

namespace runnel::check {

namespace on_graphs {
result mistaken(const check::program&, const search&, const options&);
result mistaken(const check::program&, bool mpmc, const search&, const options&);
result mistaken(const queue_program&, const search&, const options&);
result mistaken(const waiting_program&, const search&, const options&);
result mistaken(const mailbox_program&, const search&, const options&);
}  // namespace on_graphs

namespace on_relacy {
result mistaken(const check::program&, const search&, const options&);
result mistaken(const queue_program&, const search&, const options&);
result mistaken(const waiting_program&, const search&, const options&);
result mistaken(const mailbox_program&, const search&, const options&);
}  // namespace on_relacy

namespace on_threads {
result mistaken(const check::program&, const search&, const options&);
result mistaken(const queue_program&, const search&, const options&);
result mistaken(const waiting_program&, const search&, const options&);
}  // namespace on_threads

}  // namespace runnel::check

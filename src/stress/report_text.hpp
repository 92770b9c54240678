// SPDX-License-Identifier: MIT
//
// What `runnel stress` prints.
#pragma once

#include "soak.hpp"

#include <iosfwd>

namespace runnel::stress {

/// A table, what failed, and a line with the totals.
void write_text(std::ostream& out, const soak_report& r);
/// The same as one JSON object; see docs/command.md.
void write_json(std::ostream& out, const soak_report& r);

}  // namespace runnel::stress

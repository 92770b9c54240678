// SPDX-License-Identifier: MIT
#pragma once

#include "c_reader.hpp"

namespace runnel::litmus_core {

/// `locations [...]`, `filter (...)` and the condition, as far as they are there; up to the end.
void read_conditions(c_reader& r);

}  // namespace runnel::litmus_core

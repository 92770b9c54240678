// SPDX-License-Identifier: MIT
//
// The C++ rules that are compared with those in Promela: `step` and `joint` of channel_spec.hpp. A
// test puts changed ones in their place.
#pragma once

#include "channel_spec.hpp"

namespace runnel::spec::agreement {

bool allowed_step(state& s, const call& c);
bool allowed_joint(const state& s, const call& sent, const call& received);

}  // namespace runnel::spec::agreement

// SPDX-License-Identifier: MIT
//
// The record of how many executions each scenario has on the explorer (executions.json). The number
// depends on the source and on nothing else, so another number means that something has changed.
#pragma once

#include "check.hpp"

#include <string>

namespace runnel::check {

/// Makes a search that ended fail if it had another number of executions than the record says.
void compare_with_record(const std::string& scenario, result& r);

}  // namespace runnel::check

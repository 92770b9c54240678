// SPDX-License-Identifier: MIT
//
// Weaker orders of the operations of a check, and how they are called.
#pragma once

#include <runnel/model/explore.hpp>

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::model {

/// "load", "failed compare-exchange", ...
const char* name_of(ordered_operation o);

/// Those orders that are one step weaker.
std::vector<std::memory_order> weaker_than(std::memory_order o, ordered_operation operation);

/// For command lines: "push.publish:relaxed", of a compare-exchange that fails "pop.take:failure-relaxed".
std::string name_of(const weakening& w);

/// The weakening of that name. Explores the program to see what orders it has. Throws std::invalid_argument if
/// no operation that the search comes to, or more than one, is meant.
weakening weakening_called(std::string_view name, program& p, const explore_options& how);

}  // namespace runnel::model

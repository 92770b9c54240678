// SPDX-License-Identifier: MIT
//
// What other orders would have changed of an execution that fails.
#pragma once

#include "drawing.hpp"

#include <atomic>
#include <functional>
#include <string>

namespace runnel::cli {

/// An access of an atomic, or a fence.
bool has_order(const model::picture_event& e);

/// What the orders that are intended would have changed, in a sentence or two, which may be empty; the
/// drawing gets what they speak of.
std::string remedy_of(
    drawing& d, const std::function<std::memory_order(const model::picture_event&)>& intended);

/// The same for the fewest and weakest orders with which this execution would not fail in this way: of one
/// operation, or of two. Empty if there are none, or the picture is too large to look for them.
std::string suggested_remedy(drawing& d);

}  // namespace runnel::cli

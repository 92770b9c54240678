// SPDX-License-Identifier: MIT
//
// What the right order would have changed of an execution that fails.
#pragma once

#include "orders/orders.hpp"
#include "picture/drawing.hpp"

#include <string>

namespace runnel::cli {

/// In a sentence or two, which may be empty; the drawing gets what they speak of. `weakened` is the site
/// whose order is not its own; if that is empty, orders are too weak for what their comments claim.
std::string remedy_of(drawing& d, const order_table& table, const std::string& weakened);

}  // namespace runnel::cli

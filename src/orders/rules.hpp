// SPDX-License-Identifier: MIT
#pragma once

#include "orders.hpp"

namespace runnel::cli {

/// Checks the sites against each other and appends what is wrong to the errors of the table: names
/// are unique; partners exist and name each other; the orders can do what the relations say.
void check_rules(order_table& table);

}  // namespace runnel::cli

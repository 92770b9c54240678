// SPDX-License-Identifier: MIT
//
// What is known of a failing execution of a channel: its order sites, with their comments.
#pragma once

#include "orders/orders.hpp"
#include "picture/explanation.hpp"

#include <check.hpp>

#include <string>
#include <vector>

namespace runnel::cli {

/// The result has to have a picture. `sources` are those the table was read from. If no order is weakened,
/// the remedy are the orders that the comments of the sites claim to need.
explanation explain(const std::string& scenario, const check::result& result,
                    const order_table& table, const std::vector<source_file>& sources);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
//
// The steps by which orders can be made weaker, each by one: a weaker order of one site; or two sites
// of which nothing is ordered any more by their synchronizing with each other.
#pragma once

#include "orders.hpp"

#include <check.hpp>

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli {

struct order_step {
  std::string site;
  /// "acquire to relaxed", of a compare-exchange "success: ..." or "failure: ...".
  std::string change;
  std::memory_order order = std::memory_order::seq_cst;    ///< weakened, or as it stands
  std::memory_order failure = std::memory_order::seq_cst;  ///< of a compare-exchange
  /// Of a pair, whose release side is `site`: the acquire side; the orders stay.
  std::string partner = {};
};

/// A relaxed operation has none; a fence that is relaxed is none.
std::vector<order_step> steps_of(const order_site& site);

/// The order that the source calls so; throws std::invalid_argument if it is none.
std::memory_order order_called(std::string_view name);

/// The name of a step in one kind of channel, for command lines: "ring.publish:relaxed:mpsc", of the
/// order of a compare-exchange that fails "list.take:failure-relaxed:mpmc".
std::string step_id(const std::string& site, const std::string& change,
                    const std::string& kind_of_channel);

/// The scenario with one order weaker, or a pair severed. It has to run in a process of its own.
check::scenario weakened(check::scenario s, const order_step& step);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
//
// The steps by which an order can be made weaker, each by one.
#pragma once

#include "orders.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace runnel::cli {

struct order_step {
  std::string site;
  /// "acquire to relaxed", of a compare-exchange "success: ..." or "failure: ...".
  std::string change;
  std::memory_order order = std::memory_order::seq_cst;    ///< weakened, or as it stands
  std::memory_order failure = std::memory_order::seq_cst;  ///< of a compare-exchange
};

/// A relaxed operation has none; a fence that is relaxed is none.
std::vector<order_step> steps_of(const order_site& site);

}  // namespace runnel::cli

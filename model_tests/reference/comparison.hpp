// SPDX-License-Identifier: MIT
//
// The explorer against the reference: the same graphs, each once.
#pragma once

#include "../litmus/explored.hpp"
#include "reference.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace runnel::reference {

/// What the explorer visits, in its order.
struct visits {
  std::vector<graph> complete;
  std::vector<graph> stuck;
};
visits visited_by_explorer(const litmus::program& p,
                           litmus::started how = litmus::started::by_the_check,
                           model::memory_model m = model::memory_model::rc11);

/// What is missing, too much or repeated; empty if nothing.
std::string differences(const graphs& expected, const visits& visited);

}  // namespace runnel::reference

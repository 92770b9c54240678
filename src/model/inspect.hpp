// SPDX-License-Identifier: MIT
//
// For tests of the explorer itself: all graphs of a program.
#pragma once

#include "graph.hpp"

#include <runnel/model/explore.hpp>

#include <cstdint>
#include <functional>

namespace runnel::model {

enum class ending : std::uint8_t {
  complete,  ///< all threads have ended
  stuck,     ///< those that have not wait for ever: what `explore` reports as a deadlock, say
};

/// Calls `visit` for each graph with such an end; goes on after those that are stuck. Throws
/// std::runtime_error if an execution fails otherwise.
void for_each_graph(program& p, const std::function<void(const graph&, ending)>& visit,
                    memory_model m = memory_model::rc11);

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// A naive explorer, written for clarity alone: it adds one operation at a time, in every order of
// threads, with every write that a read can read from and every place in mo, keeps the graphs that
// it has seen, and drops those that the axioms forbid. All relations are computed anew for each.
//
// Dropping early loses nothing: what is taken from a consistent graph from its end (in sb ∪ rf)
// leaves a consistent graph.
#pragma once

#include "graph.hpp"

#include "../litmus/program.hpp"

#include <cstddef>
#include <set>
#include <string>

namespace runnel::reference {

struct graphs {
  std::set<graph> complete;
  /// In which those that have not ended wait for ever: for what the newest write is not.
  std::set<graph> stuck;
  std::size_t candidates = 0;  ///< all graphs that were judged
};

/// Throws std::length_error if there are more candidates.
graphs explore(const litmus::program& p, std::size_t most_candidates,
               seq_cst_axiom a = seq_cst_axiom::rc11);

/// What the complete executions show.
std::set<std::string> outcomes_of(const litmus::program& p, const graphs& g);

}  // namespace runnel::reference

// SPDX-License-Identifier: MIT
//
// The memory models as lists of axioms, as papers and herd's cat files have them: for the models that the explorer does
// not search, for what it found, and for why an outcome is forbidden.
#pragma once

#include "execution.hpp"
#include "search.hpp"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::litmus_core {

struct cycle_edge {
  std::size_t
      from;  ///< in execution::events; event::initial: the initial value of `to`'s location, or of `from`'s
  std::size_t to;
  std::string_view relation;
};

struct violation {
  std::string_view axiom;    ///< "coherence"
  std::string_view formula;  ///< "irreflexive hb ; eco?"
  std::vector<cycle_edge> cycle;
};

/// Whether the execution, with its initial values, has few enough events.
bool can_be_judged(const program& p, const execution& x);

bool is_consistent(const program& p, const execution& x, model_name m);
/// Of each axiom that does not hold one cycle, a shortest one.
std::vector<violation> violations(const program& p, const execution& x, model_name m);
/// Which events synchronize with which, without what follows from others; of execution::events.
std::vector<std::pair<std::size_t, std::size_t>> synchronizations(const program& p,
                                                                  const execution& x);
/// Whether plain accesses race in it.
bool has_race(const program& p, const execution& x);

}  // namespace runnel::litmus_core

// SPDX-License-Identifier: MIT
//
// All candidate executions of a litmus program, as herd makes them: what each thread may do whatever it reads, then for
// each read the writes of that value, and for each location each order of its writes. The axioms come after that. It is
// written for clarity; the number of candidates is exponential.
#pragma once

#include "execution.hpp"
#include "program.hpp"
#include "search.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace runnel::litmus_core {

struct candidate_options {
  unsigned rounds = 2;
  /// Leaves out at once what no model allows: what reads from later in its own thread, or is in modification order
  /// against it.
  bool plausible_only = true;
  /// Asked for each candidate, and on the way to them; `done`: how many, 0 to 1; true: enough.
  std::function<bool(double done)> is_over{};
};

/// `complete`: all threads have come to their end; else one has stopped in a loop. Why not all were made; empty if all.
std::string for_each_candidate(const program& p, const candidate_options& o,
                               const std::function<void(const execution&, bool complete)>& visit);

}  // namespace runnel::litmus_core

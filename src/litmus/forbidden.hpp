// SPDX-License-Identifier: MIT
//
// Why a model forbids an outcome: of each candidate execution that would show it, the axioms that it violates.
#pragma once

#include "axioms.hpp"
#include "candidates.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace runnel::litmus_core {

struct forbidden_execution {
  execution is;
  std::vector<violation> for_what;
};

struct forbidden {
  std::uint64_t candidates = 0;              ///< that show it
  std::uint64_t allowed = 0;                 ///< of these
  std::vector<forbidden_execution> shown{};  ///< the first ones of the others
  std::string incomplete{};                  ///< why not all were looked at; empty if all were
};

/// For the outcomes that the program asks for: those of its condition, or with forall all others.
forbidden why_forbidden(const program& p, const candidate_options& o, model_name m,
                        std::size_t most);

/// "0:r1=1 /\ 1:r1=0", what is asked for.
std::string asked_text(const program& p);
std::string forbidden_text(const program& p, const forbidden& f, model_name m);
/// "P0:5 W[release] y=1"
std::string event_text(const program& p, const execution& x, std::size_t e);
/// The same of an end of an edge, which may be an initial value.
std::string end_text(const program& p, const execution& x, const cycle_edge& e, bool from);

}  // namespace runnel::litmus_core

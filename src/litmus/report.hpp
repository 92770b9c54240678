// SPDX-License-Identifier: MIT
//
// What was found, in the form that herd reports in.
#pragma once

#include "program.hpp"
#include "search.hpp"

#include <string>

namespace runnel::litmus_core {

/// `seconds`: that the search took; negative: not said.
std::string report_text(const program& p, const findings& f, double seconds);
/// "Ok", "No" or "Undef"; after "Loop " if a loop has come to its bound.
std::string verdict_text(const program& p, const findings& f);
/// "Allowed", "Forbidden" or "Required".
std::string_view kind_text(const program& p);
/// "Sometimes", "Always" or "Never".
std::string_view observation_text(const findings& f);
/// "0:r1=0; [x]=1;"
std::string outcome_text(const program& p, const std::vector<observed>& shown,
                         const std::vector<value>& outcome);

}  // namespace runnel::litmus_core

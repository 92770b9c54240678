// SPDX-License-Identifier: MIT
//
// The results of `runnel check` for other programs.
#pragma once

#include "report.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace runnel::cli {

void write_json(std::ostream& out, const std::vector<report>& reports, double seconds, int signal);
void write_junit(std::ostream& out, const std::vector<report>& reports, double seconds);

}  // namespace runnel::cli

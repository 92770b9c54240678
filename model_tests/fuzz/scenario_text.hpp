// SPDX-License-Identifier: MIT
#pragma once

#include "generated.hpp"

#include <string>
#include <string_view>

namespace runnel::check::fuzz {

/// What a scenario file says besides the program.
struct origin {
  std::string variant;               ///< in parentheses after the sentence
  std::vector<std::string> remarks;  ///< lines of the comment that opens it
};

/// A file of model_tests/scenarios that registers the program on the explorer.
std::string scenario_text(const generated& g, const origin& from);

/// The name of the scenario if the file is called like this.
std::string scenario_name(std::string_view path, const origin& from);

}  // namespace runnel::check::fuzz

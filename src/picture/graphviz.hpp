// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace runnel::cli {

/// What the program `dot` makes of the text: an element <svg> without what comes before it. Throws
/// std::runtime_error if there is no such program, or it fails.
std::string laid_out(const std::string& dot);

}  // namespace runnel::cli

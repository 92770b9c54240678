// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace runnel::cli {

/// Whether the text contains `pattern` or, if it has one of the characters *?[, matches it as a whole.
/// Letter case does not matter.
bool matches(const std::string& text, const std::string& pattern);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace runnel::cli {

/// Whether the text contains `pattern` or, if it has one of the characters *?[, matches it as a whole.
/// Letter case does not matter.
bool matches(const std::string& text, const std::string& pattern);

/// What a PATTERN of the command line means among the names of things, which are called `what` in an error: the
/// one that is the pattern itself, or all that match it; of an empty pattern all. Throws std::runtime_error if
/// there is none.
std::vector<std::string> names_meant(const std::vector<std::string>& names,
                                     const std::string& pattern, const std::string& what);

/// For an error: "; did you mean 'this'?", if a name is a slip away from the word, or has a part that is; else
/// nothing.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& names);

}  // namespace runnel::cli

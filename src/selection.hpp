// SPDX-License-Identifier: MIT
#pragma once

#include <check.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli {

/// Whether the name or the file contains `pattern` or, if it has one of the characters *?[, matches
/// it as a whole. Letter case does not matter.
bool matches(const check::scenario& s, const std::string& pattern);

/// The scenarios of that engine (any, if empty) that match, by name. If one is called exactly like
/// the pattern, only those of this name.
std::vector<check::scenario> select(const std::vector<check::scenario>& all,
                                    const std::string& pattern, std::string_view engine,
                                    bool with_long = false);

/// What is wrong with the scenarios as a whole; empty if they can be told apart.
std::string ambiguity(const std::vector<check::scenario>& all);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#pragma once

#include <check.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli {

/// Whether the name or the file matches, as texts do.
bool matches(const check::scenario& s, const std::string& pattern);

/// What `--engine` names if nothing is said: those whose searches are exhaustive.
std::vector<std::string> default_engines();
/// What `--engine` takes for every engine.
inline constexpr std::string_view every_engine = "all";

/// The scenarios of these engines that match, by name. If one is called exactly like the pattern, only
/// those of this name.
std::vector<check::scenario> select(const std::vector<check::scenario>& all,
                                    const std::string& pattern,
                                    const std::vector<std::string>& engines,
                                    bool with_long = false);

/// The first of the engines that has no scenario; empty if there is none.
std::string unknown_engine(const std::vector<check::scenario>& all,
                           const std::vector<std::string>& engines);

/// What is wrong with the scenarios as a whole; empty if they can be told apart.
std::string ambiguity(const std::vector<check::scenario>& all);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
//
// What there is to check, as `runnel check --list` prints it, and what the columns mean.
#pragma once

#include <check.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace runnel::cli {

/// "the size stays within the capacity (capacity 1)": the sentence; and the variant, or the whole without one.
std::string sentence_of(const check::scenario& s);
std::string variant_of(const check::scenario& s);

/// The comment that opens a source, in one line; empty if there is none.
std::string opening_comment(const std::filesystem::path& path);

/// A line for each kind of search that is among those of the scenarios.
std::string describe_searches(const std::vector<check::scenario>& scenarios);
/// All kinds, for a help text.
std::string help_on_searches();

/// Prints the scenarios, which are in order of their names: on a terminal in groups, each explained, elsewhere one
/// in each line; or writes them as JSON, if that is not empty, to the file. Returns 0. Throws std::runtime_error
/// if it cannot write.
int list(const std::vector<check::scenario>& scenarios, const std::string& json);

}  // namespace runnel::cli

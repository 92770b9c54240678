// SPDX-License-Identifier: MIT
//
// What shells complete: the scripts in packaging/completions ask `runnel complete WORD...`, where the last word
// is the one at the cursor, and get a candidate in each line. Without any, shells take names of files.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace runnel::cli {

inline constexpr const char* completion_command = "complete";

std::vector<std::string> names_of_commands(const CLI::App& app);

/// Prints what the last of the words may become. The exit status.
int complete(const CLI::App& app, const std::vector<std::string>& words, std::ostream& out);

}  // namespace runnel::cli

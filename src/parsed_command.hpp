// SPDX-License-Identifier: MIT
#pragma once

namespace CLI {
class App;
}

namespace runnel::cli {

inline constexpr int wrong_use = 2;

/// Parses the arguments, which runs what they ask for and sets `status`. The exit status of the
/// program: `status`, or `wrong_use` after an error, which is printed.
int run_parsed(CLI::App& app, int argc, const char* const* argv, const int& status);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
//
// What the programs of people's own checks have in common on the command line.
#pragma once

#include <runnel/model/explore.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace runnel::model {

enum exit_status : int { passed = 0, failed = 1, wrong_use = 2 };

/// Executions in which a smaller one is looked for that fails in the same way.
inline constexpr std::uint64_t smallest_by_default = 10'000;

/// Parses the arguments and runs. The exit status, `wrong_use` after an error or std::invalid_argument, `failed`
/// after another exception; what is wrong is printed, with the name of the check.
int run_parsed(const std::string& name, CLI::App& app, int argc, const char* const* argv,
               const std::function<int()>& run);

/// Limits, jobs, the memory model and faults.
void add_search_options(CLI::App& app, explore_options& how);

/// A line now and then on stderr that says how far a search is, if somebody looks at it.
void show_progress(explore_options& how);

}  // namespace runnel::model

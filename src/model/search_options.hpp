// SPDX-License-Identifier: MIT
//
// What the programs of people's own checks have in common on the command line.
#pragma once

#include <runnel/model/explore.hpp>

#include <cstddef>

namespace CLI {
class App;
}

namespace runnel::model {

enum exit_status : int { passed = 0, failed = 1, wrong_use = 2 };

/// Of a line of people's.
inline constexpr std::size_t columns = 100;

/// Limits, jobs and faults.
void add_search_options(CLI::App& app, explore_options& how);

/// A line now and then on stderr that says how far a search is, if somebody looks at it.
void show_progress(explore_options& how);

}  // namespace runnel::model

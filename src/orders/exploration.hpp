// SPDX-License-Identifier: MIT
//
// What the scenarios show with the orders as they stand: which sites they come to, and which of these
// synchronize.
#pragma once

#include "checks/check_run.hpp"
#include "checks/report.hpp"
#include "orders.hpp"

#include <check.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace runnel::cli {

/// The scenarios of the explorer that are to pass, but for those that take minutes or are reduced. Throws
/// std::runtime_error if there is none.
std::vector<check::scenario> exhaustive_scenarios();

struct explored {
  state status = state::not_run;
  std::string failure;
  std::uint64_t executions = 0;
  std::set<std::string> sites;
  std::vector<check::observation> observations;
};

/// By the name of the scenario.
using exploration = std::map<std::string, explored>;

/// What is known, and all that it lacks of the scenarios, which is explored now. A scenario that did not
/// run, after a signal, has that status.
exploration completed(exploration known, const std::vector<check::scenario>& scenarios,
                      run_options how);

/// From what `runnel check --json` has written: of the scenarios of the explorer that know their sites.
/// Throws std::runtime_error if the file cannot be read, is something else, or is older than this
/// program, which it says nothing of then.
exploration read_exploration(const std::string& path);

/// Two sites that synchronize, and where they were seen to.
struct observed_pair {
  std::uint64_t executions = 0;  ///< of all scenarios together
  std::uint64_t continued = 0;
  std::map<std::string, std::uint64_t> scenarios;  ///< executions of each
  std::set<std::string> kinds_of_channel;
};
using observed_pairs = std::map<check::site_pair, observed_pair>;

/// Of these scenarios, with at least one of these sites: tests have sites of their own, and parts that
/// stand in for shipped ones have none.
observed_pairs pairs_seen(const exploration& all, const std::vector<check::scenario>& scenarios,
                          const std::vector<order_site>& sites);

}  // namespace runnel::cli

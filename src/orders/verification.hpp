// SPDX-License-Identifier: MIT
//
// Is each order necessary? Every step weaker, in every kind of channel in which its site runs, has to
// make a scenario fail. So has every pair of sites that need each other, if what they order by
// synchronizing is left out. And what the comments say of pairs has to be what was observed.
#pragma once

#include "checks/report.hpp"
#include "exploration.hpp"
#include "record.hpp"
#include "steps.hpp"

#include <check.hpp>

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace runnel::cli {

struct verification_options {
  std::size_t jobs = 1;
  double timeout = 0;       ///< seconds for each search; 0: no limit
  std::uint64_t limit = 0;  ///< executions of each search
  bool from_scratch = false;
  std::set<std::string> sites;  ///< only their steps and pairs, if not empty
  /// What is known of the scenarios with the orders as they stand; the rest is explored. With some sites
  /// and not from scratch, only if something is to be searched for.
  exploration known;
  /// Called for each step once it is decided.
  std::function<void(const struct verified_step&)> decided;
};

struct verified_step {
  step_key key;
  step_finding finding;
  /// Scenarios whose search a limit ended: neither a kill nor a pass.
  std::vector<std::string> cut;
  std::size_t searched = 0;  ///< scenarios that were explored to their end and did not fail
  /// Of the record, in words; empty if it agrees.
  std::string disagreement;
};

struct verification {
  std::vector<verified_step> steps;
  /// What was found, and of the steps that were not looked at what was known.
  order_record record;
  /// Scenarios that fail with the orders as they stand, by name; and other reasons to stop.
  std::vector<std::string> errors;
  observed_pairs observed;       ///< with the orders as they stand, if they were explored
  std::size_t scenarios = 0;     ///< explored with the orders as they stand
  std::size_t not_passed = 0;    ///< of those
  std::uint64_t executions = 0;  ///< of those
};

/// `sites`: all. What the record knows is tried first; what it does not, and all if it
/// is from scratch, is searched for in the scenarios that come to the site or show the pair, the smallest
/// first.
/// An `interrupt` must be alive; after a signal the remaining steps are `unknown`.
verification verify_orders(const std::vector<order_site>& sites,
                           const std::vector<check::scenario>& scenarios, const order_record& known,
                           const verification_options& options);

}  // namespace runnel::cli

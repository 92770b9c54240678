// SPDX-License-Identifier: MIT
//
// What is known of each step: which scenario fails when it is taken, or the argument why the stronger
// order, or the need of a pair, stays nevertheless. It is kept in model_tests/orders.json.
#pragma once

#include "steps.hpp"

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace runnel::cli {

/// A step in one kind of channel, mpsc or mpmc.
struct step_key {
  std::string site;
  std::string change;  ///< empty: nothing is ordered between the site and `partner`
  std::string kind_of_channel;
  std::string partner = {};

  friend auto operator<=>(const step_key&, const step_key&) = default;
};

/// The change in words; of a pair "without" its partner.
std::string change_of(const step_key& key);

enum class necessity {
  unknown,    ///< not in the record
  killed,     ///< a scenario fails
  argued,     ///< none does, and an argument says why the order stays
  not_shown,  ///< none does
};

struct step_finding {
  necessity verdict = necessity::unknown;
  std::string scenario;  ///< if killed
  std::string failure;
  std::string argument;  ///< if argued
  std::uint64_t executions = 0;
};

struct order_record {
  /// The kinds of channel in which each site runs.
  std::map<std::string, std::vector<std::string>> sites;
  std::map<step_key, step_finding> steps;
};

/// Throws std::runtime_error if the file cannot be read or is not such a record.
order_record read_record(const std::string& path);
void write_record(std::ostream& out, const order_record& record);

}  // namespace runnel::cli

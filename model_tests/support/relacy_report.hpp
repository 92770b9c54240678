// SPDX-License-Identifier: MIT
//
// What the Relacy engine says about an execution: its replay and its history, as text. Apart from
// the engine because it needs no Relacy, and the engine is compiled often enough.
#pragma once

#include "check.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace runnel::check {

/// A choice among up to 36 is one digit of a replay.
inline constexpr std::string_view replay_digits = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Where a search begins: at an execution, and how it goes on from there.
struct relacy_choices {
  search_kind kind = search_kind::full;
  unsigned bound = 0;
  std::uint64_t first = 1;       ///< random: the number of the first schedule
  std::uint64_t executions = 1;  ///< random: how many schedules
  std::string choices;           ///< full, bounded: the choices of the first execution

  /// Makes the execution at which Relacy stopped the only one; `state` is Relacy's word for it.
  void stop_at(std::string_view state);
};

relacy_choices first_choices(const search&);

/// Throws std::invalid_argument if it is not the replay of a Relacy check.
relacy_choices parse_replay(std::string_view replay);
std::string text(const relacy_choices&);

/// A sentence for a failure that Relacy found by itself.
std::string failure_text(std::string_view kind, unsigned sleeping);

/// One line for each event, from what Relacy prints; the event that failed is told as `failure`.
std::string readable_history(std::string_view relacy_output, std::string_view failure);

}  // namespace runnel::check

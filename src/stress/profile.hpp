// SPDX-License-Identifier: MIT
//
// How the threads of a turn treat their channel, or channels.
#pragma once

#include <string_view>

namespace runnel::stress {

enum class pauses { none, some };
enum class calls { blocking, all };
enum class leaving { orderly, random, either };

struct profile {
  std::string_view name;
  bool all_threads = false;  ///< as many as there may be, not a few
  bool one_core = false;
  pauses between = pauses::none;  ///< sleeps and yields between operations
  calls operations = calls::blocking;
  leaving ends = leaving::orderly;  ///< when handles are dropped
  bool selects = false;             ///< from several channels
  bool closes = false;  ///< receivers that leave may close the channel first, and drain it
};

inline constexpr profile profiles[] = {
    {.name = "oversubscribed", .all_threads = true},
    {.name = "one core", .one_core = true},
    {.name = "pauses", .between = pauses::some},
    {.name = "disconnects", .ends = leaving::random},
    {.name = "mixture", .operations = calls::all, .ends = leaving::either},
    {.name = "closes", .operations = calls::all, .ends = leaving::random, .closes = true},
    {.name = "selects", .ends = leaving::either, .selects = true},
};

}  // namespace runnel::stress

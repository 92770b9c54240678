// SPDX-License-Identifier: MIT
//
// The whole load: turns of all combinations of a kind of channel and a profile, until time is out.
#pragma once

#include "select_turn.hpp"
#include "turn.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace runnel::stress {

/// A kind of channel under a profile.
struct combination {
  std::string name;  ///< such as "mpmc 64 one core"
  std::optional<std::size_t> capacity;
  profile how;
  turn_counts (*take_turn)(const turn_plan&, control&);
};

/// Each capacity under each profile.
template <class Api>
std::vector<combination> combinations_of(std::string_view api) {
  std::vector<combination> all;
  const std::optional<std::size_t> capacities[] = {0, 1, 2, 64, 1024, std::nullopt};
  for (const auto& capacity : capacities)
    for (const profile& p : profiles)
      all.push_back({std::string(api) + ' ' + (capacity ? std::to_string(*capacity) : "unbounded") +
                         ' ' + std::string(p.name),
                     capacity, p, [](const turn_plan& plan, control& c) {
                       return plan.how.selects ? select_turn<Api>(plan, c).run()
                                               : turn<Api>(plan, c).run();
                     }});
  return all;
}

/// Those of the channels that ship.
std::vector<combination> shipped_combinations();

struct soak_options {
  double seconds = 20;
  std::uint64_t seed = 0;
  unsigned most_threads = 32;
  std::chrono::milliseconds patience{20'000};  ///< without progress, after which it is a hang
  std::function<bool()> is_interrupted = [] { return false; };
};

struct combination_report {
  std::string name;
  std::uint64_t turns = 0;
  turn_counts counts;
};

struct soak_report {
  std::vector<combination_report> combinations;
  std::uint64_t seed = 0;
  double seconds = 0;
  bool interrupted = false;
  std::string failed_in;  ///< the combination; empty if nothing failed
  std::string failure;
};

/// Takes turns until the time is out, but at least one of each combination; it ends early if one fails
/// or it is interrupted. A hang cannot be ended: `hung` is called, in another thread, with the report
/// so far, and must not return.
soak_report soak(const std::vector<combination>& all, const soak_options& options,
                 const std::function<void(const soak_report&)>& hung);

}  // namespace runnel::stress

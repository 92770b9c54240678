// SPDX-License-Identifier: MIT
//
// A search that is shared by worker processes. The search is divided into subtrees (explorer.hpp).
// Every worker makes the runs above them, which are few, and counts them if it is the first; each
// subtree is visited by the worker that has drawn its number.
//
// The failure that is reported is the one that a single process finds first: once a subtree, or a run
// above, has failed, the subtrees before it are still visited, and those after it are not.
#pragma once

#include "observer.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace runnel::model {

/// What the workers share: it lies in memory that they have in common.
struct team_state {
  static constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();

  std::atomic<std::uint64_t> next_subtree{0};
  std::atomic<std::uint64_t> failed_subtree{none};  ///< the first one that failed
  std::atomic<std::uint64_t> failed_above{none};    ///< how many precede a run above that failed
  std::atomic<bool> cut{false};                     ///< a limit was hit
  std::atomic<std::uint64_t> executions{0};

  std::atomic<std::uint64_t> complete{0};
  std::atomic<std::uint64_t> blocked{0};
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> revisits{0};
  std::atomic<std::uint64_t> events{0};
  std::atomic<std::uint64_t> memory{0};

  /// What the workers have observed, each for itself, one after the other.
  static constexpr std::size_t most_observations = 1U << 14U;
  std::atomic<std::size_t> next_observation{0};
  std::array<observer::entry, most_observations> observations;
};

/// The level at which searches are divided: deep enough for many subtrees, not so deep that the runs
/// above them count.
inline constexpr unsigned dividing_level = 3;

class team_member {
 public:
  team_member(team_state& shared, bool first) : shared_(shared), first_(first) {}

  [[nodiscard]] team_state& shared() const { return shared_; }
  /// Whether it counts the runs above the subtrees.
  [[nodiscard]] bool first() const { return first_; }
  /// Whether it is the one that visits the subtree. To be asked of each in its order.
  bool draws(std::uint64_t subtree);
  /// The subtree that it is in has failed.
  void failed();
  /// Hands over what it has observed. Throws std::runtime_error if there is too much of it.
  void hand_over(const std::vector<observer::entry>& observed);

 private:
  team_state& shared_;
  bool first_;
  std::uint64_t drawn_ = 0;
  bool has_drawn_ = false;
};

/// Runs `work` in so many processes, and waits for them. `progress` is called now and then. Throws
/// std::runtime_error if one of them ends otherwise than by returning.
void run_team(team_state& shared, unsigned workers, const std::function<void(team_member&)>& work,
              const std::function<void()>& progress);

/// A team_state that processes forked from here share.
class shared_team_state {
 public:
  shared_team_state();
  ~shared_team_state();
  shared_team_state(const shared_team_state&) = delete;
  shared_team_state& operator=(const shared_team_state&) = delete;
  team_state& operator*() const { return *state_; }
  team_state* operator->() const { return state_; }

 private:
  team_state* state_;
};

}  // namespace runnel::model

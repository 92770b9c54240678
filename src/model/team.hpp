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
#include "thread_numbers.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::model {

/// Where a worker is, for those who look for it when it is gone: in which run, of its subtree or of
/// those above all subtrees, counted from 1; 0: in none.
struct whereabouts {
  std::atomic<std::uint64_t> subtree{std::numeric_limits<std::uint64_t>::max()};  ///< or none
  std::atomic<std::uint64_t> run{0};
  std::atomic<bool> has_returned{false};
};

/// What a process says of an execution that it does not survive.
class last_words {
 public:
  void append(std::string_view text);
  void forget() { length_ = 0; }
  [[nodiscard]] std::string_view text() const { return {text_.data(), length_.load()}; }

 private:
  std::atomic<std::size_t> length_{0};
  std::array<char, std::size_t{1} << 20U> text_;  // pages that are not used are not there
};

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
  std::atomic<bool> is_shared{false};

  thread_table threads;

  static constexpr unsigned most_workers = 1024;
  std::array<whereabouts, most_workers> workers;
  std::atomic<int> status{0};  ///< of a process that has judged its search itself
  last_words name;             ///< of the execution of which these are
  last_words history;

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
  team_member(team_state& shared, unsigned index) : shared_(shared), index_(index) {}

  [[nodiscard]] team_state& shared() const { return shared_; }
  /// Whether it counts the runs above the subtrees.
  [[nodiscard]] bool first() const { return index_ == 0; }
  /// Whether it is the one that visits the subtree. To be asked of each in its order.
  bool draws(std::uint64_t subtree);
  /// To be called before each run: where that is.
  void goes_on(bool in_subtree);
  /// There is no other run.
  void comes_to_the_end() { shared_.workers[index_].run = 0; }
  /// It has done its work, well or not.
  void returns() { shared_.workers[index_].has_returned = true; }
  /// The subtree that it is in has failed.
  void failed();
  /// Hands over what it has observed. Throws std::runtime_error if there is too much of it.
  void hand_over(const std::vector<observer::entry>& observed);

 private:
  team_state& shared_;
  unsigned index_;
  std::uint64_t drawn_ = 0;
  std::uint64_t runs_above_ = 0;
  bool has_drawn_ = false;
};

/// A worker that has ended without returning, and how, as waitpid() says it.
struct gone_worker {
  unsigned index;
  int status;
  bool was_endless;  ///< it was ended, since its run did not end
};

/// Runs `work` in so many processes, at most `team_state::most_workers`, and waits for them. `progress`
/// is called now and then. Returns a worker that is gone, if there is one. Throws std::runtime_error
/// if one ends by an exception, or none can be started.
///
/// When `limit` seconds are over, if there is a limit, a worker that stays in one run for some seconds
/// more is ended: it has blocked the signal by which it would see that itself.
std::optional<gone_worker> run_team(team_state& shared, unsigned workers,
                                    const std::function<void(team_member&)>& work,
                                    const std::function<void()>& progress,
                                    std::optional<double> limit = {});

/// "signal 9 (Killed)", or "status 0".
std::string end_of_process(int status);

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

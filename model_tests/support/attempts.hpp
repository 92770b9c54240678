// SPDX-License-Identifier: MIT
//
// What a reduced search (reduction.hpp) knows of the operations of the queues while they run on the explorer: by
// their sites, where an attempt begins, which look may be a guess, and where an attempt has failed. So the source is
// that which ships.
#pragma once

#include "reduction.hpp"

#include <runnel/model/runtime.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace runnel::check {

/// What a site is for an attempt at an operation of a queue.
enum class site_role : std::uint8_t {
  none,
  begin,     ///< its first read, of a position
  position,  ///< the same, in a look that may be a guess
  own,       ///< reads before that which nobody else writes
  stamp,     ///< the last read of the look, which tells whether it succeeds
  look,      ///< first and last at once
  claim,     ///< the compare-exchange
  retry,     ///< it has failed: an await before the next one
  drop,      ///< of a handle
};

consteval site_role role_of_site(std::string_view name) {
  using enum site_role;
  if (name == "ring.send_position" || name == "ring.recv_position") return position;
  if (name == "list.send_position" || name == "list.recv_position") return begin;
  if (name == "list.sole_position" || name == "list.sole_block") return own;
  if (name == "ring.see_free" || name == "ring.see_message") return stamp;
  if (name == "list.sole_see_message") return look;
  if (name == "ring.claim_send" || name == "ring.claim_recv") return claim;
  if (name == "list.claim_send" || name == "list.claim_recv") return claim;
  if (name == "ring.await_room" || name == "ring.await_message") return retry;
  if (name == "list.await_link" || name == "list.await_advance" || name == "list.await_message")
    return retry;
  if (name == "count.drop") return drop;
  return none;
}

/// With which stamp a look succeeds, at a position; and one with which it fails at position 0.
struct wanted_stamp {
  std::uint64_t (*at)(std::uint64_t position);
  std::uint64_t another;
};
consteval wanted_stamp wanted_at(std::string_view name) {
  if (name == "ring.see_free") return {[](std::uint64_t p) { return p; }, 1};
  if (name == "ring.see_message") return {[](std::uint64_t p) { return p | 1; }, 0};
  return {[](std::uint64_t) -> std::uint64_t { return 1; }, 0};  // of the sole receiver of a list
}

/// What a reduction would leave out if it were wrong: planted, to see it noticed.
enum class planted_reduction : std::uint8_t {
  none,
  looks_that_fail,  ///< as if they could not
  effects,          ///< of attempts that fail: as if they had none
};
inline planted_reduction& current_planted_reduction() {
  static planted_reduction p = planted_reduction::none;
  return p;
}

/// Of a thread of the execution that runs: how far its attempt is.
class attempt {
 public:
  static attempt& of_this_thread() { return all()[model::this_thread()]; }
  /// Whether there is something to be left out: not before and after the threads, where nobody disturbs.
  static bool is_reduced() { return !current_reductions().empty() && model::this_thread() != 0; }
  /// An execution begins.
  static void forget_all() { all() = {}; }

  void begin() { begun_ = model::mark(); }
  /// Begins with a look at that: whether it fails. A look there right after one that has failed does so too.
  bool begins_in_vain(const void* queue) {
    const bool fails = (failed_at_ == model::mark() && failed_in_ == queue) || chooses_to_fail();
    if (fails) failed_at_ = model::mark();
    failed_in_ = queue;
    return fails;
  }
  /// What was read tells nothing new.
  void read_own() {
    if (failed_at_ + 1 == model::mark()) failed_at_ = model::mark();
  }
  /// Whether the look that goes on fails.
  [[nodiscard]] bool is_in_vain() const { return failed_at_ == model::mark(); }

  /// Under the mutex of a list of waiters a look serves one of them: it has its room in all but few executions, and
  /// is no guess here.
  void hold_mutex(bool holds) { holds_mutex_ = holds; }
  [[nodiscard]] bool holds_mutex() const { return holds_mutex_; }

  void come_to(std::uint64_t position) { position_ = position; }
  [[nodiscard]] std::uint64_t position() const { return position_; }

  /// Whether it can fail as if it had not been made.
  [[nodiscard]] bool has_no_effect() const {
    return !model::has_written_since(begun_) ||
           current_planted_reduction() == planted_reduction::effects;
  }
  [[nodiscard]] std::size_t begun() const { return begun_; }

  /// The next drop of a handle has to wait until so many are counted.
  void await_turn(std::uint32_t handles) { turn_ = handles; }
  /// That number, once; 0 if it need not wait.
  std::uint32_t take_turn() {
    const std::uint32_t turn = turn_;
    turn_ = 0;
    return turn;
  }

 private:
  bool chooses_to_fail() {
    begin();
    return current_planted_reduction() != planted_reduction::looks_that_fail &&
           model::choose(2) == 1;
  }

  static std::array<attempt, 24>& all() {
    static std::array<attempt, 24> threads;
    return threads;
  }

  std::size_t begun_ = 0;
  std::size_t failed_at_ = std::numeric_limits<std::size_t>::max() - 1;
  const void* failed_in_ = nullptr;
  bool holds_mutex_ = false;
  std::uint64_t position_ = 0;
  std::uint32_t turn_ = 0;
};

}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// Mutexes that a thread may lock again, for programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/operation.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/timed.hpp>
#include <runnel/model/word.hpp>

#include <atomic>
#include <cstdint>

namespace runnel::model {

/// In place of std::recursive_mutex. To lock is one step. It is a failure to unlock one that the thread
/// does not hold, and to destroy one that is locked.
class recursive_mutex {
  using order = std::memory_order;

 public:
  recursive_mutex() = default;
  recursive_mutex(const recursive_mutex&) = delete;
  recursive_mutex& operator=(const recursive_mutex&) = delete;
  ~recursive_mutex() {
    if (const std::uint64_t held = state_.newest_known(); held != free)
      fail("assertion", "a recursive_mutex is destroyed while " +
                            thread_name(static_cast<unsigned>(held % one_level) - 1) + " holds it");
  }

  void lock() { lock_as("recursive_mutex lock", waiting::sleeps); }
  bool try_lock() {
    return locked_again("recursive_mutex try_lock") ||
           state_.try_to(locks(), "recursive_mutex try_lock").wrote;
  }
  void unlock() {
    const std::uint64_t held = state_.newest_known();
    if (held % one_level != me())
      fail("assertion",
           thread_name(this_thread()) + " unlocks a recursive_mutex that it does not hold");
    const std::uint64_t left = held - one_level;
    state_.store(left < one_level ? free : left, order::release, "recursive_mutex unlock");
  }

 protected:
  static constexpr const char* timed_lock = "recursive_mutex try_lock_for";
  void lock_as(const char* at, waiting how) {
    if (!locked_again(at)) (void)state_.await(locks(), at, how);
  }

 private:
  // Who holds it, and above that how many times.
  static constexpr std::uint64_t free = 0;
  static constexpr std::uint64_t one_level = 256;

  static std::uint64_t me() { return this_thread() + std::uint64_t{1}; }
  static operation locks() {
    return {.kind = operation_kind::compare,
            .order = order::acquire,
            .operand = one_level + me(),
            .expected = free};
  }
  /// Who holds it knows the state, which nobody else can change.
  bool locked_again(const char* at) {
    const std::uint64_t held = state_.newest_known();
    if (held % one_level != me()) return false;
    state_.store(held + one_level, order::relaxed, at);
    return true;
  }

  word state_{free};
};

/// In place of std::recursive_timed_mutex.
class recursive_timed_mutex : public timed<recursive_mutex> {};

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// Mutexes that threads may share, for programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/explore.hpp>
#include <runnel/model/operation.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/shared_ownership.hpp>
#include <runnel/model/timed.hpp>
#include <runnel/model/word.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace runnel::model {

/// In place of std::shared_mutex, also under std::unique_lock and std::shared_lock. To lock it is one step,
/// in either way. Both ends of ownership happen before who has it alone next; who shares it happens
/// after those who had it alone, and is not ordered with others who share it. It is a failure to unlock
/// what the thread does not hold in that way, to lock one again that it holds, and to destroy one that
/// is locked.
class shared_mutex {
  using order = std::memory_order;

 public:
  shared_mutex() = default;
  shared_mutex(const shared_mutex&) = delete;
  shared_mutex& operator=(const shared_mutex&) = delete;
  ~shared_mutex() {
    if (const std::uint64_t holders = ownership::holders(state_.newest_known()); holders != 0)
      fail("assertion", "a shared_mutex is destroyed while " + first_of(holders) + " holds it");
  }

  void lock() { lock_as("shared_mutex lock", waiting::sleeps); }
  bool try_lock() {
    return state_.try_to(ownership::lock_alone(me()), "shared_mutex try_lock").wrote;
  }
  void unlock() {
    const std::uint64_t held = state_.newest_known();
    if (!ownership::is_held_by(me(), held))
      fail("assertion", name() + " unlocks a shared_mutex that it does not hold");
    if (!ownership::is_held_alone(held))
      fail("assertion", name() + " unlocks a shared_mutex that it shares");
    const std::uint64_t owners = ownership::owners_before(held) + 1;
    owners_before_.store(owners, order::release, "shared_mutex unlock");
    state_.store(owners, order::release, "shared_mutex unlock");
  }

  void lock_shared() { share_as("shared_mutex lock_shared", waiting::sleeps); }
  bool try_lock_shared() {
    const rmw_outcome r = state_.try_to(ownership::share(me()), "shared_mutex try_lock_shared");
    if (r.wrote) happen_after_owners(r.value, "shared_mutex try_lock_shared");
    return r.wrote;
  }
  void unlock_shared() {
    const std::uint64_t held = state_.newest_known();
    if (!ownership::is_held_by(me(), held))
      fail("assertion", name() + " unlocks a shared_mutex that it does not share");
    if (ownership::is_held_alone(held))
      fail("assertion", name() + " unlocks a shared_mutex as shared that it holds alone");
    (void)state_.modify(ownership::share_no_longer(me()), "shared_mutex unlock_shared");
  }

 protected:
  static constexpr const char* timed_lock = "shared_mutex try_lock_for";
  void lock_as(const char* at, waiting how) {
    refuse_again();
    (void)state_.await(ownership::lock_alone(me()), at, how);
  }
  void share_as(const char* at, waiting how) {
    refuse_again();
    happen_after_owners(state_.await(ownership::share(me()), at, how), at);
  }

 private:
  using ownership = shared_ownership;
  static_assert(most_threads_started < ownership::most_holders);

  static unsigned me() { return this_thread(); }
  static std::string name() { return thread_name(this_thread()); }
  static std::string first_of(std::uint64_t holders) {
    return thread_name(ownership::first_of(holders));
  }

  void refuse_again() const {
    if (ownership::is_held_by(me(), state_.newest_known()))
      fail("deadlock", name() + " locks a shared_mutex again that it holds");
  }
  /// There is one write that the read can take its value from, so this adds no executions.
  void happen_after_owners(std::uint64_t state, const char* at) const {
    const std::uint64_t owners = ownership::owners_before(state);
    if (owners == 0) return;
    (void)owners_before_.await([owners](std::uint64_t n) { return n == owners; }, order::acquire,
                               at);
  }

  word state_{0};
  word owners_before_{0};
};

/// In place of std::shared_timed_mutex. A timeout is a choice.
class shared_timed_mutex : public timed<shared_mutex> {
 public:
  using shared_mutex::lock_shared;
  using shared_mutex::try_lock_shared;
  using shared_mutex::unlock_shared;

  template <class Rep, class Period>
  bool try_lock_shared_for(const std::chrono::duration<Rep, Period>&) {
    return share_for_a_time();
  }
  template <class Clock, class Duration>
  bool try_lock_shared_until(const std::chrono::time_point<Clock, Duration>&) {
    return share_for_a_time();
  }

 private:
  bool share_for_a_time() {
    if (time_is_over()) return false;
    share_as("shared_mutex try_lock_shared_for", waiting::sleeps_for_a_time);
    return true;
  }
};

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// Condition variables for programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/mutex.hpp>
#include <runnel/model/operation.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <atomic>
#include <bit>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace runnel::model {

/// In place of std::condition_variable_any, without waits that a stop token ends. Which of those who wait
/// notify_one wakes is a choice, and so is a timeout; a wait ends without a reason as often as
/// `faults::spurious_wakes` allows. Notifying synchronizes with nothing: what a thread
/// that is woken may read, it has from the lock. Who sleeps for ever is found as a deadlock. It is a
/// failure to destroy one while a thread waits, or while one that was woken has not yet come to its
/// lock.
class condition_variable_any {
  using order = std::memory_order;

 public:
  condition_variable_any() = default;
  condition_variable_any(const condition_variable_any&) = delete;
  condition_variable_any& operator=(const condition_variable_any&) = delete;
  ~condition_variable_any() {
    if (const std::uint64_t waiting = sleepers_.newest_known(); waiting != 0)
      fail("assertion", "a condition variable is destroyed while " +
                            thread_name(static_cast<unsigned>(std::countr_zero(waiting))) +
                            " waits for it");
  }

  void notify_one() noexcept { wake(operation_kind::wake_one, "condition_variable notify_one"); }
  void notify_all() noexcept { wake(operation_kind::wake_all, "condition_variable notify_all"); }

  template <class Lock>
  void wait(Lock& lock) {
    sleep(lock, waiting::sleeps);
  }
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate goes_on) {
    while (!goes_on()) wait(lock);
  }
  template <class Lock, class Rep, class Period>
  std::cv_status wait_for(Lock& lock, const std::chrono::duration<Rep, Period>&) {
    return wait_for_a_time(lock);
  }
  template <class Lock, class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>&, Predicate goes_on) {
    return wait_for_a_time(lock, goes_on);
  }
  template <class Lock, class Clock, class Duration>
  std::cv_status wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>&) {
    return wait_for_a_time(lock);
  }
  template <class Lock, class Clock, class Duration, class Predicate>
  bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>&, Predicate goes_on) {
    return wait_for_a_time(lock, goes_on);
  }

 private:
  static constexpr const char* wait_name = "condition_variable wait";

  void wake(operation_kind whom, const char* name) {
    const bool anybody = sleepers_.modify({.kind = whom}, name).wrote;
    if (!anybody && recording()) remark("notifies nobody: no thread waits");
  }
  template <class Lock>
  std::cv_status wait_for_a_time(Lock& lock) {
    if (!time_is_over()) {
      sleep(lock, waiting::sleeps_for_a_time);
      return std::cv_status::no_timeout;
    }
    release_for_a_moment(lock);
    return std::cv_status::timeout;
  }
  template <class Lock, class Predicate>
  bool wait_for_a_time(Lock& lock, Predicate& goes_on) {
    while (!goes_on()) {
      if (wait_for_a_time(lock) == std::cv_status::timeout) return goes_on();
    }
    return true;
  }
  /// What there is of a wait that no notification ends: nobody can tell how long it has been.
  template <class Lock>
  static void release_for_a_moment(Lock& lock) {
    lock.unlock();
    lock.lock();
  }
  /// Registers, before somebody else can have the lock, and waits until somebody has cleared that.
  template <class Lock>
  void sleep(Lock& lock, waiting how) {
    if (wakes_spuriously()) return release_for_a_moment(lock);
    const std::uint64_t mine = std::uint64_t{1} << this_thread();
    (void)sleepers_.modify({.kind = operation_kind::bit_or, .operand = mine}, wait_name);
    lock.unlock();
    (void)sleepers_.await([mine](std::uint64_t s) { return (s & mine) == 0; }, order::relaxed,
                          wait_name, how);
    lock.lock();
  }

  word sleepers_{0};  // a bit for each thread that waits
};

/// In place of std::condition_variable: the same, for a std::unique_lock of a model::mutex. It is a failure
/// to wait with one that does not hold the mutex.
class condition_variable {
  using lock_type = std::unique_lock<mutex>;

 public:
  void notify_one() noexcept { any_.notify_one(); }
  void notify_all() noexcept { any_.notify_all(); }

  void wait(lock_type& lock) { any_.wait(held(lock)); }
  template <class Predicate>
  void wait(lock_type& lock, Predicate goes_on) {
    any_.wait(held(lock), goes_on);
  }
  template <class Rep, class Period>
  std::cv_status wait_for(lock_type& lock, const std::chrono::duration<Rep, Period>& d) {
    return any_.wait_for(held(lock), d);
  }
  template <class Rep, class Period, class Predicate>
  bool wait_for(lock_type& lock, const std::chrono::duration<Rep, Period>& d, Predicate goes_on) {
    return any_.wait_for(held(lock), d, goes_on);
  }
  template <class Clock, class Duration>
  std::cv_status wait_until(lock_type& lock, const std::chrono::time_point<Clock, Duration>& t) {
    return any_.wait_until(held(lock), t);
  }
  template <class Clock, class Duration, class Predicate>
  bool wait_until(lock_type& lock, const std::chrono::time_point<Clock, Duration>& t,
                  Predicate goes_on) {
    return any_.wait_until(held(lock), t, goes_on);
  }

 private:
  static lock_type& held(lock_type& lock) {
    if (!lock.owns_lock())
      fail("assertion", thread_name(this_thread()) +
                            " waits for a condition variable with a mutex that it does not hold");
    return lock;
  }

  condition_variable_any any_;
};

}  // namespace runnel::model

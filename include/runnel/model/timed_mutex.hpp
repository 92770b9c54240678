// SPDX-License-Identifier: MIT
//
// A mutex that threads may wait for for a time, for programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/mutex.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <chrono>

namespace runnel::model {

/// In place of std::timed_mutex. A timeout is a choice, also where the mutex is free. Else as model::mutex.
class timed_mutex : private mutex {
 public:
  using mutex::lock;
  using mutex::try_lock;
  using mutex::unlock;

  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>&) {
    return lock_for_a_time();
  }
  template <class Clock, class Duration>
  bool try_lock_until(const std::chrono::time_point<Clock, Duration>&) {
    return lock_for_a_time();
  }

 private:
  bool lock_for_a_time() {
    if (time_is_over()) return false;
    lock_as("mutex try_lock_for", waiting::sleeps_for_a_time);
    return true;
  }
};

}  // namespace runnel::model

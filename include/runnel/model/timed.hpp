// SPDX-License-Identifier: MIT
//
// What the timed mutexes of the standard library have besides those without a time.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <chrono>

namespace runnel::model {

/// A mutex of the model whose lock may be waited for as long as a time. A timeout is a choice, also where the
/// mutex is free. `Mutex` has the name of that in counterexamples, `timed_lock`.
template <class Mutex>
class timed : protected Mutex {
 public:
  using Mutex::lock;
  using Mutex::try_lock;
  using Mutex::unlock;

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
    this->lock_as(Mutex::timed_lock, waiting::sleeps_for_a_time);
    return true;
  }
};

}  // namespace runnel::model

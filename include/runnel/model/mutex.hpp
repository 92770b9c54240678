// SPDX-License-Identifier: MIT
//
// A mutex for programs that are explored.
#pragma once

#include <runnel/model/atomic.hpp>
#include <runnel/model/runtime.hpp>

#include <atomic>

namespace runnel::model {

/// In place of std::mutex, also under std::lock_guard and std::unique_lock. To lock is one step: how
/// threads wait for the mutex adds no executions.
class mutex {
  using order = std::memory_order;

 public:
  mutex() = default;

  void lock() {
    locked_.await_exchange(false, true, order::acquire, {"mutex lock"}, waiting::sleeps);
  }
  bool try_lock() {
    bool expected = false;
    return locked_.compare_exchange_strong(expected, true, order::acquire, order::relaxed,
                                           {"mutex try_lock"});
  }
  void unlock() {
    if (!locked_.exchange(false, order::release, {"mutex unlock"}))
      fail("assertion", "a mutex is unlocked that is not locked");
  }

 private:
  atomic<bool> locked_{false};
};

}  // namespace runnel::model

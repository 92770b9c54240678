// SPDX-License-Identifier: MIT
//
// A mutex for programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/atomic.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <atomic>
#include <string>

namespace runnel::model {

/// In place of std::mutex, also under std::lock_guard and std::unique_lock. To lock is one step: how
/// threads wait for the mutex adds no executions. It is a failure to unlock one that the thread does
/// not hold, to lock one again that it holds, and to destroy one that is locked. try_lock may fail
/// without a reason, as often as `faults::weak_failures` allows.
class mutex {
  using order = std::memory_order;

 public:
  mutex() = default;
  /// With a name for counterexamples: a literal, say.
  explicit mutex(const char* name) { set_name(name); }
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;
  ~mutex() {
    if (const unsigned holder = holder_.newest_known(); holder != nobody)
      fail("assertion", "a mutex is destroyed while " + name(holder) + " holds it");
  }

  /// The name by which counterexamples call it: a literal, say.
  void set_name(const char* name) const { holder_.set_name(name); }

  void lock() { lock_as("mutex lock", waiting::sleeps); }
  bool try_lock() {
    unsigned holder = nobody;
    return holder_.compare_exchange_weak(holder, self(), order::acquire, order::relaxed,
                                         {"mutex try_lock"});
  }
  void unlock() {
    const unsigned me = self();
    const unsigned holder = holder_.exchange(nobody, order::release, {"mutex unlock"});
    if (holder == nobody) fail("assertion", "a mutex is unlocked that is not locked");
    if (holder != me)
      fail("assertion", name(me) + " unlocks a mutex that " + name(holder) + " holds");
  }

 protected:
  static constexpr const char* timed_lock = "mutex try_lock_for";
  void lock_as(const char* at, waiting how) {
    const unsigned me = self();
    if (holder_.newest_known() == me)
      fail("deadlock", name(me) + " locks a mutex again that it holds");
    holder_.await_exchange(nobody, me, order::acquire, {at}, how);
  }

 private:
  static constexpr unsigned nobody = 0;

  static unsigned self() { return this_thread() + 1; }
  static std::string name(unsigned holder) { return thread_name(holder - 1); }

  atomic<unsigned> holder_{nobody};
};

}  // namespace runnel::model

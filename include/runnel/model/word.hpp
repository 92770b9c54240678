// SPDX-License-Identifier: MIT
//
// What the mutexes, semaphores and the like of this directory are made of.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/operation.hpp>
#include <runnel/model/runtime.hpp>

#include <atomic>
#include <cstdint>
#include <string>

namespace runnel::model {

/// As in a history.
inline std::string thread_name(unsigned thread) {
  return thread == 0 ? "who is before and after the threads"
                     : "thread " + std::to_string(thread - 1);
}

/// Whether the time of who waits for a time is over. If so, it was over at once: nobody can tell how long
/// the thread has waited.
inline bool time_is_over() { return choose(2) == 1; }

/// An atomic of 64 bits. Each operation takes, last, the name that a counterexample has for it.
class word {
  using order = std::memory_order;

 public:
  explicit word(std::uint64_t value) : self_(object_kind::atomic, value) {}

  [[nodiscard]] std::uint64_t load(order o, const char* name) const {
    return model::load(self_, o, {name});
  }
  void store(std::uint64_t value, order o, const char* name) {
    model::store(self_, value, o, {name});
  }
  rmw_outcome modify(const operation& op, const char* name) {
    return model::modify(self_, op, {name});
  }
  /// Fails without a reason as often as `faults::weak_failures` allows.
  rmw_outcome try_to(const operation& op, const char* name) {
    return model::modify_weakly(self_, op, {name});
  }
  /// Waits until the operation writes; returns what it has read.
  std::uint64_t await(const operation& op, const char* name, waiting how = waiting::sleeps) {
    const auto accepts = [&op](std::uint64_t v) { return writes(op, v); };
    return model::await_modify(self_, op, acceptance(accepts), {name}, how);
  }
  /// Waits until the predicate accepts what the operation reads: if it writes then, and maybe else.
  template <class F>
  std::uint64_t await(const operation& op, F accepts, const char* name) {
    return model::await_modify(self_, op, acceptance(accepts), {name}, waiting::sleeps);
  }
  /// Waits until the value satisfies the predicate; returns it.
  template <class F>
  std::uint64_t await(F accepts, order o, const char* name, waiting how = waiting::sleeps) const {
    return model::await(self_, o, acceptance(accepts), {name}, how);
  }
  /// The newest of the values whose writes happen before now. To look is no event.
  [[nodiscard]] std::uint64_t newest_known() const { return model::newest_known(self_); }

 private:
  object self_;
};

}  // namespace runnel::model

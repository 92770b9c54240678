// SPDX-License-Identifier: MIT
//
// What is done once in programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/operation.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

namespace runnel::model {

/// In place of std::once_flag.
class once_flag {
 public:
  once_flag() noexcept : state_(untouched) {}
  once_flag(const once_flag&) = delete;
  once_flag& operator=(const once_flag&) = delete;
  ~once_flag() = default;

 private:
  template <class F, class... Args>
  friend void call_once(once_flag& flag, F&& f, Args&&... args);

  // Else the thread that calls the function, and 2.
  static constexpr std::uint64_t untouched = 0;
  static constexpr std::uint64_t done = 1;

  /// Makes it the caller's turn, unless the function has been called.
  bool begin() {
    const std::uint64_t me = this_thread() + std::uint64_t{2};
    if (state_.newest_known() == me)
      fail("deadlock", thread_name(this_thread()) + " calls call_once in its own function");
    const auto nobody_calls = [](std::uint64_t s) { return s == untouched || s == done; };
    const operation enters{.kind = operation_kind::compare,
                           .order = std::memory_order::acquire,
                           .failure = std::memory_order::acquire,
                           .operand = me,
                           .expected = untouched};
    return state_.await(enters, nobody_calls, "call_once") == untouched;
  }

  /// The turn of a caller, which passes to another one if the function throws.
  struct turn {
    explicit turn(once_flag& f) : flag(f) {}
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() { flag.state_.store(then, std::memory_order::release, "call_once"); }
    once_flag& flag;
    std::uint64_t then = untouched;
  };

  word state_;
};

/// In place of std::call_once. To wait for who calls the function adds no executions. It is a failure to
/// call this with the same flag from the function.
template <class F, class... Args>
void call_once(once_flag& flag, F&& f, Args&&... args) {
  if (!flag.begin()) return;
  once_flag::turn mine(flag);
  (void)std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
  mine.then = once_flag::done;
}

}  // namespace runnel::model

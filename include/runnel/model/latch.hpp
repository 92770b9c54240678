// SPDX-License-Identifier: MIT
//
// A latch for programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/operation.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace runnel::model {

/// In place of std::latch. To count down is one step, to wait is another; all that has counted down
/// happens before the end of each wait, and to count down gives nothing to who does. It is a failure
/// to count below zero, or by a negative number.
class latch {
  using order = std::memory_order;

 public:
  static constexpr std::ptrdiff_t(max)() noexcept {
    return (std::numeric_limits<std::ptrdiff_t>::max)();
  }

  explicit latch(std::ptrdiff_t expected) : left_(static_cast<std::uint64_t>(expected)) {
    if (expected < 0) fail("assertion", "a latch begins with " + std::to_string(expected));
  }
  latch(const latch&) = delete;
  latch& operator=(const latch&) = delete;
  ~latch() = default;

  void count_down(std::ptrdiff_t n = 1) {
    if (n < 0) fail("assertion", "a latch is counted down by " + std::to_string(n));
    const auto by = static_cast<std::uint64_t>(n);
    const std::uint64_t before =
        left_
            .modify({.kind = operation_kind::subtract, .order = order::release, .operand = by},
                    "latch count_down")
            .value;
    if (by > before)
      fail("assertion", "a latch is counted down by " + std::to_string(n) + " when " +
                            std::to_string(before) + " are left");
  }
  [[nodiscard]] bool try_wait() const noexcept {
    // Who sees too early a count has not synchronized.
    if (left_.load(order::relaxed, "latch try_wait") != 0) return false;
    wait();
    return true;
  }
  void wait() const { (void)left_.await(is_zero, order::acquire, "latch wait"); }
  void arrive_and_wait(std::ptrdiff_t n = 1) {
    count_down(n);
    wait();
  }

 private:
  static constexpr auto is_zero = [](std::uint64_t left) { return left == 0; };

  word left_;
};

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// Semaphores for programs that are explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/operation.hpp>
#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace runnel::model {

/// In place of std::counting_semaphore. To acquire is one step, however long it takes; it happens after
/// the releases that have made the count what it takes from. A timeout is a choice, and try_acquire may
/// fail without a reason, as often as `faults::weak_failures` allows. It is a failure to begin or to be
/// released with a negative number, or with more than the maximum.
template <std::ptrdiff_t LeastMaxValue = (std::numeric_limits<std::ptrdiff_t>::max)()>
class counting_semaphore {
  static_assert(LeastMaxValue >= 0, "the maximum of a semaphore is not negative");
  using order = std::memory_order;

 public:
  static constexpr std::ptrdiff_t(max)() noexcept { return LeastMaxValue; }

  explicit counting_semaphore(std::ptrdiff_t desired) : count_(checked(desired)) {}
  counting_semaphore(const counting_semaphore&) = delete;
  counting_semaphore& operator=(const counting_semaphore&) = delete;
  ~counting_semaphore() = default;

  void release(std::ptrdiff_t update = 1) {
    if (update < 0)
      fail("assertion", "a semaphore is released " + std::to_string(update) + " times");
    const operation adds{.kind = operation_kind::add,
                         .order = order::release,
                         .operand = static_cast<std::uint64_t>(update)};
    const std::uint64_t before = count_.modify(adds, "semaphore release").value;
    if (update > (max)() - static_cast<std::ptrdiff_t>(before))
      fail("assertion", "a semaphore is released beyond its maximum of " + std::to_string((max)()));
  }
  void acquire() { (void)count_.await(takes_one, "semaphore acquire"); }
  bool try_acquire() noexcept { return count_.try_to(takes_one, "semaphore try_acquire").wrote; }
  template <class Rep, class Period>
  bool try_acquire_for(const std::chrono::duration<Rep, Period>&) {
    return acquire_for_a_time();
  }
  template <class Clock, class Duration>
  bool try_acquire_until(const std::chrono::time_point<Clock, Duration>&) {
    return acquire_for_a_time();
  }

 private:
  static constexpr operation takes_one{
      .kind = operation_kind::take, .order = order::acquire, .operand = 1};

  static std::uint64_t checked(std::ptrdiff_t desired) {
    if (desired < 0 || desired > (max)())
      fail("assertion", "a semaphore begins with " + std::to_string(desired) +
                            ", and may have 0 to " + std::to_string((max)()));
    return static_cast<std::uint64_t>(desired);
  }
  bool acquire_for_a_time() {
    if (time_is_over()) return false;
    (void)count_.await(takes_one, "semaphore try_acquire_for", waiting::sleeps_for_a_time);
    return true;
  }

  word count_;
};

/// In place of std::binary_semaphore.
using binary_semaphore = counting_semaphore<1>;

}  // namespace runnel::model

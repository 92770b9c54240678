// SPDX-License-Identifier: MIT
//
// The composed platform with a clock, for timers: it says 0, 1, 2 …, as far as the test lets it. It goes on
// whenever somebody looks at it or waits for a later time, as often as the explorer chooses; it never goes
// back, and orders nothing.
#pragma once

#include "composed_platform.hpp"

#include <runnel/core/parking.hpp>

#include <chrono>
#include <cstdint>

namespace runnel::check {

struct timed_platform : composed_platform {
  /// Of an execution.
  struct clock {
    explicit clock(std::uint32_t last_time) : last(last_time) { current = this; }
    ~clock() { current = nullptr; }
    clock(const clock&) = delete;
    clock& operator=(const clock&) = delete;

    atomic<std::uint32_t> time{0};
    const std::uint32_t last;
    static inline clock* current = nullptr;
  };

  static constexpr core::time_point at(std::uint32_t time) {
    return core::time_point(core::wait_time(time));
  }

  static core::time_point now() noexcept {
    clock& c = *clock::current;
    std::uint32_t time = c.time.load(core::at<"clock.read">(core::relaxed));
    if (time < c.last && choose(2) == 1) time = pass(time + 1);
    return at(time);
  }

  static core::wait_result wait(const atomic<std::uint32_t>& word, std::uint32_t expected,
                                core::time_point deadline) noexcept {
    const core::wait_result r = composed_platform::wait(word, expected, deadline);
    if (r == core::wait_result::timed_out) pass_until(deadline);
    return r;
  }

  class signal : public composed_platform::signal {
   public:
    bool park(core::time_point deadline) noexcept {
      const bool notified = composed_platform::signal::park(deadline);
      if (!notified) pass_until(deadline);
      return notified;
    }
  };

 private:
  /// The time is that, or later; which.
  static std::uint32_t pass(std::uint32_t to) noexcept {
    clock& c = *clock::current;
    std::uint32_t now = to - 1;
    if (c.time.compare_exchange_strong(now, to,
                                       core::at<"clock.advance">(core::relaxed, core::relaxed)))
      return to;
    return now < to ? pass(now + 1) : now;
  }
  static void pass_until(core::time_point deadline) noexcept {
    const auto to = static_cast<std::uint32_t>(deadline.time_since_epoch().count());
    const std::uint32_t now = clock::current->time.load(core::at<"clock.read">(core::relaxed));
    for (std::uint32_t t = now; t < to;) t = pass(t + 1);
  }
};

}  // namespace runnel::check

template <>
struct runnel::core::waiting_parts<runnel::check::timed_platform> {
  using mutex = runnel::check::timed_platform::mutex;
  using signal = runnel::check::timed_platform::signal;
};

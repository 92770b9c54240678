// SPDX-License-Identifier: MIT
//
// Timers: points of time that a thread waits for, by themselves or as a case of a select. They have no
// thread and no memory of their own; whoever waits for one sleeps until it is due.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/core/deadline.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>
#include <runnel/core/waiting.hpp>
#include <runnel/errors.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>

namespace runnel::core {

/// A timer. Fires when it is due, for one of the threads that wait for it.
///
///   due_      meaning               who may change it
///   t         it fires at t         whoever sees that t has passed, to what comes next: that one has it
///   never     it fires no more      nobody
///
/// All operations may be called from several threads at once. Progress: lock-free; `recv` blocks.
template <class P>
class basic_timer {
 public:
  /// What receiving from it returns: for when it was due, or why not.
  using result = std::expected<time_point, recv_errc>;

  /// Fires at `due`, and then each `period`, if that is not zero.
  basic_timer(time_point due, wait_time period) noexcept
      : due_(due.time_since_epoch().count()), period_(period.count()) {}
  basic_timer(const basic_timer&) = delete;
  basic_timer& operator=(const basic_timer&) = delete;

  /// The point of time for which it was due, if that has come. Errors: `empty` before, `disconnected` if
  /// it will not fire any more.
  [[nodiscard]] result try_recv() noexcept {
    // timer.due: needs nothing
    // Relaxed: one word, which says all there is to know; the same for the other two.
    rep due = due_.load(at<"timer.due">(relaxed));
    for (rep now = 0;;) {
      if (due == last) return std::unexpected(recv_errc::disconnected);
      now = P::now().time_since_epoch().count();
      if (now < due) return std::unexpected(recv_errc::empty);
      // timer.fire: needs nothing
      // Relaxed: as timer.due.
      if (due_.compare_exchange_strong(due, after(due, now), at<"timer.fire">(relaxed, relaxed)))
        return time_point(wait_time(due));
    }
  }

  /// As try_recv, but waits for it.
  [[nodiscard]] result recv() noexcept {
    for (;;) {
      const result r = try_recv();
      if (r.has_value() || r.error() != recv_errc::empty) return r;
      // If another has had it meanwhile and there is no next time, try_recv says so.
      if (const time_point next = due(); next != never) (void)signal<P>().park(next);
    }
  }

  /// When it fires next; `never` if not at all.
  [[nodiscard]] time_point due() const noexcept {
    // timer.look: needs nothing
    // Relaxed: as timer.due.
    return time_point(wait_time(due_.load(at<"timer.look">(relaxed))));
  }

 private:
  using rep = wait_time::rep;
  static constexpr rep last = never.time_since_epoch().count();

  /// The next multiple of the period that has not passed: what was missed is not made up for.
  [[nodiscard]] rep after(rep due, rep now) const noexcept {
    if (period_ <= 0) return last;
    rep next = now - (now - due) % period_;
    return __builtin_add_overflow(next, period_, &next) ? last : next;
  }

  typename P::template atomic<rep> due_;
  const rep period_;
};

}  // namespace runnel::core

namespace runnel {

/// A timer on std::chrono::steady_clock. See core::basic_timer for its operations.
using timer = core::basic_timer<core::std_platform>;

/// Fires once, after the duration, never early; at once if that is zero or less; never if the clock cannot
/// count that far.
template <class Rep, class Period>
[[nodiscard]] timer after(std::chrono::duration<Rep, Period> d) {
  const auto deadline = core::deadline_after<core::std_platform>(d);
  return timer(deadline.value_or(core::std_platform::now()), core::wait_time::zero());
}

/// Fires once, at the point of time, of any clock: its distance is looked at once, now.
template <class Clock, class Duration>
[[nodiscard]] timer at(std::chrono::time_point<Clock, Duration> t) {
  return runnel::after(core::time_left(t));
}

/// Fires at each multiple of the period from now on. It does not drift, and what nobody has received when
/// the next one is due is not made up for: at most one is pending. A period of zero or less is one tick of
/// the clock.
template <class Rep, class Period>
[[nodiscard]] timer tick(std::chrono::duration<Rep, Period> period) {
  const auto first = core::deadline_after<core::std_platform>(period);
  const auto now = core::std_platform::now();
  if (!first) return timer(now, core::wait_time(1));
  if (*first == core::never) return timer(core::never, core::wait_time::zero());
  return timer(*first, core::wait_of<Period>(core::number_of(period.count())));
}

/// Fires never. As a case of a select it is never chosen.
[[nodiscard]] inline timer never() { return {core::never, core::wait_time::zero()}; }

}  // namespace runnel

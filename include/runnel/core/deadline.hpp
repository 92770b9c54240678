// SPDX-License-Identifier: MIT
//
// From what users say of time, in any type of <chrono>, to a deadline of the seam. A deadline is never
// earlier than what was asked for, and what cannot be counted is for ever.
//
// Counts are scaled here and not by <chrono>, whose conversions do not look at overflow, which is
// undefined for signed numbers, and round floating-point numbers to the nearest, which may be early.
#pragma once

#include <runnel/core/std_platform.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <ratio>
#include <type_traits>

namespace runnel::core {

/// How long to wait; max() means "for ever".
using wait_time = time_point::duration;

/// Whether numbers of this type are scaled as integers. All others are taken for floating-point
/// numbers.
template <class Rep>
inline constexpr bool is_counted = std::is_integral_v<Rep> && sizeof(Rep) <= sizeof(std::intmax_t);

/// The number that a count is, also if it converts to numbers only where it is told to, and not to all.
template <class Rep>
constexpr auto number_of(const Rep& count) {
  if constexpr (std::is_arithmetic_v<Rep>) {
    return count;
  } else if constexpr (requires { static_cast<long double>(count); }) {
    return static_cast<long double>(count);
  } else if constexpr (requires { static_cast<double>(count); }) {
    return static_cast<double>(count);
  } else {
    return static_cast<std::intmax_t>(count);
  }
}

/// One tick of `Period` in ticks of wait_time: num / den.
template <class Period>
struct tick {
  using unit = wait_time::period;
  static constexpr std::uintmax_t most = (std::numeric_limits<std::uintmax_t>::max)();

  // Reduced crosswise; the ratios themselves are in lowest terms.
  static constexpr std::intmax_t up = std::gcd(Period::num, unit::num);
  static constexpr std::intmax_t down = std::gcd(Period::den, unit::den);
  static constexpr std::uintmax_t nums[2] = {Period::num / up, unit::den / down};
  static constexpr std::uintmax_t dens[2] = {Period::den / down, unit::num / up};
  static constexpr std::uintmax_t num = nums[0] * nums[1];
  static constexpr std::uintmax_t den = dens[0] * dens[1];

  /// Whether num and den, and num times any number up to den, can be counted.
  static constexpr bool countable =
      nums[0] <= most / nums[1] && dens[0] <= most / dens[1] && num <= most / den / 2;
  static constexpr long double estimate =
      static_cast<long double>(nums[0]) * nums[1] / (static_cast<long double>(dens[0]) * dens[1]);
};

/// So many ticks of wait_time, rounded up; at least one.
inline wait_time estimated_wait(long double ticks) noexcept {
  if (!(ticks > 0)) return wait_time(1);  // a distance that only rounding has made none
  // Some roundings of a long double, which for some processors is a double, upwards.
  ticks += ticks * (8 * std::numeric_limits<long double>::epsilon());
  if (ticks >= static_cast<long double>((wait_time::max)().count())) return (wait_time::max)();
  const auto whole = static_cast<wait_time::rep>(ticks);
  return wait_time(static_cast<long double>(whole) < ticks ? whole + 1 : whole);
}

/// So many ticks of `Period`, which are more than none, rounded up.
template <class Period, class Count>
wait_time wait_of(Count count) noexcept {
  using one = tick<Period>;
  if constexpr (is_counted<Count> && one::countable) {
    constexpr auto most = static_cast<std::uintmax_t>((wait_time::max)().count());
    const auto n = static_cast<std::uintmax_t>(count);
    const std::uintmax_t whole = n / one::den;
    const std::uintmax_t rest = (n % one::den * one::num + one::den - 1) / one::den;
    if (whole > (most - rest) / one::num) return (wait_time::max)();
    return wait_time(static_cast<wait_time::rep>(whole * one::num + rest));
  } else {
    return core::estimated_wait(static_cast<long double>(count) * one::estimate);
  }
}

/// The deadline after a duration; `never` if the clock cannot count that far; nothing if the
/// duration is zero, negative or not a number, which means "try once".
template <class P, class Rep, class Period>
std::optional<time_point> deadline_after(std::chrono::duration<Rep, Period> d) {
  if (!(d > d.zero())) return std::nullopt;
  const wait_time wait = core::wait_of<Period>(core::number_of(d.count()));
  wait_time::rep at = P::now().time_since_epoch().count();
  const bool too_far = __builtin_add_overflow(at, wait.count(), &at);
  return too_far || wait == (wait_time::max)() ? never : time_point(wait_time(at));
}

/// How long it is until t by t's own clock, rounded up: zero if t has passed, and for ever if the distance
/// cannot be counted.
///
/// It is an estimate where the clock and t have no common unit in which 64 bits can count both, and where
/// one of them is a floating-point number; then it is not zero before t has passed by the clock's comparison.
template <class Clock, class Duration>
wait_time time_left(std::chrono::time_point<Clock, Duration> t) {
  using clock_duration = typename Clock::duration;
  const std::chrono::time_point<Clock, clock_duration> now = Clock::now();
  const auto end = core::number_of(t.time_since_epoch().count());
  const auto begin = core::number_of(now.time_since_epoch().count());
  const long double about =
      static_cast<long double>(end) * tick<typename Duration::period>::estimate -
      static_cast<long double>(begin) * tick<typename clock_duration::period>::estimate;
  if constexpr (is_counted<typename Duration::rep> && is_counted<typename clock_duration::rep>) {
    using unit = typename std::common_type_t<Duration, clock_duration>::period;
    constexpr auto each = std::ratio_divide<typename Duration::period, unit>::num;
    constexpr auto clock_each = std::ratio_divide<typename clock_duration::period, unit>::num;
    std::intmax_t to = 0;
    std::intmax_t from = 0;
    if (__builtin_mul_overflow(+end, each, &to) ||
        __builtin_mul_overflow(+begin, clock_each, &from))
      return about > 0 ? core::estimated_wait(about) : wait_time::zero();
    if (to <= from) return wait_time::zero();
    return core::wait_of<unit>(static_cast<std::uintmax_t>(to) - static_cast<std::uintmax_t>(from));
  } else {
    const bool is_ahead = now.time_since_epoch() < t.time_since_epoch();
    return is_ahead ? core::estimated_wait(about) : wait_time::zero();
  }
}

}  // namespace runnel::core

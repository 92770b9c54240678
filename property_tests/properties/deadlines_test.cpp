// SPDX-License-Identifier: MIT
//
// From durations and points of time of any type to deadlines, against exact arithmetic: on rational
// numbers, with random counts of all sizes, near zero, near the ends of their type and of the clock.
#include <runnel/core/deadline.hpp>

#include <gmpxx.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <compare>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <type_traits>

namespace properties {
namespace {

using runnel::core::time_point, runnel::core::wait_time, runnel::core::never;
using std::chrono::duration;

/// A random count, for any type: all its bits shifted to a random size, or a few steps from a landmark.
struct draw {
  int landmark = 0;  // that of `landmark_of`; none for larger ones
  int steps = 0;
  std::int64_t bits = 0;
  int size = 0;
};
constexpr int landmarks = 6;

rc::Gen<draw> draws() {
  return rc::gen::construct<draw>(
      rc::gen::inRange(0, 2 * landmarks), rc::gen::inRange(-4, 5),
      rc::gen::map(rc::gen::pair(rc::gen::inRange<std::int64_t>(INT32_MIN, INT32_MAX),
                                 rc::gen::inRange<std::int64_t>(0, UINT32_MAX)),
                   [](const auto& halves) { return halves.first * (1LL << 32) + halves.second; }),
      rc::gen::inRange(0, 100));
}

/// A count that a test finds remarkable, for integers and for floating-point numbers.
struct place {
  explicit place(const mpq_class& count) : estimate(count.get_d()) {
    const mpz_class nearest(count);
    whole = nearest.fits_slong_p() ? nearest.get_si() : count < 0 ? INT64_MIN : INT64_MAX;
  }
  std::int64_t whole;
  double estimate;
};

template <class Rep>
Rep landmark_of(int number, Rep where) {
  using limits = std::numeric_limits<Rep>;
  const Rep all[landmarks] = {
      where, Rep(0), limits::max(), limits::lowest(), limits::infinity(), limits::quiet_NaN()};
  return all[number];
}

template <class Rep>
Rep count_of(const draw& d, const place& where) {
  if constexpr (std::is_integral_v<Rep>) {
    if (d.landmark >= landmarks) return static_cast<Rep>(d.bits >> (d.size % 64));
    const Rep from = landmark_of<Rep>(d.landmark, static_cast<Rep>(where.whole));
    Rep near = from;
    return __builtin_add_overflow(from, d.steps, &near) ? from : near;
  } else {
    if (d.landmark >= landmarks) return std::ldexp(static_cast<Rep>(d.bits), d.size - 80);
    Rep near = landmark_of<Rep>(d.landmark, static_cast<Rep>(where.estimate));
    constexpr Rep far = std::numeric_limits<Rep>::infinity();
    for (int i = 0; i < std::abs(d.steps); ++i)
      near = std::nextafter(near, d.steps > 0 ? far : -far);
    return near;
  }
}

/// The exact value of a finite count.
template <class Rep>
[[gnu::noinline]] mpq_class exact(Rep count) {
  if constexpr (std::is_signed_v<Rep> && std::is_integral_v<Rep>) {
    return mpq_class(static_cast<long>(count));
  } else if constexpr (std::is_integral_v<Rep>) {
    return mpq_class(static_cast<unsigned long>(count));
  } else {
    int exponent = 0;
    const Rep mantissa =
        std::ldexp(std::frexp(count, &exponent), 62);  // a long double has 64 digits
    const auto high = static_cast<double>(mantissa);
    mpq_class sum =
        mpq_class(high) + mpq_class(static_cast<double>(mantissa - static_cast<Rep>(high)));
    exponent -= 62;
    if (exponent > 0)
      mpq_mul_2exp(sum.get_mpq_t(), sum.get_mpq_t(), static_cast<mp_bitcnt_t>(exponent));
    if (exponent < 0)
      mpq_div_2exp(sum.get_mpq_t(), sum.get_mpq_t(), static_cast<mp_bitcnt_t>(-exponent));
    return sum;
  }
}

/// So many ticks of a period in ticks of wait_time.
mpq_class scaled(const mpq_class& count, std::intmax_t num, std::intmax_t den) {
  const mpq_class tick = mpq_class(num) / den * wait_time::period::den / wait_time::period::num;
  return count * tick;
}
template <class Period>
mpq_class ticks(const mpq_class& count) {
  return scaled(count, Period::num, Period::den);
}
/// So many ticks of wait_time in ticks of the period.
template <class Period>
place place_of(const mpq_class& ticks_there) {
  return place(ticks_there / ticks<Period>(1));
}

mpz_class rounded_up(const mpq_class& r) {
  mpz_class up;
  mpz_cdiv_q(up.get_mpz_t(), r.get_num_mpz_t(), r.get_den_mpz_t());
  return up;
}

const mpz_class last_tick(wait_time::max().count());

/// How much an estimate of that size may be off: some roundings, and a tick.
mpq_class slack(const mpq_class& size, double rounding) {
  return size * 16 * mpq_class(rounding) + 1;
}
template <class Float>
constexpr double rounding_of = static_cast<double>(std::numeric_limits<Float>::epsilon());

template <class Rep>
bool is_finite(Rep count) {
  if constexpr (std::is_floating_point_v<Rep>) return std::isfinite(count);
  return true;
}

/// A platform whose clock says what a test wants.
struct platform {
  static inline time_point time{};
  static time_point now() { return time; }
};

/// One answer of deadline_after, and what it was asked.
struct answer {
  std::string count{};
  bool is_positive = false;
  std::optional<mpq_class>
      wait{};             ///< exactly, in ticks of wait_time; nothing: not a finite number
  bool is_exact = false;  ///< whether the answer has to be
  std::optional<time_point> deadline{};
};

template <class Rep, class Period>
answer deadline_of(const draw& random) {
  const auto to_the_end = place_of<Period>(last_tick - platform::time.time_since_epoch().count());
  const auto count = count_of<Rep>(random, to_the_end);
  answer a{.count = std::to_string(count),
           .is_positive = count > 0,
           .is_exact = std::is_integral_v<Rep> && runnel::core::tick<Period>::countable};
  if (is_finite(count)) a.wait = ticks<Period>(exact(count));
  a.deadline = runnel::core::deadline_after<platform>(duration<Rep, Period>(count));
  return a;
}

bool is_right(const answer& a) {
  if (!a.is_positive || !a.deadline) return a.is_positive == a.deadline.has_value();
  if (!a.wait) return a.deadline == never;
  const mpq_class now(platform::time.time_since_epoch().count());
  const mpq_class is(a.deadline->time_since_epoch().count());
  const mpq_class soonest = now + rounded_up(*a.wait);
  const mpq_class latest =
      a.is_exact ? soonest : soonest + slack(*a.wait, rounding_of<long double>);
  if (a.deadline == never) return latest >= last_tick || *a.wait >= last_tick;
  return soonest <= is && is <= latest;
}

/// A time of the platform's clock: most often one that a machine has.
time_point time_of(const draw& random) {
  if (random.landmark >= 3) return time_point(wait_time(random.bits & ((1LL << 50) - 1)));
  return time_point(wait_time(count_of<std::int64_t>(random, place(last_tick))));
}

std::string shown(time_point t) { return std::to_string(t.time_since_epoch().count()); }

using asked = answer (*)(const draw&);

template <class Rep>
void check_deadlines() {
  constexpr asked all[] = {
      deadline_of<Rep, std::nano>,
      deadline_of<Rep, std::milli>,
      deadline_of<Rep, std::ratio<1>>,
      deadline_of<Rep, std::ratio<3600>>,
      deadline_of<Rep, std::ratio<1, 60>>,
      deadline_of<Rep, std::ratio<1001, 30000>>,
      deadline_of<Rep, std::pico>,
      deadline_of<Rep, std::atto>,
      deadline_of<Rep, std::exa>,
      deadline_of<Rep, std::ratio<31556952>>,
      deadline_of<Rep, std::ratio<1'000'000'007, 998'244'353>>,
      deadline_of<Rep, std::ratio<INTMAX_MAX, INTMAX_MAX - 1>>,
  };
  for (std::size_t period = 0; period < std::size(all); ++period) {
    EXPECT_TRUE(rc::check([f = all[period]] {
      platform::time = time_of(*draws());
      const answer a = f(*draws());
      if (!is_right(a)) RC_FAIL(a.count + " at " + shown(platform::time));
    })) << "period "
        << period;
  }
}

TEST(Deadlines, AreExactForIntegers) {
  check_deadlines<std::int64_t>();
  check_deadlines<std::uint64_t>();
  check_deadlines<std::int32_t>();
  check_deadlines<std::uint16_t>();
  check_deadlines<signed char>();
}

TEST(Deadlines, AreNeverEarlyForFloatingPointNumbers) {
  check_deadlines<float>();
  check_deadlines<double>();
  check_deadlines<long double>();
}

/// A count that converts to one type alone, and only where it is told to.
template <class Number>
class guarded {
 public:
  constexpr explicit guarded(Number value) : value_(value) {}
  constexpr explicit operator Number() const { return value_; }
  friend constexpr auto operator<=>(const guarded&, const guarded&) = default;

 private:
  Number value_;
};

TEST(Deadlines, OfCountsThatConvertToOneTypeAlone) {
  platform::time = time_point();
  const auto ms = [](auto count) {
    return runnel::core::deadline_after<platform>(duration<decltype(count), std::milli>(count));
  };
  EXPECT_EQ(ms(guarded<std::int64_t>(20)), time_point(std::chrono::milliseconds(20)));
  EXPECT_EQ(ms(guarded<std::int64_t>(INT64_MAX)), never);
  EXPECT_EQ(ms(guarded<std::int64_t>(-1)), std::nullopt);
  EXPECT_GE(ms(guarded<double>(0.5)), time_point(std::chrono::microseconds(500)));
  EXPECT_EQ(ms(guarded<double>(1e300)), never);
}

// Where a long double is a double, points of time in seconds and in nanoseconds round differently.
TEST(TimesLeft, AreNotNoneWhereOnlyTheEstimateIs) {
  EXPECT_EQ(runnel::core::estimated_wait(-128.0L), wait_time(1));
  EXPECT_EQ(runnel::core::estimated_wait(0.0L), wait_time(1));
}

/// A user's clock, which says what a test wants.
template <class Duration>
struct a_clock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<a_clock>;
  [[maybe_unused]] static constexpr bool is_steady = false;
  static inline time_point time{};
  static time_point now() { return time; }
};

/// One answer of time_left, and what it was asked. Times are exact, in ticks of wait_time.
struct left {
  std::string asked{};
  mpq_class now{};
  std::optional<mpq_class> then{};  ///< nothing: not a finite number
  bool is_positive = false;         ///< the count of then
  mpq_class unit{};                 ///< of both; 0 if floating-point numbers take part
  bool in_future = false;           ///< as the clock itself compares
  double rounding = 0;              ///< when it does
  wait_time is{};
};

template <class ClockDuration, class Duration>
left time_left_of(const draw& random_now, const draw& random_then) {
  using clock = a_clock<ClockDuration>;
  using clock_period = typename ClockDuration::period;
  using common = std::common_type_t<ClockDuration, Duration>;
  const mpq_class far = ticks<typename common::period>(INT64_MAX);
  auto now = count_of<typename ClockDuration::rep>(random_now, place_of<clock_period>(far));
  if (!is_finite(now)) now = 0;
  clock::time = typename clock::time_point(ClockDuration(now));
  left l;
  l.now = ticks<clock_period>(exact(now));
  const auto then =
      count_of<typename Duration::rep>(random_then, place_of<typename Duration::period>(l.now));
  const std::chrono::time_point<clock, Duration> t{Duration(then)};
  l.asked = std::to_string(then) + " at " + std::to_string(now);
  if (is_finite(then)) l.then = ticks<typename Duration::period>(exact(then));
  l.is_positive = then > 0;
  if constexpr (std::is_integral_v<typename common::rep>) {
    l.unit = ticks<typename common::period>(1);
  } else {
    l.in_future = clock::now() < t;
    l.rounding = rounding_of<typename common::rep>;
  }
  l.is = runnel::core::time_left(t);
  return l;
}

bool fits_64_bits(const mpq_class& count) { return INT64_MIN <= count && count <= INT64_MAX; }

bool is_right(const left& l) {
  if (!l.then) return l.is == (l.is_positive ? wait_time::max() : wait_time::zero());
  const mpq_class apart = *l.then - l.now;
  if (l.unit == 0) {
    const mpq_class longest = apart + slack(abs(*l.then) + abs(l.now), l.rounding);
    return (l.is > l.is.zero()) == l.in_future &&
           (!l.in_future || longest >= last_tick || l.is.count() <= longest);
  }
  if (!fits_64_bits(*l.then / l.unit) || !fits_64_bits(l.now / l.unit)) {
    const mpq_class off = slack(abs(*l.then) + abs(l.now), rounding_of<long double>);
    const mpq_class is = l.is.count();
    if (l.is == wait_time::max()) return apart + off >= last_tick;
    return apart - off <= is && is <= std::max<mpq_class>(apart, 0) + off;
  }
  const mpz_class exactly = rounded_up(apart);
  if (exactly <= 0) return l.is == wait_time::zero();
  if (exactly > last_tick) return l.is == wait_time::max();
  return l.is.count() == exactly;
}

using asked_for_left = left (*)(const draw&, const draw&);

template <class ClockDuration>
void check_times_left() {
  using namespace std::chrono;
  constexpr asked_for_left all[] = {
      time_left_of<ClockDuration, nanoseconds>,
      time_left_of<ClockDuration, microseconds>,
      time_left_of<ClockDuration, hours>,
      time_left_of<ClockDuration, duration<std::uint64_t, std::pico>>,
      time_left_of<ClockDuration, duration<int, std::ratio<1, 60>>>,
      time_left_of<ClockDuration, duration<double>>,
  };
  for (std::size_t kind = 0; kind < std::size(all); ++kind) {
    EXPECT_TRUE(rc::check([f = all[kind]] {
      const left l = f(*draws(), *draws());
      if (!is_right(l)) RC_FAIL(l.asked);
    })) << "duration "
        << kind;
  }
}

// As the clock compares, which rounds the hours to a float, it is some time ahead, although it has passed.
TEST(TimesLeft, ArePositiveIfTheClockComparesSo) {
  using clock = a_clock<duration<float, std::micro>>;
  clock::time = clock::time_point(clock::duration(-65006786746253312.0F));
  const std::chrono::time_point<clock, std::chrono::hours> t(std::chrono::hours(-18057441));
  ASSERT_LT(clock::now(), t);
  EXPECT_EQ(runnel::core::time_left(t), wait_time(1));
}

TEST(TimesLeft, GoByTheClockOfThePointOfTime) {
  using namespace std::chrono;
  check_times_left<nanoseconds>();
  check_times_left<seconds>();
  check_times_left<duration<std::int64_t, std::ratio<1, 48000>>>();
  check_times_left<duration<std::uint32_t, std::milli>>();
  check_times_left<duration<double>>();
  check_times_left<duration<float, std::micro>>();
}

}  // namespace
}  // namespace properties

// SPDX-License-Identifier: MIT
//
// model::atomic stands in place of std::atomic: whatever is written with the one can be written with the
// other, has the same result in one thread, and is one step where it is one of the standard library.
#include <runnel/model/check.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace runnel::model {
namespace {

using order = std::memory_order;

/// What expressions have given, as bits. The sign of what is no number is anybody's guess.
using results = std::vector<std::uint64_t>;
constexpr std::uint64_t not_a_number = 0x7FF8'0000'0000'0000;

template <class T>
struct recorder {
  results& all;
  template <class V>
  void operator()(const V& value) const {
    if constexpr (std::is_pointer_v<V>) {
      all.push_back(static_cast<std::uint64_t>(reinterpret_cast<const char*>(value) - base));
    } else if (value != value) {
      all.push_back(not_a_number);
    } else {
      all.push_back(to_bits(value));
    }
  }
  const char* base = nullptr;  // of pointers
};

/// What every atomic has: 14 steps.
constexpr std::uint64_t common_steps = 14;
template <class A, class T, class R>
void common(A& a, T first, T second, R give) {
  give(a.load());
  give(a.load(order::acquire));
  a.store(second);
  a.store(first, order::release);
  give(a = second);
  give(static_cast<T>(a));
  give(a.exchange(first));
  give(a.exchange(second, order::acq_rel));
  T expected = first;
  give(a.compare_exchange_strong(expected, first));
  give(expected);
  give(a.compare_exchange_strong(expected, first, order::acq_rel));
  give(expected);
  give(a.compare_exchange_strong(expected, second, order::seq_cst, order::relaxed));
  give(expected);
  expected = first;
  give(a.compare_exchange_weak(expected, second));
  give(a.compare_exchange_weak(expected, second, order::release));
  give(expected);
  give(a.compare_exchange_weak(expected, first, order::seq_cst, order::acquire));
}

/// Of numbers and pointers: 4 steps.
constexpr std::uint64_t arithmetic_steps = 4;
template <class A, class D, class R>
void adds(A& a, D d, R give) {
  give(a.fetch_add(d));
  give(a.fetch_sub(d, order::acquire));
  give(a += d);
  give(a -= d);
}

/// Of integers and pointers: 4 steps.
constexpr std::uint64_t counting_steps = 4;
template <class A, class R>
void counts(A& a, R give) {
  give(a++);
  give(++a);
  give(a--);
  give(--a);
}

/// Of integers: 6 steps.
constexpr std::uint64_t bit_steps = 6;
template <class A, class T, class R>
void bits(A& a, T value, R give) {
  give(a.fetch_and(value));
  give(a.fetch_or(value, order::release));
  give(a.fetch_xor(value, order::relaxed));
  give(a |= value);
  give(a &= value);
  give(a ^= value);
}

template <class A, class T, class R>
void all_of(A& a, T first, T second, R give) {
  common(a, first, second, give);
  using difference = arithmetic<T>::difference;
  if constexpr (arithmetic<T>::pointer) adds(a, difference{3}, give);
  if constexpr (!arithmetic<T>::pointer && requires { a.fetch_add(first); }) {
    adds(a, first, give);
    adds(a, second, give);
  }
  if constexpr (requires { a++; }) counts(a, give);
  if constexpr (requires { a |= first; }) {
    bits(a, first, give);
    bits(a, second, give);
  }
}

template <class T>
constexpr std::uint64_t steps_of_all() {
  std::uint64_t n = common_steps;
  if (arithmetic<T>::pointer) n += arithmetic_steps + counting_steps;
  if (arithmetic<T>::integral) n += 2 * arithmetic_steps + counting_steps + 2 * bit_steps;
  if (arithmetic<T>::floating) n += 2 * arithmetic_steps;
  return n;
}

struct nothing {};

/// In one thread of a program that is explored; also for objects that are volatile.
template <class T>
void expect_the_same(T first, T second, const char* base = nullptr) {
  results expected;
  std::atomic<T> standard{first};
  volatile std::atomic<T>& standard_volatile = standard;
  all_of(standard, first, second, recorder<T>{expected, base});
  standard = first;
  all_of(standard_volatile, first, second, recorder<T>{expected, base});
  results found;
  found.reserve(expected.size());
  const explore_result r = explore<nothing>({}, [&](nothing&) {
    atomic<T> a{first};
    volatile atomic<T>& a_volatile = a;
    all_of(a, first, second, recorder<T>{found, base});
    a = first;
    all_of(a_volatile, first, second, recorder<T>{found, base});
  });
  EXPECT_EQ(r.failure, "") << r.message << r.history;
  EXPECT_EQ(r.complete, 1U);
  EXPECT_EQ(found, expected);
}

TEST(AtomicInterface, HasTheResultsOfTheStandardLibrary) {
  expect_the_same<bool>(true, false);
  expect_the_same<char>('x', 127);
  expect_the_same<signed char>(-128, 100);
  expect_the_same<unsigned char>(200, 100);
  expect_the_same<char8_t>(200, 100);
  expect_the_same<wchar_t>(7, 9);
  expect_the_same<short>(std::numeric_limits<short>::max(), 2);
  expect_the_same<int>(std::numeric_limits<int>::max(), 2);
  expect_the_same<int>(-5, std::numeric_limits<int>::min());
  expect_the_same<unsigned>(1, 0xFFFFFFFF);
  expect_the_same<long long>(std::numeric_limits<long long>::min(), -1);
  expect_the_same<std::uint64_t>(3, std::uint64_t{1} << 63U);
  expect_the_same<float>(1.5F, -0.1F);
  expect_the_same<float>(std::numeric_limits<float>::infinity(), 1e-40F);
  expect_the_same<double>(0.1, 0.2);
  expect_the_same<double>(1e308, -1e308);
  expect_the_same<double>(-0.0, 0.0);
  expect_the_same<double>(std::numeric_limits<double>::quiet_NaN(), 1);
}

enum class colour : std::uint16_t { red, green };
struct pair_of_halves {
  std::uint16_t a;
  std::uint16_t b;
  friend bool operator==(const pair_of_halves&, const pair_of_halves&) = default;
};

TEST(AtomicInterface, HasPointersAndOtherTypes) {
  static std::array<std::uint64_t, 16> numbers{};
  static std::array<char, 16> characters{};
  expect_the_same<std::uint64_t*>(&numbers[4], &numbers[8],
                                  reinterpret_cast<const char*>(numbers.data()));
  expect_the_same<const char*>(&characters[5], &characters[9], characters.data());
  expect_the_same<colour>(colour::red, colour::green);
  expect_the_same<pair_of_halves>({1, 2}, {3, 4});
}

/// What can be asked without an object.
template <template <class> class A, class T>
constexpr auto traits = std::tuple(
    A<T>::is_always_lock_free, std::is_same_v<typename A<T>::value_type, T>,
    std::is_default_constructible_v<A<T>>, std::is_nothrow_default_constructible_v<A<T>>,
    std::is_convertible_v<T, A<T>>, std::is_convertible_v<A<T>, T>,
    std::is_nothrow_constructible_v<A<T>, T>, std::is_copy_constructible_v<A<T>>,
    std::is_move_constructible_v<A<T>>, std::is_copy_assignable_v<A<T>>,
    std::is_assignable_v<volatile A<T>&, const A<T>&>, std::is_assignable_v<A<T>&, T>,
    std::is_assignable_v<volatile A<T>&, T>, requires { typename A<T>::difference_type; },
    requires(A<T> a, T v) { a.fetch_add(v); }, requires(A<T> a) { a.fetch_add(1); },
    requires(A<T> a) { a++; }, requires(A<T> a, T v) { a += v; }, requires(A<T> a) { a += 1; },
    requires(A<T> a, T v) { a |= v; }, requires(A<T> a, T v) { a.fetch_xor(v); },
    requires(A<T> a, T v) {
      a.wait(v);
      a.notify_one();
      a.notify_all();
    }, noexcept(std::declval<A<T>&>().load()), noexcept(std::declval<A<T>&>().is_lock_free()),
    noexcept(std::declval<A<T>&>().exchange(std::declval<T>())));

struct without_default {
  explicit without_default(int n) : number(n) {}
  int number;
};
struct three_bytes {
  std::array<char, 3> bytes;
};

template <class T>
constexpr bool same_traits = traits<atomic, T> == traits<std::atomic, T>;
static_assert(same_traits<bool> && same_traits<char> && same_traits<int> &&
              same_traits<unsigned long long> && same_traits<float> && same_traits<double>);
static_assert(same_traits<int*> && same_traits<const double*> && same_traits<colour> &&
              same_traits<pair_of_halves> && same_traits<three_bytes>);
// Where the library of the compiler does not say what it refuses.
static_assert(!std::is_default_constructible_v<atomic<without_default>>);
template <class A>
constexpr bool can_step = requires(A a) { a++; } || requires(A a) { a += 1; };
static_assert(can_step<atomic<char*>> && !can_step<atomic<void*>> &&
              !can_step<atomic<void (*)()>> && !can_step<atomic<bool>>);
static_assert(std::same_as<atomic<int*>::difference_type, std::ptrdiff_t>);
static_assert(std::same_as<atomic<double>::difference_type, double>);
static_assert(std::same_as<atomic<short>::difference_type, short>);

/// An atomic may be a member of what it points to.
struct node {
  atomic<node*> next{nullptr};
};

// ---- Steps

/// The number of lines of the history that are of atomics.
template <class T>
std::uint64_t steps(T first, T second) {
  explore_options how;
  how.replay = "graph:/";
  results found;
  found.reserve(1000);
  const explore_result r = explore<node>(how, [&](node&) {
    atomic<T> a{first};
    all_of(a, first, second, recorder<T>{found, nullptr});
  });
  std::uint64_t n = 0;
  for (std::size_t at = 0; (at = r.history.find(" atomic 1", at)) != std::string::npos; ++at) ++n;
  return n;
}

TEST(AtomicInterface, EachOperationIsOneStep) {
  static std::array<int, 16> numbers{};
  EXPECT_EQ(steps<bool>(true, false), steps_of_all<bool>());
  EXPECT_EQ(steps<int>(1, 2), steps_of_all<int>());
  EXPECT_EQ(steps<double>(1, 2), steps_of_all<double>());
  EXPECT_EQ(steps<int*>(&numbers[4], &numbers[8]), steps_of_all<int*>());
}

// ---- What is shared

template <class T>
struct sum {
  atomic<T> value;
};

template <class T, class Body>
void expect_atomic(Body adds, T total) {
  const explore_result r = explore<sum<T>>(
      {}, [&](sum<T>& s) { adds(s.value); }, [&](sum<T>& s) { adds(s.value); },
      [&](sum<T>& s) {
        adds(s.value);
        (void)s.value.await([&](T v) { return v == total; });
      });
  EXPECT_EQ(r.failure, "") << r.history;
  EXPECT_EQ(r.complete, 6U);
}

TEST(AtomicInterface, UpdatesOfThreadsAreNotLost) {
  expect_atomic<int>([](auto& a) { a += 1; }, 3);
  expect_atomic<double>([](auto& a) { a += 0.5; }, 1.5);
  expect_atomic<float>([](auto& a) { a.fetch_sub(0.25F); }, -0.75F);
  expect_atomic<int*>([](auto& a) { ++a; }, reinterpret_cast<int*>(3 * sizeof(int)));  // NOLINT
}

struct sleeper {
  atomic<double> number{0};
  atomic<std::uint64_t> wide{0};
  atomic_flag flag = ATOMIC_FLAG_INIT;
};

TEST(AtomicInterface, AValueOfAnySizeIsWaitedFor) {
  const auto failure = [](auto... bodies) { return explore<sleeper>({}, bodies...).failure; };
  EXPECT_EQ(failure([](sleeper& s) { s.wide.wait(0); },
                    [](sleeper& s) {
                      s.wide = std::uint64_t{1} << 40U;
                      s.wide.notify_one();
                    }),
            "");
  EXPECT_EQ(failure([](sleeper& s) { s.number.wait(0); }, [](sleeper& s) { s.number = 1; }),
            "lost wake-up");
  EXPECT_EQ(failure([](sleeper& s) { s.flag.wait(false, order::acquire); },
                    [](sleeper& s) {
                      require(!s.flag.test_and_set(), "it is clear");
                      s.flag.notify_all();
                    }),
            "");
  EXPECT_EQ(failure([](sleeper& s) {
              require(!s.flag.test(), "it begins clear");
              s.flag.test_and_set();
              require(s.flag.test_and_set(order::acq_rel), "it is set");
              s.flag.clear(order::release);
              require(!s.flag.test(order::relaxed), "it is cleared");
            }),
            "");
}

// ---- Orders

struct ordered {
  atomic<int> number{1};
  atomic_flag flag;
};

struct orders_of {
  const char* operation;
  void (*call)(ordered&, order);
  std::vector<order> refused;
};

const std::vector<order> all_orders = {order::relaxed, order::consume, order::acquire,
                                       order::release, order::acq_rel, order::seq_cst};
constexpr std::array order_names{"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
const std::vector<order> that_release = {order::release, order::acq_rel};
const std::vector<order> that_acquire = {order::consume, order::acquire, order::acq_rel};

template <int Expected>
bool compares_weakly(ordered& s, order success, order failure) {
  int expected = Expected;
  return s.number.compare_exchange_weak(expected, 2, success, failure);
}
template <int Expected>
bool compares_strongly(ordered& s, order success, order failure) {
  int expected = Expected;
  return s.number.compare_exchange_strong(expected, 2, success, failure);
}

const std::array operations{
    orders_of{"load", [](ordered& s, order o) { (void)s.number.load(o); }, that_release},
    orders_of{"await",
              [](ordered& s, order o) { (void)s.number.await([](int n) { return n == 1; }, o); },
              that_release},
    orders_of{"wait", [](ordered& s, order o) { s.number.wait(0, o); }, that_release},
    orders_of{"wait", [](ordered& s, order o) { s.flag.wait(true, o); }, that_release},
    orders_of{"test", [](ordered& s, order o) { (void)s.flag.test(o); }, that_release},
    orders_of{"compare_exchange_weak that fails",
              [](ordered& s, order o) { compares_weakly<0>(s, order::seq_cst, o); }, that_release},
    orders_of{"compare_exchange_weak that fails",
              [](ordered& s, order o) { compares_weakly<1>(s, order::relaxed, o); }, that_release},
    orders_of{"compare_exchange_strong that fails",
              [](ordered& s, order o) { compares_strongly<0>(s, order::seq_cst, o); },
              that_release},
    orders_of{"compare_exchange_strong that fails",
              [](ordered& s, order o) { compares_strongly<1>(s, order::relaxed, o); },
              that_release},
    orders_of{"store", [](ordered& s, order o) { s.number.store(2, o); }, that_acquire},
    orders_of{"clear", [](ordered& s, order o) { s.flag.clear(o); }, that_acquire},
    orders_of{"exchange", [](ordered& s, order o) { s.number.exchange(2, o); }, {}},
    orders_of{"fetch_add", [](ordered& s, order o) { s.number.fetch_add(2, o); }, {}},
    orders_of{"fetch_sub", [](ordered& s, order o) { s.number.fetch_sub(2, o); }, {}},
    orders_of{"fetch_and", [](ordered& s, order o) { s.number.fetch_and(2, o); }, {}},
    orders_of{"fetch_or", [](ordered& s, order o) { s.number.fetch_or(2, o); }, {}},
    orders_of{"fetch_xor", [](ordered& s, order o) { s.number.fetch_xor(2, o); }, {}},
    orders_of{"await_exchange", [](ordered& s, order o) { s.number.await_exchange(1, 2, o); }, {}},
    orders_of{"test_and_set", [](ordered& s, order o) { s.flag.test_and_set(o); }, {}},
    orders_of{"compare_exchange_weak that succeeds",
              [](ordered& s, order o) { compares_weakly<1>(s, o, order::acquire); },
              {}},
    orders_of{"compare_exchange_strong that succeeds",
              [](ordered& s, order o) { compares_strongly<1>(s, o, order::acquire); },
              {}},
    orders_of{"compare_exchange_strong of one order",
              [](ordered& s, order o) {
                int expected = 0;
                s.number.compare_exchange_strong(expected, 2, o);
                s.number.compare_exchange_weak(expected, 3, o);
              },
              {}},
    orders_of{"fence", [](ordered&, order o) { fence(o); }, {}},
};

TEST(AtomicInterface, AnOrderThatAnOperationMayNotHaveIsAFailure) {
  for (const orders_of& tested : operations) {
    for (const order o : all_orders) {
      const explore_result r = explore<ordered>({}, [&](ordered& s) { tested.call(s, o); });
      const auto* const name = order_names[static_cast<std::size_t>(o)];
      const bool refused =
          std::find(tested.refused.begin(), tested.refused.end(), o) != tested.refused.end();
      EXPECT_EQ(r.failure, refused ? "assertion" : "") << tested.operation << ' ' << name;
      if (!refused) continue;
      const std::string begin = std::string(tested.operation) + " may not have the order " + name +
                                " (atomic_interface_test.cpp:";
      EXPECT_TRUE(r.message.starts_with(begin)) << r.message;
      EXPECT_NE(r.history.find("thread 0  atomic_interface_test.cpp:"), std::string::npos)
          << r.history;
    }
  }
}

}  // namespace
}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// Atomics and fences for programs that are explored, in the manner of <atomic>.
#pragma once

#include <runnel/model/runtime.hpp>

#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <source_location>
#include <type_traits>

namespace runnel::model {

/// In bytes; also of a pointer itself.
template <class T>
inline constexpr std::uint8_t width_of = sizeof(T);  // NOLINT(bugprone-sizeof-expression)

/// A value as the explorer keeps it.
template <class T>
std::uint64_t to_bits(T value) {
  static_assert(std::is_trivially_copyable_v<T> && width_of<T> <= sizeof(std::uint64_t),
                "the model has atomics of trivially copyable types of up to 8 bytes");
  if constexpr (width_of<T> == sizeof(std::uint64_t)) {
    return std::bit_cast<std::uint64_t>(value);
  } else {
    std::uint64_t bits = 0;
    std::memcpy(&bits, std::addressof(value), sizeof value);
    return bits;
  }
}
template <class T>
T from_bits(std::uint64_t bits) {
  if constexpr (width_of<T> == sizeof(std::uint64_t)) {
    return std::bit_cast<T>(bits);
  } else {
    T value;
    std::memcpy(std::addressof(value), &bits, sizeof value);
    return value;
  }
}

/// The order of a compare-exchange that fails, as <atomic> derives it from the other.
constexpr std::memory_order failure_order(std::memory_order o) {
  if (o == std::memory_order::acq_rel) return std::memory_order::acquire;
  if (o == std::memory_order::release) return std::memory_order::relaxed;
  return o;
}

inline place place_of(const std::source_location& l) { return {l.file_name(), l.line()}; }

/// In place of std::atomic: the code under test, a template over its atomics, is the same for both.
/// Each operation takes, last, the place in the code that a counterexample names; by default that is
/// the line of the call.
template <class T>
class atomic {
  using order = std::memory_order;
  using location = std::source_location;
  static constexpr order seq_cst = order::seq_cst;
  static constexpr bool counts = std::is_integral_v<T> && !std::is_same_v<T, bool>;

 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = true;

  atomic(T value = T{})
      : self_(object_kind::atomic, model::to_bits(value)) {}  // NOLINT: as std::atomic
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(order o = seq_cst, place at = place_of(location::current())) const {
    return from_bits<T>(model::load(self_, o, at));
  }
  void store(T value, order o = seq_cst, place at = place_of(location::current())) {
    model::store(self_, model::to_bits(value), o, at);
  }
  T exchange(T value, order o = seq_cst, place at = place_of(location::current())) {
    return modify(operation_kind::exchange, value, o, at);
  }
  bool compare_exchange_strong(T& expected, T value, order success, order failure,
                               place at = place_of(location::current())) {
    const operation op = comparison(expected, value, success, failure);
    return compared(expected, model::modify(self_, op, at));
  }
  bool compare_exchange_strong(T& expected, T value, order o = seq_cst,
                               place at = place_of(location::current())) {
    return compare_exchange_strong(expected, value, o, failure_order(o), at);
  }
  /// Fails without a reason as often as `faults::weak_failures` allows.
  bool compare_exchange_weak(T& expected, T value, order success, order failure,
                             place at = place_of(location::current())) {
    const operation op = comparison(expected, value, success, failure);
    return compared(expected, model::modify_weakly(self_, op, at));
  }
  bool compare_exchange_weak(T& expected, T value, order o = seq_cst,
                             place at = place_of(location::current())) {
    return compare_exchange_weak(expected, value, o, failure_order(o), at);
  }
  T fetch_add(T value, order o = seq_cst, place at = place_of(location::current()))
    requires counts
  {
    return modify(operation_kind::add, value, o, at);
  }
  T fetch_sub(T value, order o = seq_cst, place at = place_of(location::current()))
    requires counts
  {
    return modify(operation_kind::subtract, value, o, at);
  }
  T fetch_and(T value, order o = seq_cst, place at = place_of(location::current()))
    requires counts
  {
    return modify(operation_kind::bit_and, value, o, at);
  }
  T fetch_or(T value, order o = seq_cst, place at = place_of(location::current()))
    requires counts
  {
    return modify(operation_kind::bit_or, value, o, at);
  }
  T fetch_xor(T value, order o = seq_cst, place at = place_of(location::current()))
    requires counts
  {
    return modify(operation_kind::bit_xor, value, o, at);
  }

  /// Waits until the value satisfies the predicate, in place of a loop that loads it; returns it.
  template <class F>
  T await(F predicate, order o = seq_cst, place at = place_of(location::current())) const {
    const auto accepts = [&](std::uint64_t v) { return predicate(from_bits<T>(v)); };
    return from_bits<T>(model::await(self_, o, acceptance(accepts), at));
  }
  /// Waits until the value is the expected one and replaces it, in place of a loop that tries to.
  void await_exchange(T expected, T value, order o = seq_cst,
                      place at = place_of(location::current()), waiting how = waiting::spins) {
    const auto accepts = [e = model::to_bits(expected)](std::uint64_t v) { return v == e; };
    (void)model::await_modify(self_, comparison(expected, value, o, order::relaxed),
                              acceptance(accepts), at, how);
  }

  /// Sleeps until the value is another one, and somebody who changed it has notified.
  void wait(T old, order o = seq_cst, place at = place_of(location::current())) const
    requires(width_of<T> <= sizeof(std::uint32_t))
  {
    while (model::to_bits(load(o, at)) == model::to_bits(old))
      (void)model::wait(self_, this, static_cast<std::uint32_t>(model::to_bits(old)), false);
  }
  void notify_one() { model::wake(this, false); }
  void notify_all() { model::wake(this, true); }

  // The operators are seq_cst, and have no place of their own.
  operator T() const { return load(seq_cst, {"atomic read"}); }  // NOLINT: as std::atomic
  T operator=(T value) {                                         // NOLINT: as std::atomic
    store(value, seq_cst, {"atomic ="});
    return value;
  }
  T operator++()
    requires counts
  {
    return static_cast<T>(fetch_add(T{1}, seq_cst, {"atomic ++"}) + T{1});
  }
  T operator++(int)
    requires counts
  {
    return fetch_add(T{1}, seq_cst, {"atomic ++"});
  }
  T operator--()
    requires counts
  {
    return static_cast<T>(fetch_sub(T{1}, seq_cst, {"atomic --"}) - T{1});
  }
  T operator--(int)
    requires counts
  {
    return fetch_sub(T{1}, seq_cst, {"atomic --"});
  }
  T operator+=(T value)
    requires counts
  {
    return static_cast<T>(fetch_add(value, seq_cst, {"atomic +="}) + value);
  }
  T operator-=(T value)
    requires counts
  {
    return static_cast<T>(fetch_sub(value, seq_cst, {"atomic -="}) - value);
  }

 private:
  static operation comparison(T expected, T value, order success, order failure) {
    return {.kind = operation_kind::compare,
            .bytes = width_of<T>,
            .order = success,
            .failure = failure,
            .operand = model::to_bits(value),
            .expected = model::to_bits(expected)};
  }
  static bool compared(T& expected, const rmw_outcome& outcome) {
    if (!outcome.wrote) expected = from_bits<T>(outcome.value);
    return outcome.wrote;
  }
  T modify(operation_kind kind, T value, order o, place at) {
    const operation op{.kind = kind,
                       .bytes = width_of<T>,
                       .order = o,
                       .failure = order::relaxed,
                       .operand = model::to_bits(value),
                       .expected = 0};
    return from_bits<T>(model::modify(self_, op, at).value);
  }

  object self_;
};

/// In place of std::atomic_thread_fence.
inline void fence(std::memory_order o, std::source_location l = std::source_location::current()) {
  model::fence(o, place_of(l));
}

}  // namespace runnel::model

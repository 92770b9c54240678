// SPDX-License-Identifier: MIT
//
// Atomics and fences for programs that are explored, in the manner of <atomic>.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/runtime.hpp>

#include <atomic>
#include <bit>
#include <cstddef>
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

/// The order of a compare-exchange that fails, as `<atomic>` derives it from the other.
constexpr std::memory_order failure_order(std::memory_order o) {
  if (o == std::memory_order::acq_rel) return std::memory_order::acquire;
  if (o == std::memory_order::release) return std::memory_order::relaxed;
  return o;
}

// What the standard asks of orders. They are constants, mostly, and nothing is left of this then.
inline void require_order_of_load(const char* operation, std::memory_order o, place at) {
  using enum std::memory_order;
  if (o == release || o == acq_rel) refuse_order(operation, o, at);
}
inline void require_order_of_store(const char* operation, std::memory_order o, place at) {
  using enum std::memory_order;
  if (o == consume || o == acquire || o == acq_rel) refuse_order(operation, o, at);
}

/// What may be added to a value.
template <class T>
struct arithmetic {
  static constexpr bool integral = std::is_integral_v<T> && !std::is_same_v<T, bool>;
  static constexpr bool floating = std::is_same_v<T, float> || std::is_same_v<T, double>;
  static constexpr bool pointer =
      std::is_pointer_v<T> && std::is_object_v<std::remove_pointer_t<T>>;
  using difference = std::conditional_t<std::is_pointer_v<T>, std::ptrdiff_t, T>;
};
/// The types of an atomic that not every one has.
template <class T>
struct atomic_types {};
template <class T>
  requires(arithmetic<T>::integral || arithmetic<T>::floating || std::is_pointer_v<T>)
struct atomic_types<T> {
  using difference_type = arithmetic<T>::difference;
};

/// In place of std::atomic, whose members it has (of C++20): the code under test, a template over its
/// atomics, is the same for both. Each operation takes, last, the place in the code that a
/// counterexample names; by default that is the line of the call. What std has for volatile objects
/// and for others is one function here.
template <class T>
class atomic : public atomic_types<T> {
  using order = std::memory_order;
  using location = std::source_location;
  using difference = arithmetic<T>::difference;
  static constexpr order seq_cst = order::seq_cst;
  static constexpr bool counts = arithmetic<T>::integral;
  static constexpr bool steps = counts || arithmetic<T>::pointer;
  static constexpr bool adds = steps || arithmetic<T>::floating;

 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

  atomic() noexcept(std::is_nothrow_default_constructible_v<T>)
    requires std::is_default_constructible_v<T>
      : atomic(T()) {}
  atomic(T value) noexcept
      : self_(object_kind::atomic, model::to_bits(value)) {}  // NOLINT: as std::atomic
  /// With a name for counterexamples: a literal, say.
  atomic(T value, const char* name) noexcept : atomic(value) { self_.set_name(name); }
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;
  atomic& operator=(const atomic&) volatile = delete;

  [[nodiscard]] bool is_lock_free() const volatile noexcept { return is_always_lock_free; }

  /// The name by which counterexamples call it: a literal, say.
  void set_name(const char* name) const noexcept { self_.set_name(name); }

  T load(order o = seq_cst, place at = place_of(location::current())) const volatile noexcept {
    require_order_of_load("load", o, at);
    return from_bits<T>(model::load(self(), o, at));
  }
  void store(T value, order o = seq_cst,
             place at = place_of(location::current())) volatile noexcept {
    require_order_of_store("store", o, at);
    model::store(self(), model::to_bits(value), o, at);
  }
  T exchange(T value, order o = seq_cst,
             place at = place_of(location::current())) volatile noexcept {
    return modify(operation_kind::exchange, model::to_bits(value), o, at);
  }
  bool compare_exchange_strong(T& expected, T value, order success, order failure,
                               place at = place_of(location::current())) volatile noexcept {
    require_order_of_load("compare_exchange_strong that fails", failure, at);
    const operation op = comparison(expected, value, success, failure);
    return compared(expected, model::modify(self(), op, at));
  }
  bool compare_exchange_strong(T& expected, T value, order o = seq_cst,
                               place at = place_of(location::current())) volatile noexcept {
    return compare_exchange_strong(expected, value, o, failure_order(o), at);
  }
  /// Fails without a reason as often as `faults::weak_failures` allows.
  bool compare_exchange_weak(T& expected, T value, order success, order failure,
                             place at = place_of(location::current())) volatile noexcept {
    require_order_of_load("compare_exchange_weak that fails", failure, at);
    const operation op = comparison(expected, value, success, failure);
    return compared(expected, model::modify_weakly(self(), op, at));
  }
  bool compare_exchange_weak(T& expected, T value, order o = seq_cst,
                             place at = place_of(location::current())) volatile noexcept {
    return compare_exchange_weak(expected, value, o, failure_order(o), at);
  }
  T fetch_add(difference value, order o = seq_cst,
              place at = place_of(location::current())) volatile noexcept
    requires adds
  {
    return modify(addition, summand(value), o, at);
  }
  T fetch_sub(difference value, order o = seq_cst,
              place at = place_of(location::current())) volatile noexcept
    requires adds
  {
    return modify(subtraction, summand(value), o, at);
  }
  T fetch_and(T value, order o = seq_cst,
              place at = place_of(location::current())) volatile noexcept
    requires counts
  {
    return modify(operation_kind::bit_and, model::to_bits(value), o, at);
  }
  T fetch_or(T value, order o = seq_cst, place at = place_of(location::current())) volatile noexcept
    requires counts
  {
    return modify(operation_kind::bit_or, model::to_bits(value), o, at);
  }
  T fetch_xor(T value, order o = seq_cst,
              place at = place_of(location::current())) volatile noexcept
    requires counts
  {
    return modify(operation_kind::bit_xor, model::to_bits(value), o, at);
  }

  /// Waits until the value satisfies the predicate, in place of a loop that loads it; returns it.
  template <class F>
  T await(F predicate, order o = seq_cst, place at = place_of(location::current())) const volatile {
    require_order_of_load("await", o, at);
    const auto accepts = [&](std::uint64_t v) { return predicate(from_bits<T>(v)); };
    return from_bits<T>(model::await(self(), o, acceptance(accepts), at));
  }
  /// Waits until the value is the expected one and replaces it, in place of a loop that tries to.
  void await_exchange(T expected, T value, order o = seq_cst,
                      place at = place_of(location::current()),
                      waiting how = waiting::spins) volatile {
    const auto accepts = [e = model::to_bits(expected)](std::uint64_t v) { return v == e; };
    (void)model::await_modify(self(), comparison(expected, value, o, order::relaxed),
                              acceptance(accepts), at, how);
  }

  /// Sleeps until the value is another one, and somebody who changed it has notified.
  void wait(T old, order o = seq_cst, place at = place_of(location::current())) const
      volatile noexcept {
    require_order_of_load("wait", o, at);
    while (model::to_bits(load(o, at)) == model::to_bits(old))
      (void)model::wait(self(), &self(), model::to_bits(old), false);
  }
  void notify_one() volatile noexcept { model::wake(&self(), false); }
  void notify_all() volatile noexcept { model::wake(&self(), true); }

  // The operators are seq_cst, and have no place of their own.
  operator T() const volatile noexcept { return load(seq_cst, {"atomic read"}); }  // NOLINT: as std
  T operator=(T value) noexcept {                                                  // NOLINT: as std
    store(value, seq_cst, {"atomic ="});
    return value;
  }
  T operator=(T value) volatile noexcept {  // NOLINT: as std
    store(value, seq_cst, {"atomic ="});
    return value;
  }
  T operator++() volatile noexcept
    requires steps
  {
    return modified(addition, summand(1), {"atomic ++"});
  }
  T operator++(int) volatile noexcept
    requires steps
  {
    return fetch_add(1, seq_cst, {"atomic ++"});
  }
  T operator--() volatile noexcept
    requires steps
  {
    return modified(subtraction, summand(1), {"atomic --"});
  }
  T operator--(int) volatile noexcept
    requires steps
  {
    return fetch_sub(1, seq_cst, {"atomic --"});
  }
  T operator+=(difference value) volatile noexcept
    requires adds
  {
    return modified(addition, summand(value), {"atomic +="});
  }
  T operator-=(difference value) volatile noexcept
    requires adds
  {
    return modified(subtraction, summand(value), {"atomic -="});
  }
  T operator&=(T value) volatile noexcept
    requires counts
  {
    return modified(operation_kind::bit_and, model::to_bits(value), {"atomic &="});
  }
  T operator|=(T value) volatile noexcept
    requires counts
  {
    return modified(operation_kind::bit_or, model::to_bits(value), {"atomic |="});
  }
  T operator^=(T value) volatile noexcept
    requires counts
  {
    return modified(operation_kind::bit_xor, model::to_bits(value), {"atomic ^="});
  }

 private:
  friend class mutex;

  static constexpr operation_kind addition =
      arithmetic<T>::floating ? operation_kind::add_floating : operation_kind::add;
  static constexpr operation_kind subtraction =
      arithmetic<T>::floating ? operation_kind::subtract_floating : operation_kind::subtract;

  [[nodiscard]] const object& self() const volatile { return const_cast<const object&>(self_); }
  /// Pointers count in objects, the explorer in bytes.
  static std::uint64_t summand(difference value) {
    if constexpr (arithmetic<T>::pointer) {
      return model::to_bits(value) * sizeof(std::remove_pointer_t<T>);
    } else {
      return model::to_bits(value);
    }
  }
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
  static operation modification(operation_kind kind, std::uint64_t operand, order o) {
    return {.kind = kind,
            .bytes = width_of<T>,
            .order = o,
            .failure = order::relaxed,
            .operand = operand,
            .expected = 0};
  }
  /// What was there before.
  T modify(operation_kind kind, std::uint64_t operand, order o, place at) volatile {
    return from_bits<T>(model::modify(self(), modification(kind, operand, o), at).value);
  }
  /// What is there then.
  T modified(operation_kind kind, std::uint64_t operand, place at) volatile {
    const operation op = modification(kind, operand, seq_cst);
    return from_bits<T>(result_of(op, model::modify(self(), op, at).value, 0));
  }
  [[nodiscard]] T newest_known() const { return from_bits<T>(model::newest_known(self_)); }

  object self_;
};

/// In place of std::atomic_flag.
class atomic_flag {
  using order = std::memory_order;
  using location = std::source_location;
  static constexpr order seq_cst = order::seq_cst;

 public:
  atomic_flag() noexcept = default;
  /// What ATOMIC_FLAG_INIT makes.
  atomic_flag(bool set) noexcept : set_(set) {}  // NOLINT(google-explicit-constructor): as in std
  atomic_flag(const atomic_flag&) = delete;
  atomic_flag& operator=(const atomic_flag&) = delete;
  atomic_flag& operator=(const atomic_flag&) volatile = delete;

  [[nodiscard]] bool test(order o = seq_cst, place at = place_of(location::current())) const
      volatile noexcept {
    require_order_of_load("test", o, at);
    return set_.load(o, at);
  }
  bool test_and_set(order o = seq_cst, place at = place_of(location::current())) volatile noexcept {
    return set_.exchange(true, o, at);
  }
  void clear(order o = seq_cst, place at = place_of(location::current())) volatile noexcept {
    require_order_of_store("clear", o, at);
    set_.store(false, o, at);
  }
  void wait(bool old, order o = seq_cst, place at = place_of(location::current())) const
      volatile noexcept {
    set_.wait(old, o, at);
  }
  void notify_one() volatile noexcept { set_.notify_one(); }
  void notify_all() volatile noexcept { set_.notify_all(); }

 private:
  atomic<bool> set_{false};
};

/// In place of std::atomic_thread_fence.
inline void fence(std::memory_order o, std::source_location l = std::source_location::current()) {
  model::fence(o, place_of(l));
}

}  // namespace runnel::model

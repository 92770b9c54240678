// SPDX-License-Identifier: MIT
//
// Atomics and plain variables for programs that are explored, in the manner of <atomic>.
#pragma once

#include <runnel/model/runtime.hpp>

#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <source_location>
#include <type_traits>

namespace runnel::model {

/// A value as the explorer keeps it.
template <class T>
std::uint64_t to_bits(T value) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t),
                "the model has atomics of trivially copyable types of up to 8 bytes");
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return bits;
}
template <class T>
T from_bits(std::uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// The order of a compare-exchange that fails, as <atomic> derives it from the other.
constexpr std::memory_order failure_order(std::memory_order o) {
  if (o == std::memory_order::acq_rel) return std::memory_order::acquire;
  if (o == std::memory_order::release) return std::memory_order::relaxed;
  return o;
}

inline place place_of(const std::source_location& l) { return {l.file_name(), l.line()}; }

template <class T>
class atomic {
  using order = std::memory_order;
  using location = std::source_location;
  static constexpr order seq_cst = order::seq_cst;

 public:
  atomic(T value = T{}) : self_(object_kind::atomic, to_bits(value)) {}  // NOLINT: as std::atomic

  T load(order o = seq_cst, location l = location::current()) const {
    return from_bits<T>(model::load(self_, o, place_of(l)));
  }
  void store(T value, order o = seq_cst, location l = location::current()) {
    model::store(self_, to_bits(value), o, place_of(l));
  }
  T exchange(T value, order o = seq_cst, location l = location::current()) {
    return modify(operation_kind::exchange, value, o, l);
  }
  bool compare_exchange_strong(T& expected, T value, order success, order failure,
                               location l = location::current()) {
    const operation op = comparison(expected, value, success, failure);
    return compared(expected, model::modify(self_, op, place_of(l)));
  }
  bool compare_exchange_strong(T& expected, T value, order o = seq_cst,
                               location l = location::current()) {
    return compare_exchange_strong(expected, value, o, failure_order(o), l);
  }
  bool compare_exchange_weak(T& expected, T value, order success, order failure,
                             location l = location::current()) {
    const operation op = comparison(expected, value, success, failure);
    return compared(expected, model::modify_weakly(self_, op, place_of(l)));
  }
  bool compare_exchange_weak(T& expected, T value, order o = seq_cst,
                             location l = location::current()) {
    return compare_exchange_weak(expected, value, o, failure_order(o), l);
  }
  T fetch_add(T value, order o = seq_cst, location l = location::current()) {
    return modify(operation_kind::add, value, o, l);
  }
  T fetch_sub(T value, order o = seq_cst, location l = location::current()) {
    return modify(operation_kind::subtract, value, o, l);
  }
  T fetch_and(T value, order o = seq_cst, location l = location::current()) {
    return modify(operation_kind::bit_and, value, o, l);
  }
  T fetch_or(T value, order o = seq_cst, location l = location::current()) {
    return modify(operation_kind::bit_or, value, o, l);
  }
  T fetch_xor(T value, order o = seq_cst, location l = location::current()) {
    return modify(operation_kind::bit_xor, value, o, l);
  }
  /// Waits until the value satisfies the predicate, in place of a loop that loads it; returns it.
  template <class F>
  T await(F predicate, order o = seq_cst, location l = location::current()) const {
    const auto accepts = [&](std::uint64_t v) { return predicate(from_bits<T>(v)); };
    return from_bits<T>(model::await(self_, o, acceptance(accepts), place_of(l)));
  }

 private:
  static operation comparison(T expected, T value, order success, order failure) {
    return {.kind = operation_kind::compare,
            .bytes = sizeof(T),
            .order = success,
            .failure = failure,
            .operand = to_bits(value),
            .expected = to_bits(expected)};
  }
  static bool compared(T& expected, const rmw_outcome& outcome) {
    if (!outcome.wrote) expected = from_bits<T>(outcome.value);
    return outcome.wrote;
  }
  T modify(operation_kind kind, T value, order o, location l) {
    const operation op{.kind = kind,
                       .bytes = sizeof(T),
                       .order = o,
                       .failure = order::relaxed,
                       .operand = to_bits(value),
                       .expected = 0};
    return from_bits<T>(model::modify(self_, op, place_of(l)).value);
  }

  object self_;
};

inline void fence(std::memory_order o, std::source_location l = std::source_location::current()) {
  model::fence(o, place_of(l));
}

}  // namespace runnel::model

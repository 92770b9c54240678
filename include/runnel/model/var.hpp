// SPDX-License-Identifier: MIT
//
// Plain variables of a program that is explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/cell.hpp>
#include <runnel/model/runtime.hpp>

#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>

namespace runnel::model {

/// Plain data, in place of a T: each access is checked for data races. It converts from and to T, so
/// that the code under test, a template over its variables, is the same for `T` and for `var<T>`.
/// As with a T, one without an initialiser holds no value if T is an integer, a pointer and the
/// like; to read it then is a failure.
template <class T>
class var {
 public:
  var() {
    if constexpr (!std::is_trivially_default_constructible_v<T>) begin_life();
  }
  var(T value) : value_(std::move(value)) { begin_life(); }  // NOLINT: as a T
  /// With a name for counterexamples: a literal, say.
  var(T value, const char* name) : value_(std::move(value)) {
    self_.set_name(name);
    begin_life();
  }
  var(const var& other) : var(other.get(nowhere)) {}
  var& operator=(const var& other) {
    if (this != std::addressof(other)) set(other.get(nowhere), nowhere);
    return *this;
  }
  var& operator=(T value) {
    set(std::move(value), nowhere);
    return *this;
  }
  ~var() = default;

  /// The name by which counterexamples call it: a literal, say.
  void set_name(const char* name) const { self_.set_name(name); }

  /// The value: one access that reads.
  [[nodiscard]] T get(place at = place_of(std::source_location::current())) const {
    return read([](const T& value) { return value; }, at);
  }
  /// Another value: one access that writes.
  void set(T value, place at = place_of(std::source_location::current())) {
    const access_span a(self_, holds_value_ ? cell_access::write : cell_access::construct, at);
    value_ = std::move(value);
    holds_value_ = true;
  }
  /// As get(), at the place of the last operation of the thread; so are all operators below.
  operator T() const { return get(nowhere); }  // NOLINT: as a T
  /// Where the value is a pointer.
  T operator->() const
    requires std::is_pointer_v<T>
  {
    return get(nowhere);
  }

  /// Calls f with the value, to read it; returns what f returns. The access spans the whole call.
  template <class F>
  decltype(auto) read(F&& f, place at = place_of(std::source_location::current())) const {
    const access_span a(self_, cell_access::read, at);
    return std::forward<F>(f)(value_);
  }
  /// The same, to change it.
  template <class F>
  decltype(auto) write(F&& f, place at = place_of(std::source_location::current())) {
    const access_span a(self_, cell_access::write, at);
    return std::forward<F>(f)(value_);
  }

  /// One access that changes the value; so are the following.
  template <class U>
  var& operator+=(const U& operand) {
    write([&](T& value) { value += operand; }, nowhere);
    return *this;
  }
  /// As `+=`.
  template <class U>
  var& operator-=(const U& operand) {
    write([&](T& value) { value -= operand; }, nowhere);
    return *this;
  }
  /// As `+=`.
  var& operator++() {
    write([](T& value) { ++value; }, nowhere);
    return *this;
  }
  T operator++(int) {
    return write([](T& value) { return value++; }, nowhere);
  }
  /// As `+=`.
  var& operator--() {
    write([](T& value) { --value; }, nowhere);
    return *this;
  }
  T operator--(int) {
    return write([](T& value) { return value--; }, nowhere);
  }

 private:
  /// Operators have no place of their own: theirs is that of the last operation of the thread.
  static constexpr place nowhere{};

  void begin_life() {
    const access_span a(self_, cell_access::construct, nowhere);
    holds_value_ = true;
  }

  // The value ends with the variable, so nothing can be left in it.
  object self_{object_kind::trivial_cell, 0, sizeof(var)};
  bool holds_value_ = false;
  T value_{};
};

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// Plain variables of a program that is explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/cell.hpp>
#include <runnel/model/runtime.hpp>

#include <memory>
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
  var(const var& other) : var(other.get()) {}
  var& operator=(const var& other) {
    if (this != std::addressof(other)) set(other.get());
    return *this;
  }
  var& operator=(T value) {
    set(std::move(value));
    return *this;
  }
  ~var() = default;

  [[nodiscard]] T get() const {
    return read([](const T& value) { return value; });
  }
  void set(T value) {
    const access_span a(self_, holds_value_ ? cell_access::write : cell_access::construct);
    value_ = std::move(value);
    holds_value_ = true;
  }
  operator T() const { return get(); }  // NOLINT: as a T
  T operator->() const
    requires std::is_pointer_v<T>
  {
    return get();
  }

  /// Calls f with the value, to read it; returns what f returns. The access spans the whole call.
  template <class F>
  decltype(auto) read(F&& f) const {
    const access_span a(self_, cell_access::read);
    return std::forward<F>(f)(value_);
  }
  /// The same, to change it.
  template <class F>
  decltype(auto) write(F&& f) {
    const access_span a(self_, cell_access::write);
    return std::forward<F>(f)(value_);
  }

  template <class U>
  var& operator+=(const U& operand) {
    write([&](T& value) { value += operand; });
    return *this;
  }
  template <class U>
  var& operator-=(const U& operand) {
    write([&](T& value) { value -= operand; });
    return *this;
  }
  var& operator++() {
    write([](T& value) { ++value; });
    return *this;
  }
  T operator++(int) {
    return write([](T& value) { return value++; });
  }
  var& operator--() {
    write([](T& value) { --value; });
    return *this;
  }
  T operator--(int) {
    return write([](T& value) { return value--; });
  }

 private:
  void begin_life() {
    const access_span a(self_, cell_access::construct);
    holds_value_ = true;
  }

  // The value ends with the variable, so nothing can be left in it.
  object self_{object_kind::trivial_cell, 0, sizeof(var)};
  bool holds_value_ = false;
  T value_{};
};

}  // namespace runnel::model

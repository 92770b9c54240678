// SPDX-License-Identifier: MIT
//
// Uninitialised storage of a program that is explored.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/runtime.hpp>

#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>

namespace runnel::model {

/// From the begin of an access to plain data to its end.
class access_span {
 public:
  access_span(const object& cell, cell_access kind, place at) : cell_(cell), kind_(kind) {
    begin_access(cell_, kind_, at);
  }
  ~access_span() { end_access(cell_, kind_); }
  access_span(const access_span&) = delete;
  access_span& operator=(const access_span&) = delete;

 private:
  const object& cell_;
  const cell_access kind_;
};

/// Uninitialised storage for a T: a slot of a ring, say. Each access is checked for data races. A
/// value that is read before it is constructed is a failure; so is a second value in the same cell,
/// and one that is left there, unless nothing would destroy it.
template <class T>
class cell {
 public:
  cell() noexcept {}
  /// With a name for counterexamples: a literal, say.
  explicit cell(const char* name) noexcept { set_name(name); }
  cell(const cell&) = delete;
  cell& operator=(const cell&) = delete;
  ~cell() {}

  /// The name by which counterexamples call it: a literal, say.
  void set_name(const char* name) const noexcept { self_.set_name(name); }

  /// Of all its accesses only this one has no place: that of the last operation of the thread stands for it.
  template <class... Args>
  void construct(Args&&... args) noexcept {
    const access_span a(self_, cell_access::construct, {});
    std::construct_at(std::addressof(value_), std::forward<Args>(args)...);
  }
  /// Ends the life of the value.
  void destroy(place at = place_of(std::source_location::current())) noexcept {
    const access_span a(self_, cell_access::destroy, at);
    std::destroy_at(std::addressof(value_));
  }
  /// Moves the value out and destroys what is left of it.
  T take(place at = place_of(std::source_location::current())) noexcept {
    struct destroy_at_exit {
      cell& c;
      const access_span a;
      ~destroy_at_exit() { std::destroy_at(std::addressof(c.value_)); }
    } const guard{*this, {self_, cell_access::destroy, at}};
    return std::move(value_);
  }
  /// Calls f with the value, to read it; returns what f returns.
  template <class F>
  decltype(auto) read(F&& f, place at = place_of(std::source_location::current())) const noexcept {
    const access_span a(self_, cell_access::read, at);
    return std::forward<F>(f)(value_);
  }
  /// The same, to change it.
  template <class F>
  decltype(auto) write(F&& f, place at = place_of(std::source_location::current())) noexcept {
    const access_span a(self_, cell_access::write, at);
    return std::forward<F>(f)(value_);
  }

 private:
  // What a trivial type leaves behind is nothing that could leak.
  object self_{std::is_trivially_destructible_v<T> ? object_kind::trivial_cell : object_kind::cell,
               0, sizeof(cell)};
  union {
    T value_;
  };
};

}  // namespace runnel::model

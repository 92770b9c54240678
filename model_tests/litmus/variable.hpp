// SPDX-License-Identifier: MIT
#pragma once

#include <runnel/model/runtime.hpp>

namespace runnel::litmus {

/// Plain data whose accesses are checked for races.
template <class T>
class variable {
 public:
  explicit variable(T value) : self_(model::object_kind::trivial_cell), value_(value) {
    access(model::cell_access::construct, [] {});
  }

  T read() const {
    T value{};
    access(model::cell_access::read, [&] { value = value_; });
    return value;
  }
  void write(T value) {
    access(model::cell_access::write, [&] { value_ = value; });
  }

 private:
  template <class F>
  void access(model::cell_access how, F f) const {
    model::begin_access(self_, how);
    f();
    model::end_access(self_, how);
  }

  model::object self_;
  T value_;
};

}  // namespace runnel::litmus

// SPDX-License-Identifier: MIT
//
// For tests that run with each capacity: INSTANTIATE_TEST_SUITE_P(Capacities, Suite, any_capacity).
#pragma once

#include <runnel/mpmc.hpp>

#include <gtest/gtest.h>

#include <cstddef>

namespace properties {

inline const auto any_capacity = testing::Values(0, 1, 16, -1);

class on_capacities : public testing::TestWithParam<int> {
 protected:
  /// Of the capacity of the test; unbounded if that is less than 0.
  template <class T>
  static auto channel() {
    const int n = GetParam();
    return n < 0 ? runnel::mpmc::channel<T>()
                 : runnel::mpmc::sync_channel<T>(static_cast<std::size_t>(n));
  }
};

}  // namespace properties

// SPDX-License-Identifier: MIT
//
// What tests of code as it ships have in common.
#pragma once

#include <runnel/model/native.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace native_tests {

using runnel::model::end_of_search;
using runnel::model::explore_native;
using runnel::model::explore_options;
using runnel::model::explore_result;
using runnel::model::native_options;
using runnel::model::unobserved;
using order = std::memory_order;

inline void demand(bool condition, const char* what) {
  runnel_require(static_cast<int>(condition), what);
}

/// Every execution was visited, and none fails.
inline void expect_passes(const explore_result& r) {
  EXPECT_EQ(r.end, end_of_search::exhausted) << r.failure << ": " << r.message << '\n' << r.history;
}
inline void expect_fails(const explore_result& r, const std::string& kind,
                         const std::string& words) {
  ASSERT_EQ(r.end, end_of_search::failed);
  EXPECT_EQ(r.failure, kind) << r.message << '\n' << r.history;
  EXPECT_NE(r.message.find(words), std::string::npos) << r.message << '\n' << r.history;
}

template <class... Bodies>
void in_threads(Bodies... bodies) {
  std::vector<std::thread> all;
  (all.emplace_back(bodies), ...);
  for (std::thread& t : all) t.join();
}

}  // namespace native_tests

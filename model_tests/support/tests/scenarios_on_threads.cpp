// SPDX-License-Identifier: MIT
//
// The scenarios on real threads, in one process, for sanitizers: what they report ends it.
#include "../scenarios.hpp"

#include <gtest/gtest.h>

namespace runnel::check {
namespace {

TEST(Scenarios, PassOnRealThreads) {
  ASSERT_FALSE(registry().empty());
  for (const scenario& s : registry()) {
    search fewer = s.search;
    fewer.executions /= 4;  // each takes so much longer
    const result r = s.run(fewer, {});
    ASSERT_EQ(r.verdict, verdict::passed)
        << s.name << ": " << r.failure << ": " << r.message << '\n'
        << r.history;
    ASSERT_GT(r.executions, 0U) << s.name;
  }
}

}  // namespace
}  // namespace runnel::check

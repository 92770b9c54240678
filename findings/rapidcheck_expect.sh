#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# RapidCheck (Debian's snapshot 08b5058) with GoogleTest 1.12.1: EXPECT_ inside a property does not fail it.
#
# The claim is that all numbers are below 3. With EXPECT_LT, rc::check runs all 100 cases, prints "OK,
# passed 100 tests", returns true and says neither the smallest number nor a seed; GoogleTest's test fails.
# With RC_ASSERT the property fails and shrinks to 3. A test that says EXPECT_FALSE(rc::check(...)), which
# shows that a property can fail, is thus told that it cannot.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need librapidcheck-dev 0~1033-08b5058-3
need libgtest-dev 1.12.1-0.2

cat >property.cpp <<'CODE'
#include <gtest/gtest.h>
#include <rapidcheck.h>
TEST(Property, Holds) {
  const bool holds = rc::check([](unsigned x) { CLAIM; });
  std::printf("rc::check says that it %s\n", holds ? "holds" : "fails");
}
CODE
build() {
  g++-12 -std=c++17 "-DCLAIM=$1" -o property property.cpp -lrapidcheck -lgtest_main -lgtest -lpthread
}
build 'EXPECT_LT(x, 3U)'
expect 'EXPECT_LT: status of the test' 1 "$(status_of ./property)"
expect 'EXPECT_LT: the property' 1 "$(lines_with 'OK, passed 100 tests')"
expect 'EXPECT_LT: rc::check' 1 "$(lines_with 'rc::check says that it holds')"
build 'RC_ASSERT(x < 3U)'
expect 'RC_ASSERT: status of the test' 0 "$(status_of ./property)"
expect 'RC_ASSERT: the property' 1 "$(lines_with 'Falsifiable after')"
expect 'RC_ASSERT: rc::check' 1 "$(lines_with 'rc::check says that it fails')"
expect 'RC_ASSERT: the smallest number' 1 "$(grep --count --line-regexp "(3)" output)"

// SPDX-License-Identifier: MIT
//
// What the search of a small program says, in a word or two.
#pragma once

#include <runnel/model/check.hpp>

#include <gtest/gtest.h>

#include <string>

namespace runnel::model {

/// The number of complete executions if all were visited and none failed: "2 executions". Else the kind of
/// failure.
inline std::string outcome_of(const explore_result& r) {
  EXPECT_EQ(r.end == end_of_search::failed, !r.failure.empty());
  EXPECT_NE(r.end, end_of_search::cut);
  return r.failure.empty() ? std::to_string(r.complete) + " executions" : r.failure;
}
template <class State, class... Bodies>
std::string outcome(Bodies... bodies) {
  return outcome_of(explore<State>({}, bodies...));
}
/// With faults, each as often as this in each thread.
template <class State, class... Bodies>
std::string outcome_with(const faults& f, Bodies... bodies) {
  explore_options how;
  how.faults = f;
  return outcome_of(explore<State>(how, bodies...));
}
template <class State, class... Bodies>
std::string message(Bodies... bodies) {
  return explore<State>({}, bodies...).message;
}
template <class State, class... Bodies>
std::string history(Bodies... bodies) {
  return explore<State>({}, bodies...).history;
}

inline constexpr const char* no_failure = "";
/// The same for who does not count the executions.
template <class State, class... Bodies>
std::string failure(Bodies... bodies) {
  return explore<State>({}, bodies...).failure;
}

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// Checks of libraries that nobody has changed: what is expected of each, and a table of what came out.
#pragma once

#include <runnel/model/native.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace corpus {

inline void demand(bool condition, const char* what) {
  runnel_require(static_cast<int>(condition), what);
}

/// Starts a thread for each, and joins them all.
template <class... Bodies>
void in_threads(const Bodies&... bodies) {
  std::thread all[] = {std::thread([&bodies] { bodies(); })...};
  for (std::thread& t : all) t.join();
}

/// One row of the table.
struct check {
  const char* library;                           ///< its package and version
  const char* what;                              ///< what is asked, as a sentence
  std::function<void()> body;                    ///< the smallest program that asks it
  bool cuts_polls = false;                       ///< see native_options
  std::vector<std::string> allowed_functions{};  ///< the same
};

/// How many complete executions there are. As a loop's first turn may be compiled otherwise than the others, this
/// may depend on the compiler.
struct executions {
  std::uint64_t gcc = 0;    ///< compiled by GCC 12 with -O2
  std::uint64_t clang = 0;  ///< by Clang 19 with -O2
};

/// Every execution was visited, and none fails. Other compilers than those two may see other numbers.
void passes(const check& c, executions expected);
/// An execution fails in this way, with these words in its message.
void fails(const check& c, const std::string& kind, const std::string& words);

}  // namespace corpus

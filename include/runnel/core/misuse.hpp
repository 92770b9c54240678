// SPDX-License-Identifier: MIT
//
// What happens at a contract violation that a debug build has detected, and at a number that is too
// large.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace runnel::core {

/// Says what was wrong on standard error and ends the program.
[[noreturn]] inline void report_misuse(const char* what) noexcept {
  std::fprintf(stderr, "runnel: contract violation: %s\n", what);
  std::abort();
}

/// Throws std::length_error; without exceptions, says so on standard error and ends the program.
[[noreturn]] inline void throw_length_error(const char* what) {
#ifdef __cpp_exceptions
  throw std::length_error(what);
#else
  std::fprintf(stderr, "%s\n", what);
  std::abort();
#endif
}

}  // namespace runnel::core

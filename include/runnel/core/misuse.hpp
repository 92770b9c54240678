// SPDX-License-Identifier: MIT
//
// What happens at a contract violation that a debug build has detected.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace runnel::core {

/// Says what was wrong on standard error and ends the program.
[[noreturn]] inline void report_misuse(const char* what) noexcept {
  std::fprintf(stderr, "runnel: contract violation: %s\n", what);
  std::abort();
}

}  // namespace runnel::core

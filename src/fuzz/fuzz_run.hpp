// SPDX-License-Identifier: MIT
//
// Generated programs, each explored in a child process, until one fails; that one is shrunk.
#pragma once

#include "checks/check_run.hpp"
#include "checks/report.hpp"

#include <fuzz/generated.hpp>
#include <fuzz/subject.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace runnel::cli {

struct fuzz_options {
  std::uint64_t seed = 1;
  std::uint64_t first = 0;  ///< number of the first program
  std::uint64_t programs = 1000;
  std::uint64_t limit = 200'000;  ///< executions of a program, after which it is incomplete
  double timeout = 60;  ///< seconds of a program, after which it is incomplete; 0: no limit
  double seconds = 0;   ///< after which no program begins; 0: no limit
  std::size_t jobs = 1;
  /// Called now and then: how many programs are done.
  std::function<void(std::uint64_t done)> progress;
};

/// A program and what became of it.
struct fuzzed {
  std::uint64_t number = 0;
  check::fuzz::generated program;
  state status = state::not_run;
  check::result result;
};

struct fuzz_failure {
  fuzzed found;
  fuzzed shrunk;
  std::size_t tries = 0;  ///< programs run to shrink it
};

struct fuzz_report {
  std::vector<std::uint64_t> executions;  ///< of each program that was explored exhaustively
  std::vector<std::uint64_t> incomplete;  ///< numbers of those that were not
  std::uint64_t all_executions = 0;       ///< of all programs that were run, but to shrink
  std::uint64_t not_run = 0;
  std::optional<fuzz_failure> failure;  ///< of the lowest number
  double seconds = 0;

  [[nodiscard]] std::uint64_t run() const {
    return executions.size() + incomplete.size() + (failure ? 1 : 0);
  }
  /// Whether it shows something: of ten programs that were run, nine were explored exhaustively.
  [[nodiscard]] bool is_enough() const {
    return !executions.empty() && 9 * incomplete.size() <= executions.size();
  }
};

/// Ends early at a failure, when the time is over, or if a signal is noted (an `interrupt` must be
/// alive).
fuzz_report run_fuzz(const check::fuzz::subject& subject, const fuzz_options& options);

}  // namespace runnel::cli

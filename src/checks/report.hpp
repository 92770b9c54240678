// SPDX-License-Identifier: MIT
//
// What has become of a scenario.
#pragma once

#include <check.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli {

enum class state { not_run, passed, failed, incomplete };

struct report {
  check::scenario scenario;
  state status = state::not_run;
  /// Of the engine; its failure and message say why the scenario did not pass, or what was caught.
  check::result result;
  double seconds = 0;
};

/// Failures besides those of the engines, and one of theirs.
namespace failure {
inline constexpr std::string_view crash = "crash";
inline constexpr std::string_view endless = "endless execution";  // of the explorer
inline constexpr std::string_view exception = "exception";
inline constexpr std::string_view not_caught = "not caught";
inline constexpr std::string_view nothing_run = "nothing was executed";
}  // namespace failure

/// Whether a scenario has passed with this result: a broken channel only by the failure expected.
report judge(const check::scenario& s, check::result result, double seconds);

struct summary {
  std::size_t selected = 0;
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t incomplete = 0;
  std::size_t not_run = 0;
  std::uint64_t executions = 0;
};

summary summarize(const std::vector<report>& reports);

std::string_view name_of(state s);
std::string_view name_of(check::search_kind kind);

/// "full", "reduced", "reduced retries guesses", "bounded 3", "random 20000 seed 1"
std::string describe(const check::search& s);

/// "-" where the verdict of the engine is all.
std::string_view judge_of(const check::scenario& s);

/// The command that runs the failing execution again; empty if it cannot be.
std::string replay_command(const report& r);

}  // namespace runnel::cli

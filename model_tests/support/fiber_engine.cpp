// SPDX-License-Identifier: MIT
#include "fiber_engine.hpp"

#include <charconv>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace runnel::check {

namespace {

constexpr std::string_view replay_prefix = "seed:";

std::uint64_t seed_of_replay(std::string_view replay) {
  std::uint64_t seed = 0;
  if (replay.starts_with(replay_prefix)) {
    const std::string_view digits = replay.substr(replay_prefix.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
    if (error == std::errc{} && end == digits.data() + digits.size()) return seed;
  }
  throw std::invalid_argument("the replay \"" + std::string(replay) +
                              "\" is not of the fiber engine, which has \"seed:<number>\"");
}

/// Runs the execution of a seed once more, with its history.
result replayed(fiber_run& run, fiber_program& program, std::uint64_t seed) {
  fiber_outcome outcome = run.execute(program, seed, true);
  result r;
  r.verdict = outcome.failure.empty() ? verdict::passed : verdict::failed;
  r.failure = std::move(outcome.failure);
  r.message = std::move(outcome.message);
  r.history = std::move(outcome.history);
  r.replay = std::string(replay_prefix) + std::to_string(seed);
  r.executions = 1;
  return r;
}

result failed(fiber_run& run, fiber_program& program, std::uint64_t seed,
              const fiber_outcome& outcome, std::uint64_t executions) {
  result r = replayed(run, program, seed);
  if (r.failure != outcome.failure || r.message != outcome.message)
    r.history +=
        "This is not the execution that failed: the test does not behave the same on the "
        "same schedule.\n";
  r.verdict = verdict::failed;
  r.failure = outcome.failure;
  r.message = outcome.message;
  r.executions = executions;
  return r;
}

}  // namespace

result search_on_fibers(fiber_program& program, const search& search, const options& options) {
  const auto run = std::make_unique<fiber_run>();
  if (!options.replay.empty()) return replayed(*run, program, seed_of_replay(options.replay));
  if (search.kind != search_kind::random)
    throw std::invalid_argument("the fiber engine has random search only");
  constexpr std::uint64_t progress_interval = 512;
  result r;
  while (r.executions < search.executions) {
    if (options.limit != 0 && r.executions == options.limit) {
      r.verdict = verdict::incomplete;
      return r;
    }
    const std::uint64_t seed = fiber_random::seed_of(search.seed, r.executions);
    const fiber_outcome outcome = run->execute(program, seed, false);
    ++r.executions;
    if (!outcome.failure.empty()) return failed(*run, program, seed, outcome, r.executions);
    if (options.progress && r.executions % progress_interval == 0)
      options.progress(r.executions,
                       static_cast<double>(r.executions) / static_cast<double>(search.executions));
  }
  return r;
}

}  // namespace runnel::check

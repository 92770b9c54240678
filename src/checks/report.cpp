// SPDX-License-Identifier: MIT
#include "report.hpp"

#include "terminal/text_output.hpp"

#include <utility>

namespace runnel::cli {
namespace {

state state_of(check::verdict v) {
  switch (v) {
    case check::verdict::passed: return state::passed;
    case check::verdict::failed: return state::failed;
    case check::verdict::incomplete: break;
  }
  return state::incomplete;
}

void judge_broken_channel(report& r) {
  const std::string& expected = r.scenario.expected_failure;
  if (r.status == state::failed && r.result.failure == expected) {
    r.status = state::passed;
  } else if (r.status == state::failed) {
    r.result.message = "this is broken on purpose and has to fail with '" + expected +
                       "', but it failed otherwise: " + r.result.message;
  } else if (r.status == state::passed) {
    r.status = state::failed;
    r.result.failure = failure::not_caught;
    r.result.message =
        "this is broken on purpose, but the search ended without finding '" + expected + "'";
  }
}

/// Each after a space; none of them if it is all.
std::string text_of(check::reductions of) {
  std::string text;
  const auto list = check::names_of(of);
  if (list.size() == check::reductions::all.size()) return text;
  for (const std::string& name : list) text += " " + name;
  return text;
}

}  // namespace

report judge(const check::scenario& s, check::result result, double seconds) {
  report r{s, state_of(result.verdict), std::move(result), seconds};
  if (r.status == state::passed && r.result.executions == 0) {
    r.status = state::failed;
    r.result.failure = failure::nothing_run;
    r.result.message = "the check says that it passed, but it executed nothing";
  } else if (!s.expected_failure.empty()) {
    judge_broken_channel(r);
  }
  return r;
}

summary summarize(const std::vector<report>& reports) {
  summary all;
  for (const report& r : reports) {
    ++all.selected;
    all.passed += r.status == state::passed;
    all.failed += r.status == state::failed;
    all.incomplete += r.status == state::incomplete;
    all.not_run += r.status == state::not_run;
    all.executions += r.result.executions;
  }
  return all;
}

std::string_view name_of(state s) {
  switch (s) {
    case state::not_run: return "not run";
    case state::passed: return "passed";
    case state::failed: return "failed";
    case state::incomplete: break;
  }
  return "incomplete";
}

std::string_view name_of(check::search_kind kind) {
  switch (kind) {
    case check::search_kind::full: return "full";
    case check::search_kind::bounded: return "bounded";
    case check::search_kind::random: break;
  }
  return "random";
}

std::string describe(const check::search& s) {
  if (!s.reductions.empty()) return "reduced" + text_of(s.reductions);
  std::string text(name_of(s.kind));
  if (s.kind == check::search_kind::bounded) text += " " + std::to_string(s.bound);
  if (s.kind == check::search_kind::random)
    text += " " + std::to_string(s.executions) + " seed " + std::to_string(s.seed);
  if (s.faults != 0) text += " faults " + std::to_string(s.faults);
  if (s.failed_allocations != 0) text += " no memory " + std::to_string(s.failed_allocations);
  return text;
}

std::string_view judge_of(const check::scenario& s) {
  return s.judged_by.empty() ? std::string_view("-") : s.judged_by;
}

std::string replay_command(const report& r) {
  if (r.result.replay.empty()) return {};
  return "runnel check " + shell_word(r.scenario.name) + " --engine " +
         shell_word(r.scenario.engine) + " --replay " + shell_word(r.result.replay) +
         (r.result.failure == failure::endless ? " --timeout 1" : "");
}

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#include "fuzz_report.hpp"

#include "checks/console.hpp"
#include "checks/result_json.hpp"
#include "terminal/text_output.hpp"

#include <fuzz/scenario_text.hpp>

#include <algorithm>
#include <ostream>
#include <vector>

namespace runnel::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view default_file = "model_tests/scenarios/a_generated_program_fails.cpp";

std::string replay_of(const fuzzed& f, const fuzz_request& request) {
  std::string command = "runnel fuzz --seed " + std::to_string(request.seed) + " --first " +
                        std::to_string(f.number) + " --programs 1";
  if (request.channel != check::fuzz::shipped)
    command += " --broken " + shell_word(request.channel);
  return command;
}

check::fuzz::origin origin_of(const fuzz_failure& failure, const fuzz_request& request) {
  return {
      "seed " + std::to_string(request.seed) + ", program " + std::to_string(failure.found.number),
      {"Found, and shrunk, by", "  " + replay_of(failure.found, request),
       "Failed with: " + failure.found.result.failure + "."}};
}

/// The least number that `part` of them do not exceed; they are in order.
std::uint64_t quantile(const std::vector<std::uint64_t>& sorted, double part) {
  const auto place = static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1));
  return sorted[place];
}

void print_distribution(std::ostream& out, std::vector<std::uint64_t> executions) {
  if (executions.empty()) return;
  std::ranges::sort(executions);
  out << "executions of an exhaustive program: median " << quantile(executions, 0.5)
      << ", 90 % at most " << quantile(executions, 0.9) << ", 99 % at most "
      << quantile(executions, 0.99) << ", most " << executions.back() << '\n';
}

ordered_json as_json(const fuzz_failure& f, const fuzz_request& request) {
  return {{"program", f.found.number},
          {"generated", text(f.found.program)},
          {"shrunk", text(f.shrunk.program)},
          {"operations", operations(f.shrunk.program)},
          {"tries", f.tries},
          {"failure", f.shrunk.result.failure},
          {"message", f.shrunk.result.message},
          {"history", f.shrunk.result.history},
          {"replay", replay_of(f.found, request)},
          {"scenario", scenario_of(f, request)}};
}

}  // namespace

std::string scenario_of(const fuzz_failure& failure, const fuzz_request& request) {
  return scenario_text(failure.shrunk.program, origin_of(failure, request));
}

void print(std::ostream& out, const fuzz_failure& failure, const fuzz_request& request) {
  const fuzzed& smallest = failure.shrunk;
  out << "program " << failure.found.number << " failed with " << failure.found.result.failure
      << ":\n    " << text(failure.found.program) << "\nshrunk in " << failure.tries
      << " tries to:\n    " << text(smallest.program) << '\n';
  print_counterexample(out, smallest.result, false);
  out << "    to run it again: " << replay_of(failure.found, request) << "\n\n"
      << scenario_of(failure, request) << '\n';
  if (request.channel != check::fuzz::shipped || smallest.result.replay.empty()) return;
  report in_place;
  in_place.scenario.engine = "explorer";
  in_place.scenario.name = check::fuzz::scenario_name(
      request.file.empty() ? default_file : request.file, origin_of(failure, request));
  in_place.result = smallest.result;
  out << "This file in model_tests/scenarios makes a scenario of it, of which\n    "
      << replay_command(in_place) << "\nshows the execution above.\n\n";
}

void print_summary(std::ostream& out, const fuzz_report& report, int signal) {
  if (signal != 0) out << "Interrupted by signal " << signal << ".\n";
  print_distribution(out, report.executions);
  out << report.run() << " programs: " << report.executions.size() << " passed, "
      << (report.failure ? 1 : 0) << " failed, " << report.incomplete.size()
      << " incomplete (a limit ended their search), " << report.not_run << " not run; "
      << report.all_executions << " executions in " << duration(report.seconds) << '\n';
  if (!report.failure && !report.is_enough())
    out << "Too few programs were explored exhaustively: this is no pass.\n";
  out.flush();
}

void write_json(std::ostream& out, const fuzz_report& report, const fuzz_request& request,
                int signal) {
  ordered_json json = {{"schema", 1},
                       {"version", version_text()},
                       {"signal", signal},
                       {"seconds", report.seconds},
                       {"seed", request.seed},
                       {"channel", request.channel},
                       {"summary",
                        {{"programs", report.run()},
                         {"passed", report.executions.size()},
                         {"failed", report.failure ? 1 : 0},
                         {"incomplete", report.incomplete.size()},
                         {"not run", report.not_run},
                         {"executions", report.all_executions}}},
                       {"executions", report.executions},
                       {"incomplete", report.incomplete},
                       {"failure", nullptr}};
  if (report.failure) json["failure"] = as_json(*report.failure, request);
  out << json.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n';
}

}  // namespace runnel::cli

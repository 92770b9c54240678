// SPDX-License-Identifier: MIT
#include "check_command.hpp"

#include "check_run.hpp"
#include "console.hpp"
#include "report.hpp"
#include "report_files.hpp"
#include "selection.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/output_file.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"

#include <check.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace runnel::cli {
namespace {

struct check_options {
  std::string pattern;
  std::vector<std::string> engines;  ///< empty: the default ones
  int jobs = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 1024U));
  double timeout = 900;
  std::uint64_t limit = 0;
  std::string json;
  std::string junit;
  std::string replay;
  bool list = false;
  bool with_long = false;
};

std::vector<check::scenario> selected_by(const check_options& options) {
  const std::string mistake = ambiguity(check::registry());
  if (!mistake.empty()) throw std::logic_error(mistake);
  const std::string unknown = unknown_engine(check::registry(), options.engines);
  if (!unknown.empty()) throw std::runtime_error("no scenario is for an engine '" + unknown + "'");
  const auto engines = options.engines.empty() ? default_engines() : options.engines;
  auto selected = select(check::registry(), options.pattern, engines, options.with_long);
  if (selected.empty())
    throw std::runtime_error("no scenario matches '" + options.pattern + "' on engine " +
                             join(engines, ", ") +
                             "; runnel check --list --engine all names them all");
  if (!options.replay.empty() && selected.size() != 1)
    throw std::runtime_error("--replay needs exactly one scenario, but " +
                             std::to_string(selected.size()) +
                             " are selected; give the whole name, and --engine");
  return selected;
}

/// The files that are asked for, opened before anything is run.
struct output_files {
  explicit output_files(const check_options& options) {
    if (!options.json.empty() && options.json == options.junit)
      throw std::runtime_error("--json and --junit name the same file: " + options.json);
    if (!options.json.empty()) json.emplace(options.json);
    if (!options.junit.empty()) junit.emplace(options.junit);
  }

  void write(const std::vector<report>& reports, double seconds, int signal) {
    if (json) {
      write_json(json->stream(), reports, seconds, signal);
      json->commit();
    }
    if (junit) {
      write_junit(junit->stream(), reports, seconds);
      junit->commit();
    }
  }

  std::optional<output_file> json;
  std::optional<output_file> junit;
};

int status_of(const std::vector<report>& reports, int signal) {
  if (signal != 0) return 128 + signal;
  const summary all = summarize(reports);
  return all.passed == all.selected ? 0 : 1;
}

run_options options_of_run(const check_options& options, std::size_t scenarios, console& screen) {
  run_options run;
  run.jobs = static_cast<std::size_t>(options.jobs);
  run.timeout = options.timeout;
  run.check.replay = options.replay;
  run.check.limit = options.limit;
  run.check.observes = true;
  // Processors that scenarios leave are for the scenarios to share their search among.
  run.check.jobs = static_cast<unsigned>(std::max<std::size_t>(run.jobs / scenarios, 1));
  run.finished = [&screen](const report& r) { screen.finished(r); };
  run.still_running = [&screen](const workers& running) { screen.still_running(running); };
  return run;
}

int run_check(const check_options& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto selected = selected_by(options);
  console screen(std::cout, selected, !options.replay.empty());
  if (options.list) {
    screen.list();
    return std::cout.flush() ? 0 : throw std::runtime_error("cannot write to the standard output");
  }
  output_files files(options);
  const interrupt signals;
  screen.head();
  const auto reports = run_checks(selected, options_of_run(options, selected.size(), screen));
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const int signal = interrupt::signal();
  screen.end(reports, seconds, signal);
  return status_after(status_of(reports, signal), [&] { files.write(reports, seconds, signal); });
}

void add_options(CLI::App& command, check_options& options) {
  command.add_option("PATTERN", options.pattern,
                     "Only scenarios whose name or file contains this, or matches it if it has\n"
                     "one of *?[; a whole name selects only itself");
  command
      .add_option("--engine", options.engines,
                  "Scenarios of this engine: explorer, relacy, threads, spin (which checks the\n"
                  "formal spec), or all; may be repeated (default: explorer and spin)")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->check(refuse_empty);
  command
      .add_option("-j,--jobs", options.jobs, "Scenarios to run at once (default: as processors)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command
      .add_option("--timeout", options.timeout,
                  "Time for each scenario, after which it is incomplete; 0: no limit\n"
                  "(default: 900)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 1e9));
  command
      .add_option("--limit", options.limit,
                  "Executions of each scenario, after which it is incomplete (default: none)")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--json", options.json, "Write the results as JSON")
      ->type_name("FILE")
      ->check(refuse_empty);
  command.add_option("--junit", options.junit, "Write the results as JUnit XML")
      ->type_name("FILE")
      ->check(refuse_empty);
  command
      .add_option("--replay", options.replay,
                  "Run only this execution of one scenario, and show its history")
      ->type_name("ID")
      ->check(refuse_empty);
  command.add_flag("--long", options.with_long,
                   "Also the scenarios that take minutes (a whole name selects them too)");
  command.add_flag("--list", options.list, "List the scenarios and run nothing")
      ->excludes("--json", "--junit", "--replay");
}

}  // namespace

void add_check_command(CLI::App& app, int& status) {
  auto* const command = app.add_subcommand("check", "Run model checks of the channel");
  const auto options = std::make_shared<check_options>();
  add_options(*command, *options);
  command->footer(
      "Searches: full is all executions. On the explorer: of the memory model RC11, each once.\n"
      "With Relacy: of Relacy's model, in which a load sees at most a one-step-stale value, not\n"
      "all that C++ allows. With Spin: all states of the formal spec in a configuration;\n"
      "executions are states, or pairs of states where two specs are compared.\n"
      "bounded N covers the schedules with at most N involuntary switches, random N a sample.\n"
      "On real threads random N is N executions with random delays, or as many as there is time\n"
      "for; they cannot be replayed.\n"
      "A broken channel or spec passes if it is caught: if it fails in the way that it has to.\n\n"
      "Exit status: 0 if every selected scenario passed; 1 if one failed or is incomplete; 2 for\n"
      "a wrong use or a file that cannot be written; 130, 143 after SIGINT, SIGTERM.\n"
      "The JSON is explained in docs/command.md.");
  command->callback([options, &status] { status = run_check(*options); });
}

}  // namespace runnel::cli

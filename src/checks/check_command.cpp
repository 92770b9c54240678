// SPDX-License-Identifier: MIT
#include "check_command.hpp"

#include "check_run.hpp"
#include "console.hpp"
#include "report.hpp"
#include "report_files.hpp"
#include "scenario_list.hpp"
#include "selection.hpp"
#include "terminal/common_options.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/output_file.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"
#include "terminal/text_pattern.hpp"

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
#include <vector>

namespace runnel::cli {
namespace {

struct check_options {
  std::string pattern;
  std::vector<std::string> engines;  ///< empty: the default ones
  std::size_t jobs = default_jobs();
  double timeout = 900;
  std::uint64_t limit = 0;
  std::string json;
  std::string junit;
  std::string replay;
  bool list = false;
  bool with_long = false;
};

/// That there is none, and where there would be one.
[[noreturn]] void nothing_matches(const check_options& options,
                                  const std::vector<std::string>& engines) {
  std::string message =
      "no scenario matches '" + options.pattern + "' on engine " + join(engines, ", ");
  const auto elsewhere =
      select(check::registry(), options.pattern, {std::string(every_engine)}, true);
  if (!elsewhere.empty()) {
    const check::scenario& s = elsewhere.front();
    message += "; '" + s.name + "' is of engine " + s.engine +
               (s.is_long ? ", and takes minutes: give its whole name, or --long" : "");
  } else {
    std::vector<std::string> sentences;
    for (const check::scenario& s : check::registry()) sentences.push_back(sentence_of(s));
    message += did_you_mean(options.pattern, sentences);
  }
  throw std::runtime_error(message + "\nrunnel check --list --engine all names them all");
}

std::vector<check::scenario> selected_by(const check_options& options) {
  const std::string mistake = ambiguity(check::registry());
  if (!mistake.empty()) throw std::logic_error(mistake);
  const std::string unknown = unknown_engine(check::registry(), options.engines);
  if (!unknown.empty())
    throw std::runtime_error("no scenario is for an engine '" + unknown + "'" +
                             did_you_mean(unknown, {"explorer", "relacy", "threads", "spin"}));
  const auto engines = options.engines.empty() ? default_engines() : options.engines;
  auto selected = select(check::registry(), options.pattern, engines, options.with_long);
  if (selected.empty()) nothing_matches(options, engines);
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
  run.jobs = options.jobs;
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
  if (options.list) return list(selected, options.json);
  std::ostream silent(nullptr);
  const bool writes_to_screen = options.json == standard_output || options.junit == standard_output;
  console screen(writes_to_screen ? silent : std::cout, selected, !options.replay.empty());
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
  add_pattern(command, options.pattern, "scenarios whose name or file");
  command
      .add_option("--engine", options.engines,
                  "Scenarios of this engine: explorer, relacy, threads, spin (which checks the "
                  "formal spec), or all; may be repeated (default: explorer and spin)")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->check(refuse_empty);
  add_jobs(command, options.jobs, "Scenarios");
  add_timeout(command, options.timeout, "Time for each scenario, after which it is incomplete");
  add_limit(command, options.limit, "Executions of each scenario, after which it is incomplete");
  add_json(command, options.json);
  auto* const junit =
      command.add_option("--junit", options.junit, "Write the results as JUnit XML")
          ->type_name("FILE")
          ->check(refuse_empty);
  auto* const replay =
      command
          .add_option("--replay", options.replay,
                      "Run only this execution of one scenario, and show its history")
          ->type_name("ID")
          ->check(refuse_empty);
  command.add_flag("--long", options.with_long,
                   "Also the scenarios that take minutes (a whole name selects them too)");
  command
      .add_flag("--list", options.list,
                "List the scenarios and run nothing: on a terminal in groups, elsewhere one in "
                "each line, or with --json")
      ->excludes(junit)
      ->excludes(replay);
}

}  // namespace

void add_check_command(CLI::App& app, int& status) {
  auto* const command = app.add_subcommand("check", "Run model checks of the channel");
  const auto options = std::make_shared<check_options>();
  add_options(*command, *options);
  command->footer(
      "Searches:\n" + help_on_searches() +
      "\nA broken channel or spec passes if it is caught: if it fails in the way that it "
      "has to.\n\n"
      "Examples:\n"
      "  runnel check --list\n"
      "  runnel check 'the mutex'\n"
      "  runnel check a_timeout_races --json results.json\n"
      "  runnel check 'the mutex excludes*' --engine relacy --engine threads\n\n"
      "Exit status: 0 if every selected scenario passed; 1 if one failed or is "
      "incomplete; 2 for a wrong use or a file that cannot be written; 130, 143 after "
      "SIGINT, SIGTERM. The JSON is explained in docs/command.md.");
  command->callback([options, &status] { status = run_check(*options); });
}

}  // namespace runnel::cli

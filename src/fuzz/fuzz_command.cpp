// SPDX-License-Identifier: MIT
#include "fuzz_command.hpp"

#include "fuzz_report.hpp"
#include "fuzz_run.hpp"
#include "terminal/common_options.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/output_file.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/progress_line.hpp"
#include "terminal/text_output.hpp"
#include "terminal/text_pattern.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace runnel::cli {
namespace {

struct command_options {
  fuzz_options run;
  std::string engine = "explorer";
  std::string broken;
  std::string output;
  std::string json;
  bool list = false;
};

const check::fuzz::subject& subject_of(const std::string& broken) {
  const auto& all = check::fuzz::subjects();
  const std::string name = broken.empty() ? std::string(check::fuzz::shipped) : broken;
  const auto found = std::ranges::find(all, name, &check::fuzz::subject::name);
  if (found != all.end()) return *found;
  if (broken.empty()) throw std::logic_error("no channel is linked into this program");
  std::vector<std::string> names;
  for (const check::fuzz::subject& s : all) names.push_back(s.name);
  throw std::runtime_error("no channel is broken like '" + broken + "'" +
                           did_you_mean(broken, names) +
                           "\nrunnel check --list broken names them all");
}

int status_of(const fuzz_report& report, int signal) {
  if (signal != 0) return 128 + signal;
  return !report.failure && report.is_enough() ? 0 : 1;
}

/// The files that are asked for, opened before anything is run. Without a failure there is no
/// scenario, and a file that is there stays as it is.
struct output_files {
  explicit output_files(const command_options& options) {
    if (!options.json.empty() && options.json == options.output)
      throw std::runtime_error("--json and --output name the same file: " + options.json);
    if (!options.json.empty()) json.emplace(options.json);
    if (!options.output.empty()) output.emplace(options.output);
    on_screen = options.json == standard_output || options.output == standard_output;
  }

  void write(const fuzz_report& report, const fuzz_request& request, int signal) {
    if (json) {
      write_json(json->stream(), report, request, signal);
      json->commit();
    }
    if (output && report.failure) {
      output->stream() << scenario_of(*report.failure, request);
      output->commit();
    }
  }

  /// Whether what is printed has to leave the standard output to them.
  [[nodiscard]] bool use_screen() const { return on_screen; }

  std::optional<output_file> json;
  std::optional<output_file> output;
  bool on_screen = false;
};

int list(const fuzz_options& options) {
  for (std::uint64_t i = options.first; i < options.first + options.programs; ++i)
    std::cout << i << "  " << text(check::fuzz::generate(options.seed, i)) << '\n';
  return std::cout.flush() ? 0 : throw std::runtime_error("cannot write to the standard output");
}

int run_command(const command_options& options) {
  if (options.list) return list(options.run);
  const check::fuzz::subject& subject = subject_of(options.broken);
  output_files files(options);
  const fuzz_request request{options.run.seed, subject.name, options.output};
  std::ostream silent(nullptr);
  std::ostream& out = files.use_screen() ? silent : std::cout;
  progress_line line(out, STDOUT_FILENO);
  fuzz_options run = options.run;
  run.progress = [&](std::uint64_t done) {
    line.show(std::to_string(done) + "/" + std::to_string(run.programs));
  };
  const interrupt signals;
  const fuzz_report report = run_fuzz(subject, run);
  const int signal = interrupt::signal();
  line.clear();
  if (report.failure) print(out, *report.failure, request);
  print_summary(out, report, signal);
  return status_after(status_of(report, signal), [&] { files.write(report, request, signal); });
}

void add_numbers(CLI::App& command, fuzz_options& run) {
  command.add_option("--programs", run.programs, "Programs to generate (default: 1000)")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  command.add_option("--seed", run.seed, "What the programs are drawn from (default: 1)")
      ->type_name("N")
      ->check(refuse_no_count);
  command.add_option("--first", run.first, "The number of the first program (default: 0)")
      ->type_name("N")
      ->check(refuse_no_count);
  add_jobs(command, run.jobs, "Programs");
  add_limit(command, run.limit, "Executions of each program, after which it is incomplete");
  add_timeout(command, run.timeout, "Time for each program, after which it is incomplete");
  command
      .add_option("--seconds", run.seconds,
                  "Time for all, after which no program begins (default: no limit)")
      ->type_name("SECONDS")
      ->check(refuse_no_time);
}

void add_options(CLI::App& command, command_options& options) {
  options.run.jobs = default_jobs();
  add_numbers(command, options.run);
  // There is no other one.
  command.add_option("--engine", options.engine)->check(CLI::IsMember({"explorer"}))->group("");
  command
      .add_option("--broken", options.broken,
                  "Run them on the broken channel of this name, to see it caught")
      ->type_name("NAME")
      ->check(refuse_empty);
  auto* const output =
      add_output(command, options.output, "FILE",
                 "Write the smallest failing program there, as a file of model_tests/scenarios");
  auto* const json = add_json(command, options.json);
  command.add_flag("--list", options.list, "List the programs and run nothing")
      ->excludes(json)
      ->excludes(output);
}

}  // namespace

void add_fuzz_command(CLI::App& app, int& status) {
  auto* const command = app.add_subcommand("fuzz", "Explore small random programs on the channel");
  const auto options = std::make_shared<command_options>();
  add_options(*command, *options);
  command->footer(
      "Each program has two or three threads with one to three operations each, and is explored in "
      "full: all executions of the memory model RC11, each judged by the specification. What a "
      "limit ends is incomplete, never passed. At the first failure the run ends; the program is "
      "shrunk while it fails in the same way, and printed as a scenario file. A program depends on "
      "the seed and its number alone.\n\n"
      "Examples:\n"
      "  runnel fuzz --programs 100 --seed 7\n"
      "  runnel fuzz --broken 'two messages of a sender are swapped' -o fails.cpp\n\n"
      "Exit status: 0 if no program failed, and of ten that ran nine were explored in full; 1 "
      "otherwise; 2 for a wrong use or a file that cannot be written; 130, 143 after SIGINT, "
      "SIGTERM. The JSON is explained in docs/command.md.");
  command->callback([options, &status] { status = run_command(*options); });
}

}  // namespace runnel::cli

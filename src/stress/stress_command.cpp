// SPDX-License-Identifier: MIT
#include "stress_command.hpp"

#include "report_text.hpp"
#include "terminal/common_options.hpp"
#include "terminal/help_text.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/output_file.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_pattern.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>

namespace runnel::cli {
namespace {

/// What comes of a load goes to these.
class results {
 public:
  results(const stress_options& options, std::ostream& out)
      : out_(out), json_instead_(options.json == standard_output) {
    if (!options.json.empty() && !json_instead_) file_.emplace(options.json);
  }

  void write(const stress::soak_report& r) {
    (json_instead_ ? stress::write_json : stress::write_text)(out_, r);
    if (!out_.flush()) throw std::runtime_error("cannot write to the standard output");
    if (!file_) return;
    stress::write_json(file_->stream(), r);
    file_->commit();
  }

 private:
  std::ostream& out_;
  const bool json_instead_;
  std::optional<output_file> file_;
};

std::vector<stress::combination> selected_by(const std::vector<stress::combination>& all,
                                             const std::string& pattern) {
  std::vector<std::string> names;
  for (const stress::combination& c : all) names.push_back(c.name);
  const auto meant = names_meant(names, pattern, "combination");
  std::vector<stress::combination> selected;
  std::ranges::copy_if(all, std::back_inserter(selected), [&](const auto& c) {
    return std::ranges::find(meant, c.name) != meant.end();
  });
  return selected;
}

void add_options(CLI::App& command, stress_options& options) {
  options.soak.seed = std::random_device{}();
  add_pattern(command, options.pattern, "combinations whose name");
  command
      .add_option("--seconds", options.soak.seconds,
                  "Time for all, but each combination has at least one turn (default: 20)")
      ->type_name("SECONDS")
      ->check(refuse_no_time);
  command
      .add_option("--seed", options.soak.seed,
                  "What is random beside the schedules is drawn from it (default: a new one)")
      ->type_name("N")
      ->check(refuse_no_count);
  command
      .add_option("--threads", options.soak.most_threads,
                  "The most threads at a time (default: 32)")
      ->type_name("N")
      ->check(CLI::Range(2, 1024));
  auto* const json = add_json(command, options.json);
  command.add_flag("--list", options.list, "List the combinations and run nothing")->excludes(json);
  command.footer(
      "A combination is a flavour, a capacity and a profile, such as 'mpmc 64 one core'. Flavours: "
      "mpsc, mpmc. Capacities: 0, 1, 2, 64, 1024, unbounded. Profiles: oversubscribed, one core, "
      "pauses, disconnects, mixture, selects. They take turns of at most 200 ms.\n\n"
      "Examples:\n"
      "  runnel stress --seconds 5\n"
      "  runnel stress 'mpmc * selects' --seconds 60 --json stress.json\n\n"
      "Exit status: 0 if nothing failed; 1 if something did; 2 for a wrong use; 130, 143 after "
      "SIGINT, SIGTERM. The JSON is explained in docs/command.md.");
}

}  // namespace

int run_stress(const std::vector<stress::combination>& all, const stress_options& options,
               std::ostream& out) {
  const auto selected = selected_by(all, options.pattern);
  if (options.list) {
    for (const stress::combination& c : selected) out << c.name << '\n';
    return out.flush() ? 0 : throw std::runtime_error("cannot write to the standard output");
  }
  results files(options, out);
  const interrupt signals;
  stress::soak_options how = options.soak;
  how.is_interrupted = [] { return interrupt::signal() != 0; };
  const stress::soak_report r = stress::soak(selected, how, [&](const stress::soak_report& so_far) {
    try {
      files.write(so_far);
    } catch (const std::exception& e) {
      std::cerr << "runnel: " << e.what() << '\n';
    }
    std::_Exit(EXIT_FAILURE);
  });
  const int status = !r.failure.empty() ? 1 : r.interrupted ? 128 + interrupt::signal() : 0;
  return status_after(status, [&] { files.write(r); });
}

void become_stress_command(CLI::App& app, int& status) {
  const auto options = std::make_shared<stress_options>();
  add_options(app, *options);
  app.callback([options, &status] {
    status = run_stress(stress::shipped_combinations(), *options, std::cout);
  });
}

int run_stress_alone(int argc, const char* const* argv) {
  CLI::App app("Loads the channels that ship, on real threads");
  app.name("runnel_stress");
  use_help_text(app);
  int status = 0;
  become_stress_command(app, status);
  return run_parsed(app, argc, argv, status);
}

void add_stress_command(CLI::App& app, int& status) {
  become_stress_command(
      *app.add_subcommand(
          "stress",
          "Load the channels that ship, on real threads, and check that each message arrives "
          "once and in order"),
      status);
}

}  // namespace runnel::cli

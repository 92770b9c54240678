// SPDX-License-Identifier: MIT
#include "stress_command.hpp"

#include "report_text.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_pattern.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <random>
#include <stdexcept>

namespace runnel::cli {
namespace {

void write(const stress::soak_report& r, bool json, std::ostream& out) {
  (json ? stress::write_json : stress::write_text)(out, r);
  if (!out.flush()) throw std::runtime_error("cannot write to the standard output");
}

std::vector<stress::combination> selected_by(const std::vector<stress::combination>& all,
                                             const std::string& pattern) {
  std::vector<stress::combination> selected;
  const bool exact = std::ranges::any_of(all, [&](const auto& c) { return c.name == pattern; });
  std::ranges::copy_if(all, std::back_inserter(selected), [&](const auto& c) {
    return exact ? c.name == pattern : matches(c.name, pattern);
  });
  if (selected.empty())
    throw std::runtime_error("no combination matches '" + pattern + "'; such as '" +
                             all.front().name + "' would");
  return selected;
}

void add_options(CLI::App& command, stress_options& options) {
  options.soak.seed = std::random_device{}();
  command
      .add_option("--seconds", options.soak.seconds,
                  "How long; but each combination has at least one turn (default: 20)")
      ->check(CLI::Range(0.0, 1e9));
  command
      .add_option("--seed", options.soak.seed,
                  "Of what is random beside the schedules (default: a new one)")
      ->check([](const std::string& text) {
        return text.starts_with('-') ? "must not be negative" : std::string();
      });
  command
      .add_option("--threads", options.soak.most_threads,
                  "The most threads at a time (default: 32)")
      ->check(CLI::Range(2, 1024));
  command.add_option("--only", options.only,
                     "Only combinations whose name contains this, or matches it if it has one of\n"
                     "*?[; a whole name selects only itself");
  command.add_flag("--json", options.json, "Print JSON instead of a table");
  command.footer(
      "A combination is a flavour, a capacity and a profile, such as 'mpmc 64 one core'. "
      "Flavours:\n"
      "mpsc, mpmc. Capacities: 0, 1, 2, 64, 1024, unbounded. Profiles: oversubscribed, one core,\n"
      "pauses, disconnects, mixture. They take turns of at most 200 ms.\n\n"
      "Exit status: 0 if nothing failed; 1 if something did; 2 for a wrong use; 130, 143 after\n"
      "SIGINT, SIGTERM. The JSON is explained in docs/command.md.");
}

}  // namespace

int run_stress(const std::vector<stress::combination>& all, const stress_options& options,
               std::ostream& out) {
  const auto selected = selected_by(all, options.only);
  const interrupt signals;
  stress::soak_options how = options.soak;
  how.is_interrupted = [] { return interrupt::signal() != 0; };
  const stress::soak_report r = stress::soak(selected, how, [&](const stress::soak_report& so_far) {
    try {
      write(so_far, options.json, out);
    } catch (const std::exception& e) {
      std::cerr << "runnel: " << e.what() << '\n';
    }
    std::_Exit(EXIT_FAILURE);
  });
  write(r, options.json, out);
  if (!r.failure.empty()) return 1;
  return r.interrupted ? 128 + interrupt::signal() : 0;
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
  int status = 0;
  become_stress_command(app, status);
  return run_parsed(app, argc, argv, status);
}

void add_stress_command(CLI::App& app, int& status) {
  become_stress_command(
      *app.add_subcommand(
          "stress",
          "Load the channels that ship, on real threads, and check that each message arrives\n"
          "once and in order"),
      status);
}

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#include "litmus_command.hpp"

#include "litmus/report.hpp"
#include "litmus/search.hpp"
#include "litmus_files.hpp"
#include "terminal/common_options.hpp"
#include "terminal/help_text.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/parsed_command.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace runnel::cli {
namespace {

struct litmus_options {
  std::vector<std::string> paths;
  std::string model = "rc11";
  unsigned rounds = litmus_core::search_options{}.rounds;
  std::uint64_t limit = 0;
  double timeout = 60;
  std::string json;
};

constexpr int all_well = 0;
constexpr int claim_refuted = 1;

/// Of a test: a question, which `exists` is, has two answers that are both well.
int status_of(const litmus_core::program& p, const litmus_core::findings& f) {
  if (!f.incomplete.empty() || f.first_race) return claim_refuted;
  if (p.asks == litmus_core::quantifier::exists) return all_well;
  return is_satisfied(p, f) ? all_well : claim_refuted;
}

class litmus_run {
 public:
  explicit litmus_run(const litmus_options& o) : options_(o) {}

  int run() {
    int status = all_well;
    for (const std::string& path : litmus_files(options_.paths)) {
      if (interrupt::signal() != 0) return 128 + interrupt::signal();
      const read_file file = read_litmus_file(path);
      if (!file.content.program) {
        std::cerr << file.error;
        status = wrong_use;
        continue;
      }
      const int one = run(file);
      if (status == all_well) status = one;
    }
    return status;
  }

 private:
  int run(const read_file& file) {
    using clock = std::chrono::steady_clock;
    const litmus_core::program& p = *file.content.program;
    const auto start = clock::now();
    const auto seconds = [&] {
      return std::chrono::duration<double>(clock::now() - start).count();
    };
    litmus_core::search_options how;
    how.model = *litmus_core::model_called(options_.model);
    how.rounds = options_.rounds;
    how.limit = options_.limit;
    how.is_over = [&] {
      return interrupt::signal() != 0 || (options_.timeout > 0 && seconds() > options_.timeout);
    };
    const litmus_core::findings f = search(p, how);
    std::cout << report_text(p, f, seconds()) << std::flush;
    if (!std::cout) throw std::runtime_error("cannot write to the standard output");
    if (f.cut > 0)
      std::cerr << file.path << ": warning: " << f.cut << " executions have gone through a loop "
                << options_.rounds
                << " times and would go on (--unroll); outcomes may be missing\n";
    if (!f.incomplete.empty())
      std::cerr << file.path << ": incomplete: " << f.incomplete << "; about "
                << static_cast<int>(f.done * 100) << " % of the search is done\n";
    return status_of(p, f);
  }

  const litmus_options& options_;
};

void add_options(CLI::App& command, litmus_options& options) {
  command.add_option("FILE", options.paths, "Litmus tests, or folders of files *.litmus")
      ->required()
      ->check(refuse_empty);
  command
      .add_option(
          "--model", options.model,
          "The memory model: rc11, cxx20, sc (sequential consistency) or tso (x86) (default: rc11)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"rc11", "cxx20", "sc", "tso"}));
  command
      .add_option("--unroll", options.rounds, "How often a loop may be gone through (default: 2)")
      ->type_name("N")
      ->check(CLI::Range(1, 100));
  add_limit(command, options.limit, "Executions of each test, after which it is incomplete");
  add_timeout(command, options.timeout, "Time for each test, after which it is incomplete");
}

const char* const footer =
    "Languages: herd's C, and CppMem's. docs/litmus.md has what is supported in them.\n\n"
    "Examples:\n"
    "  runnel litmus model_tests/litmus/files\n"
    "  runnel litmus mp.litmus --model tso\n\n"
    "Exit status: 0 if each test was run, and what it claims with forall or ~exists holds; 1 if "
    "that does not "
    "hold, threads race, or a search is incomplete; 2 for a wrong use, and for what cannot be "
    "read; 130, 143 "
    "after SIGINT, SIGTERM.";

void become_litmus_command(CLI::App& app, int& status) {
  const auto options = std::make_shared<litmus_options>();
  add_options(app, *options);
  app.footer(footer);
  app.callback([options, &status] {
    const interrupt signals;
    status = litmus_run(*options).run();
  });
}

}  // namespace

void add_litmus_command(CLI::App& app, int& status) {
  become_litmus_command(
      *app.add_subcommand("litmus",
                          "Run litmus tests from files: which outcomes a memory model allows"),
      status);
}

int run_litmus_alone(int argc, const char* const* argv) {
  CLI::App app("Runs litmus tests: which outcomes a memory model allows");
  app.name("runnel_litmus");
  use_help_text(app);
  int status = 0;
  become_litmus_command(app, status);
  return run_parsed(app, argc, argv, status);
}

}  // namespace runnel::cli

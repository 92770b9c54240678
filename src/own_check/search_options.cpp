// SPDX-License-Identifier: MIT
#include "search_options.hpp"

#include "model/readable.hpp"
#include "terminal/common_options.hpp"
#include "terminal/help_text.hpp"
#include "terminal/parsed_command.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

namespace runnel::model {

int run_parsed(const std::string& name, CLI::App& app, int argc, const char* const* argv,
               const std::function<int()>& run) {
  cli::use_help_text(app);
  app.name(argv[0]);
  app.footer("Examples:\n  " + app.get_name() + " --timeout 60\n  " + app.get_name() +
             " --explain pages");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return cli::end_of_parse(app, e);
  }
  try {
    return run();
  } catch (const std::invalid_argument& e) {
    std::cerr << name << ": " << e.what() << '\n';
    return wrong_use;
  } catch (const std::exception& e) {
    std::cerr << name << ": " << e.what() << '\n';
    return failed;
  }
}

void add_search_options(CLI::App& app, explore_options& how) {
  cli::add_limit(app, how.limit, "Executions of each search, after which it is not exhaustive");
  cli::add_timeout(app, how.seconds, "Time for each search, after which it is not exhaustive",
                   "--seconds");
  app.add_option("-j,--jobs", how.jobs, "Worker processes that share the search (default: 1)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  const std::map<std::string, memory_model> models{{"rc11", memory_model::rc11},
                                                   {"cxx20", memory_model::cxx20}};
  app.add_option("--memory-model", how.memory_model,
                 "What is asked of seq_cst operations: rc11, or cxx20, which forbids more "
                 "(default: rc11)")
      ->type_name("MODEL")
      ->transform(CLI::CheckedTransformer(models));
  app.add_option("--weak-failures", how.faults.weak_failures,
                 "Weak compare-exchanges that fail without a reason, in each thread")
      ->type_name("N");
  app.add_option("--spurious-wakes", how.faults.spurious_wakes,
                 "Waits that end without a reason, in each thread")
      ->type_name("N");
  app.add_option("--failed-allocations", how.faults.failed_allocations,
                 "Allocations by model::allocate that find no memory, in each thread")
      ->type_name("N");
}

void show_progress(explore_options& how) {
  if (isatty(STDERR_FILENO) == 0) return;
  using std::chrono::steady_clock;
  how.progress = [next = steady_clock::now() + std::chrono::seconds(2)](std::uint64_t executions,
                                                                        double done) mutable {
    if (steady_clock::now() < next) return;
    next = steady_clock::now() + std::chrono::seconds(2);
    std::cerr << readable(executions) << " executions";
    if (done >= 0) std::cerr << ", about " << readable_part(done) << " of the search";
    std::cerr << '\n';
  };
}

}  // namespace runnel::model

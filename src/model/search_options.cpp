// SPDX-License-Identifier: MIT
#include "search_options.hpp"

#include "readable.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <iostream>

namespace runnel::model {

void add_search_options(CLI::App& app, explore_options& how) {
  app.add_option("--limit", how.limit, "Stop after so many executions; 0: never");
  app.add_option("--seconds", how.seconds, "Stop after so many seconds; 0: never")
      ->check(CLI::NonNegativeNumber);
  app.add_option("-j,--jobs", how.jobs, "Worker processes that share the search (default: 1)")
      ->check(CLI::Range(1, 1024));
  app.add_option("--weak-failures", how.faults.weak_failures,
                 "Weak compare-exchanges that fail without a reason, in each thread");
  app.add_option("--spurious-wakes", how.faults.spurious_wakes,
                 "Waits that end without a reason, in each thread");
  app.add_option("--failed-allocations", how.faults.failed_allocations,
                 "Allocations by model::allocate that find no memory, in each thread");
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

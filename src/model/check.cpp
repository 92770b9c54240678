// SPDX-License-Identifier: MIT
#include <runnel/model/check.hpp>

#include "interception.hpp"
#include "judged.hpp"
#include "readable.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

namespace runnel::model {

namespace {

enum exit_status : int { passed = 0, failed = 1, wrong_use = 2 };

struct settings {
  explore_options how;
  std::string expected_failure;
};

void add_options(CLI::App& app, settings& s) {
  app.add_option("--replay", s.how.replay, "Run one execution alone, and print what it does");
  app.add_option("--limit", s.how.limit, "Stop after so many executions; 0: never");
  app.add_option("--seconds", s.how.seconds, "Stop after so many seconds; 0: never")
      ->check(CLI::NonNegativeNumber);
  app.add_option("-j,--jobs", s.how.jobs, "Worker processes that share the search (default: 1)")
      ->check(CLI::Range(1, 1024));
  app.add_option("--expect-failure", s.expected_failure,
                 "Pass if and only if an execution fails in this way, for example \"data race\"");
  app.add_option("--weak-failures", s.how.faults.weak_failures,
                 "Weak compare-exchanges that fail without a reason, in each thread");
  app.add_option("--spurious-wakes", s.how.faults.spurious_wakes,
                 "Waits that end without a reason, in each thread");
  app.add_option("--failed-allocations", s.how.faults.failed_allocations,
                 "Allocations by model::allocate that find no memory, in each thread");
}

/// A line now and then that says how far the search is, if somebody looks at it.
void show_progress(explore_options& how) {
  if (isatty(STDERR_FILENO) == 0) return;
  using clock = std::chrono::steady_clock;
  how.progress = [next = clock::now() + std::chrono::seconds(2)](std::uint64_t executions,
                                                                 double done) mutable {
    if (clock::now() < next) return;
    next = clock::now() + std::chrono::seconds(2);
    std::cerr << readable(executions) << " executions";
    if (done >= 0) std::cerr << ", about " << readable_part(done) << " of the search";
    std::cerr << '\n';
  };
}

void print_numbers(const explore_result& r) {
  std::cerr << readable(r.complete) << (r.complete == 1 ? " execution, " : " executions, ")
            << readable(r.blocked) << " blocked, " << readable(r.events) << " events, "
            << readable_time(r.time) << ", " << readable_size(r.memory) << '\n';
}

/// Of a line of people's.
constexpr std::size_t columns = 100;

/// `headline` begins the first line.
void print_failure(const std::string& headline, std::string_view program, const explore_result& r) {
  std::cerr << wrapped(headline + r.failure + ": " + r.message, columns, 2) << '\n';
  if (r.replay.empty()) return;
  std::cerr << '\n'
            << r.history << "\nThis execution alone: " << program << " --replay " << r.replay
            << (r.failure == endless_execution ? " --seconds 1" : "") << '\n';
}

/// The expected failure has to be found, and no other.
exit_status judge_failing(const std::string& name, std::string_view program,
                          const std::string& expected, const explore_result& r) {
  const bool as_expected = r.end == end_of_search::failed && r.failure == expected;
  const std::string headline =
      name + (as_expected ? "passed" : "FAILED") + ": expected is " + expected + "; found is ";
  if (r.end == end_of_search::failed) {
    print_failure(headline, program, r);
  } else {
    std::cerr << headline << "none: ";
    print_numbers(r);
  }
  return as_expected ? passed : failed;
}

exit_status judge(const std::string& name, std::string_view program, const settings& s,
                  const explore_result& r) {
  switch (r.end) {
    case end_of_search::failed: print_failure(name + "FAILED: ", program, r); return failed;
    case end_of_search::cut:
      std::cerr << name << "NOT EXHAUSTIVE: a limit ended the search before an execution failed: ";
      print_numbers(r);
      return failed;
    case end_of_search::exhausted: break;
  }
  if (s.how.replay.empty()) {
    std::cerr << name << "passed: every execution was visited: ";
    print_numbers(r);
  } else {
    std::cerr << name << "this execution does not fail\n\n" << r.history;
  }
  return passed;
}

}  // namespace

void require_own_heap() {
  void* const p = ::operator new(1);
  if (heap_free(p)) return;
  ::operator delete(p);
  fail("heap", "the global operator new of this program does not ask runnel::model::running()");
}

int check(std::string_view name, program& p, int argc, const char* const* argv) {
  try {
    CLI::App app("Visits every execution of a small program that the C++ memory model allows.");
    settings s;
    add_options(app, s);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
      return app.exit(e, std::cout, std::cerr) == 0 ? passed : wrong_use;
    }
    show_progress(s.how);
    return explore_and_judge(p, s.how, [&](const explore_result& r) -> int {
      const std::string whose = std::string(name) + ": ";
      return s.expected_failure.empty() ? judge(whose, argv[0], s, r)
                                        : judge_failing(whose, argv[0], s.expected_failure, r);
    });
  } catch (const std::invalid_argument& e) {
    std::cerr << name << ": " << e.what() << '\n';
    return wrong_use;
  } catch (const std::exception& e) {
    std::cerr << name << ": " << e.what() << '\n';
    return failed;
  }
}

}  // namespace runnel::model

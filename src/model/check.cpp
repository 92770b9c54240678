// SPDX-License-Identifier: MIT
#include <runnel/model/check.hpp>

#include "interception.hpp"
#include "judged.hpp"
#include "kinds.hpp"
#include "readable.hpp"
#include "search_options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
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

constexpr std::uint64_t smallest_by_default = 10'000;

struct settings {
  explore_options how;
  std::string expected_failure;
  std::string expected_own_failure;
  bool lists_kinds = false;

  [[nodiscard]] const std::string& expected() const {
    return expected_failure.empty() ? expected_own_failure : expected_failure;
  }
};

/// A name that is not in the list would never be found, whatever the check does.
std::string refuse_unknown_kind(const std::string& name) {
  if (std::ranges::find(failure_kinds, name, &failure_kind::name) != failure_kinds.end()) return {};
  return "\"" + name +
         "\" is no kind of failure: --list has them all; for one that the program gives " +
         "to model::fail there is --expect-own-failure";
}

void print_kinds() {
  for (const failure_kind& k : failure_kinds) {
    constexpr std::size_t indent = 44;
    std::string line(k.name);
    line.resize(indent, ' ');
    std::cout << wrapped(line + std::string(k.meaning), columns, indent) << '\n';
  }
}

void add_options(CLI::App& app, settings& s) {
  app.add_option("--replay", s.how.replay, "Run one execution alone, and print what it does");
  add_search_options(app, s.how);
  app.add_option("--expect-failure", s.expected_failure,
                 "Pass if and only if an execution fails in this way, for example \"data race\"")
      ->type_name("KIND")
      ->check(refuse_unknown_kind);
  app.add_option("--expect-own-failure", s.expected_own_failure,
                 "The same for a kind that the program itself gives to model::fail")
      ->type_name("KIND")
      ->excludes("--expect-failure");
  app.add_flag("--list", s.lists_kinds, "List the kinds of failures");
  app.add_option(
         "--smallest", s.how.smallest,
         "After a failure search so many executions for a smaller one that fails in the same\n"
         "way, if the search is not shared; 0: none (default: 10000)")
      ->type_name("N");
}

void print_numbers(const explore_result& r) {
  std::cerr << readable(r.complete) << (r.complete == 1 ? " execution, " : " executions, ")
            << readable(r.blocked) << " blocked, " << readable(r.events) << " events, "
            << readable_time(r.time) << ", " << readable_size(r.memory) << '\n';
}

/// `headline` begins the first line.
void print_failure(const std::string& headline, std::string_view program, const explore_result& r) {
  std::cerr << wrapped(headline + r.failure + ": " + r.message, columns, 2) << '\n';
  if (r.failures > 1)
    std::cerr << "  " << (r.is_smallest ? "(the smallest of " : "(the smallest so far of ")
              << readable(r.failures) << " executions that fail in this way)\n";
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
    s.how.smallest = smallest_by_default;
    add_options(app, s);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
      return app.exit(e, std::cout, std::cerr) == 0 ? passed : wrong_use;
    }
    if (s.lists_kinds) {
      print_kinds();
      return passed;
    }
    if (s.how.jobs > 1) s.how.smallest = 0;
    show_progress(s.how);
    return explore_and_judge(p, s.how, [&](const explore_result& r) -> int {
      const std::string whose = std::string(name) + ": ";
      return s.expected().empty() ? judge(whose, argv[0], s, r)
                                  : judge_failing(whose, argv[0], s.expected(), r);
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

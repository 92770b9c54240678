// SPDX-License-Identifier: MIT
#include <runnel/model/check.hpp>

#include "check_once.hpp"
#include "model/interception.hpp"
#include "model/kinds.hpp"
#include "search_options.hpp"
#include "terminal/text_output.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <new>
#include <string>
#include <string_view>

namespace runnel::model {

namespace {

struct settings {
  explore_options how;
  once_options once;
  std::string expected_own_failure;
  bool lists_kinds = false;
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
    std::cout << cli::left(k.name, indent) << cli::wrap(k.meaning, cli::prose_width(), indent)
              << '\n';
  }
}

void add_options(CLI::App& app, settings& s) {
  add_once_options(app, s.how, s.once);
  add_search_options(app, s.how);
  app.add_option("--expect-failure", s.once.expected_failure,
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
         "After a failure search so many executions for a smaller one that fails in the same "
         "way, if the search is not shared; 0: none (default: 10000)")
      ->type_name("N");
  add_file_options(app, s.once.files);
}

}  // namespace

void require_own_heap() {
  void* const p = ::operator new(1);
  if (heap_free(p)) return;
  ::operator delete(p);
  fail("heap", "the global operator new of this program does not ask runnel::model::running()");
}

int check(std::string_view name, program& p, int argc, const char* const* argv) {
  CLI::App app("Visits every execution of a small program that the C++ memory model allows.");
  settings s;
  s.how.smallest = smallest_by_default;
  add_options(app, s);
  return run_parsed(std::string(name), app, argc, argv, [&]() -> int {
    if (s.lists_kinds) {
      print_kinds();
      return passed;
    }
    if (s.once.expected_failure.empty()) s.once.expected_failure = s.expected_own_failure;
    return check_once(std::string(name), argv[0], p, s.how, s.once);
  });
}

}  // namespace runnel::model

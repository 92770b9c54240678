// SPDX-License-Identifier: MIT
#include <runnel/model/native.hpp>

#include "program.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"

#include <runnel/model/check.hpp>

#include <algorithm>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::model {

explore_result explore_native(const std::function<void()>& main, const explore_options& options,
                              const native_options& native) {
  native::native_program p(main, native);
  explore_options how = options;
  how.watches_memory = false;  // each access is seen
  return explore(p, how);
}

namespace {

constexpr std::string_view more_help = R"help(
Of code as it ships:
  --cut-polls        What a loop polls has the same value until the thread does
                     something else; that it changes meanwhile is left out
  --allow-call NAME  Let this function be called, though it is not seen what it
                     does; a * stands for any characters; may be given more
                     than once
  --allow-leaks      Memory that nothing leads to at the end is no failure
  --tolerate-races NAME
                     Data races are no failures if one of the two accesses is in
                     this function, as with --allow-call
)help";

/// What the arguments are for: the check, the native options, the program itself (behind "--").
struct arguments_by_use {
  arguments_by_use(int argc, const char* const* argv, native_options options)
      : native(std::move(options)) {
    bool is_own = false;
    for (int i = 0; i < argc; ++i) {
      const std::string_view argument(argv[i]);
      is_own = is_own || argument == "--";
      if (is_own) {
        repeat(argv[i]);
      } else if (argument == "--cut-polls") {
        native.cuts_polls = true;
        repeat(argv[i]);
      } else if (argument == "--allow-leaks") {
        native.may_leak = true;
        repeat(argv[i]);
      } else if (i + 1 < argc && functions_of(argument) != nullptr) {
        repeat(argv[i]);
        functions_of(argument)->emplace_back(argv[++i]);
        repeat(argv[i]);
      } else {
        of_check.push_back(argv[i]);
      }
    }
  }
  [[nodiscard]] bool asks_for_help() const {
    return std::ranges::find(of_check, std::string_view("--help")) != of_check.end();
  }

  std::vector<const char*> of_check;
  native_options native;
  std::string repeated;  ///< all others

 private:
  /// What an option names functions for.
  std::vector<std::string>* functions_of(std::string_view option) {
    if (option == "--allow-call") return &native.allowed_functions;
    return option == "--tolerate-races" ? &native.tolerated_races : nullptr;
  }
  void repeat(const char* argument) {
    repeated += (repeated.empty() ? "" : " ") + cli::shell_word(argument);
  }
};

/// The verdict says it.
std::string what_is_let_through(const native_options& native) {
  const auto function = [](const std::string& f) { return f + (f.contains('*') ? "" : "()"); };
  std::string said;
  for (const std::string& f : native.allowed_functions)
    said += " (" + function(f) + " not looked into)";
  for (const std::string& f : native.tolerated_races)
    said += " (data races of " + function(f) + " tolerated)";
  if (native.may_leak) said += " (leaks allowed)";
  return said;
}

}  // namespace

int check_native(std::string_view name, const std::function<void()>& main, int argc,
                 const char* const* argv, const native_options& native) {
  const arguments_by_use arguments(argc, argv, native);
  const std::string said = std::string(name) + what_is_let_through(arguments.native);
  std::optional<native::native_program> p;
  try {
    p.emplace(main, arguments.native);
  } catch (const std::runtime_error& e) {
    std::cerr << name << ": " << e.what() << '\n';
    return cli::wrong_use;
  }
  p->called_with = arguments.repeated;
  const int status =
      check(said, *p, static_cast<int>(arguments.of_check.size()), arguments.of_check.data());
  if (arguments.asks_for_help()) std::cout << more_help << std::flush;
  return status;
}

}  // namespace runnel::model

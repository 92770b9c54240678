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
      } else if (argument == "--allow-call" && i + 1 < argc) {
        repeat(argv[i]);
        native.allowed_functions.emplace_back(argv[++i]);
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
  void repeat(const char* argument) {
    repeated += (repeated.empty() ? "" : " ") + cli::shell_word(argument);
  }
};

}  // namespace

int check_native(std::string_view name, const std::function<void()>& main, int argc,
                 const char* const* argv, const native_options& native) {
  const arguments_by_use arguments(argc, argv, native);
  std::string said(name);
  for (const std::string& f : arguments.native.allowed_functions)
    said += " (" + f + (f.contains('*') ? "" : "()") + " not looked into)";
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

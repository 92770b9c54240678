// SPDX-License-Identifier: MIT
#include "command_line.hpp"

#include "book/book_command.hpp"
#include "checks/check_command.hpp"
#include "completion.hpp"
#include "explain/explain_command.hpp"
#include "fuzz/fuzz_command.hpp"
#include "litmus/command/litmus_command.hpp"
#include "orders/orders_command.hpp"
#include "stress/stress_command.hpp"
#include "terminal/help_text.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"
#include "terminal/text_pattern.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli {
namespace {

const char* const first_steps =
    "Examples:\n"
    "  runnel check 'the mutex'\n"
    "  runnel orders ring\n"
    "  runnel explain ring.publish --output pictures\n\n"
    "Each command has a --help of its own, with examples.";

}  // namespace

int run(int argc, const char* const* argv) {
  CLI::App app("Model checks and memory orders of the Runnel channel library");
  app.name("runnel");
  use_help_text(app);
  app.footer(first_steps);
  app.require_subcommand(1);
  app.set_version_flag("--version", "runnel " + version_text(), "Print the version, and exit");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  int status = 0;
  add_check_command(app, status);
  add_explain_command(app, status);
  add_fuzz_command(app, status);
  add_orders_command(app, status);
  add_book_command(app, status);
  add_stress_command(app, status);
  add_litmus_command(app, status);
  for (CLI::App* command : app.get_subcommands({})) command->group("Commands");
  const std::string word = argc > 1 ? argv[1] : "";
  if (word == completion_command) return complete(app, {argv + 2, argv + argc}, std::cout);
  if (word == "help") {
    std::vector<const char*> asked{argv[0], argc > 2 ? argv[2] : "--help", "--help"};
    return run(static_cast<int>(asked.size()), asked.data());
  }
  const std::vector<std::string> names = names_of_commands(app);
  if (word.empty()) {
    std::cerr << app.help() << "\nrunnel: a command is required\n";
    return wrong_use;
  }
  if (word[0] != '-' && std::ranges::find(names, word) == names.end()) {
    std::cerr << "runnel: there is no command '" << word << "'" << did_you_mean(word, names)
              << "\nSee runnel --help\n";
    return wrong_use;
  }
  return run_parsed(app, argc, argv, status);
}

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#include "command_line.hpp"

#include "book/book_command.hpp"
#include "checks/check_command.hpp"
#include "explain/explain_command.hpp"
#include "fuzz/fuzz_command.hpp"
#include "orders/orders_command.hpp"
#include "stress/stress_command.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <string>

namespace runnel::cli {
namespace {

bool has_command(const CLI::App& app, const std::string& name) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  return std::ranges::any_of(commands, [&](const auto* c) { return c->get_name() == name; });
}

}  // namespace

int run(int argc, const char* const* argv) {
  CLI::App app("Model checks and memory orders of the Runnel channel library");
  app.name("runnel");
  app.require_subcommand(1);
  app.set_version_flag("--version", "runnel " + version_text());
  int status = 0;
  add_check_command(app, status);
  add_explain_command(app, status);
  add_fuzz_command(app, status);
  add_orders_command(app, status);
  add_book_command(app, status);
  add_stress_command(app, status);
  const std::string word = argc > 1 ? argv[1] : "";
  if (!word.empty() && word[0] != '-' && !has_command(app, word)) {
    std::cerr << "runnel: there is no command '" << word << "'; runnel --help lists them\n";
    return wrong_use;
  }
  return run_parsed(app, argc, argv, status);
}

}  // namespace runnel::cli

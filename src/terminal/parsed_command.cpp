// SPDX-License-Identifier: MIT
#include "parsed_command.hpp"

#include "text_pattern.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace runnel::cli {
namespace {

/// Of the first argument that looks like an option and is none.
std::string nearest_option(const CLI::App& app, const CLI::App& command) {
  std::vector<std::string> options;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  for (const std::string& argument : app.remaining(true)) {
    if (argument.starts_with("--"))
      return did_you_mean(argument.substr(0, argument.find('=')), options);
  }
  return {};
}

}  // namespace

int end_of_parse(CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error, std::cout, std::cerr);
  const CLI::App* command = &app;
  std::string name = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  std::cerr << name << ": " << error.what() << nearest_option(app, *command) << "\nSee " << name
            << " --help\n";
  return wrong_use;
}

int run_parsed(CLI::App& app, int argc, const char* const* argv, const int& status) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return end_of_parse(app, e);
  } catch (const std::exception& e) {
    std::cerr << app.get_name() << ": " << e.what() << '\n';
    return wrong_use;
  }
  return status;
}

int status_after(int status, const std::function<void()>& write) {
  try {
    write();
    if (!std::cout) throw std::runtime_error("cannot write to the standard output");
  } catch (const std::exception& e) {
    std::cerr << "runnel: " << e.what() << '\n';
    return status == 0 ? wrong_use : status;
  }
  return status;
}

std::string refuse_empty(const std::string& text) {
  return text.empty() ? "must not be empty" : "";
}

std::string refuse_no_count(const std::string& text) {
  constexpr std::size_t most_digits = 18;
  const bool is_count = !text.empty() && text.size() <= most_digits &&
                        text.find_first_not_of("0123456789") == std::string::npos;
  return is_count ? "" : "'" + text + "' is not a whole number from 0 to 10^18";
}

std::string refuse_no_time(const std::string& text) {
  constexpr double longest = 1e9;
  std::string number = text;
  return CLI::Range(0.0, longest)(number).empty()
             ? ""
             : "'" + text + "' is not a number of seconds from 0 to 10^9";
}

std::string refuse_zero(const std::string& text) {
  const bool is_zero = text.find_first_not_of('0') == std::string::npos;
  return is_zero ? "must be at least 1" : refuse_no_count(text);
}

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#include "parsed_command.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>

namespace runnel::cli {

int run_parsed(CLI::App& app, int argc, const char* const* argv, const int& status) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e, std::cout, std::cerr) == 0 ? 0 : wrong_use;
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

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#include "parsed_command.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

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

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
//
// `runnel stress` as a program of its own, for builds without the model checks.
#include "stress_command.hpp"
#include "terminal/help_text.hpp"
#include "terminal/parsed_command.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("Loads the channels that ship, on real threads");
  app.name("runnel_stress");
  runnel::cli::use_help_text(app);
  int status = 0;
  runnel::cli::become_stress_command(app, status);
  return runnel::cli::run_parsed(app, argc, argv, status);
}

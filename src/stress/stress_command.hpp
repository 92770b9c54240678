// SPDX-License-Identifier: MIT
#pragma once

#include "soak.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace runnel::cli {

/// Of `runnel stress`.
struct stress_options {
  stress::soak_options soak;
  std::string pattern;
  std::string json = {};  ///< a file; "-" is the standard output in the place of the text
  bool list = false;
};

/// Loads those combinations that the options select, or lists them, and prints what came of it to `out`, which
/// stands for the standard output; the exit status. A hang ends the program with status 1. Throws
/// std::runtime_error if none is selected, or a file cannot be written.
int run_stress(const std::vector<stress::combination>& all, const stress_options& options,
               std::ostream& out);

/// Adds `stress` to the command line; once it has run, `status` is its exit status.
void add_stress_command(CLI::App& app, int& status);
/// Makes `app` itself that command.
void become_stress_command(CLI::App& app, int& status);
/// The same as a program of its own; its exit status.
int run_stress_alone(int argc, const char* const* argv);

}  // namespace runnel::cli

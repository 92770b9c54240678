// SPDX-License-Identifier: MIT
//
// `runnel litmus`.
#pragma once

namespace CLI {
class App;
}

namespace runnel::cli {

void add_litmus_command(CLI::App& app, int& status);
/// As a program of its own.
int run_litmus_alone(int argc, const char* const* argv);

}  // namespace runnel::cli

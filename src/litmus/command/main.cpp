// SPDX-License-Identifier: MIT
//
// `runnel litmus` as a program of its own, which builds without the model checks.
#include "litmus_command.hpp"

int main(int argc, char** argv) { return runnel::cli::run_litmus_alone(argc, argv); }

// SPDX-License-Identifier: MIT
//
// `runnel stress` as a program of its own, for builds without the model checks.
#include "stress_command.hpp"

int main(int argc, char** argv) { return runnel::cli::run_stress_alone(argc, argv); }

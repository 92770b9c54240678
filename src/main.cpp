// SPDX-License-Identifier: MIT
#include "command_line.hpp"

int main(int argc, char** argv) { return runnel::cli::run(argc, argv); }

// SPDX-License-Identifier: MIT
//
// What `runnel fuzz` prints and writes.
#pragma once

#include "fuzz_run.hpp"

#include <iosfwd>
#include <string>

namespace runnel::cli {

/// How the run was asked for, as far as a program depends on it.
struct fuzz_request {
  std::uint64_t seed = 1;
  std::string channel;
  std::string file;  ///< that the scenario goes to; may be empty
};

/// The smallest failing program as a scenario file.
std::string scenario_of(const fuzz_failure& failure, const fuzz_request& request);

void print(std::ostream& out, const fuzz_failure& failure, const fuzz_request& request);
void print_summary(std::ostream& out, const fuzz_report& report, int signal);

void write_json(std::ostream& out, const fuzz_report& report, const fuzz_request& request,
                int signal);

}  // namespace runnel::cli

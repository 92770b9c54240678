// SPDX-License-Identifier: MIT
//
// The command line that all drivers share, those in Rust and Go included.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bench {

struct options {
  std::string workload;
  std::optional<std::size_t> capacity;  // none: unbounded
  std::size_t bytes = 8;
  std::size_t senders = 1;
  std::size_t receivers = 1;
  std::size_t channels = 1;  // of select and try_select
  std::uint64_t messages = 1000;
  std::chrono::nanoseconds interval{0};
  bool by_reference = false;  // else each thread has its handle moved into it
};

/// Exits with 2 where the arguments are wrong.
options parse(int argc, char** argv);

/// Of a program that takes --seconds alone: that, or 5. Exits as above.
std::chrono::seconds parse_seconds(int argc, char** argv, const char* description,
                                   const char* of_what);

}  // namespace bench

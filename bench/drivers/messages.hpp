// SPDX-License-Identifier: MIT
//
// What is sent, by whom, and what a workload says of it in the end.
#pragma once

#include "crew.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <utility>
#include <vector>

namespace bench {

template <std::size_t Bytes>
struct message {
  std::uint64_t words[Bytes / 8];

  explicit message(std::uint64_t value) : words{value} {}
  message() { words[0] = 0; }  // the rest is received into
  std::uint64_t value() const { return words[0]; }
};

/// The messages of one of `parts` threads: [first, last).
struct share {
  std::uint64_t first;
  std::uint64_t last;

  share(std::uint64_t messages, std::size_t parts, std::size_t part)
      : first(messages * part / parts), last(messages * (part + 1) / parts) {}
};

/// n handles: the one given, and copies of it.
template <class Handle>
std::vector<Handle> handles(Handle first, std::size_t n) {
  std::vector<Handle> all;
  all.reserve(n);
  if constexpr (std::copy_constructible<Handle>) {
    while (all.size() + 1 < n) all.push_back(first);
  } else if (n != 1) {
    throw std::runtime_error("a single receiver");
  }
  all.push_back(std::move(first));
  return all;
}

/// What came out must be what went in: the numbers from 0 to n - 1.
inline void verify(std::uint64_t sum, std::uint64_t messages) {
  if (sum != messages * (messages - 1) / 2) throw std::runtime_error("wrong sum of messages");
}

/// Larger messages are for the workloads that measure throughput between threads.
inline constexpr std::size_t small = 8;

inline void print_throughput(clock::duration took, std::uint64_t messages) {
  const auto n = static_cast<double>(messages);
  std::printf("{\"ns_per_message\": %.3f}\n", static_cast<double>(nanoseconds(took)) / n);
}

}  // namespace bench

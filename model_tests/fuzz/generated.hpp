// SPDX-License-Identifier: MIT
//
// Small random programs on a channel, for the explorer; each fourth is one with selects
// (generated_selects.hpp).
//
// Each of the others ends on a channel without a mistake, since no thread has handles of both sides: if all
// that are left wait, those of one side wait for the others, who have gone (and who waits is told), or
// each side waits for the other, and they meet. So a deadlock is always a failure.
#pragma once

#include "generated_selects.hpp"

#include "support/program.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace runnel::check::fuzz {

struct generated {
  check::program program;
  bool mpmc = false;
  unsigned failed_allocations = 0;  ///< that each thread may have, and the making of the channel
  std::optional<select_program> selects{};  ///< what is run instead of `program`
};

/// A program of a seed and a number is the same on every machine. Nearly all have less than 200,000
/// executions.
generated generate(std::uint64_t seed, std::uint64_t number);

/// Whether it can be run: two or three threads, at least one on each side, no call without a handle
/// and no more handles than a thread has room for, one receiver if it is mpsc, each value once.
bool is_valid(const generated& g);

/// The steps of all threads; to drain counts as one, and so does a select.
std::size_t operations(const generated& g);

/// Each value as its place among the sends: 1, 2, 3 …
void number_values(check::program& p);

/// As it stands in a scenario file: "draining_receiver({try_recv()})".
std::string text(const thread_program& t);
/// In one line.
std::string text(const generated& g);

}  // namespace runnel::check::fuzz

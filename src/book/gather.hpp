// SPDX-License-Identifier: MIT
#pragma once

#include "book.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli::book {

struct gather_options {
  std::string include;           ///< the sources below this directory
  std::string scenario_sources;  ///< the paths of scenario files begin here
  std::string record;            ///< what is known of each step
  std::string results;           ///< of `runnel check --json`; empty: they are explored
  std::size_t jobs = 1;
  double timeout = 0;            ///< seconds for each search; 0: no limit
  std::uint64_t executions = 0;  ///< that are looked at for a smaller counterexample
  /// Called as it goes on, by one thread at a time: what is done, and how far that is.
  std::function<void(std::string_view what, std::size_t done, std::size_t of)> progress =
      [](std::string_view, std::size_t, std::size_t) {};
};

/// What the book is made from. `errors`: what is not as the record or the comments say. Throws
/// std::runtime_error for what cannot be read. An `interrupt` must be alive; after a signal some of it is
/// missing.
contents gather(const gather_options& options, std::vector<std::string>& errors);

}  // namespace runnel::cli::book

// SPDX-License-Identifier: MIT
//
// What a verifier that Spin made prints.
#pragma once

#include "manifest.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace runnel::spec {

struct verification {
  /// Why this is no verdict: something ended the search. Empty if nothing did.
  std::string incomplete;
  /// Spin's words for the error found: "assertion violated ...". Empty if there is none.
  std::string error;
  search_numbers numbers;
  std::string spin;  ///< the version
};

/// Of a search for violations of `check`. Whatever is not known to be a whole search is incomplete.
verification read_verification(const std::string& output, const planned_check& check);

/// The states stored so far, if the line says that; otherwise 0.
std::uint64_t states_so_far(std::string_view line);

/// An error's trail, replayed: the steps that lead to it, one a line, and what is violated there.
struct trail {
  std::string steps;
  std::string violated;  ///< empty if the model does not say
};

trail read_trail(const std::string& output);

}  // namespace runnel::spec

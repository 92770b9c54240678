// SPDX-License-Identifier: MIT
//
// What manifest.json says: which verifiers are built, what each has to find, in how many states.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace runnel::spec {

inline constexpr const char* holds = "holds";

/// Numbers by which a search is recognised.
struct search_numbers {
  std::uint64_t states = 0;  ///< stored
  std::uint64_t depth = 0;   ///< reached
  std::uint64_t pairs = 0;   ///< of states, if two specs are compared
  std::uint64_t labels = 0;  ///< compared in them

  bool operator==(const search_numbers&) const = default;
};

std::string text(const search_numbers& numbers);

struct planned_check {
  std::string name;  ///< a sentence
  std::string file;  ///< what is checked, relative to the top of the repository
  std::string verifier;
  /// "safety", "agreement" or the name of an ltl formula.
  std::string property;
  bool fairness = false;
  std::string verdict;  ///< `holds`, or what is violated
  search_numbers numbers;
  std::string spin;  ///< the version that gives these numbers

  [[nodiscard]] bool is_formula() const { return property != "safety" && property != "agreement"; }
};

/// Throws std::runtime_error, which names the file, if it is not there or not as it should be.
std::vector<planned_check> read_manifest(const std::filesystem::path& file);

}  // namespace runnel::spec

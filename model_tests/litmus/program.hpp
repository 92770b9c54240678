// SPDX-License-Identifier: MIT
//
// Litmus programs with what RC11 says of them.
#pragma once

#include "machine.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace runnel::litmus {

/// Outcomes are written "a=0 b=1 x=2": registers by name, then the final values that are asked for.
class outcomes {
 public:
  outcomes() = default;
  outcomes(std::initializer_list<std::string> texts) : texts_(texts) {}

  /// All combinations of the registers' values, 0 to n - 1.
  static outcomes every(std::initializer_list<std::pair<char, int>> registers);
  [[nodiscard]] outcomes with(const std::string& text) const;
  /// Without those that have all these values: but("a=1 c=0").
  [[nodiscard]] outcomes but(const std::string& values) const;

  [[nodiscard]] const std::set<std::string>& texts() const { return texts_; }

 private:
  std::set<std::string> texts_;
};

using body = std::function<void(machine&)>;

struct program {
  std::string name;
  std::uint64_t executions = 0;  ///< complete ones that RC11 allows
  outcomes allowed{};
  std::vector<body> threads{};
  std::string finals{};  ///< of which locations the final values belong to the outcome: "xy"
  unsigned locations = 4;
  std::vector<int> initial{};  ///< zero for the others
  bool small = true;           ///< the reference explorer can do it, too
  bool sticks = false;         ///< a thread may wait for ever, which is no failure
  std::optional<std::uint64_t> executions_cxx20{};  ///< that C++20 allows, if it is another number
};

/// What an execution shows; `finals` in the order of program::finals.
std::string text_of(const registers& r, const program& p, const std::vector<int>& finals);
/// The location of a letter in program::finals.
unsigned location_of(char letter);

std::vector<program> coherence_programs();
std::vector<program> message_passing_programs();
std::vector<program> buffering_programs();
std::vector<program> release_sequence_programs();
std::vector<program> seq_cst_programs();
std::vector<program> rmw_programs();
std::vector<program> await_programs();
std::vector<program> data_structure_programs();
std::vector<program> synthetic_programs();
/// All of the above.
std::vector<program> all_programs();

}  // namespace runnel::litmus

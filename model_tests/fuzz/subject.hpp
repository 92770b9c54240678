// SPDX-License-Identifier: MIT
//
// The channels that generated programs run on: the shipped one and the broken ones.
#pragma once

#include "generated.hpp"

#include "support/check.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::check::fuzz {

inline constexpr std::string_view shipped = "shipped";

struct subject {
  std::string name;  ///< `shipped`, or what is wrong with it
  std::function<result(const generated&, const options&)> run;
};

/// All channels that are linked into the program.
inline std::vector<subject>& subjects() {
  static std::vector<subject> all;
  return all;
}

/// Registers a channel when a translation unit is loaded.
struct subject_registration {
  explicit subject_registration(subject s) { subjects().push_back(std::move(s)); }
};

}  // namespace runnel::check::fuzz

// SPDX-License-Identifier: MIT
//
// How scenarios with selects are registered, for the flavours that they are about.
#pragma once

#include "scenarios.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace runnel::check {

using capacity = std::optional<std::size_t>;

inline std::array<capacity, 3> flavours() { return {unbounded, capacity(1), capacity(rendezvous)}; }
inline std::vector<std::pair<capacity, capacity>> pairs_of_flavours() {
  std::vector<std::pair<capacity, capacity>> pairs;
  const auto all = flavours();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i; j < all.size(); ++j) pairs.emplace_back(all[i], all[j]);
  }
  return pairs;
}
inline std::string flavour_name(capacity c) {
  return !c ? "unbounded" : *c == rendezvous ? "rendezvous" : "capacity " + std::to_string(*c);
}
inline std::string flavour_text(capacity c) { return ", " + flavour_name(c); }
inline std::string flavours_text(capacity a, capacity b) {
  return flavour_text(a) + " and " + flavour_name(b);
}

/// Runs the program; what is registered with it is made for channels of that kind.
inline auto selects(scenario_file& file, const select_program& p, bool mpmc) {
  file.made_for({mpmc ? "mpmc" : "mpsc"});
  return [p, mpmc](engine e, const search& how, const options& o) {
    return check::run(e, p, mpmc, how, o);
  };
}

inline void add_selects(scenario_file& file, const std::string& variant,
                        const search& relacy_search, const select_program& p, bool mpmc = false) {
  file.add(variant, relacy_search, selects(file, p, mpmc));
}
/// The same; the explorer takes minutes.
inline void add_long_selects(scenario_file& file, const std::string& variant,
                             const search& relacy_search, const select_program& p,
                             bool mpmc = false) {
  file.add_long(variant, relacy_search, selects(file, p, mpmc));
}
/// With Relacy and on real threads: too large for all its executions to be explored.
inline void sample_selects(scenario_file& file, const std::string& variant,
                           const search& relacy_search, const select_program& p,
                           bool mpmc = false) {
  file.sample(variant, relacy_search, selects(file, p, mpmc));
}

}  // namespace runnel::check

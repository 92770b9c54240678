// SPDX-License-Identifier: MIT
#include "selection.hpp"

#include "terminal/text_pattern.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

namespace runnel::cli {

bool matches(const check::scenario& s, const std::string& pattern) {
  return matches(s.name, pattern) || matches(s.file, pattern);
}

std::vector<std::string> default_engines() { return {"explorer", "spin"}; }

std::vector<check::scenario> select(const std::vector<check::scenario>& all,
                                    const std::string& pattern,
                                    const std::vector<std::string>& engines, bool with_long) {
  const bool every = std::ranges::find(engines, every_engine) != engines.end();
  const bool exact = std::ranges::any_of(all, [&](const auto& s) { return s.name == pattern; });
  std::vector<check::scenario> selected;
  std::ranges::copy_if(all, std::back_inserter(selected), [&](const check::scenario& s) {
    if (!every && std::ranges::find(engines, s.engine) == engines.end()) return false;
    if (exact) return s.name == pattern;
    return (with_long || !s.is_long) && matches(s, pattern);
  });
  std::ranges::sort(selected, [](const auto& a, const auto& b) {
    return std::tie(a.name, a.engine) < std::tie(b.name, b.engine);
  });
  return selected;
}

std::string unknown_engine(const std::vector<check::scenario>& all,
                           const std::vector<std::string>& engines) {
  for (const std::string& engine : engines) {
    const auto is_of = [&](const check::scenario& s) { return s.engine == engine; };
    if (engine != every_engine && std::ranges::none_of(all, is_of)) return engine;
  }
  return {};
}

std::string ambiguity(const std::vector<check::scenario>& all) {
  std::set<std::pair<std::string, std::string>> known;
  for (const check::scenario& s : all)
    if (!known.emplace(s.name, s.engine).second)
      return "two scenarios of engine " + s.engine + " are called '" + s.name + "'";
  return {};
}

}  // namespace runnel::cli

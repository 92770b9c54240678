// SPDX-License-Identifier: MIT
//
// Functions of which something is allowed: that they are called although the explorer does not see what they do,
// or that they race.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::model::native {

/// Whether the name is what the pattern says: a `*` there stands for any characters.
[[nodiscard]] constexpr bool is_like(std::string_view name, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  pattern.remove_prefix(star + 1);
  for (name.remove_prefix(star);; name.remove_prefix(1)) {
    if (is_like(name, pattern)) return true;
    if (name.empty()) return false;
  }
}

/// As native_options has them.
class allowed_functions {
 public:
  explicit allowed_functions(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}
  [[nodiscard]] bool empty() const { return patterns_.empty(); }
  [[nodiscard]] bool contain(std::string_view name) const {
    return std::ranges::any_of(patterns_, [name](std::string_view p) { return is_like(name, p); });
  }

 private:
  std::vector<std::string> patterns_;
};

}  // namespace runnel::model::native

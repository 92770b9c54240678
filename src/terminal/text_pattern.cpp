// SPDX-License-Identifier: MIT
#include "text_pattern.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <stdexcept>

namespace runnel::cli {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// How many letters are to be changed, added, left out or swapped with the next one for the word to be the text,
/// or a part of it.
std::size_t distance(const std::string& word, const std::string& text, bool part) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> above(text.size() + 1);
  if (!part) std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= word.size(); ++i) {
    std::vector<std::size_t> row(text.size() + 1, i);
    for (std::size_t j = 1; j <= text.size(); ++j) {
      const std::size_t changed = word[i - 1] == text[j - 1] ? 0 : 1;
      row[j] = std::min({above[j - 1] + changed, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && word[i - 1] == text[j - 2] && word[i - 2] == text[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::move(above);
    above = std::move(row);
  }
  return part ? std::ranges::min(above) : above.back();
}

}  // namespace

bool matches(const std::string& text, const std::string& pattern) {
  const std::string lowered = lower(text);
  const std::string wanted = lower(pattern);
  const bool glob = wanted.find_first_of("*?[") != std::string::npos;
  return lowered.find(wanted) != std::string::npos ||
         (glob && fnmatch(wanted.c_str(), lowered.c_str(), 0) == 0);
}

std::vector<std::string> names_meant(const std::vector<std::string>& names,
                                     const std::string& pattern, const std::string& what) {
  if (std::ranges::find(names, pattern) != names.end()) return {pattern};
  std::vector<std::string> meant;
  std::ranges::copy_if(names, std::back_inserter(meant),
                       [&](const std::string& name) { return matches(name, pattern); });
  if (meant.empty())
    throw std::runtime_error("no " + what + " matches '" + pattern + "'" +
                             did_you_mean(pattern, names));
  return meant;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
  constexpr std::size_t letters_for_a_slip = 4;
  const std::string wanted = lower(word);
  for (const bool part : {false, true}) {
    std::size_t least = std::max<std::size_t>(1, wanted.size() / letters_for_a_slip) + 1;
    const std::string* nearest = nullptr;
    for (const std::string& name : names) {
      const std::size_t d = distance(wanted, lower(name), part);
      const bool is_shorter = nearest != nullptr && d == least && name.size() < nearest->size();
      if (d >= wanted.size() || (d >= least && !is_shorter)) continue;
      least = d;
      nearest = &name;
    }
    if (nearest != nullptr) return "; did you mean '" + *nearest + "'?";
  }
  return {};
}

}  // namespace runnel::cli

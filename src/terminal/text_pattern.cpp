// SPDX-License-Identifier: MIT
#include "text_pattern.hpp"

#include <fnmatch.h>

#include <cctype>

namespace runnel::cli {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

bool matches(const std::string& text, const std::string& pattern) {
  const std::string lowered = lower(text);
  const std::string wanted = lower(pattern);
  const bool glob = wanted.find_first_of("*?[") != std::string::npos;
  return lowered.find(wanted) != std::string::npos ||
         (glob && fnmatch(wanted.c_str(), lowered.c_str(), 0) == 0);
}

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
//
// How people call a place in the code.
#pragma once

#include <runnel/model/runtime.hpp>

#include <string>
#include <string_view>

namespace runnel::model {

/// A file without its directory, and the line; or the name of the site.
inline std::string text_of(place where) {
  const std::string_view name = where.name;
  if (name.empty()) return "its start";
  if (where.line == 0) return std::string(name);
  return std::string(name.substr(name.rfind('/') + 1)) + ':' + std::to_string(where.line);
}

inline bool is_called(place where, std::string_view text) {
  return where.line == 0 ? where.name == text : text_of(where) == text;
}

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// How people call a place in the code, and an order.
#pragma once

#include <runnel/model/runtime.hpp>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace runnel::model {

/// The name of places that are addresses of code: the `line` is that, from the begin of the program.
inline constexpr char in_machine_code[] = "code";
/// Their lines in the source, or names; set by who makes such places.
using code_reader = place (*)(unsigned offset);
inline constinit code_reader place_of_code = nullptr;
/// What people call it.
inline place readable_place(place where) {
  const bool is_code = where.name == in_machine_code && place_of_code != nullptr;
  return is_code ? place_of_code(where.line) : where;
}

/// A file without its directory, and the line; or the name of the site.
inline std::string text_of(place known) {
  const place where = readable_place(known);
  const std::string_view name = where.name;
  if (name.empty()) return "its start";
  if (where.line == 0) return std::string(name);
  return std::string(name.substr(name.rfind('/') + 1)) + ':' + std::to_string(where.line);
}

inline const char* text_of(std::memory_order order) {
  switch (order) {
    case std::memory_order::relaxed: return "relaxed";
    case std::memory_order::consume: return "consume";
    case std::memory_order::acquire: return "acquire";
    case std::memory_order::release: return "release";
    case std::memory_order::acq_rel: return "acq_rel";
    case std::memory_order::seq_cst: break;
  }
  return "seq_cst";
}

/// The order of that name, if there is one.
inline std::optional<std::memory_order> order_called(std::string_view name) {
  using enum std::memory_order;
  for (const std::memory_order o : {relaxed, consume, acquire, release, acq_rel, seq_cst})
    if (name == text_of(o)) return o;
  return std::nullopt;
}

/// As it stands behind what has the order.
inline std::string in_order(std::memory_order order) {
  return std::string(" (") + text_of(order) + ')';
}

inline bool is_called(place where, std::string_view text) {
  return where.line == 0 ? where.name == text : text_of(where) == text;
}

}  // namespace runnel::model

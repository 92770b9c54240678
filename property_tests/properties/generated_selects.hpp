// SPDX-License-Identifier: MIT
//
// How selects are generated, and shown.
#pragma once

#include "selects.hpp"

#include <rapidcheck.h>

#include <array>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace properties {

[[maybe_unused]] inline void showValue(const generated_select& s, std::ostream& out) {
  out << text(s);
}

/// Three cases, mostly enabled, on channels of numbers below `channels`.
inline rc::Gen<generated_select> selects(std::uint8_t channels) {
  using spec::waits;
  const auto one = rc::gen::construct<generated_case>(
      rc::gen::arbitrary<bool>(), rc::gen::inRange<std::uint8_t>(0, channels),
      rc::gen::weightedElement<bool>({{4, true}, {1, false}}));
  return rc::gen::construct<generated_select>(
      rc::gen::element(waits::until_done, waits::not_at_all, waits::until_a_deadline),
      rc::gen::arbitrary<bool>(),
      rc::gen::container<std::array<generated_case, generated_select::size>>(one));
}

inline rc::Gen<std::optional<std::size_t>> flavours() {
  return rc::gen::elementOf(std::vector<std::optional<std::size_t>>{0, 1, 2, 3, {}});
}

}  // namespace properties

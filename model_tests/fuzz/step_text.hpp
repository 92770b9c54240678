// SPDX-License-Identifier: MIT
//
// What generated programs of both kinds share.
#pragma once

#include "support/program.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace runnel::check::fuzz {

/// As it stands in a scenario file: "send(1)".
std::string text(const step& s);
/// "rendezvous", "capacity 1"
std::string flavour_text(const std::optional<std::size_t>& capacity);

/// What a call may be replaced by: the simplest first.
std::vector<spec::op> simpler_than(spec::op o);

}  // namespace runnel::check::fuzz

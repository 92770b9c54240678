// SPDX-License-Identifier: MIT
#pragma once

#include "generated.hpp"

#include <functional>
#include <vector>

namespace runnel::check::fuzz {

/// The valid programs that have one thing less or one thing simpler, the greatest steps first. The
/// kind of queue stays, since another one has mistakes of its own.
std::vector<generated> simpler(const generated& g);

/// A program that fails, and of which nothing that is simpler by one step does. The first that
/// fails is taken each time, so the same failures lead to the same program.
generated shrink(generated failing, const std::function<bool(const generated&)>& fails);

}  // namespace runnel::check::fuzz

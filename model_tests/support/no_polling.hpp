// SPDX-License-Identifier: MIT
//
// Pieces of platforms that do not wait as std_platform does, and of those of the models.
#pragma once

#include <runnel/core/polling.hpp>
#include <runnel/core/std_platform.hpp>

namespace runnel::check {

using core::no_polling;

/// In a model nobody backs off either, and no time passes.
struct no_time : no_polling {
  static void lost_race(unsigned) noexcept {}
  static core::time_point now() noexcept { return {}; }
};

}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// Pieces of platforms that do not wait as std_platform does, and of those of the models.
#pragma once

#include <runnel/core/std_platform.hpp>

namespace runnel::check {

/// Threads sleep at once instead of polling first: every wake-up counts.
struct no_polling {
  struct polling {
    template <class Pred>
    static bool until(Pred) noexcept {
      return false;
    }
  };
  struct stream_polling {
    template <class Pred, class Count>
    static bool pauses(Pred, Count) noexcept {
      return false;
    }
    template <class Pred>
    static bool yields(Pred) noexcept {
      return false;
    }
  };
  struct select_polling : polling {
    static void done() noexcept {}
    template <class Seems>
    static bool glance(Seems) noexcept {
      return false;
    }
    template <class Pred>
    static bool pauses(Pred) noexcept {
      return false;
    }
    template <class Pred>
    static bool yields(Pred) noexcept {
      return false;
    }
  };
  static select_polling selects() noexcept { return {}; }
};

/// In a model nobody backs off either, and no time passes.
struct no_time : no_polling {
  static void lost_race(unsigned) noexcept {}
  static core::time_point now() noexcept { return {}; }
};

}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// Channels on other platforms, or made of other parts, than those that ship.
#pragma once

#include <runnel/core/handles.hpp>

#include <cstddef>
#include <utility>

namespace properties {

namespace core = runnel::core;

template <class P, core::receivers Receivers, class Parts = core::shipped_parts<P>>
struct channels_on {
  template <class T>
  using sender = core::basic_sender<T, P, Parts, Receivers>;
  template <class T>
  using receiver = core::basic_receiver<T, P, Parts, Receivers>;

  template <class T>
  static std::pair<sender<T>, receiver<T>> channel() {
    auto* const c = sender<T>::channel_type::make_unbounded();
    return {sender<T>(c), receiver<T>(c)};
  }
  template <class T>
  static std::pair<sender<T>, receiver<T>> sync_channel(std::size_t capacity) {
    auto* const c = sender<T>::channel_type::make_bounded(capacity);
    return {sender<T>(c), receiver<T>(c)};
  }
};

/// Threads sleep at once instead of polling first, so that every wake-up counts.
struct sleepy_platform : core::std_platform {
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
};

}  // namespace properties

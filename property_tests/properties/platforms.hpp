// SPDX-License-Identifier: MIT
//
// Channels on other platforms, or made of other parts, than those that ship.
#pragma once

#include "model_tests/support/no_polling.hpp"

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
  using polling = runnel::check::no_polling::polling;
  using stream_polling = runnel::check::no_polling::stream_polling;
};

}  // namespace properties

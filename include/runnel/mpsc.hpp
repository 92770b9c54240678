// SPDX-License-Identifier: MIT
//
// Channels with many senders and one receiver. Iteration over the receiver is a single pass: see its
// begin().
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/core/handles.hpp>

#include <cstddef>
#include <utility>

namespace runnel::mpsc {

/// The sending handle: copyable. See core::basic_sender for its operations.
template <class T>
class sender
    : public core::basic_sender<typename core::message_of<T>::type, core::std_platform,
                                core::shipped_parts<core::std_platform>, core::receivers::one> {
  using sender::basic_sender::basic_sender;
};

/// The receiving handle: only movable. See core::basic_receiver for its operations.
template <class T>
class receiver
    : public core::basic_receiver<typename core::message_of<T>::type, core::std_platform,
                                  core::shipped_parts<core::std_platform>, core::receivers::one> {
  using receiver::basic_receiver::basic_receiver;
};

/// An unbounded channel: sending never blocks. Throws std::bad_alloc.
template <class T>
[[nodiscard]] std::pair<sender<T>, receiver<T>> channel() {
  auto* const c = sender<T>::channel_type::make_unbounded();
  return {sender<T>(c), receiver<T>(c)};
}

/// A channel that buffers exactly `capacity` messages; 0 makes a rendezvous, where a send waits for
/// its receive. Throws std::bad_alloc, and std::length_error if such a capacity cannot be counted.
template <class T>
[[nodiscard]] std::pair<sender<T>, receiver<T>> sync_channel(std::size_t capacity) {
  auto* const c = sender<T>::channel_type::make_bounded(capacity);
  return {sender<T>(c), receiver<T>(c)};
}

}  // namespace runnel::mpsc

/// As core::basic_receiver.
template <class T>
inline constexpr bool std::ranges::disable_sized_range<runnel::mpsc::receiver<T>> = true;

// SPDX-License-Identifier: MIT
//
// Counting handles. A channel counts its senders, its receivers, and the sides (of two) that still
// have handles; the side that goes last frees the channel.
//
//   count   who may do what
//   >= 1    whoever holds one of the counted handles may add another, or drop it
//   0       final; the one that dropped the last handle owns what the handles shared
#pragma once

#include <runnel/core/misuse.hpp>
#include <runnel/core/site.hpp>

#include <cstdint>
#include <limits>

namespace runnel::core {

template <class P>
class handle_count {
 public:
  explicit handle_count(std::uint32_t handles) noexcept : count_(handles) {}

  /// Counts another handle; the caller holds one. Throws std::length_error, and counts nothing, if
  /// there are more than `limit`: far enough from wrapping for all threads at once.
  void add(std::uint32_t limit = (std::numeric_limits<std::uint32_t>::max)() / 2) {
    // count.add: needs nothing
    // Relaxed: the caller's own handle keeps the count from 0, and passing the new handle to
    // another thread orders the rest.
    if (count_.fetch_add(1, at<"count.add">(relaxed)) < limit) return;
    // count.refuse: needs nothing
    // Relaxed: as count.add.
    count_.fetch_sub(1, at<"count.refuse">(relaxed));
    core::throw_length_error("runnel: too many handles on one channel");
  }

  /// Drops a handle; whether it was the last one.
  [[nodiscard]] bool drop() noexcept {
    // count.drop: needs count.drop
    // Release: all that was done with this handle comes before, acquire: what the last one does
    // (to close the channel, to free it) comes after that, for every handle there was.
    return count_.fetch_sub(1, at<"count.drop">(acq_rel)) == 1;
  }

  /// For a glance, see polling.hpp.
  template <class Peek>
  [[nodiscard]] bool seems_gone(Peek peek) const noexcept {
    return peek(count_) == 0;
  }

 private:
  typename P::template atomic<std::uint32_t> count_;
};

}  // namespace runnel::core

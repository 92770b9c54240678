// SPDX-License-Identifier: MIT
//
// Vector clocks: for each thread, how many of its events come before or at a point.
#pragma once

#include <runnel/model/explore.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace runnel::model {

/// Thread 0 is the one that runs before and after the others.
inline constexpr unsigned max_threads = most_threads_started + 1;

/// An event: a thread and the place in it. `init_event` stands for the initial value of a location.
struct event_id {
  std::uint16_t thread;
  std::uint16_t index;
  friend bool operator==(event_id, event_id) = default;
};
inline constexpr event_id init_event{0xFFFF, 0xFFFF};

struct alignas(16) clock {
  std::array<std::int16_t, max_threads> seen{};

  /// Whether the event is among those that this clock counts.
  [[nodiscard]] bool covers(event_id e) const {
    return seen[e.thread] > static_cast<std::int16_t>(e.index);
  }
  /// How many threads have gone further here than there.
  [[nodiscard]] int beyond(const clock& other) const {
    int n = 0;
    for (std::size_t t = 0; t < seen.size(); ++t) n += seen[t] > other.seen[t] ? 1 : 0;
    return n;
  }
  void join(const clock& other) {
    for (std::size_t t = 0; t < seen.size(); ++t)
      seen[t] = other.seen[t] > seen[t] ? other.seen[t] : seen[t];
  }
  /// Counts the event and all before it in its thread.
  void add(event_id e) { seen[e.thread] = static_cast<std::int16_t>(e.index + 1); }
};

}  // namespace runnel::model

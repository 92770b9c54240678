// SPDX-License-Identifier: MIT
//
// An execution of a litmus program as the definitions have it: events, reads-from, modification order.
#pragma once

#include "program.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace runnel::litmus_core {

/// A read-modify-write is two, its read and then its write.
struct event {
  /// As the source of a read: the initial value.
  static constexpr std::size_t initial = std::numeric_limits<std::size_t>::max();
  enum class kind : std::uint8_t { read, write, fence };

  kind is = kind::fence;
  unsigned thread = 0;
  bool plain = false;
  bool rmw =
      false;  ///< of a read: the next event is its write; of a write: the one before its read
  std::memory_order order = std::memory_order::relaxed;
  unsigned location = 0;
  litmus_core::value value = 0;  ///< read or written
  std::size_t source = initial;  ///< of a read
  position at{};
  friend bool operator==(const event&, const event&) = default;
};

struct execution {
  std::vector<event> events;  ///< of each thread in its order, thread after thread
  std::vector<std::vector<std::size_t>>
      mo;  ///< of each location its writes, without the initial value
  std::vector<std::vector<value>> locals;  ///< of each thread, as it ends
};

/// What it shows.
std::vector<value> outcome_of(const program& p, const execution& x,
                              const std::vector<observed>& shown);
bool holds(const proposition& c, const std::vector<observed>& shown,
           const std::vector<value>& outcome);

}  // namespace runnel::litmus_core

// SPDX-License-Identifier: MIT
//
// Execution graphs as the definitions have them: events, rf and mo, nothing that is computed.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace runnel::reference {

/// Thread -1 is that of the initial writes, one for each location.
struct event_name {
  int thread = -1;
  int index = 0;
  friend auto operator<=>(event_name, event_name) = default;
};

enum class event_kind : std::uint8_t { read, write, fence, choice };

struct event {
  event_kind kind = event_kind::fence;
  std::memory_order order = std::memory_order::relaxed;
  bool rmw = false;  ///< of a read: the next event is the write of the same operation
  int location = 0;
  int value = 0;  ///< read, written or chosen
  event_name rf{};
  friend auto operator<=>(const event&, const event&) = default;
};

struct graph {
  std::vector<std::vector<event>> threads;
  std::vector<std::vector<event_name>> mo;  ///< of each location, without the initial write
  friend auto operator<=>(const graph&, const graph&) = default;
};

std::string text_of(const graph& g);

/// What comes between seq_cst accesses of different threads: scb has sb≠loc;hb;sb≠loc in RC11 as
/// published, sb;hb;sb in some tools.
enum class between : std::uint8_t { other_locations, any_location };

/// The axioms of RC11, with the release sequences of C++20.
bool consistent(const graph& g, between b = between::other_locations);

}  // namespace runnel::reference

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

/// What is asked of seq_cst events: RC11 as published, with scb that has sb≠loc;hb;sb≠loc; what some tools have
/// instead, sb;hb;sb; and what C++20 says.
enum class seq_cst_axiom : std::uint8_t { rc11, any_location, cxx20 };

/// The axioms of RC11, with the release sequences of C++20, and this one on seq_cst.
bool consistent(const graph& g, seq_cst_axiom a = seq_cst_axiom::rc11);

}  // namespace runnel::reference

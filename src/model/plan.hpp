// SPDX-License-Identifier: MIT
//
// A plan says of each event of a graph what it chose: so a graph can be written down as text, and
// built again by running the program. The text has the events of each thread in their order,
//
//   i         reads the initial value                   t.n   reads from event n of thread t
//   w<n>      writes, with place n in mo                c<n>  has chosen n
//   -         does anything else
//
// separated by commas, and a slash between threads. A read whose operation chooses has c<n> appended.
// `<k>x<n>` stands for n events that go on as the 2k before them do: each is as the one k before it, and its
// numbers differ from that one's as that one's from those another k before.
#pragma once

#include "graph.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::model {

struct decision {
  enum class of : std::uint8_t { read, write, choice, other };
  of kind = of::other;
  event_id source = init_event;
  std::uint32_t position = 0;
  std::uint8_t choice = 0;
};

class plan {
 public:
  /// Of the events of the graph whose stamp is below.
  explicit plan(const graph& g, std::size_t stamp = std::numeric_limits<std::size_t>::max());
  /// Throws std::invalid_argument if the text is no plan for so many threads.
  plan(std::string_view text, unsigned threads);

  [[nodiscard]] std::string text() const;

  /// Null if the plan ends before.
  [[nodiscard]] const decision* find(unsigned thread, std::size_t index) const {
    return index < decisions_[thread].size() ? &decisions_[thread][index] : nullptr;
  }

 private:
  unsigned threads_;
  std::array<std::vector<decision>, max_threads> decisions_;
};

}  // namespace runnel::model

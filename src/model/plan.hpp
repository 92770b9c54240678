// SPDX-License-Identifier: MIT
//
// A plan says of each event of a graph what it chose: so a graph can be written down as text, and
// built again by running the program. The text has the events of each thread in their order,
//
//   i         reads the initial value                   t.n   reads from event n of thread t
//   w<n>      writes, with place n in mo                c<n>  has chosen n
//   -         does anything else
//
// separated by commas, and a slash between threads. If threads have started others, the origins of these follow, in
// their order and separated by commas: @p.n is the n-th, from 0, that thread p has started. A read whose operation chooses has c<n> appended.
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
  /// Throws std::invalid_argument if the text is no plan for that many threads of the check. Started threads get the
  /// numbers that they have here.
  plan(std::string_view text, thread_numbers& numbers);

  [[nodiscard]] std::string text() const;
  /// How many events of the thread it has.
  [[nodiscard]] std::size_t length(unsigned thread) const { return decisions_[thread].size(); }

  /// Null if the plan ends before.
  [[nodiscard]] const decision* find(unsigned thread, std::size_t index) const {
    return index < decisions_[thread].size() ? &decisions_[thread][index] : nullptr;
  }

 private:
  void check() const;

  unsigned threads_;
  std::vector<thread_origin> origins_;
  std::array<std::vector<decision>, max_threads> decisions_;
};

}  // namespace runnel::model

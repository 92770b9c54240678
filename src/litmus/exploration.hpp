// SPDX-License-Identifier: MIT
//
// Litmus programs on the explorer: a front end of its own over the same graph and search, without stacks to switch.
// Each run lets one thread after the other do what the graph says of it, and then what is new.
#pragma once

#include "code.hpp"
#include "execution.hpp"
#include "program.hpp"

#include "../model/explorer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace runnel::litmus_core {

/// How often a loop may be gone through.
inline constexpr unsigned usual_rounds = 2;
inline constexpr std::size_t most_threads = 16;
/// Of an execution.
inline constexpr std::size_t most_events = 1000;

class exploration {
 public:
  /// `p` lives as long.
  exploration(const program& p, model::memory_model m, unsigned rounds = usual_rounds);
  ~exploration() = default;
  exploration(const exploration&) = delete;
  exploration& operator=(const exploration&) = delete;

  enum class step : std::uint8_t {
    complete,  ///< an execution
    cut,       ///< a thread has stopped in a loop
    excluded,  ///< a thread has assumed what does not hold
    nothing,   ///< a graph that is no execution
    too_long,
  };
  /// Visits the next one; may be called as long as there are more.
  step visit();
  /// Whether there are.
  [[nodiscard]] bool go_on() { return explorer_.advance(); }

  // Of the last one.
  [[nodiscard]] execution made() const;
  void outcome_into(std::vector<value>& outcome, const std::vector<observed>& shown) const;
  /// Two plain accesses, or a plain one and an atomic one, of which one writes, and neither happens before the other:
  /// two events of made().
  [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> race() const;

  /// How much of the search is done, 0 to 1.
  [[nodiscard]] double estimate() const { return explorer_.estimate(); }

 private:
  step run(unsigned thread);
  bool access(unsigned thread, machine& m);
  bool read(unsigned thread, machine& m, const model::event& e);
  bool write(unsigned thread, const model::event& e);
  [[nodiscard]] bool weakly_fails(unsigned thread, const machine& m);
  [[nodiscard]] const model::event* next(unsigned thread) const {
    return graph().find(thread + 1, positions_[thread]);
  }
  [[nodiscard]] const model::graph& graph() const { return explorer_.current(); }
  [[nodiscard]] std::size_t number_of(model::event_id e) const;
  [[nodiscard]] bool races(model::event_id a, model::event_id b) const;

  const program& program_;
  std::vector<code> codes_;
  std::vector<machine> machines_;
  std::vector<std::size_t> positions_;                    // events that each thread has come past
  std::vector<std::vector<const instruction*>> made_by_;  // of each thread: of its events
  bool has_plain_ = false;
  bool excluded_ = false;
  model::explorer explorer_;
};

}  // namespace runnel::litmus_core

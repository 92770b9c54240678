// SPDX-License-Identifier: MIT
//
// What the executions of a program show. It is kept where it outlives them, and changed by code that nobody looks at:
// it is made before a search, and never allocates while that goes on.
#pragma once

#include "program.hpp"

#include <array>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace runnel::litmus {

class observations {
 public:
  explicit observations(const program& p) : program_(p) { found_.reserve(capacity); }

  /// At the begin of an execution.
  void begin();
  /// For its machines.
  [[nodiscard]] registers& values() { return values_; }
  /// A thread of it waits.
  void note_wait();
  [[nodiscard]] bool has_waited() const { return has_waited_; }
  /// At its end, with the values that are asked for. False if there is no room for another outcome.
  [[nodiscard]] bool end(std::span<const int> finals);

  /// Of all executions so far.
  [[nodiscard]] std::set<std::string> texts() const;

 private:
  static constexpr std::size_t capacity = 8192;
  struct outcome {
    registers values;
    std::array<int, 4> finals{};
    friend auto operator<=>(const outcome&, const outcome&) = default;
  };

  const program& program_;
  registers values_;
  bool has_waited_ = false;
  std::vector<outcome> found_;
};

}  // namespace runnel::litmus

// SPDX-License-Identifier: MIT
//
// What the executions of a program show, over all of them: it is changed where nobody looks.
#pragma once

#include "program.hpp"

#include <array>
#include <set>
#include <span>
#include <string>

namespace runnel::litmus {

class observations {
 public:
  explicit observations(const program& p) : program_(p) {}

  /// At the begin of an execution.
  void begin();
  /// For its machines.
  [[nodiscard]] registers& values() { return values_; }
  /// A thread of it waits.
  void note_wait();
  [[nodiscard]] bool has_waited() const { return has_waited_; }
  /// At its end, with the values that are asked for.
  void end(std::span<const int> finals);

  /// Of all executions so far.
  [[nodiscard]] std::set<std::string> texts() const;

 private:
  struct outcome {
    registers values;
    std::array<int, 4> finals{};
    friend auto operator<=>(const outcome&, const outcome&) = default;
  };

  const program& program_;
  registers values_;
  bool has_waited_ = false;
  std::set<outcome> found_;
};

}  // namespace runnel::litmus

// SPDX-License-Identifier: MIT
//
// The numbers of threads that the program starts: the n-th that a thread starts has the same number in all
// executions of a search, whoever else starts some meanwhile. They are given out as they are asked for first.
#pragma once

#include "clock.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace runnel::model {

/// Which one of the threads that another one starts.
struct thread_origin {
  std::uint16_t parent = 0;
  std::uint16_t nth = 0;  ///< from 0
  friend bool operator==(thread_origin, thread_origin) = default;
};

class thread_numbers {
 public:
  /// Below `first` are those that the program does not start: thread 0, and those of the check.
  explicit thread_numbers(unsigned first) : first_(first) {}

  /// All numbers are below.
  [[nodiscard]] unsigned end() const { return first_ + static_cast<unsigned>(given_.size()); }
  [[nodiscard]] unsigned first() const { return first_; }
  /// Of those that have been given out, from the first.
  [[nodiscard]] const std::vector<thread_origin>& origins() const { return given_; }

  [[nodiscard]] thread_origin origin_of(unsigned number) const { return given_[number - first_]; }
  /// Nothing if there are no more.
  std::optional<unsigned> number_of(thread_origin origin) {
    const auto known = std::ranges::find(given_, origin);
    const auto number = first_ + static_cast<unsigned>(known - given_.begin());
    if (known != given_.end()) return number;
    if (number == max_threads) return std::nullopt;
    given_.push_back(origin);
    return number;
  }

 private:
  unsigned first_;
  std::vector<thread_origin> given_;
};

}  // namespace runnel::model

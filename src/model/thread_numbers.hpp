// SPDX-License-Identifier: MIT
//
// The numbers of threads that the program starts: the n-th that a thread starts has the same number in all
// executions of a search, whoever else starts some meanwhile. They are given out as they are asked for first, by all
// processes that share the search together: who goes on in an execution depends on them.
#pragma once

#include "clock.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace runnel::model {

/// Which one of the threads that another one starts.
struct thread_origin {
  std::uint16_t parent = 0;
  std::uint16_t nth = 0;  ///< from 0
  friend bool operator==(thread_origin, thread_origin) = default;
};

/// Whose number is whose: `packed` origins, as many as have been given out. Null bytes are an empty one.
struct thread_table {
  static constexpr std::uint32_t free = 0;
  std::array<std::atomic<std::uint32_t>, max_threads> given{};
};

class thread_numbers {
 public:
  /// Below `first` are those that the program does not start: thread 0, and those of the check. `shared`: null, or a
  /// table that lives longer.
  explicit thread_numbers(unsigned first, thread_table* shared = nullptr)
      : own_(shared == nullptr ? std::make_unique<thread_table>() : nullptr),
        table_(shared == nullptr ? own_.get() : shared),
        first_(first),
        end_(first) {}

  [[nodiscard]] unsigned first() const { return first_; }
  /// All numbers that are known here are below.
  [[nodiscard]] unsigned end() const { return end_; }
  /// Gets to know those that other processes have given out.
  void refresh() {
    while (end_ < max_threads && table_->given[end_] != thread_table::free) ++end_;
  }
  [[nodiscard]] thread_origin origin_of(unsigned number) const {
    return unpacked(table_->given[number]);
  }
  /// Of those that are known, from the first.
  [[nodiscard]] std::vector<thread_origin> origins() const {
    std::vector<thread_origin> all;
    for (unsigned n = first_; n < end_; ++n) all.push_back(origin_of(n));
    return all;
  }
  /// Nothing if there are no more.
  std::optional<unsigned> number_of(thread_origin origin) {
    const std::uint32_t mine = packed(origin);
    for (unsigned n = first_; n < max_threads; ++n) {
      std::uint32_t known = thread_table::free;
      if (!table_->given[n].compare_exchange_strong(known, mine) && known != mine) continue;
      end_ = std::max(end_, n + 1);
      return n;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::uint32_t most = 0x8000;  // a thread starts fewer: it has fewer events
  static std::uint32_t packed(thread_origin o) { return 1 + o.parent * most + o.nth; }
  static thread_origin unpacked(std::uint32_t given) {
    return {static_cast<std::uint16_t>((given - 1) / most),
            static_cast<std::uint16_t>((given - 1) % most)};
  }

  std::unique_ptr<thread_table> own_;
  thread_table* table_;
  unsigned first_;
  unsigned end_;
};

}  // namespace runnel::model

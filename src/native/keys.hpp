// SPDX-License-Identifier: MIT
//
// The keys under which threads keep values of their own. The n-th that a thread of the program makes has the same
// number in all executions, and no number is given out twice. Below are those of the process: what libraries make
// is there in all executions. What keys hold is with the threads (threads.hpp).
#pragma once

#include "model/clock.hpp"

#include <limits.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace runnel::model::native {

struct key {
  void (*at_exit)(void*) = nullptr;  ///< for what a thread has left there
  bool alive = false;
};

class thread_keys {
 public:
  static constexpr unsigned most_of_a_thread = 128;

  /// At the begin of an execution.
  void reset() {
    for (unsigned t = 0; t < max_threads; ++t) {
      for (unsigned n = 0; n < made_[t]; ++n) all_[n * max_threads + t] = {};
      made_[t] = 0;
    }
  }
  /// Its number; nothing if the thread has made too many.
  std::optional<unsigned> make(unsigned thread, void (*at_exit)(void*)) {
    if (made_[thread] == most_of_a_thread) return std::nullopt;
    const unsigned n = made_[thread]++ * max_threads + thread;
    all_[n] = {at_exit, true};
    return first + n;
  }
  /// Null if it was never made.
  key* find(unsigned number) {
    if (number < first) return of_process[number].alive ? &of_process[number] : nullptr;
    const unsigned n = number - first;
    return n / max_threads < made_[n % max_threads] ? &all_[n] : nullptr;
  }
  [[nodiscard]] static bool is_of_process(unsigned number) { return number < first; }
  /// The key that lies there.
  [[nodiscard]] std::optional<unsigned> number_at(std::uintptr_t address) const {
    const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(all_.data());
    const std::uintptr_t n = offset / sizeof(key);
    return n < all_.size() ? std::optional(first + static_cast<unsigned>(n)) : std::nullopt;
  }

  static inline constinit std::array<key, PTHREAD_KEYS_MAX> of_process{};

 private:
  static constexpr unsigned first = PTHREAD_KEYS_MAX;

  std::vector<key> all_ = std::vector<key>(std::size_t{max_threads} * most_of_a_thread);
  std::array<unsigned, max_threads> made_{};
};

}  // namespace runnel::model::native

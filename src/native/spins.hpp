// SPDX-License-Identifier: MIT
//
// Loops that wait, found without being told: a thread that comes to the same operation in the same state as
// before, and has written nothing meanwhile, does the same again, unless what it reads has changed. But
// that it could have read the time before, in another execution. So it is blocked there (execution::block_in_loop).
//
// The state of a thread is its stack and the registers that a call preserves: all that its caller may still use,
// by the rules for calls (the System V ABI).
#pragma once

#include "door.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace runnel::model::native {

class loop_states {
 public:
  /// After something else than reading.
  void clear() {
    visits_.clear();
    words_used_ = 0;
    known_.clear();
    polled_.clear();
  }
  /// What the thread has read here since it has done something else than reading.
  struct poll {
    std::uintptr_t code;
    std::uintptr_t address;
    std::uint64_t value;
    std::size_t position;  ///< of the event that has read it
    unsigned repetitions = 0;
  };
  /// A loop that is to end by itself has fewer.
  static constexpr unsigned most_turns = 20'000;

  poll* polled(std::uintptr_t code, std::uintptr_t address) {
    for (poll& p : polled_) {
      if (p.code == code && p.address == address) return &p;
    }
    return nullptr;
  }
  void has_polled(const poll& p) { polled_.push_back(p); }
  /// Another thread has written there, in the stack: from now on it is no part of the state.
  void leave_out(const std::uint64_t* word);
  [[nodiscard]] bool leaves_out_any() const { return !left_out_.empty(); }
  [[nodiscard]] bool is_left_out(const std::uint64_t* word) const {
    return !left_out_.empty() && std::ranges::binary_search(left_out_, word);
  }
  /// The number of events before the one at which the thread was in this state; else it is known from now on.
  std::optional<std::size_t> seen(const door& d, const std::byte* stack_top, std::size_t position);

 private:
  using hash = std::array<std::uint64_t, 2>;  // by chance the same for two states: once in 2^128
  /// The first time that the thread is at an operation, with so much on its stack. Most come but once: the state is
  /// only copied, and hashed when there is another one.
  struct visit {
    const std::uint64_t* sp;
    std::uintptr_t code;
    std::size_t position;
    std::size_t words;  // where the copy begins; nothing if it has been hashed
  };
  struct state {
    loop_states::hash hash;
    std::size_t position;
  };
  static constexpr std::size_t hashed = ~std::size_t{0};

  void copy_for_visit(const door& d, std::size_t size);
  /// Of registers, and of a stack from sp up to its top, wherever the words of it are now.
  [[nodiscard]] hash hash_of(const std::uint64_t* registers, const std::uint64_t* sp,
                             const std::uint64_t* stack, std::size_t size) const;

  std::vector<visit> visits_;
  std::vector<std::uint64_t> words_;  // copied for visits, as many as are used
  std::size_t words_used_ = 0;
  std::vector<state> known_;
  std::vector<poll> polled_;
  std::vector<const std::uint64_t*> left_out_;  // in all executions; sorted
};

}  // namespace runnel::model::native

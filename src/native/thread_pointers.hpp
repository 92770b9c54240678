// SPDX-License-Identifier: MIT
//
// The thread_local variables of a program that has some. Each of its threads has, as in a process that ships, memory
// of its own for them, to which a register of the processor points: that of a thread of the system which does
// nothing but sleep. It is exchanged as another thread goes on. So all that libraries keep for each thread
// (errno, the exceptions that are handled) is its own as well.
//
// The engine runs with the same register as the thread that has called it. What it keeps there itself has to be the
// same with each: it is copied.
#pragma once

#include "model/clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace runnel::model::native {

class thread_pointers {
 public:
  /// They sleep as long as the process lives, and are used in all its searches.
  static thread_pointers& of_process();
  thread_pointers(const thread_pointers&) = delete;
  thread_pointers& operator=(const thread_pointers&) = delete;

  /// At the begin of an execution: all variables have the values that they begin with, no exception is on its way,
  /// and there was no error.
  void reset();
  /// From now on those of the thread are meant.
  void point_to(unsigned thread) const { set(pointers_[thread]); }
  /// Those of the thread that searches.
  void point_back() const { set(own_); }

  /// A variable of the program that lies there: whose, and where in what the thread has.
  struct variable {
    unsigned thread;
    std::uintptr_t offset;
  };
  [[nodiscard]] std::optional<variable> variable_at(std::uintptr_t address) const;
  /// Whether a library or the engine has something there, for one of the threads.
  [[nodiscard]] bool is_of_libraries(std::uintptr_t address) const;

 private:
  /// Starts the threads of the system.
  thread_pointers();
  ~thread_pointers() = default;

  struct block {
    std::ptrdiff_t offset = 0;  ///< from the pointer
    std::vector<std::byte> initial;
  };
  [[nodiscard]] block own_block(const void* begin, std::size_t size) const;
  static void set(std::uintptr_t pointer);
  static void* at(std::uintptr_t pointer, const block& b);
  void copy_own(unsigned thread, const block& b) const;

  static constexpr std::size_t stack_size = std::size_t{64} * 1024;

  std::byte* stacks_;
  std::uintptr_t own_;
  std::array<std::uintptr_t, max_threads> pointers_{};
  block variables_;  ///< of the program
  block engine_;
  // Of libraries.
  block exceptions_;
  block error_;
};

}  // namespace runnel::model::native

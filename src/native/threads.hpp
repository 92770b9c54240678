// SPDX-License-Identifier: MIT
//
// The threads of the program under test: a fiber of the engine each, with a stack of its own for the code of
// the program, and with what the C library keeps for each thread, exchanged as another one goes on.
#pragma once

#include "door.hpp"
#include "spins.hpp"

#include "model/clock.hpp"

#include <pthread.h>
#include <unwind.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace runnel::model::native {

/// What costs nothing to begin anew.
struct numbers_of_thread {
  native::door door;
  void* (*body)(void*) = nullptr;
  int (*body_of_c)(void*) = nullptr;  ///< in its place: of a thread of C
  void* argument = nullptr;
  void* result = nullptr;
  bool detached = false;
  bool joined = false;
  // Its end.
  struct at_exit {
    void (*function)(void*) = nullptr;
    void* argument = nullptr;
  };
  unsigned rounds_at_exit = 0;          ///< of calls for what is held at keys
  unsigned next_key_at_exit = 0;        ///< in this round
  const void* stack_of_body = nullptr;  ///< where that begins
  // What it was given, and is told again.
  int policy = 0;
  int priority = 0;
  int cancel_state = 0;
  int cancel_type = 0;
  std::int64_t time = 0;  ///< nanoseconds, by the clocks that it reads
  // What the C library and the C++ library keep for it.
  int error = 0;
  void* once_callable = nullptr;
  void (*once_call)() = nullptr;
};

struct thread_of_program : numbers_of_thread {
  loop_states states;                      ///< since it has written last
  std::vector<at_exit> at_its_exit;        ///< what is registered, the last one first
  std::map<unsigned, void*> held_at_keys;  ///< by the numbers of the keys
  std::vector<const void*>
      shared_again;  ///< read-write locks that it shares more than once, for each time
  std::vector<std::uintptr_t> calls;  ///< where those that go on return to, while a history is told
  std::string name;                   ///< that it was given
  _Unwind_Exception unwinding{};      ///< of the stack, by pthread_exit
  std::uintptr_t clean = 0;           ///< down to where the stack is, as each execution begins

  void begin_anew();
};

/// What is to be called next for what the thread holds under keys; nothing if that is all.
thread_of_program::at_exit next_at_key(thread_of_program& t);
/// Runs the body of thread 0.
void* begin_main(void* thread);

class threads {
 public:
  static constexpr std::size_t stack_size = std::size_t{4} * 1024 * 1024;

  threads();
  ~threads();
  threads(const threads&) = delete;
  threads& operator=(const threads&) = delete;

  /// At the begin of an execution.
  void reset();
  /// Runs the function as code of the thread, on its stack. On the engine's stack of the calling fiber.
  void* run(unsigned thread, void* (*function)(void*), void* argument);
  void switches(unsigned from, unsigned to);
  /// A thread writes there. In its own stack that is part of its state, but for what others have written.
  void changes(unsigned thread, std::uintptr_t address, std::size_t size) {
    const unsigned owner = with_stack_around(address);
    if (owner == max_threads) {
      all_[thread].states.clear();
    } else if (owner != thread || all_[thread].states.leaves_out_any()) {
      changes_stack(thread, owner, address, size);
    }
  }

  thread_of_program& operator[](unsigned thread) { return all_[thread]; }
  const thread_of_program& operator[](unsigned thread) const { return all_[thread]; }
  [[nodiscard]] std::byte* top(unsigned thread) const { return base_ + (thread + 1) * stride; }
  [[nodiscard]] bool in_stack_of(unsigned thread, std::uintptr_t address) const {
    const auto t = reinterpret_cast<std::uintptr_t>(top(thread));
    return t - stack_size <= address && address < t;
  }
  /// The thread whose stack it is, or max_threads.
  [[nodiscard]] unsigned with_stack_around(std::uintptr_t address) const {
    const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(base_);
    return offset < max_threads * stride ? static_cast<unsigned>(offset / stride) : max_threads;
  }

  // What a program knows a thread by.
  [[nodiscard]] pthread_t id_of(unsigned thread) const {
    return reinterpret_cast<pthread_t>(&all_[thread]);
  }
  [[nodiscard]] unsigned number_of(pthread_t id) const {
    const std::uintptr_t offset = id - reinterpret_cast<std::uintptr_t>(all_.data());
    const std::size_t n = offset / sizeof(thread_of_program);
    return n < max_threads ? static_cast<unsigned>(n) : max_threads;
  }

 private:
  static constexpr std::size_t stride = std::size_t{8} * 1024 * 1024;
  /// Makes the stack usable.
  void open(unsigned thread);
  void clean_stack(unsigned thread);
  void changes_stack(unsigned thread, unsigned owner, std::uintptr_t address, std::size_t size);

  std::byte* base_;
  std::array<bool, max_threads> opened_{};
  std::array<thread_of_program, max_threads> all_{};
};

}  // namespace runnel::model::native

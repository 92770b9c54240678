// SPDX-License-Identifier: MIT
//
// What would end the process while code of a program runs fails its execution instead: signals,
// exit and its kin, and an execution that does not end by itself. So does a thread that the code
// starts: what it does is not explored, and the memory of the execution is not its own; and a mutex or a
// condition variable of the system, which would make all threads of the program wait at once. What the code
// has called goes no further; its stack is used anew, to tell the story.
//
// A signal is handled on a stack of its own, since a full stack is what many of them come from. Only
// from outside can be seen what no handler is called for: SIGKILL, and the system call itself.
#pragma once

#include <cstddef>
#include <ctime>
#include <optional>
#include <string_view>
#include <vector>

#include <signal.h>

namespace runnel::model {

/// The kind of failure of an execution that does not end.
inline constexpr std::string_view endless_execution = "endless execution";

/// Why code goes no further.
struct interruption {
  enum class of { signal, exit, thread, waiting, time };
  of what = of::signal;
  std::optional<int> number{};     ///< of the signal; the status, if it is known
  const char* function = nullptr;  ///< that ends the process, starts the thread, or waits
  const char* seen_in = nullptr;   ///< what of the standard library calls that, and what to use
  const void* address = nullptr;   ///< whose use is at fault, if it is that
};

/// Of who puts breakpoints into code: whether a trap is one of them. Then the code goes on as `context`, which the
/// handler of a signal gets, says.
using taker_of_traps = bool (*)(void* context);
inline constinit taker_of_traps takes_trap = nullptr;

/// While one exists, the executions of the calling thread are watched.
class interception {
 public:
  /// An execution that does not end is failed when so many seconds are over, and some time more that
  /// one which ends does not take; if there is no limit, never.
  explicit interception(std::optional<double> limit);
  ~interception();
  interception(const interception&) = delete;
  interception& operator=(const interception&) = delete;

  [[nodiscard]] bool time_is_over() const { return over_ != 0; }
  /// From the handler, at each tick of the timer from the limit on.
  void tick();

 private:
  void start_timer(double limit);

  std::vector<std::byte> stack_;
  stack_t previous_stack_{};
  interception* const outer_;  // of this thread
  volatile sig_atomic_t over_ = 0;
  std::optional<timer_t> timer_;
  sigset_t previous_mask_{};
};

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// The door between code under test, which is compiled as it ships, and the engine.
//
// Each function that the code calls and that is ours (entries.S) goes through it: what the caller has in
// registers that a call preserves is written down, and the engine goes on upon a stack of its own. So the
// stack of the program holds nothing but what the program has put there, and together with those registers
// is the whole state of the calling thread.
//
// While no program is explored, and when the engine itself calls such a function, the door stands open: the
// function goes on upon the caller's stack, and `runnel_caller` is null.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace runnel::model::native {

/// Of one thread of the program. entries.S knows where its members are.
struct door {
  std::array<std::uint64_t, 6> preserved{};  ///< rbx, rbp, r12 to r15
  const std::uint64_t* sp = nullptr;         ///< as it came in: the return address is there
  void* engine_sp = nullptr;
  std::uintptr_t lowest = ~std::uintptr_t{0};  ///< of all sp so far
  std::uintptr_t clean = 0;  ///< further down the stack may hold what earlier executions have left

  /// The instruction to which it returns.
  [[nodiscard]] std::uintptr_t return_address() const { return *sp; }
};

extern "C" {
/// The thread that is outside, in its program; null while the engine runs.
extern door* runnel_inside;
/// Whose call an entry is: to be read before anything else is called.
extern door* runnel_caller;
/// Whether functions say that they begin and end.
extern bool runnel_notes_calls;
/// Calls the function upon another stack, as code of the program.
void* runnel_go_out(door* d, void* (*function)(void*), void* argument, void* stack_top);
/// An entry: what is to be called as a thread ends, one after the other; null if nothing is left.
using exit_function = void(void*);
exit_function* runnel_next_at_exit(const void** argument);
/// An entry: an exception has left a thread of the program.
[[noreturn]] void runnel_uncaught();
/// Code of the program goes no further: the call that has let it out returns this.
[[noreturn]] void runnel_go_back(void* result);
}

}  // namespace runnel::model::native

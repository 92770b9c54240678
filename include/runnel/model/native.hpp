// SPDX-License-Identifier: MIT
//
// Explores code as it ships: with std::atomic, std::thread, std::mutex, and what the C library has for the
// same. It is compiled with -fsanitize=thread, and linked with runnel::model_native in place of
// ThreadSanitizer's own library. See docs/unmodified-code.md.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/explore.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::model {

/// What is done otherwise than with code that is written for the explorer.
struct native_options {
  /// A load that a thread repeats, at the same place and from the same address, when it has done nothing but
  /// read since, has the same value again; and so has an operation that writes the value that was there. Loops
  /// that poll a number of times then end soon, and such as wait longer each time wait for good; that what they
  /// poll for comes while they do is not explored.
  bool cuts_polls = false;
  /// Functions that may be called although the explorer does not see what they do: of libraries, and of the program
  /// itself, without their parameters. A `*` stands for any characters: "testing::*". They must depend on nothing but
  /// their arguments, and change nothing that threads share.
  std::vector<std::string> allowed_functions{};
  /// The function is the main of a program: that a thread calls exit, quick_exit or _exit with 0 is a good end, which
  /// comes at any time of what the others do. Else each such call is a failure.
  bool may_exit = false;
  /// Memory that is not freed is no failure. Else it is one where, as all threads have ended, no variable of the
  /// program or of a library leads to it, directly or through other memory that is left.
  bool may_leak = false;
  /// Functions whose data races are no failures, written as those above; it is enough that one of the two accesses
  /// is in one, also where it is inlined. Such an access finds what is in memory in the one order in which the threads
  /// happen to be run: what else it could find is not explored.
  std::vector<std::string> tolerated_races{};
};

/// Visits every execution of the function, in which it starts and joins what threads it likes. Each begins with
/// the variables of the program as they are now, and with a heap of its own.
/// Throws as `explore` does; std::logic_error if another one is on its way; std::runtime_error if the program has no
/// symbols, which say what of it is compiled so.
explore_result explore_native(const std::function<void()>& main,
                              const explore_options& options = {},
                              const native_options& native = {});

/// The same as a program of its own: see `check`. Its options are those of `check`, --cut-polls, and --allow-call
/// NAME; what stands behind "--" is the program's own.
int check_native(std::string_view name, const std::function<void()>& main, int argc,
                 const char* const* argv, const native_options& native = {});

}  // namespace runnel::model

extern "C" {
/// 0 to n - 1, each in some executions.
unsigned runnel_choose(unsigned n);
/// Unless the condition holds, the thread goes no further; that is no failure.
void runnel_assume(int condition);
/// Unless the condition holds, the execution has failed; `what` says what it should be.
void runnel_require(int condition, const char* what);
/// See runnel::model::unobserved.
void runnel_unobserved(void (*function)(void*), void* argument);
}

namespace runnel::model {

/// Calls the function as if it were not part of the program: nothing it does is explored, and what it changes stays
/// for the executions that come, but for the variables of the program. For what a check wants to know of all
/// executions together, such as the set of their outcomes; what the program does must not depend on it. The function
/// must not throw, and not wait for threads of the program.
template <class F>
void unobserved(F function) {
  runnel_unobserved([](void* f) { (*static_cast<F*>(f))(); }, &function);
}

}  // namespace runnel::model

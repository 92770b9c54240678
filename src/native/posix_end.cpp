// SPDX-License-Identifier: MIT
//
// How the program ends, and what checks ask for.
#include "posix.hpp"

#include <runnel/model/runtime.hpp>

#include <cstdlib>
#include <string>

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

/// Static variables of an execution end with it, and are not destroyed.
int runnel_do___cxa_atexit(void (*f)(void*), void* argument, void* library) {
  const call c;
  if (c.of_program()) return 0;
  return behind<int(void (*)(void*), void*, void*)>("__cxa_atexit")(f, argument, library);
}

// ---- The end

[[noreturn]] static void leave(const call& c, const char* function, int status) {
  if (!c.of_program()) {
    behind<void(int)>(function)(status);
    std::abort();
  }
  execution& x = execution::current();
  if (status == EXIT_SUCCESS && call::program().may_exit) x.end_process(c.where());
  x.interrupt({.what = interruption::of::exit, .number = status, .function = function});
  std::abort();
}
[[noreturn]] void runnel_do_exit(int status) { leave(call(), "exit", status); }
[[noreturn]] void runnel_do_quick_exit(int status) { leave(call(), "quick_exit", status); }
[[noreturn]] void runnel_do__exit(int status) { leave(call(), "_exit", status); }
[[noreturn]] void runnel_do__Exit(int status) { leave(call(), "_Exit", status); }

[[noreturn]] void runnel_do___assert_fail(const char* condition, const char* file, unsigned line,
                                          const char* function) {
  const call c;
  if (!c.of_program())
    behind<void(const char*, const char*, unsigned, const char*)>("__assert_fail")(condition, file,
                                                                                   line, function);
  execution& x = execution::current();
  const std::string name(file);
  x.fail("assertion", std::string(condition) + " does not hold (" +
                          name.substr(name.rfind('/') + 1) + ':' + std::to_string(line) + ')');
}
[[noreturn]] void runnel_do_runnel_uncaught() {
  const call c;
  execution::current().fail("assertion", "an exception left a thread");
}

// ---- What checks may ask for

unsigned runnel_do_runnel_choose(unsigned n) {
  const call c;
  if (!c.of_program()) return 0;
  call::acts();
  execution::current().comes_to(c.where());
  return choose(n);
}
void runnel_do_runnel_assume(int condition) {
  const call c;
  if (!c.of_program()) return;
  execution::current().comes_to(c.where());
  assume(condition != 0);
}
void runnel_do_runnel_require(int condition, const char* what) {
  const call c;
  if (condition != 0) return;
  if (!c.of_program()) std::abort();
  execution::current().fail("assertion", std::string(what) + " (" + text_of(c.where()) + ')');
}
void runnel_do_runnel_unobserved(void (*function)(void*), void* argument) {
  const call c;  // until this returns, the door stands open
  function(argument);
}
}
// NOLINTEND

// SPDX-License-Identifier: MIT
//
// What is done once: functions, and the making of static variables.
#include "posix.hpp"
#include "sync.hpp"

#include <runnel/model/runtime.hpp>

#include <pthread.h>
#include <threads.h>

#include <atomic>
#include <cstdint>

namespace runnel::model::native {

namespace {

// 0 not begun, 1 somebody is at it, 2 done

/// What libraries do once is done once in the process: it is there in all executions that come.
bool is_of_library(const void* control) { return call::program().is_of_library(control); }

bool begin_once(const void* control, const char* what, place where) {
  const object& o = call::program().objects.at(control, what, 0);
  const auto goes_on = [](std::uint64_t v) { return v != 1; };
  const operation op{.kind = operation_kind::compare,
                     .order = std::memory_order::acquire,
                     .failure = std::memory_order::acquire,
                     .operand = 1,
                     .expected = 0};
  return await_modify(o, op, acceptance(goes_on), where, waiting::sleeps) == 0;
}
void end_once(const void* control, const char* what, std::uint64_t value, place where) {
  store(call::program().objects.at(control, what, 0), value, std::memory_order::release, where);
}

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

bool runnel_do_runnel_once_begin(const void* control, const char* what) {
  const call c;
  call::acts();
  return begin_once(control, what, c.where());
}
void runnel_do_runnel_once_end(const void* control, const char* what) {
  const call c;
  end_once(control, what, 2, c.where());
}
void runnel_do_runnel_once_abort(const void* control, const char* what) {
  const call c;
  end_once(control, what, 0, c.where());
}
bool runnel_once_begin(const void* control, const char* what);
void runnel_once_end(const void* control, const char* what);
void runnel_once_abort(const void* control, const char* what);

/// On the stack of the program, since it calls back.
static void do_once(const void* control, void (*f)()) {
  if (!runnel_once_begin(control, "once_flag")) return;
  try {
    f();
  } catch (...) {
    runnel_once_abort(control, "once_flag");
    throw;
  }
  runnel_once_end(control, "once_flag");
}
int pthread_once(pthread_once_t* control, void (*f)()) {
  if (runnel_inside == nullptr || is_of_library(control))
    return behind<decltype(pthread_once)>("pthread_once")(control, f);
  do_once(control, f);
  return 0;
}
void call_once(once_flag* control, void (*f)()) {
  if (runnel_inside == nullptr) return behind<decltype(call_once)>("call_once")(control, f);
  do_once(control, f);
}

int runnel_do___cxa_guard_acquire(std::uint8_t* guard) {
  const call c;
  if (!c.of_program() || is_of_library(guard))
    return behind<int(std::uint8_t*)>("__cxa_guard_acquire")(guard);
  call::acts();
  return begin_once(guard, "guard of", c.where()) ? 1 : 0;
}
void runnel_do___cxa_guard_release(std::uint8_t* guard) {
  const call c;
  if (!c.of_program() || is_of_library(guard))
    return behind<void(std::uint8_t*)>("__cxa_guard_release")(guard);
  call::acts();
  // What code looks at before it asks.
  store(call::program().memory.atomic(address_of(guard), 1, true, c.where()), 1,
        std::memory_order::release, c.where());
  *guard = 1;
  end_once(guard, "guard of", 2, c.where());
}
void runnel_do___cxa_guard_abort(std::uint8_t* guard) {
  const call c;
  if (!c.of_program() || is_of_library(guard))
    return behind<void(std::uint8_t*)>("__cxa_guard_abort")(guard);
  end_once(guard, "guard of", 0, c.where());
}
}
// NOLINTEND

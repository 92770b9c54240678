// SPDX-License-Identifier: MIT
//
// Threads of POSIX and of C: their begin and their end.
#include "posix.hpp"

#include <runnel/model/runtime.hpp>

#include <pthread.h>
#include <sched.h>
#include <threads.h>
#include <unwind.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace runnel::model::native {

// ---- On the stack of the program

extern "C" {
/// An entry: of pthread_exit.
void* runnel_begin_exit(void* result);
/// An entry: that a handler has ended the unwinding.
void runnel_exit_is_caught();
}

namespace {

/// Whose caller pthread_exit does not come back to: there handlers of exceptions are ours.
[[gnu::noinline]] void* call_body(thread_of_program& t) {
  t.stack_of_body = __builtin_frame_address(0);
  if (t.body_of_c == nullptr) return t.body(t.argument);
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(t.body_of_c(t.argument)));
}

/// What there is to call as a thread ends.
void* ended(void* result) {
  try {
    const void* argument = nullptr;
    while (auto* const function = runnel_next_at_exit(&argument))
      function(const_cast<void*>(argument));
    return result;
  } catch (...) {
    runnel_uncaught();
  }
}

void* begin_thread(void* p) {
  void* result = nullptr;
  try {
    result = call_body(*static_cast<thread_of_program*>(p));
  } catch (...) {
    runnel_uncaught();
  }
  return ended(result);
}

/// Asked before each frame is left: behind the last one of the body, the thread ends.
_Unwind_Reason_Code go_on_unwinding(int /*version*/, _Unwind_Action actions,
                                    _Unwind_Exception_Class /*of*/, _Unwind_Exception* /*what*/,
                                    _Unwind_Context* context, void* p) {
  const auto& t = *static_cast<thread_of_program*>(p);
  const bool is_at_end = (actions & _UA_END_OF_STACK) != 0;
  if (is_at_end || _Unwind_GetCFA(context) > address_of(t.stack_of_body))
    runnel_go_back(ended(t.result));
  return _URC_NO_REASON;
}

}  // namespace

void* begin_main(void* thread) {
  try {
    return call_body(*static_cast<thread_of_program*>(thread));
  } catch (...) {
    runnel_uncaught();
  }
}

// ---- On that of the engine

namespace {

void run_thread(void* p) {
  auto& t = *static_cast<thread_of_program*>(p);
  t.result = call::program().team.run(call::thread(), begin_thread, p);
}

/// What it does is still to be said.
thread_of_program& start(void* argument, place where) {
  auto& team = call::program().team;
  const std::int64_t time = call::me().time;
  const unsigned number = execution::current().spawn(run_thread, nullptr, where);
  thread_of_program& t = team[number];
  t.begin_anew();
  t.argument = argument;
  t.time = time;
  execution::current().set_argument(number, &t);
  return t;
}
pthread_t id_of(const thread_of_program& t) { return reinterpret_cast<pthread_t>(&t); }

bool starts_detached(const pthread_attr_t* attributes) {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

/// 0 if `joined` is the thread that has ended.
int join(pthread_t thread, thread_of_program*& joined, place where, waiting how = waiting::sleeps) {
  auto& team = call::program().team;
  const unsigned number = team.number_of(thread);
  if (number >= max_threads) return ESRCH;
  thread_of_program& t = team[number];
  if (t.detached) return EINVAL;
  if (number == 0) execution::current().fail("unsupported", "main is joined at " + text_of(where));
  if (t.joined)
    misuse("assertion", "joins " + thread_name(number) + ", which is joined already", where);
  t.joined = true;
  execution::current().join(number, where, how);
  call::me().time = std::max(call::me().time, t.time);
  joined = &t;
  return 0;
}
int join(pthread_t thread, void** result, place where, waiting how = waiting::sleeps) {
  thread_of_program* joined = nullptr;
  if (const int error = join(thread, joined, where, how); error != 0) return error;
  if (result != nullptr) give_back(result, joined->result, where);
  return 0;
}
int join_until(pthread_t thread, void** result, const timespec* deadline, place where) {
  if (deadline == nullptr) return join(thread, result, where);
  return until(*deadline, where,
               [&] { return join(thread, result, where, waiting::sleeps_for_a_time); });
}

int detach(pthread_t thread) {
  const unsigned number = call::program().team.number_of(thread);
  if (number >= max_threads) return ESRCH;
  call::program().team[number].detached = true;
  return 0;
}

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                             void* (*body)(void*), void* argument) {
  ENTER(pthread_create, thread, attributes, body, argument)
  thread_of_program& t = start(argument, c.where());
  t.body = body;
  t.detached = starts_detached(attributes);
  *thread = id_of(t);
  return 0;
}
int runnel_do_pthread_join(pthread_t thread, void** result) {
  ENTER(pthread_join, thread, result)
  return join(thread, result, c.where());
}
int runnel_do_pthread_timedjoin_np(pthread_t thread, void** result, const timespec* deadline) {
  ENTER(pthread_timedjoin_np, thread, result, deadline)
  return join_until(thread, result, deadline, c.where());
}
int runnel_do_pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock,
                                   const timespec* deadline) {
  ENTER(pthread_clockjoin_np, thread, result, clock, deadline)
  return join_until(thread, result, deadline, c.where());
}
/// One that has ended may not have been seen to end yet.
int runnel_do_pthread_tryjoin_np(pthread_t thread, void** result) {
  ENTER(pthread_tryjoin_np, thread, result)
  execution::current().comes_to(c.where());
  if (choose(2) == 1) return EBUSY;
  return join(thread, result, c.where(), waiting::sleeps_for_a_time);
}
int runnel_do_pthread_detach(pthread_t thread) {
  const call c;
  PASS(pthread_detach, thread)
  return detach(thread);
}
pthread_t runnel_do_pthread_self() {
  const call c;
  if (!c.of_program()) return behind<pthread_t()>("pthread_self")();
  return call::program().team.id_of(call::thread());
}
int runnel_do_sched_yield() { return 0; }

// ---- The end

void* runnel_do_runnel_begin_exit(void* result) {
  const call c;
  call::acts();
  thread_of_program& t = call::me();
  t.result = result;
  t.unwinding = {};
  t.unwinding.exception_cleanup = [](_Unwind_Reason_Code, _Unwind_Exception*) {
    runnel_exit_is_caught();
  };
  return &t;
}
void runnel_do_runnel_exit_is_caught() {
  const call c;
  misuse("assertion", "has called pthread_exit, and a handler of all exceptions does not rethrow",
         c.where());
}
/// As the C library does it: the stack is unwound as if by an exception, which only catch (...) sees.
void pthread_exit(void* result) {
  if (runnel_inside == nullptr) {
    behind<void(void*)>("pthread_exit")(result);
  } else {
    auto* const t = static_cast<thread_of_program*>(runnel_begin_exit(result));
    _Unwind_ForcedUnwind(&t->unwinding, go_on_unwinding, t);
  }
  std::abort();
}

/// The destructors of thread_local variables. Those of main are not called, unless it calls pthread_exit.
int runnel_do___cxa_thread_atexit(void (*f)(void*), void* argument, void* library) {
  const call c;
  if (!c.of_program())
    return behind<int(void (*)(void*), void*, void*)>("__cxa_thread_atexit")(f, argument, library);
  call::acts();
  call::me().at_its_exit.push_back({f, argument});
  return 0;
}
/// Those first; and none that come with what is called for keys.
native::exit_function* runnel_do_runnel_next_at_exit(const void** argument) {
  const call c;
  call::acts();
  thread_of_program& t = call::me();
  const bool is_at_keys = t.rounds_at_exit > 0 || t.next_key_at_exit > 0;
  thread_of_program::at_exit next;
  if (is_at_keys || t.at_its_exit.empty()) {
    next = next_at_key(t);
  } else {
    next = t.at_its_exit.back();
    t.at_its_exit.pop_back();
  }
  *argument = next.argument;
  return next.function;
}

// ---- Those of C

int runnel_do_thrd_create(thrd_t* thread, thrd_start_t body, void* argument) {
  ENTER(thrd_create, thread, body, argument)
  thread_of_program& t = start(argument, c.where());
  t.body_of_c = body;
  *thread = id_of(t);
  return thrd_success;
}
int runnel_do_thrd_join(thrd_t thread, int* result) {
  ENTER(thrd_join, thread, result)
  thread_of_program* joined = nullptr;
  if (join(thread, joined, c.where()) != 0) return thrd_error;
  if (result != nullptr)
    give_back(result, static_cast<int>(reinterpret_cast<std::intptr_t>(joined->result)), c.where());
  return thrd_success;
}
int runnel_do_thrd_detach(thrd_t thread) {
  const call c;
  PASS(thrd_detach, thread)
  return detach(thread) == 0 ? thrd_success : thrd_error;
}
void thrd_exit(int result) {
  pthread_exit(reinterpret_cast<void*>(static_cast<std::intptr_t>(result)));
}
thrd_t runnel_do_thrd_current() {
  const call c;
  if (!c.of_program()) return behind<thrd_t()>("thrd_current")();
  return call::program().team.id_of(call::thread());
}
int runnel_do_thrd_equal(thrd_t a, thrd_t b) { return a == b ? 1 : 0; }
void runnel_do_thrd_yield() {}
int runnel_do_thrd_sleep(const timespec* t, timespec* rest) {
  const call c;
  PASS(thrd_sleep, t, rest)
  sleep_for(t->tv_sec * second + t->tv_nsec);
  return 0;
}
}
// NOLINTEND

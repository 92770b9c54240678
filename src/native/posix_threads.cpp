// SPDX-License-Identifier: MIT
//
// Threads: their begin and their end.
#include "posix.hpp"

#include <runnel/model/runtime.hpp>

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <vector>

namespace runnel::model::native {

namespace {

void* begin_thread(void* p) {
  auto& t = *static_cast<thread_of_program*>(p);
  try {
    void* const result = t.body(t.argument);
    const void* argument = nullptr;
    while (auto* const function = runnel_next_at_exit(&argument))
      function(const_cast<void*>(argument));
    return result;
  } catch (...) {
    runnel_uncaught();
  }
}

void run_thread(void* p) {
  auto& t = *static_cast<thread_of_program*>(p);
  t.result = call::program().team.run(call::thread(), begin_thread, p);
}

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                             void* (*body)(void*), void* argument) {
  const call c;
  if (!c.of_program())
    return behind<decltype(pthread_create)>("pthread_create")(thread, attributes, body, argument);
  call::acts();
  auto& team = call::program().team;
  const unsigned parent = call::thread();
  const std::int64_t time = team[parent].time;
  const unsigned number = execution::current().spawn(run_thread, nullptr, c.where());
  team.begin_anew(number);
  thread_of_program& t = team[number];
  t.body = body;
  t.argument = argument;
  t.time = time;
  execution::current().set_argument(number, &t);
  *thread = team.id_of(number);
  return 0;
}
int runnel_do_pthread_join(pthread_t thread, void** result) {
  const call c;
  if (!c.of_program()) return behind<decltype(pthread_join)>("pthread_join")(thread, result);
  call::acts();
  auto& team = call::program().team;
  const unsigned number = team.number_of(thread);
  if (number >= max_threads) return ESRCH;
  if (team[number].detached) return EINVAL;
  join_thread(number, c.where());
  if (result != nullptr) *result = team[number].result;
  call::me().time = std::max(call::me().time, team[number].time);
  return 0;
}
int runnel_do_pthread_detach(pthread_t thread) {
  const call c;
  if (!c.of_program()) return behind<decltype(pthread_detach)>("pthread_detach")(thread);
  const unsigned number = call::program().team.number_of(thread);
  if (number >= max_threads) return ESRCH;
  call::program().team[number].detached = true;
  return 0;
}
pthread_t runnel_do_pthread_self() {
  const call c;
  if (!c.of_program()) return behind<pthread_t()>("pthread_self")();
  return call::program().team.id_of(call::thread());
}
int runnel_do_sched_yield() { return 0; }

/// The destructors of thread_local variables. Those of main are not called, as it does not exit.
int runnel_do___cxa_thread_atexit(void (*f)(void*), void* argument, void* library) {
  const call c;
  if (!c.of_program())
    return behind<int(void (*)(void*), void*, void*)>("__cxa_thread_atexit")(f, argument, library);
  call::acts();
  call::me().at_its_exit.push_back({f, argument});
  return 0;
}
native::exit_function* runnel_do_runnel_next_at_exit(const void** argument) {
  const call c;
  std::vector<thread_of_program::at_exit>& left = call::me().at_its_exit;
  if (left.empty()) return nullptr;
  const thread_of_program::at_exit next = left.back();
  left.pop_back();
  *argument = next.argument;
  return next.function;
}
}
// NOLINTEND

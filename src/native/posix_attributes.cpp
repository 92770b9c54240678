// SPDX-License-Identifier: MIT
//
// What threads are given and asked for that changes nothing of what they do: names, processors, priorities; and
// whether they may be cancelled, which nobody does.
#include "posix.hpp"

#include <pthread.h>
#include <sched.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

namespace runnel::model::native {

namespace {

constexpr std::size_t longest_name = 15;

/// Null: none has this number.
thread_of_program* known(pthread_t thread) {
  auto& team = call::program().team;
  const unsigned number = team.number_of(thread);
  return number < max_threads ? &team[number] : nullptr;
}

/// Where the program wants what is not of one type.
void is_given_back(const void* out, std::size_t size, place where) {
  claim(out, size, where);
  call::program().team.changes(call::thread(), address_of(out), size);
}

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_pthread_setname_np(pthread_t thread, const char* name) {
  ENTER(pthread_setname_np, thread, name)
  if (std::strlen(name) > longest_name) return ERANGE;
  thread_of_program* const t = known(thread);
  if (t == nullptr) return ESRCH;
  t->name = name;
  return 0;
}
int runnel_do_pthread_getname_np(pthread_t thread, char* name, std::size_t size) {
  ENTER(pthread_getname_np, thread, name, size)
  const thread_of_program* const t = known(thread);
  if (t == nullptr) return ESRCH;
  if (size <= longest_name) return ERANGE;
  is_given_back(name, t->name.size() + 1, c.where());
  std::memcpy(name, t->name.c_str(), t->name.size() + 1);
  return 0;
}
int runnel_do_pthread_setaffinity_np(pthread_t thread, std::size_t size, const cpu_set_t* set) {
  const call c;
  PASS(pthread_setaffinity_np, thread, size, set)
  return known(thread) == nullptr ? ESRCH : 0;
}
/// That of the process.
int runnel_do_pthread_getaffinity_np(pthread_t thread, std::size_t size, cpu_set_t* set) {
  ENTER(pthread_getaffinity_np, thread, size, set)
  if (known(thread) == nullptr) return ESRCH;
  is_given_back(set, size, c.where());
  return sched_getaffinity(0, size, set) == 0 ? 0 : errno;
}
int runnel_do_pthread_setschedparam(pthread_t thread, int policy, const sched_param* p) {
  ENTER(pthread_setschedparam, thread, policy, p)
  thread_of_program* const t = known(thread);
  if (t == nullptr) return ESRCH;
  t->policy = policy;
  t->priority = p->sched_priority;
  return 0;
}
int runnel_do_pthread_getschedparam(pthread_t thread, int* policy, sched_param* p) {
  ENTER(pthread_getschedparam, thread, policy, p)
  const thread_of_program* const t = known(thread);
  if (t == nullptr) return ESRCH;
  give_back(policy, t->policy, c.where());
  give_back(p, sched_param{.sched_priority = t->priority}, c.where());
  return 0;
}
int runnel_do_pthread_setschedprio(pthread_t thread, int priority) {
  ENTER(pthread_setschedprio, thread, priority)
  thread_of_program* const t = known(thread);
  if (t == nullptr) return ESRCH;
  t->priority = priority;
  return 0;
}
int runnel_do_pthread_setcancelstate(int state, int* old) {
  ENTER(pthread_setcancelstate, state, old)
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) return EINVAL;
  const int before = std::exchange(call::me().cancel_state, state);
  if (old != nullptr) give_back(old, before, c.where());
  return 0;
}
int runnel_do_pthread_setcanceltype(int type, int* old) {
  ENTER(pthread_setcanceltype, type, old)
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) return EINVAL;
  const int before = std::exchange(call::me().cancel_type, type);
  if (old != nullptr) give_back(old, before, c.where());
  return 0;
}
void runnel_do_pthread_testcancel() {
  const call c;
  if (!c.of_program()) behind<void()>("pthread_testcancel")();
}
}
// NOLINTEND

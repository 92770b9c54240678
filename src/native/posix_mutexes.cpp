// SPDX-License-Identifier: MIT
//
// Mutexes and condition variables.
#include "posix.hpp"
#include "sync.hpp"

#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <pthread.h>

#include <cerrno>
#include <ctime>

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* a) {
  ENTER(pthread_mutex_init, m, a)
  call::program().memory.write(address_of(m), sizeof *m, c.where());
  call::program().objects.renew(m);
  return behind<decltype(pthread_mutex_init)>("pthread_mutex_init")(m, a);
}
int runnel_do_pthread_mutex_destroy(pthread_mutex_t* m) {
  ENTER(pthread_mutex_destroy, m)
  call::program().memory.write(address_of(m), sizeof *m, c.where());
  destroy_mutex(m, c.where());
  return 0;
}
int runnel_do_pthread_mutex_lock(pthread_mutex_t* m) {
  ENTER(pthread_mutex_lock, m)
  touch(m, c.where());
  return lock(m, c.where(), waiting::sleeps);
}
int runnel_do_pthread_mutex_trylock(pthread_mutex_t* m) {
  ENTER(pthread_mutex_trylock, m)
  touch(m, c.where());
  return try_lock(m, c.where());
}
static int lock_for_a_time(const call& c, pthread_mutex_t* m, const timespec* deadline) {
  call::acts();
  touch(m, c.where());
  execution::current().comes_to(c.where());
  if (!time_is_over()) return lock(m, c.where(), waiting::sleeps_for_a_time);
  jump_to(call::me(), *deadline);
  return ETIMEDOUT;
}
int runnel_do_pthread_mutex_timedlock(pthread_mutex_t* m, const timespec* deadline) {
  const call c;
  PASS(pthread_mutex_timedlock, m, deadline)
  return lock_for_a_time(c, m, deadline);
}
int runnel_do_pthread_mutex_clocklock(pthread_mutex_t* m, clockid_t clock,
                                      const timespec* deadline) {
  const call c;
  PASS(pthread_mutex_clocklock, m, clock, deadline)
  return lock_for_a_time(c, m, deadline);
}
int runnel_do_pthread_mutex_unlock(pthread_mutex_t* m) {
  ENTER(pthread_mutex_unlock, m)
  touch(m, c.where());
  return unlock(m, c.where());
}
int runnel_do_pthread_cond_init(pthread_cond_t* p, const pthread_condattr_t* a) {
  ENTER(pthread_cond_init, p, a)
  call::program().memory.write(address_of(p), sizeof *p, c.where());
  call::program().objects.renew(p);
  return 0;
}
int runnel_do_pthread_cond_destroy(pthread_cond_t* p) {
  ENTER(pthread_cond_destroy, p)
  call::program().memory.write(address_of(p), sizeof *p, c.where());
  destroy_condition(p, c.where());
  return 0;
}
int runnel_do_pthread_cond_wait(pthread_cond_t* p, pthread_mutex_t* m) {
  ENTER(pthread_cond_wait, p, m)
  touch(p, c.where());
  return wait(p, m, false, c.where()) ? 0 : ETIMEDOUT;
}
static int wait_for_a_time(const call& c, pthread_cond_t* p, pthread_mutex_t* m,
                           const timespec* deadline) {
  call::acts();
  touch(p, c.where());
  if (wait(p, m, true, c.where())) return 0;
  jump_to(call::me(), *deadline);
  return ETIMEDOUT;
}
int runnel_do_pthread_cond_timedwait(pthread_cond_t* p, pthread_mutex_t* m,
                                     const timespec* deadline) {
  const call c;
  PASS(pthread_cond_timedwait, p, m, deadline)
  return wait_for_a_time(c, p, m, deadline);
}
int runnel_do_pthread_cond_clockwait(pthread_cond_t* p, pthread_mutex_t* m, clockid_t clock,
                                     const timespec* deadline) {
  const call c;
  PASS(pthread_cond_clockwait, p, m, clock, deadline)
  return wait_for_a_time(c, p, m, deadline);
}
int runnel_do_pthread_cond_signal(pthread_cond_t* p) {
  ENTER(pthread_cond_signal, p)
  touch(p, c.where());
  notify(p, false, c.where());
  return 0;
}
int runnel_do_pthread_cond_broadcast(pthread_cond_t* p) {
  ENTER(pthread_cond_broadcast, p)
  touch(p, c.where());
  notify(p, true, c.where());
  return 0;
}
}
// NOLINTEND

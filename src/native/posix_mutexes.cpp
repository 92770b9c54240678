// SPDX-License-Identifier: MIT
//
// Mutexes and condition variables, of POSIX and of C: those of C are the same inside.
#include "posix.hpp"
#include "sync.hpp"

#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <ctime>

namespace runnel::model::native {

namespace {

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));
pthread_mutex_t* inner(mtx_t* m) { return reinterpret_cast<pthread_mutex_t*>(m); }
pthread_cond_t* inner(cnd_t* p) { return reinterpret_cast<pthread_cond_t*>(p); }

int of_c(int error) {
  switch (error) {
    case 0: return thrd_success;
    case EBUSY: return thrd_busy;
    case ETIMEDOUT: return thrd_timedout;
    default: return thrd_error;
  }
}

// ---- Those that were destroyed, by what is in their memory: an initialization, also by an initializer, ends that

constexpr int mutex_is_gone = -1;  // what glibc leaves there
constexpr unsigned condition_is_gone = ~0U;

void use(pthread_mutex_t* m, place where) {
  touch(m, where);
  if (m->__data.__kind == mutex_is_gone) misuse("assertion", "uses a mutex after its end", where);
}
void use(pthread_cond_t* p, place where) {
  touch(p, where);
  if (p->__data.__wrefs == condition_is_gone)
    misuse("assertion", "uses a condition variable after its end", where);
}

// ---- As the functions of POSIX, once the program has called

void begin_mutex(pthread_mutex_t* m, place where) {
  claim(m, sizeof *m, where);
  call::program().objects.renew(m);
}
void end_mutex(pthread_mutex_t* m, place where) {
  use(m, where);
  claim(m, sizeof *m, where);
  destroy_mutex(m, where);
  m->__data.__kind = mutex_is_gone;
}
int lock_mutex(pthread_mutex_t* m, place where) {
  use(m, where);
  return lock(m, where, waiting::sleeps);
}
int try_lock_mutex(pthread_mutex_t* m, place where) {
  use(m, where);
  return try_lock(m, where);
}
int lock_mutex_until(pthread_mutex_t* m, const timespec& deadline, place where) {
  call::acts();
  use(m, where);
  return until(deadline, where, [&] { return lock(m, where, waiting::sleeps_for_a_time); });
}
int unlock_mutex(pthread_mutex_t* m, place where) {
  use(m, where);
  return unlock(m, where);
}
void begin_condition(pthread_cond_t* p, place where) {
  claim(p, sizeof *p, where);
  *p = PTHREAD_COND_INITIALIZER;
  call::program().objects.renew(p);
}
void end_condition(pthread_cond_t* p, place where) {
  use(p, where);
  claim(p, sizeof *p, where);
  destroy_condition(p, where);
  p->__data.__wrefs = condition_is_gone;
}
int wait_for_condition(pthread_cond_t* p, pthread_mutex_t* m, place where) {
  use(p, where);
  return wait(p, m, false, where) ? 0 : ETIMEDOUT;
}
int wait_for_condition_until(pthread_cond_t* p, pthread_mutex_t* m, const timespec& deadline,
                             place where) {
  call::acts();
  use(p, where);
  if (wait(p, m, true, where)) return 0;
  jump_to(call::me(), deadline);
  return ETIMEDOUT;
}
void wake(pthread_cond_t* p, bool all, place where) {
  use(p, where);
  notify(p, all, where);
}

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_pthread_mutex_init(pthread_mutex_t* m, const pthread_mutexattr_t* a) {
  ENTER(pthread_mutex_init, m, a)
  begin_mutex(m, c.where());
  return behind<decltype(pthread_mutex_init)>("pthread_mutex_init")(m, a);
}
int runnel_do_pthread_mutex_destroy(pthread_mutex_t* m) {
  ENTER(pthread_mutex_destroy, m)
  end_mutex(m, c.where());
  return 0;
}
int runnel_do_pthread_mutex_lock(pthread_mutex_t* m) {
  ENTER(pthread_mutex_lock, m)
  return lock_mutex(m, c.where());
}
int runnel_do_pthread_mutex_trylock(pthread_mutex_t* m) {
  ENTER(pthread_mutex_trylock, m)
  return try_lock_mutex(m, c.where());
}
int runnel_do_pthread_mutex_timedlock(pthread_mutex_t* m, const timespec* deadline) {
  const call c;
  PASS(pthread_mutex_timedlock, m, deadline)
  return lock_mutex_until(m, *deadline, c.where());
}
int runnel_do_pthread_mutex_clocklock(pthread_mutex_t* m, clockid_t clock,
                                      const timespec* deadline) {
  const call c;
  PASS(pthread_mutex_clocklock, m, clock, deadline)
  return lock_mutex_until(m, *deadline, c.where());
}
int runnel_do_pthread_mutex_unlock(pthread_mutex_t* m) {
  ENTER(pthread_mutex_unlock, m)
  return unlock_mutex(m, c.where());
}
int runnel_do_pthread_cond_init(pthread_cond_t* p, const pthread_condattr_t* a) {
  ENTER(pthread_cond_init, p, a)
  begin_condition(p, c.where());
  return 0;
}
int runnel_do_pthread_cond_destroy(pthread_cond_t* p) {
  ENTER(pthread_cond_destroy, p)
  end_condition(p, c.where());
  return 0;
}
int runnel_do_pthread_cond_wait(pthread_cond_t* p, pthread_mutex_t* m) {
  ENTER(pthread_cond_wait, p, m)
  return wait_for_condition(p, m, c.where());
}
int runnel_do_pthread_cond_timedwait(pthread_cond_t* p, pthread_mutex_t* m,
                                     const timespec* deadline) {
  const call c;
  PASS(pthread_cond_timedwait, p, m, deadline)
  return wait_for_condition_until(p, m, *deadline, c.where());
}
int runnel_do_pthread_cond_clockwait(pthread_cond_t* p, pthread_mutex_t* m, clockid_t clock,
                                     const timespec* deadline) {
  const call c;
  PASS(pthread_cond_clockwait, p, m, clock, deadline)
  return wait_for_condition_until(p, m, *deadline, c.where());
}
int runnel_do_pthread_cond_signal(pthread_cond_t* p) {
  ENTER(pthread_cond_signal, p)
  native::wake(p, false, c.where());
  return 0;
}
int runnel_do_pthread_cond_broadcast(pthread_cond_t* p) {
  ENTER(pthread_cond_broadcast, p)
  native::wake(p, true, c.where());
  return 0;
}

// ---- Those of C

int runnel_do_mtx_init(mtx_t* m, int type) {
  ENTER(mtx_init, m, type)
  begin_mutex(inner(m), c.where());
  return behind<decltype(mtx_init)>("mtx_init")(m, type);
}
void runnel_do_mtx_destroy(mtx_t* m) {
  ENTER(mtx_destroy, m)
  end_mutex(inner(m), c.where());
}
int runnel_do_mtx_lock(mtx_t* m) {
  ENTER(mtx_lock, m)
  return of_c(lock_mutex(inner(m), c.where()));
}
int runnel_do_mtx_trylock(mtx_t* m) {
  ENTER(mtx_trylock, m)
  return of_c(try_lock_mutex(inner(m), c.where()));
}
int runnel_do_mtx_timedlock(mtx_t* m, const timespec* deadline) {
  const call c;
  PASS(mtx_timedlock, m, deadline)
  return of_c(lock_mutex_until(inner(m), *deadline, c.where()));
}
int runnel_do_mtx_unlock(mtx_t* m) {
  ENTER(mtx_unlock, m)
  return of_c(unlock_mutex(inner(m), c.where()));
}
int runnel_do_cnd_init(cnd_t* p) {
  ENTER(cnd_init, p)
  begin_condition(inner(p), c.where());
  return thrd_success;
}
void runnel_do_cnd_destroy(cnd_t* p) {
  ENTER(cnd_destroy, p)
  end_condition(inner(p), c.where());
}
int runnel_do_cnd_wait(cnd_t* p, mtx_t* m) {
  ENTER(cnd_wait, p, m)
  return of_c(wait_for_condition(inner(p), inner(m), c.where()));
}
int runnel_do_cnd_timedwait(cnd_t* p, mtx_t* m, const timespec* deadline) {
  const call c;
  PASS(cnd_timedwait, p, m, deadline)
  return of_c(wait_for_condition_until(inner(p), inner(m), *deadline, c.where()));
}
int runnel_do_cnd_signal(cnd_t* p) {
  ENTER(cnd_signal, p)
  native::wake(inner(p), false, c.where());
  return thrd_success;
}
int runnel_do_cnd_broadcast(cnd_t* p) {
  ENTER(cnd_broadcast, p)
  native::wake(inner(p), true, c.where());
  return thrd_success;
}
}
// NOLINTEND

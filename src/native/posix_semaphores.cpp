// SPDX-License-Identifier: MIT
//
// Semaphores.
#include "posix.hpp"
#include "sync.hpp"

#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <ctime>

namespace runnel::model::native {

namespace {

/// In the memory of one that was destroyed: more than there can be.
constexpr unsigned is_gone = ~0U;

/// With which it began.
unsigned first_count(sem_t* s, place where) {
  unsigned count = 0;
  std::memcpy(&count, s, sizeof count);
  if (count == is_gone) misuse("assertion", "uses a semaphore after its end", where);
  return count;
}
const object& semaphore_at(sem_t* s, place where) {
  return call::program().objects.at(s, "semaphore", first_count(s, where));
}
constexpr operation takes_one{
    .kind = operation_kind::take, .order = std::memory_order::acquire, .operand = 1};

int wait_for(sem_t* s, place where, waiting how) {
  const auto some = [](std::uint64_t v) { return v > 0; };
  (void)await_modify(semaphore_at(s, where), takes_one, acceptance(some), where, how);
  return 0;
}

int wait_until(const call& c, sem_t* s, const timespec& deadline) {
  const place where = c.where();
  touch(s, where);
  const int error =
      until(deadline, where, [&] { return wait_for(s, where, waiting::sleeps_for_a_time); });
  if (error == 0) return 0;
  errno = error;
  return -1;
}

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

int runnel_do_sem_init(sem_t* s, int shared, unsigned count) {
  ENTER(sem_init, s, shared, count)
  claim(s, sizeof *s, c.where());
  std::memcpy(s, &count, sizeof count);
  call::program().objects.renew(s);
  return 0;
}
int runnel_do_sem_destroy(sem_t* s) {
  ENTER(sem_destroy, s)
  (void)first_count(s, c.where());
  claim(s, sizeof *s, c.where());
  std::memcpy(s, &is_gone, sizeof is_gone);
  call::program().objects.renew(s);
  return 0;
}
int runnel_do_sem_wait(sem_t* s) {
  ENTER(sem_wait, s)
  touch(s, c.where());
  return wait_for(s, c.where(), waiting::sleeps);
}
int runnel_do_sem_trywait(sem_t* s) {
  ENTER(sem_trywait, s)
  touch(s, c.where());
  if (modify(semaphore_at(s, c.where()), takes_one, c.where()).wrote) return 0;
  errno = EAGAIN;
  return -1;
}
int runnel_do_sem_timedwait(sem_t* s, const timespec* deadline) {
  ENTER(sem_timedwait, s, deadline)
  return wait_until(c, s, *deadline);
}
int runnel_do_sem_clockwait(sem_t* s, clockid_t clock, const timespec* deadline) {
  ENTER(sem_clockwait, s, clock, deadline)
  return wait_until(c, s, *deadline);
}
int runnel_do_sem_post(sem_t* s) {
  ENTER(sem_post, s)
  touch(s, c.where());
  (void)modify(semaphore_at(s, c.where()),
               {.kind = operation_kind::add, .order = std::memory_order::release, .operand = 1},
               c.where());
  return 0;
}
int runnel_do_sem_getvalue(sem_t* s, int* value) {
  const call c;
  PASS(sem_getvalue, s, value)
  touch(s, c.where());
  *value =
      static_cast<int>(load(semaphore_at(s, c.where()), std::memory_order::relaxed, c.where()));
  return 0;
}
}
// NOLINTEND

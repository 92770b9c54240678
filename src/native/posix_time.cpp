// SPDX-License-Identifier: MIT
//
// System calls, and time.
#include "posix.hpp"

#include <runnel/model/runtime.hpp>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <string>

namespace runnel::model::native {

namespace {

// ---- Futexes

long futex(const call& c, std::int32_t* word, int what, std::uint32_t value,
           const timespec* timeout) {
  const place where = c.where();
  execution& x = execution::current();
  const int command = what & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
  call::acts();
  x.comes_to(where);
  if (command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET) {
    x.wake(word, value != 1);
    return 0;
  }
  if (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET)
    unsupported(c, "a futex operation " + std::to_string(command));
  const object& o = call::program().memory.atomic(address_of(word), sizeof *word, false, where);
  switch (x.wait(o, word, value, timeout != nullptr)) {
    case wait_outcome::woken: return 0;
    case wait_outcome::changed: errno = EAGAIN; return -1;
    case wait_outcome::timed_out: break;
  }
  if (command == FUTEX_WAIT) {
    call::me().time += timeout->tv_sec * second + timeout->tv_nsec;
  } else {
    jump_to(call::me(), *timeout);
  }
  errno = ETIMEDOUT;
  return -1;
}

}  // namespace

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

// ---- System calls, and time

long runnel_do_syscall(long number, long a, long b, long d, long e, long f) {
  const call c;
  if (!c.of_program()) return behind<decltype(syscall)>("syscall")(number, a, b, d, e, f, 0L);
  switch (number) {
    case SYS_futex:
      return futex(c, reinterpret_cast<std::int32_t*>(a), static_cast<int>(b),
                   static_cast<std::uint32_t>(d), reinterpret_cast<const timespec*>(e));
    case SYS_gettid: return 1 + static_cast<long>(call::thread());
    case SYS_sched_yield: return 0;
    case SYS_clock_gettime:
      *reinterpret_cast<timespec*>(b) = timespec_of(now_of(call::me()));
      return 0;
    case SYS_nanosleep: {
      const auto& t = *reinterpret_cast<const timespec*>(a);
      sleep_for(t.tv_sec * second + t.tv_nsec);
      return 0;
    }
    case SYS_clock_nanosleep: {
      const auto& t = *reinterpret_cast<const timespec*>(d);
      if (b == TIMER_ABSTIME)
        jump_to(call::me(), t);
      else
        sleep_for(t.tv_sec * second + t.tv_nsec);
      return 0;
    }
    default: unsupported(c, "the system call " + std::to_string(number));
  }
}

int runnel_do_clock_gettime(clockid_t clock, timespec* t) {
  const call c;
  PASS(clock_gettime, clock, t)
  *t = timespec_of(now_of(call::me()));
  return 0;
}
int runnel_do_gettimeofday(timeval* t, void* zone) {
  const call c;
  if (!c.of_program()) return behind<int(timeval*, void*)>("gettimeofday")(t, zone);
  const timespec now = timespec_of(now_of(call::me()));
  *t = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}
time_t runnel_do_time(time_t* t) {
  const call c;
  PASS(time, t)
  const time_t now = now_of(call::me()) / second;
  if (t != nullptr) *t = now;
  return now;
}
int runnel_do_nanosleep(const timespec* t, timespec* rest) {
  const call c;
  PASS(nanosleep, t, rest)
  sleep_for(t->tv_sec * second + t->tv_nsec);
  return 0;
}
int runnel_do_clock_nanosleep(clockid_t clock, int flags, const timespec* t, timespec* rest) {
  const call c;
  PASS(clock_nanosleep, clock, flags, t, rest)
  if (flags == TIMER_ABSTIME) {
    jump_to(call::me(), *t);
  } else {
    sleep_for(t->tv_sec * second + t->tv_nsec);
  }
  return 0;
}
int runnel_do_usleep(useconds_t us) {
  const call c;
  PASS(usleep, us)
  sleep_for(std::int64_t{us} * 1000);
  return 0;
}
unsigned runnel_do_sleep(unsigned seconds) {
  const call c;
  PASS(sleep, seconds)
  sleep_for(seconds * second);
  return 0;
}
}
// NOLINTEND

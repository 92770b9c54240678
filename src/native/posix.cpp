// SPDX-License-Identifier: MIT
//
// What code under test asks of the C library: threads and what they wait with, memory, time, the end of the
// program.
#include "entries.hpp"
#include "sync.hpp"

#include <runnel/model/runtime.hpp>
#include <runnel/model/word.hpp>

#include <linux/futex.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

// The C library's own, which it exports by these names as well.
extern "C" {
void* __libc_malloc(std::size_t);
void __libc_free(void*);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace runnel::model::native {

namespace {

std::uintptr_t address_of(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

/// To use an object of the system is to read it: whoever makes or frees it is checked against that.
void touch(const void* p, place where) { call::program().memory.read(address_of(p), 1, where); }

// ---- Memory

constexpr std::size_t usual_alignment = alignof(std::max_align_t);

void* give(std::size_t size, std::size_t alignment) {
  call::acts();
  return heap_allocate(size, alignment);
}

void take_back(const call& c, void* p) {
  execution& x = execution::current();
  call::acts();
  call::program().require_own(address_of(p), c.where());
  const std::size_t size = x.size_of(p);
  if (size > 0) call::program().memory.free(address_of(p), size, c.where());
  x.comes_to(c.where());
  (void)heap_free(p);
}

// ---- Time: of each thread a clock of its own

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t first_time = 1'000'000 * second;
constexpr std::int64_t look = 1000;

std::int64_t now_of(thread_of_program& t) {
  t.time += look;
  return first_time + t.time;
}
void jump_to(thread_of_program& t, const timespec& deadline) {
  const std::int64_t then = deadline.tv_sec * second + deadline.tv_nsec - first_time;
  t.time = std::max(t.time, then);
}
timespec timespec_of(std::int64_t ns) { return {.tv_sec = ns / second, .tv_nsec = ns % second}; }
void sleep_for(std::int64_t ns) { call::me().time += ns; }

// ---- Threads

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

[[noreturn]] void unsupported(const call& c, const std::string& what) {
  execution::current().fail("unsupported", what + " at " + text_of(c.where()));
}

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

// ---- Semaphores

const object& semaphore_at(sem_t* s) {
  unsigned count = 0;
  std::memcpy(&count, s, sizeof count);
  return call::program().objects.at(s, "semaphore", count);
}
constexpr operation takes_one{
    .kind = operation_kind::take, .order = std::memory_order::acquire, .operand = 1};

int wait_for(sem_t* s, place where, waiting how) {
  const auto some = [](std::uint64_t v) { return v > 0; };
  (void)await_modify(semaphore_at(s), takes_one, acceptance(some), where, how);
  return 0;
}

int wait_for_a_time(const call& c, sem_t* s, const timespec* deadline) {
  const place where = c.where();
  execution::current().comes_to(where);
  if (!time_is_over()) return wait_for(s, where, waiting::sleeps_for_a_time);
  jump_to(call::me(), *deadline);
  errno = ETIMEDOUT;
  return -1;
}

// ---- What is done once: 0 not begun, 1 somebody is at it, 2 done

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

// ---- Memory

void* runnel_do_malloc(std::size_t size) {
  const call c;
  return c.of_program() ? give(size, usual_alignment) : __libc_malloc(size);
}
void* runnel_do_calloc(std::size_t n, std::size_t size) {
  const call c;
  if (!c.of_program()) return __libc_calloc(n, size);
  std::size_t all = 0;
  void* const p = __builtin_mul_overflow(n, size, &all) ? nullptr : give(all, usual_alignment);
  return p == nullptr ? p : std::memset(p, 0, all);
}
void runnel_do_free(void* p) {
  const call c;
  if (p == nullptr) return;
  if (c.of_program()) {
    take_back(c, p);
  } else {
    __libc_free(p);
  }
}
void* runnel_do_realloc(void* p, std::size_t size) {
  const call c;
  if (!c.of_program()) return __libc_realloc(p, size);
  if (p != nullptr) call::program().require_own(address_of(p), c.where());
  void* const q = give(size, usual_alignment);
  if (p == nullptr || q == nullptr) return q;
  std::memcpy(q, p, std::min(size, execution::current().size_of(p)));
  take_back(c, p);
  return q;
}
void* runnel_do_memalign(std::size_t alignment, std::size_t size) {
  const call c;
  return c.of_program() ? give(size, alignment) : __libc_memalign(alignment, size);
}
void* runnel_do_aligned_alloc(std::size_t alignment, std::size_t size) {
  const call c;
  return c.of_program() ? give(size, alignment) : __libc_memalign(alignment, size);
}
int runnel_do_posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  const call c;
  *out = c.of_program() ? give(size, alignment) : __libc_memalign(alignment, size);
  return *out == nullptr ? ENOMEM : 0;
}
std::size_t runnel_do_malloc_usable_size(void* p) {
  const call c;
  if (p != nullptr && c.of_program() && execution::current().owns(p))
    return execution::current().size_of(p);
  return behind<std::size_t(void*)>("malloc_usable_size")(p);
}

// ---- Threads

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

// ---- Mutexes and condition variables

#define PASS(name, ...) \
  if (!c.of_program()) return behind<decltype(name)>(#name)(__VA_ARGS__);
/// The begin of most.
#define ENTER(name, ...)  \
  const call c;           \
  PASS(name, __VA_ARGS__) \
  call::acts();

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

// ---- Semaphores

int runnel_do_sem_init(sem_t* s, int shared, unsigned count) {
  ENTER(sem_init, s, shared, count)
  call::program().memory.write(address_of(s), sizeof *s, c.where());
  std::memcpy(s, &count, sizeof count);
  call::program().objects.renew(s);
  return 0;
}
int runnel_do_sem_destroy(sem_t* s) {
  ENTER(sem_destroy, s)
  call::program().memory.write(address_of(s), sizeof *s, c.where());
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
  if (modify(semaphore_at(s), takes_one, c.where()).wrote) return 0;
  errno = EAGAIN;
  return -1;
}
int runnel_do_sem_timedwait(sem_t* s, const timespec* deadline) {
  ENTER(sem_timedwait, s, deadline)
  touch(s, c.where());
  return wait_for_a_time(c, s, deadline);
}
int runnel_do_sem_clockwait(sem_t* s, clockid_t clock, const timespec* deadline) {
  ENTER(sem_clockwait, s, clock, deadline)
  touch(s, c.where());
  return wait_for_a_time(c, s, deadline);
}
int runnel_do_sem_post(sem_t* s) {
  ENTER(sem_post, s)
  touch(s, c.where());
  (void)modify(semaphore_at(s),
               {.kind = operation_kind::add, .order = std::memory_order::release, .operand = 1},
               c.where());
  return 0;
}
int runnel_do_sem_getvalue(sem_t* s, int* value) {
  const call c;
  PASS(sem_getvalue, s, value)
  touch(s, c.where());
  *value = static_cast<int>(load(semaphore_at(s), std::memory_order::relaxed, c.where()));
  return 0;
}

// ---- Once

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
int pthread_once(pthread_once_t* control, void (*f)()) {
  if (runnel_inside == nullptr) return behind<decltype(pthread_once)>("pthread_once")(control, f);
  if (!runnel_once_begin(control, "once_flag")) return 0;
  try {
    f();
  } catch (...) {
    runnel_once_abort(control, "once_flag");
    throw;
  }
  runnel_once_end(control, "once_flag");
  return 0;
}

int runnel_do___cxa_guard_acquire(std::uint8_t* guard) {
  const call c;
  if (!c.of_program()) return behind<int(std::uint8_t*)>("__cxa_guard_acquire")(guard);
  call::acts();
  return begin_once(guard, "guard of", c.where()) ? 1 : 0;
}
void runnel_do___cxa_guard_release(std::uint8_t* guard) {
  const call c;
  if (!c.of_program()) return behind<void(std::uint8_t*)>("__cxa_guard_release")(guard);
  call::acts();
  // What code looks at before it asks.
  store(call::program().memory.atomic(address_of(guard), 1, true, c.where()), 1,
        std::memory_order::release, c.where());
  *guard = 1;
  end_once(guard, "guard of", 2, c.where());
}
void runnel_do___cxa_guard_abort(std::uint8_t* guard) {
  const call c;
  if (!c.of_program()) return behind<void(std::uint8_t*)>("__cxa_guard_abort")(guard);
  end_once(guard, "guard of", 0, c.where());
}
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
/// Static variables of an execution end with it, and are not destroyed.
int runnel_do___cxa_atexit(void (*f)(void*), void* argument, void* library) {
  const call c;
  if (c.of_program()) return 0;
  return behind<int(void (*)(void*), void*, void*)>("__cxa_atexit")(f, argument, library);
}

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

// ---- The end

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

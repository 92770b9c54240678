// SPDX-License-Identifier: MIT
//
// Waiting on a word with a deadline: the futex on Linux, elsewhere (or with RUNNEL_NO_FUTEX
// defined) a small table of mutexes and condition variables keyed by address.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#if defined(__linux__) && !defined(RUNNEL_NO_FUTEX)
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <ctime>
#include <limits>
#else
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <new>
#include <thread>
#endif

namespace runnel::core {

/// Why a wait on a word ended. `woken` may be spurious; `changed`: the word was not as expected.
enum class wait_result { woken, timed_out, changed };

#if defined(__linux__) && !defined(RUNNEL_NO_FUTEX)

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t),
              "a futex is a plain 32-bit word");

/// A time as the kernel takes it: seconds and nanoseconds, where it counts in words of Word.
template <class Word>
struct kernel_time {
  Word seconds;
  Word nanoseconds;
};
/// The time of system calls that are older than the need for seconds of 64 bits.
using short_kernel_time = kernel_time<__kernel_long_t>;
using long_kernel_time = kernel_time<long long>;

/// The futex call; `at` on CLOCK_MONOTONIC, or null. 0, or -1 and errno.
inline long futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                       const long_kernel_time* at) noexcept {
  constexpr int wait = FUTEX_WAIT_BITSET_PRIVATE;
  constexpr unsigned any = FUTEX_BITSET_MATCH_ANY;
#ifdef SYS_futex_time64
  // Where a long has 32 bits, since Linux 5.1. Older ones do not have it, or do not let it pass.
  const long result = syscall(SYS_futex_time64, &word, wait, expected, at, nullptr, any);
  if (result == 0 || (errno != ENOSYS && errno != EPERM)) return result;
#endif
#ifdef SYS_futex
  short_kernel_time clamped{};
  if (at != nullptr) {
    constexpr long long most = (std::numeric_limits<__kernel_long_t>::max)();
    clamped.seconds = static_cast<__kernel_long_t>(at->seconds < most ? at->seconds : most);
    clamped.nanoseconds = static_cast<__kernel_long_t>(at->nanoseconds);
  }
  return syscall(SYS_futex, &word, wait, expected, at != nullptr ? &clamped : nullptr, nullptr,
                 any);
#else
  return result;
#endif
}

/// Sleeps for less than a second, or shorter: until a signal. No point of cancellation.
inline void system_sleep(std::chrono::nanoseconds d) noexcept {
#ifdef SYS_nanosleep
  const long long count = d.count();
  const short_kernel_time time{0, static_cast<__kernel_long_t>(count)};
  syscall(SYS_nanosleep, &time, nullptr);
#else
  const long_kernel_time time{0, d.count()};
  syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, 0, &time, nullptr);
#endif
}

/// Sleeps while `word` holds `expected`, at most until `deadline` (CLOCK_MONOTONIC, which is
/// std::chrono::steady_clock on Linux); time_point::max() is "for ever".
inline wait_result system_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                               std::chrono::steady_clock::time_point deadline) noexcept {
  using namespace std::chrono;
  const bool timed = deadline != (steady_clock::time_point::max)();
  // An instant before the clock's zero is long past; the kernel refuses negative times.
  const nanoseconds time = deadline.time_since_epoch();
  const nanoseconds since_boot = time > nanoseconds::zero() ? time : nanoseconds::zero();
  const auto whole = duration_cast<seconds>(since_boot);
  const long_kernel_time at{whole.count(), (since_boot - whole).count()};
  if (futex_wait(word, expected, timed ? &at : nullptr) == 0) return wait_result::woken;
  if (errno == EAGAIN) return wait_result::changed;
  if (errno == EINTR) return wait_result::woken;  // a signal; the caller looks again
  // It is late; or the system does not wait, and whoever looks again must not do so all the time.
  const auto now = steady_clock::now();
  if (now >= deadline) return wait_result::timed_out;
  constexpr nanoseconds a_while = milliseconds(1);
  system_sleep(deadline - now < a_while ? deadline - now : a_while);
  return wait_result::woken;
}

inline void system_wake(const void* word, int n) noexcept {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, nullptr, nullptr, 0);
}

/// Gives up the rest of the time slice. (<thread> would take the compiler longer than the channel.)
inline void system_yield() noexcept { sched_yield(); }

#else

/// A place where the threads wait whose words hash alike.
struct wait_bucket {
  std::mutex mutex;
  std::condition_variable wakeup;

  static constexpr std::size_t count = 64;

  static wait_bucket& of(const void* word) noexcept {
    // Never destroyed: a channel may outlive it in the destructors of static objects. Not on the
    // heap, which may be exhausted while a thread has to wait.
    alignas(wait_bucket) static std::byte storage[count * sizeof(wait_bucket)];
    static wait_bucket* const buckets = ::new (static_cast<void*>(storage)) wait_bucket[count];
    return buckets[(reinterpret_cast<std::uintptr_t>(word) >> 4) % count];
  }
};

inline wait_result system_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                               std::chrono::steady_clock::time_point deadline) noexcept {
  wait_bucket& b = wait_bucket::of(&word);
  std::unique_lock lock(b.mutex);
  // The waker changes the word before it takes the lock, so either it is seen changed here or the
  // waker's notification comes after this thread waits.
  if (word.load(std::memory_order::relaxed) != expected) return wait_result::changed;
  if (deadline == (std::chrono::steady_clock::time_point::max)()) {
    b.wakeup.wait(lock);
    return wait_result::woken;
  }
  // A far deadline in steps: the library may count seconds in 32 bits.
  using std::chrono::steady_clock;
  constexpr auto step = std::chrono::hours(1);
  const auto now = steady_clock::now();
  (void)b.wakeup.wait_until(lock, deadline > now + step ? now + step : deadline);
  return steady_clock::now() >= deadline ? wait_result::timed_out : wait_result::woken;
}

inline void system_wake(const void* word, int) noexcept {
  wait_bucket& b = wait_bucket::of(word);
  {
    const std::lock_guard lock(b.mutex);
  }
  b.wakeup.notify_all();  // several words may share the bucket: each looks for itself
}

inline void system_yield() noexcept { std::this_thread::yield(); }

inline void system_sleep(std::chrono::nanoseconds d) noexcept { std::this_thread::sleep_for(d); }

#endif

}  // namespace runnel::core

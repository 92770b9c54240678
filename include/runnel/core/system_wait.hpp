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
#include <climits>
#include <ctime>
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

/// Sleeps while `word` holds `expected`, at most until `deadline` (CLOCK_MONOTONIC, which is
/// std::chrono::steady_clock on Linux); time_point::max() is "for ever".
inline wait_result system_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                               std::chrono::steady_clock::time_point deadline) noexcept {
  using namespace std::chrono;
  timespec at{};
  const timespec* until = nullptr;
  if (deadline != (steady_clock::time_point::max)()) {
    // An instant before the clock's zero is long past; the kernel refuses negative times.
    const auto since_boot = deadline.time_since_epoch();
    const nanoseconds ns = since_boot > nanoseconds::zero() ? since_boot : nanoseconds::zero();
    const auto whole = duration_cast<seconds>(ns);
    at.tv_sec = static_cast<std::time_t>(whole.count());
    at.tv_nsec = static_cast<long>((ns - whole).count());
    until = &at;
  }
  const long result = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, expected, until, nullptr,
                              FUTEX_BITSET_MATCH_ANY);
  if (result == 0) return wait_result::woken;
  if (errno == EAGAIN) return wait_result::changed;
  if (errno == ETIMEDOUT && steady_clock::now() >= deadline) return wait_result::timed_out;
  return wait_result::woken;  // EINTR: a signal; the caller looks again
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
  const bool late = b.wakeup.wait_until(lock, deadline) == std::cv_status::timeout;
  return late && std::chrono::steady_clock::now() >= deadline ? wait_result::timed_out
                                                              : wait_result::woken;
}

inline void system_wake(const void* word, int) noexcept {
  wait_bucket& b = wait_bucket::of(word);
  {
    const std::lock_guard lock(b.mutex);
  }
  b.wakeup.notify_all();  // several words may share the bucket: each looks for itself
}

inline void system_yield() noexcept { std::this_thread::yield(); }

#endif

}  // namespace runnel::core

// SPDX-License-Identifier: MIT
//
// The platform that programs run on: std::atomic, the heap, the steady clock and the system's way
// to wait on a word. It adds nothing to the generated code.
//
// A Platform (the seam) is a type with these members. The core, and all that is model-checked,
// touches shared memory, time and the heap through them only:
//
//   atomic<T>            load, store, exchange, compare_exchange_weak/strong, fetch_add, fetch_sub,
//                        fetch_or, each with an order site
//   fence(site)          a fence; for store-then-load handshakes only, never to publish plain data
//   cell<T>              uninitialised storage for plain data that threads hand over: construct,
//                        take, destroy, read, write
//   await(a, pred, site) the only way to spin: returns the first value of `a` that satisfies pred
//   polling              until(pred): optional early attempts before parking; may return false at
//                        once; has no other effect
//   stream_polling       pauses(pred, count), then yields(pred): as polling, for one side of a queue
//   selects()            done(), pauses(pred), yields(pred), until(pred): as polling, for a thread's selects
//                        glance(seems): what seems(peek) says, of which speed alone depends; may be false
//   lost_race(n)         after losing a compare-exchange for the n-th time; does nothing
//   wait(word, expected, deadline) -> woken | timed_out | changed, and wake(&word, n): a futex
//   waiting_parts<P>     (parking.hpp) is specialised by a model whose mutex and signal are simpler
//   now()                only to compute deadlines
//   allocate, deallocate may throw std::bad_alloc
//   choose(n)            any other nondeterminism: one of 0 to n - 1, here at random
//   is_model             whether this is a model, which leaves the misuse detectors out
//   checks_misuse        whether debug-only misuse detectors are compiled in
#pragma once

#include <runnel/core/polling.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/system_wait.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

/// 1: contract violations that can be detected end the program with a message; the default where
/// assertions are on (no NDEBUG). 0: they are undefined behaviour.
#ifndef RUNNEL_CHECK_MISUSE
#ifdef NDEBUG
#define RUNNEL_CHECK_MISUSE 0
#else
#define RUNNEL_CHECK_MISUSE 1
#endif
#endif

namespace runnel::core {

/// A point of time of the seam; time_point::max() means "never".
using time_point = std::chrono::steady_clock::time_point;
inline constexpr time_point never = (time_point::max)();

/// Assumed size of a cache line.
inline constexpr std::size_t cache_line = 64;
/// Distance of data that different threads write: two lines, since some processors fetch pairs.
inline constexpr std::size_t separation = 2 * cache_line;

struct std_platform {
  static constexpr bool is_model = false;
  static constexpr bool checks_misuse = RUNNEL_CHECK_MISUSE != 0;

  template <class T>
  class atomic {
   public:
    explicit constexpr atomic(T value) noexcept : value_(value) {}

    template <site_name N>
    [[gnu::always_inline]] T load(at<N> site) const noexcept {
      return value_.load(site.order);
    }
    template <site_name N>
    [[gnu::always_inline]] void store(T value, at<N> site) noexcept {
      value_.store(value, site.order);
    }
    template <site_name N>
    [[gnu::always_inline]] T exchange(T value, at<N> site) noexcept {
      return value_.exchange(value, site.order);
    }
    // Flattened too: else Clang leaves the standard library's function for pointers out of line,
    // where the orders are not known.
    template <site_name N>
    [[gnu::always_inline, gnu::flatten]] bool compare_exchange_weak(T& expected, T value,
                                                                    at<N> site) noexcept {
      return value_.compare_exchange_weak(expected, value, site.order, site.failure);
    }
    template <site_name N>
    [[gnu::always_inline, gnu::flatten]] bool compare_exchange_strong(T& expected, T value,
                                                                      at<N> site) noexcept {
      return value_.compare_exchange_strong(expected, value, site.order, site.failure);
    }
    template <site_name N>
    [[gnu::always_inline]] T fetch_add(T value, at<N> site) noexcept {
      return value_.fetch_add(value, site.order);
    }
    template <site_name N>
    [[gnu::always_inline]] T fetch_sub(T value, at<N> site) noexcept {
      return value_.fetch_sub(value, site.order);
    }
    template <site_name N>
    [[gnu::always_inline]] T fetch_or(T value, at<N> site) noexcept {
      return value_.fetch_or(value, site.order);
    }

   private:
    friend std_platform;
    std::atomic<T> value_;
  };

  template <site_name N>
  [[gnu::always_inline]] static void fence(at<N> site) noexcept {
    std::atomic_thread_fence(site.order);
  }

  /// Uninitialised storage for a T. The caller knows whether it holds one.
  template <class T>
  class cell {
   public:
    cell() noexcept {}
    cell(const cell&) = delete;
    cell& operator=(const cell&) = delete;
    ~cell() {}

    template <class... Args>
    void construct(Args&&... args) noexcept {
      std::construct_at(std::addressof(value_), std::forward<Args>(args)...);
    }
    void destroy() noexcept { std::destroy_at(std::addressof(value_)); }
    /// Moves the value out, destroys what is left, and returns it.
    T take() noexcept {
      struct destroy_at_exit {
        cell& c;
        ~destroy_at_exit() { c.destroy(); }
      } guard{*this};
      return std::move(value_);
    }
    template <class F>
    decltype(auto) read(F&& f) const noexcept {
      return std::forward<F>(f)(value_);
    }
    template <class F>
    decltype(auto) write(F&& f) noexcept {
      return std::forward<F>(f)(value_);
    }

   private:
    union {
      T value_;
    };
  };

  /// Waits until `pred` holds of the value of `a`; returns that value. Spins, then yields, then sleeps,
  /// as `backoff` says: for one step of another thread, never for a message or for room.
  template <class T, class Pred, site_name N>
  static T await(const atomic<T>& a, Pred pred, at<N> site) noexcept {
    T value = a.load(site);
    if (pred(value)) return value;
    for (backoff<polling_system> between_looks;;) {
      between_looks.snooze();
      value = a.load(site);
      if (pred(value)) return value;
    }
  }

  /// After a compare-exchange was lost to another thread for the n-th time in a row: leaves it the
  /// cache line for a while, so that it gets many operations done in its own cache. It need not sleep
  /// in the end: each loss is an operation that another thread has done.
  static void lost_race(unsigned n) noexcept { pause(n < 3 ? 32U << n : 256); }

  struct polling_system {
    static void pause(unsigned times) noexcept { std_platform::pause(times); }
    static void yield() noexcept { system_yield(); }
    static void sleep(std::chrono::microseconds d) noexcept { system_sleep(d); }
    static time_point now() noexcept { return std_platform::now(); }
    template <class T>
    static T peek(const atomic<T>& a) noexcept {
      return a.value_.load(std::memory_order::relaxed);
    }
  };
  using polling = adaptive_polling<polling_system>;
  using stream_polling = core::stream_polling<polling_system>;

  /// The account of this thread's selects, whatever channels they have.
  static select_polling<polling_system>& selects() noexcept {
    constinit static thread_local select_polling<polling_system> account;
    return account;
  }

  static wait_result wait(const atomic<std::uint32_t>& word, std::uint32_t expected,
                          time_point deadline) noexcept {
    return system_wait(word.value_, expected, deadline);
  }
  /// Wakes up to n threads that wait on the word. Only its address is used: the word may be gone.
  static void wake(const atomic<std::uint32_t>* word, int n) noexcept {
    system_wake(static_cast<const void*>(word), n);
  }

  static time_point now() noexcept { return std::chrono::steady_clock::now(); }

  /// Throws std::bad_alloc.
  static void* allocate(std::size_t bytes, std::size_t alignment) {
    return ::operator new(bytes, std::align_val_t{alignment});
  }
  static void deallocate(void* p, std::size_t, std::size_t alignment) noexcept {
    ::operator delete(p, std::align_val_t{alignment});  // sized delete is an option of compilers
  }

  /// Uniform up to a part in 2^32 / n. (splitmix64 of G. Steele, D. Lea, C. Flood, 2014.)
  static unsigned choose(unsigned n) noexcept {
    constinit static thread_local std::uint64_t state = 0;
    if (state == 0) state = reinterpret_cast<std::uintptr_t>(&state);
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return static_cast<unsigned>(((z >> 32U) * n) >> 32U);
  }

 private:
  static void pause(unsigned times) noexcept {
    for (unsigned i = 0; i < times; ++i) {
#if defined(__x86_64__) || defined(__i386__)
      __builtin_ia32_pause();
#elif defined(__aarch64__)
      asm volatile("isb" ::: "memory");
#endif
    }
  }
};

}  // namespace runnel::core

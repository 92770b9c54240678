// SPDX-License-Identifier: MIT
//
// How a thread sleeps: a mutex for short critical sections, and a signal on which one thread waits
// for another. Both sleep on a futex word.
//
// States of a signal:
//
//   state     meaning                                 who may leave it
//   idle      its owner has not asked to be woken up  its owner (to parked), a notifier (to notified)
//   parked    its owner sleeps or is about to         a notifier (to notified)
//   notified  for good                                nobody; its owner may let it end
//
// After a notifier has set `notified` it uses only the address of the word. So a signal may end as
// soon as its owner has seen that.
#pragma once

#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>

#include <cstdint>

namespace runnel::core {

/// A mutual exclusion lock on a futex word ("mutex2" of U. Drepper, "Futexes Are Tricky", 2011).
///
///   free       nobody holds it
///   held       somebody holds it, nobody sleeps for it
///   contended  somebody holds it, and somebody may sleep for it: the holder wakes one
template <class P>
class mutex {
 public:
  /// Blocks while another thread holds the mutex.
  void lock() noexcept {
    if (try_lock() || polling_.until([this] { return is_free() && try_lock(); })) return;
    // mutex.lock_contended: needs mutex.unlock
    // Acquire: what earlier holders did under the mutex happens-before this critical section.
    while (word_.exchange(contended, at<"mutex.lock_contended">(acquire)) != free)
      P::wait(word_, contended, never);
  }

  void unlock() noexcept {
    // mutex.unlock: needs mutex.lock, mutex.lock_contended
    // Release: this critical section happens-before the next one.
    if (word_.exchange(free, at<"mutex.unlock">(release)) == contended) P::wake(&word_, 1);
  }

 private:
  static constexpr std::uint32_t free = 0;
  static constexpr std::uint32_t held = 1;
  static constexpr std::uint32_t contended = 2;

  [[nodiscard]] bool is_free() const noexcept {
    // mutex.look: needs nothing
    // Decides whether to try; leaves the cache line to the holder.
    return word_.load(at<"mutex.look">(relaxed)) == free;
  }

  bool try_lock() noexcept {
    std::uint32_t expected = free;
    // mutex.lock: needs mutex.unlock
    // Acquire: as mutex.lock_contended. A failure decides nothing: relaxed.
    return word_.compare_exchange_strong(expected, held, at<"mutex.lock">(acquire, relaxed));
  }

  typename P::template atomic<std::uint32_t> word_{free};
  [[no_unique_address]] typename P::polling polling_;
};

/// Sent once, from one thread to another that may sleep until then.
template <class P>
class signal {
 public:
  /// Sleeps until notified (true) or until the deadline (false).
  bool park(time_point deadline) noexcept {
    std::uint32_t expected = idle;
    // waiter.park: needs nothing
    // Tells the notifier to wake this thread. No data passes; if it fails, the load below sees why.
    (void)word_.compare_exchange_strong(expected, parked, at<"waiter.park">(relaxed, relaxed));
    for (;;) {
      if (is_notified()) return true;
      if (P::wait(word_, parked, deadline) == wait_result::timed_out) return false;
    }
  }

  [[nodiscard]] bool is_notified() const noexcept {
    // waiter.see_signal: needs waiter.notify
    // Acquire: what the notifier did before (a hand-off into this waiter, its unlinking) is
    // complete before the owner goes on and lets the waiter end.
    return word_.load(at<"waiter.see_signal">(acquire)) == notified;
  }

  /// Whether the owner may sleep: then the caller has to P::wake the word.
  [[nodiscard]] bool notify() noexcept {
    // waiter.notify: needs waiter.see_signal
    // Release: see waiter.see_signal.
    return word_.exchange(notified, at<"waiter.notify">(release)) == parked;
  }

  const auto* word() const noexcept { return &word_; }

 private:
  static constexpr std::uint32_t idle = 0;
  static constexpr std::uint32_t parked = 1;
  static constexpr std::uint32_t notified = 2;

  typename P::template atomic<std::uint32_t> word_{idle};
};

/// What the waiting mechanism is made of: the two above. A model platform may have simpler ones in
/// their place, where they have been checked by themselves.
template <class P>
struct waiting_parts {
  using mutex = core::mutex<P>;
  using signal = core::signal<P>;
};

/// Holds a mutex for the duration of a scope.
template <class P>
class critical_section {
  using mutex = typename waiting_parts<P>::mutex;

 public:
  explicit critical_section(mutex& m) noexcept : mutex_(m) { mutex_.lock(); }
  ~critical_section() { mutex_.unlock(); }
  critical_section(const critical_section&) = delete;
  critical_section& operator=(const critical_section&) = delete;

 private:
  mutex& mutex_;
};

}  // namespace runnel::core

// SPDX-License-Identifier: MIT
//
// The waiting mechanism: how any operation blocks, with a deadline or without, on any flavour.
//
// A blocked operation is a `waiter` on its own stack. It is linked into a list that belongs to what
// it waits for, and sleeps on a word of its own. Whoever makes progress possible takes the first
// waiter off the list and notifies it; the waiter then tries its operation again.
//
// States of a waiter (its word `signal_`):
//
//   state     meaning                              who may leave it
//   idle      registered or about to be            its owner (to parked), a notifier (to notified)
//   parked    its owner sleeps or is about to      a notifier (to notified)
//   notified  taken off its list                   nobody; its owner may let it end
//
// The list links and `linked` belong to whoever holds the mutex of the list. A notifier sets
// `notified` while it holds that mutex, and afterwards uses only the address of the word. So a
// waiter may end as soon as its owner has seen `notified`, or has found it unlinked, or has
// unlinked it, under the mutex.
//
// Why nobody sleeps while there is something to do (no lost wake-up). Sending: claim a place (A),
// then look whether somebody is registered (B). Receiving: register (C), then look for a message
// (D), then sleep. A, B, C, D are seq_cst: in their single total order either B comes after C, and
// the sender notifies, or D comes after A, and the receiver finds the message claimed. The same
// with the roles exchanged for senders that wait for room, and with "close" in place of "claim".
//
// Why one notification per message is enough. A notified waiter tries again. If it fails, there was
// nothing left at a moment after the notification. If it succeeds, the notification was worth one
// message. A waiter that succeeded without being woken up, but was notified meanwhile, passes the
// notification on: it may have been meant for another message.
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
    if (try_lock() || P::poll([this] { return try_lock(); })) return;
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

  bool try_lock() noexcept {
    std::uint32_t expected = free;
    // mutex.lock: needs mutex.unlock
    // Acquire: as mutex.lock_contended. A failure decides nothing: relaxed.
    return word_.compare_exchange_strong(expected, held, at<"mutex.lock">(acquire, relaxed));
  }

  typename P::template atomic<std::uint32_t> word_{free};
};

/// Holds a mutex for the duration of a scope.
template <class P>
class critical_section {
 public:
  explicit critical_section(mutex<P>& m) noexcept : mutex_(m) { mutex_.lock(); }
  ~critical_section() { mutex_.unlock(); }
  critical_section(const critical_section&) = delete;
  critical_section& operator=(const critical_section&) = delete;

 private:
  mutex<P>& mutex_;
};

/// A blocked operation. Lives on the stack of the thread that is blocked.
template <class P>
class waiter {
 public:
  waiter() noexcept {
    next.construct(nullptr);
    previous.construct(nullptr);
    linked.construct(false);
  }
  ~waiter() {
    next.destroy();
    previous.destroy();
    linked.destroy();
  }
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;

  /// Sleeps until notified (true) or until the deadline (false).
  bool park(time_point deadline) noexcept {
    std::uint32_t expected = idle;
    // waiter.park: needs nothing
    // Tells the notifier to wake this thread. No data passes; if it fails, the load below sees why.
    (void)signal_.compare_exchange_strong(expected, parked, at<"waiter.park">(relaxed, relaxed));
    for (;;) {
      if (is_notified()) return true;
      if (P::wait(signal_, parked, deadline) == wait_result::timed_out) return false;
    }
  }

  [[nodiscard]] bool is_notified() const noexcept {
    // waiter.see_signal: needs waiter.notify
    // Acquire: what the notifier did before (a hand-off into this waiter, its unlinking) is
    // complete before the owner goes on and lets the waiter end.
    return signal_.load(at<"waiter.see_signal">(acquire)) == notified;
  }

  /// Under the mutex of the list, with the waiter already unlinked. If it returns true, the caller
  /// has to P::wake the address after it has released the mutex.
  [[nodiscard]] bool notify() noexcept {
    // waiter.notify: needs waiter.see_signal
    // Release: see waiter.see_signal.
    return signal_.exchange(notified, at<"waiter.notify">(release)) == parked;
  }

  const auto* word() const noexcept { return &signal_; }

  typename P::template cell<waiter*> next;
  typename P::template cell<waiter*> previous;
  typename P::template cell<bool> linked;

 private:
  static constexpr std::uint32_t idle = 0;
  static constexpr std::uint32_t parked = 1;
  static constexpr std::uint32_t notified = 2;

  typename P::template atomic<std::uint32_t> signal_{idle};
};

/// Waiters in the order of their registration. Every call is made under one mutex.
template <class P>
class waiter_queue {
 public:
  waiter_queue() noexcept {
    front_.construct(nullptr);
    back_.construct(nullptr);
  }
  ~waiter_queue() {
    front_.destroy();
    back_.destroy();
  }
  waiter_queue(const waiter_queue&) = delete;
  waiter_queue& operator=(const waiter_queue&) = delete;

  [[nodiscard]] bool empty() const noexcept { return get(front_) == nullptr; }

  void push_back(waiter<P>& w) noexcept {
    waiter<P>* const last = get(back_);
    set(w.previous, last);
    set(w.next, nullptr);
    set(w.linked, true);
    set(last != nullptr ? last->next : front_, &w);
    set(back_, &w);
  }

  /// The waiter that has been registered longest, now unlinked; null if there is none.
  waiter<P>* pop_front() noexcept {
    waiter<P>* const first = get(front_);
    if (first != nullptr) unlink(*first);
    return first;
  }

  /// Whether the waiter was still linked; it no longer is.
  bool remove(waiter<P>& w) noexcept {
    const bool linked = w.linked.read([](bool l) { return l; });
    if (linked) unlink(w);
    return linked;
  }

 private:
  using link = typename P::template cell<waiter<P>*>;

  static waiter<P>* get(const link& l) noexcept {
    return l.read([](waiter<P>* w) { return w; });
  }
  static void set(link& l, waiter<P>* w) noexcept {
    l.write([w](waiter<P>*& to) { to = w; });
  }
  static void set(typename P::template cell<bool>& c, bool b) noexcept {
    c.write([b](bool& to) { to = b; });
  }

  void unlink(waiter<P>& w) noexcept {
    waiter<P>* const before = get(w.previous);
    waiter<P>* const after = get(w.next);
    set(before != nullptr ? before->next : front_, after);
    set(after != nullptr ? after->previous : back_, before);
    set(w.linked, false);
  }

  link front_;
  link back_;
};

/// The waiters for one condition of a queue, such as "there is a message".
template <class P>
class wait_list {
 public:
  /// Runs `attempt` until it returns true (and returns true), or until the deadline has passed
  /// (false; then it has been attempted once more after the deadline). Blocks.
  template <class Attempt>
  bool wait(time_point deadline, Attempt attempt) {
    if (P::poll(attempt)) return true;
    for (;;) {
      waiter<P> w;
      add(w);
      if (attempt()) {
        if (remove(w)) notify_one();  // it may have been meant for another message
        return true;
      }
      const bool notified = w.park(deadline) || remove(w);
      if (attempt()) return true;
      if (!notified) return false;
      // Notified, but a faster thread took what there was. Past the deadline, park() ends at once.
    }
  }

  /// Registers a waiter. Its owner has to attempt its operation again before it parks.
  void add(waiter<P>& w) noexcept {
    const critical_section<P> held(mutex_);
    queue_.push_back(w);
    // waiters.register: handshake waiters.check, waiters.check_all;
    //   also waiters.check, waiters.check_all
    // seq_cst store, then the owner's seq_cst loads in its re-check: step C of the argument on top.
    occupied_.store(1, at<"waiters.register">(seq_cst));
  }

  /// Unregisters a waiter; whether a notification had already reached it.
  [[nodiscard]] bool remove(waiter<P>& w) noexcept {
    const critical_section<P> held(mutex_);
    if (!queue_.remove(w)) return true;
    note_if_empty();
    return false;
  }

  /// After making progress possible for one waiter. One load if nobody waits.
  void notify_one() noexcept {
    // waiters.check: handshake waiters.register; also waiters.register
    // seq_cst load after the seq_cst claim or close of the queue: step B of the argument on top.
    // Reading 0 says that whoever registers later will see that claim.
    if (occupied_.load(at<"waiters.check">(seq_cst)) != 0) [[unlikely]]
      notify_first();
  }

  /// After making progress possible for everybody: a close.
  void notify_all() noexcept {
    // waiters.check_all: handshake waiters.register; also waiters.register
    // As waiters.check, for the close of the queue.
    if (occupied_.load(at<"waiters.check_all">(seq_cst)) == 0) return;
    while (notify_first()) {
    }
  }

 protected:
  [[gnu::noinline]] bool notify_first() noexcept {
    const typename P::template atomic<std::uint32_t>* parked_word = nullptr;
    {
      const critical_section<P> held(mutex_);
      waiter<P>* const first = queue_.pop_front();
      if (first == nullptr) return false;
      note_if_empty();
      const auto* const word = first->word();
      if (first->notify()) parked_word = word;
    }
    if (parked_word != nullptr) P::wake(parked_word, 1);
    return true;
  }

  void note_if_empty() noexcept {
    // waiters.emptied: needs nothing
    // Relaxed: whoever still reads 1 only pays for a look at the list.
    if (queue_.empty()) occupied_.store(0, at<"waiters.emptied">(relaxed));
  }

  mutex<P> mutex_;
  waiter_queue<P> queue_;
  typename P::template atomic<std::uint32_t> occupied_{0};  // 1 while queue_ has a waiter
};

}  // namespace runnel::core

// SPDX-License-Identifier: MIT
//
// The waiting mechanism: how any operation blocks, with a deadline or without, on any flavour.
//
// A blocked operation is a `waiter` on its own stack. It is linked into a list that belongs to what
// it waits for, and sleeps on a word of its own. Whoever makes progress possible takes the first
// waiter off the list and notifies it; the waiter then tries its operation again.
//
// States of a waiter:
//
//   linked    in its list: whoever holds the mutex of the list may unlink it
//   unlinked  by its owner, who gives up, or by a notifier, who notifies it: its owner may let it
//             end when it has seen the signal, or, holding the mutex, that it is unlinked
//
// The links and `linked` belong to whoever holds the mutex of the list. A notifier sends the signal
// while it holds that mutex, and afterwards uses only the address of the signal's word.
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

#include <runnel/core/parking.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>

#include <cstdint>

namespace runnel::core {

/// A blocked operation. Lives on the stack of the thread that is blocked, best in a cache line
/// without the rest of it: the thread polls while its partner writes.
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
  bool park(time_point deadline) noexcept { return signal_.park(deadline); }
  [[nodiscard]] bool is_notified() const noexcept { return signal_.is_notified(); }
  /// Under the mutex of the list, with the waiter already unlinked. If it returns true, the caller
  /// has to P::wake the address after it has released the mutex.
  [[nodiscard]] bool notify() noexcept { return signal_.notify(); }
  const auto* word() const noexcept { return signal_.word(); }

  typename P::template cell<waiter*> next;
  typename P::template cell<waiter*> previous;

 private:
  typename waiting_parts<P>::signal signal_;

 public:
  typename P::template cell<bool> linked;  // last, before what a party of a rendezvous adds: no gap
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
  /// Does an operation when it becomes possible (true), or gives up when the deadline has passed
  /// (false; then it has been attempted once more after the deadline). Blocks.
  ///
  /// `look` and `decide` return whether they have done it. After `look` alone it may have been
  /// possible nevertheless; so it is for polling, and leaves the other side's cache lines alone.
  /// `count` is for the platform's polling: how many operations this side of the queue has done.
  template <class Look, class Decide, class Count>
  bool wait(time_point deadline, Look look, Decide decide, Count count) {
    if (polling_.until(look, count) || decide()) return true;
    for (;;) {
      alignas(cache_line) waiter<P> w;
      add(w);
      if (look() || decide()) {
        if (remove(w)) notify_one();  // it may have been meant for another message
        return true;
      }
      const bool notified = w.park(deadline) || remove(w);
      if (look() || decide()) return true;
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

  // Loaded after every operation of the queue and hardly ever written: not in a line with the rest.
  alignas(separation)
      typename P::template atomic<std::uint32_t> occupied_{0};  // queue_ has waiters
  alignas(cache_line) typename waiting_parts<P>::mutex mutex_;
  waiter_queue<P> queue_;
  [[no_unique_address]] typename P::stream_polling polling_;
};

}  // namespace runnel::core

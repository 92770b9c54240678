// SPDX-License-Identifier: MIT
//
// The waiting mechanism: how any operation blocks, with a deadline or without, on any flavour.
//
// A blocked operation is a `waiter` on its own stack. It is linked into a list that belongs to what
// it waits for, and sleeps on a word of its own. Whoever makes progress possible takes the first
// waiter off the list and notifies it; the waiter then tries its operation again. A blocked send is
// an `offer`: whoever makes room moves its message into that room before it notifies it. So several
// senders that share a processor with a receiver need not each run before it gets their messages.
//
// States of a waiter:
//
//   linked    in its list: whoever holds the mutex of the list may serve and unlink it; its owner
//             does not touch its operation's value
//   unlinked  by its owner, who tries by itself, or by a notifier, who notifies it: the owner may
//             use the value again, and let the waiter end, when it has seen the signal, or, holding
//             the mutex, that the waiter is unlinked, or when its resumption has been called
//
// The links, `linked` and what an offer says belong to whoever holds the mutex of the list while the
// waiter is linked. A notifier sends the signal while it holds that mutex, and afterwards uses only
// the address of the signal's word.
//
// A thread that selects waits in several lists at once, with a `contender` in each (selection.hpp). It
// has been notified when it is taken off one list and its selection has chosen that case; else whoever
// took it off goes on to the next waiter.
//
// Why nobody sleeps while there is something to do (no lost wake-up). Sending: claim a place (A),
// then look whether somebody is registered (B). Receiving: register (C), then decide whether there
// is no message (D), then sleep. A, B, C, D are seq_cst: in their single total order either B comes
// after C, and the sender notifies, or D comes after A, and the receiver finds the message claimed.
// The same with the roles exchanged for senders that wait for room, and with "close" in place of
// "claim".
//
// Why one notification per message is enough. A notified waiter tries again. If it fails, there was
// nothing left at a moment after the notification. If it succeeds, the notification was worth one
// message. No waiter succeeds while it can be notified: it tries only when it is unlinked. A waiter
// that was served has had its message's worth.
#pragma once

#include <runnel/core/misuse.hpp>
#include <runnel/core/parking.hpp>
#include <runnel/core/selection.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace runnel::core {

template <class P>
class contender;

/// A blocked operation. Lives on the stack of the thread that is blocked, best in a cache line
/// without the rest of it: the thread polls while its partner writes.
template <class P>
class waiter {
 public:
  waiter() noexcept : waiter(false) {}
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

  /// Under the mutex of the list, with the waiter just unlinked: whether a notification will reach its
  /// owner. If not, the waiter is not to be touched again.
  [[nodiscard]] bool claim() noexcept {
    return !selects_ || static_cast<contender<P>*>(this)->choose();
  }
  /// Under the mutex of the list, with the waiter claimed, and served if it can be. The word that the
  /// caller has to P::wake after it has released the mutex; null if nobody sleeps.
  [[nodiscard]] const auto* notify() noexcept {
    if (selects_) [[unlikely]]
      return static_cast<contender<P>*>(this)->parked_word();
    const auto* const word = signal_.word();
    return signal_.notify() ? word : nullptr;
  }
  /// Whether it is a contender.
  [[nodiscard]] bool selects() const noexcept { return selects_; }

  /// Whether a notifier does the operation for it.
  static constexpr bool can_be_served = false;
  /// Whether no other may wait beside it.
  static constexpr bool is_sole = false;

  typename P::template cell<waiter*> next;
  typename P::template cell<waiter*> previous;

 protected:
  explicit waiter(bool selects) noexcept : selects_(selects) {
    next.construct(nullptr);
    previous.construct(nullptr);
    linked.construct(false);
  }

 private:
  typename waiting_parts<P>::signal signal_;
  const bool selects_;

 public:
  typename P::template cell<bool> linked;  // last, before what a party of a rendezvous adds: no gap
};

/// The blocked receive of a sole receiver.
template <class P>
class sole_waiter : public waiter<P> {
 public:
  static constexpr bool is_sole = true;
};

/// A case of a select that is blocked: one of several waiters of its owner, see selection.hpp.
template <class P>
class contender : public waiter<P> {
 public:
  contender(selection<P>& of, std::size_t index) noexcept
      : waiter<P>(true), of_(of), index_(static_cast<std::uint32_t>(index)) {}

  [[nodiscard]] bool choose() noexcept {
    using answer = typename selection<P>::answer;
    const answer a = of_.choose(index_);
    wakes_ = a == answer::chosen_and_parked;
    return a != answer::lost;
  }
  [[nodiscard]] const auto* parked_word() const noexcept { return wakes_ ? of_.word() : nullptr; }
  [[nodiscard]] core::resumption resumption() const noexcept { return of_.resumption(); }

 private:
  selection<P>& of_;
  const std::uint32_t index_;
  bool wakes_ = false;  // of the notifier that chose it, for its critical section
};

/// A blocked send, which others can do for it: a waiter, or a contender.
template <class P, class T, class Waiter = waiter<P>>
class offer : public Waiter {
 public:
  template <class... Args>
  explicit offer(T& value, Args&... args) noexcept : Waiter(args...) {
    value_.construct(std::addressof(value));
  }
  ~offer() { value_.destroy(); }
  offer(const offer&) = delete;
  offer& operator=(const offer&) = delete;

  static constexpr bool can_be_served = true;

  /// Under the mutex of the list, before the notification: calls `send(value)`, which returns whether
  /// it has moved the value away. Returns that, too.
  template <class Send>
  bool serve(Send send) noexcept {
    return value_.write([&send](T*& value) {
      const bool sent = send(*value);
      if (sent) value = nullptr;
      return sent;
    });
  }
  /// As serve, with the message as the result.
  T take() noexcept {
    return std::move(*value_.write([](T*& value) { return std::exchange(value, nullptr); }));
  }
  /// For its owner, when it is unlinked.
  [[nodiscard]] bool was_served() const noexcept {
    return value_.read([](T* value) { return value == nullptr; });
  }

 private:
  typename P::template cell<T*> value_;  // null: it has been sent
};

/// What wakes a waiter after the mutex of its list has been released: a system call, or a resumption.
template <class P>
class wakeup {
 public:
  wakeup() = default;
  ~wakeup() {
    if (word_ == nullptr) return;
    if (resumption_.call != nullptr) [[unlikely]]
      resumption_.call(resumption_);
    else
      P::wake(word_, 1);
  }
  wakeup(const wakeup&) = delete;
  wakeup& operator=(const wakeup&) = delete;
  /// As waiter::notify. At most one in the life of this.
  void notify(waiter<P>& w) noexcept {
    if (w.selects()) [[unlikely]]
      resumption_ = static_cast<contender<P>&>(w).resumption();
    word_ = w.notify();
  }

 private:
  const typename P::template atomic<std::uint32_t>* word_ = nullptr;
  core::resumption resumption_;
};

/// Serves a waiter that is an offer of either kind.
template <class T, class P, class Send>
bool serve_offer(waiter<P>& w, Send send) noexcept {
  if (w.selects()) [[unlikely]]
    return static_cast<offer<P, T, contender<P>>&>(w).serve(send);
  return static_cast<offer<P, T>&>(w).serve(send);
}

/// What an operation knows after it has looked at everything that matters to it.
enum class decision : std::uint8_t {
  done,      ///< it has been done, or failed for good
  possible,  ///< it can be tried
  blocked,   ///< it was impossible at a moment of the call
};

/// Does an operation if it is possible; whether it has been done. See list_of_waiters::wait.
template <class Operation>
bool attempt(Operation& operation) noexcept {
  for (;;) {
    if (operation.look()) return true;
    const decision d = operation.decide();
    if (d != decision::possible) return d == decision::done;
  }
}

/// Waiters in the order of their registration, in a ring: before the first is the last. Every call is
/// made under one mutex.
template <class P>
class waiter_queue {
 public:
  waiter_queue() noexcept { first_.construct(nullptr); }
  ~waiter_queue() { first_.destroy(); }
  waiter_queue(const waiter_queue&) = delete;
  waiter_queue& operator=(const waiter_queue&) = delete;

  [[nodiscard]] bool empty() const noexcept { return get(first_) == nullptr; }

  void push_back(waiter<P>& w) noexcept {
    waiter<P>* const first = get(first_);
    if (first == nullptr) {
      join(w, w);
      set(first_, &w);
    } else {
      join(*get(first->previous), w);
      join(w, *first);
    }
    set(w.linked, true);
  }

  /// The waiter that has been registered longest, now unlinked; null if there is none.
  waiter<P>* pop_front() noexcept {
    waiter<P>* const first = get(first_);
    if (first != nullptr) unlink(*first);
    return first;
  }

  /// The waiter that has been registered longest and can be claimed, now claimed and unlinked; null if
  /// there is none. Those before it are unlinked, too: nothing more will be done for them.
  waiter<P>* claim_front() noexcept {
    for (;;) {
      waiter<P>* const first = pop_front();
      if (first == nullptr || first->claim()) return first;
    }
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
  static void join(waiter<P>& before, waiter<P>& after) noexcept {
    set(before.next, &after);
    set(after.previous, &before);
  }

  void unlink(waiter<P>& w) noexcept {
    waiter<P>* const after = get(w.next);
    if (after == &w) {
      set(first_, nullptr);
    } else {
      join(*get(w.previous), *after);
      if (get(first_) == &w) set(first_, after);
    }
    set(w.linked, false);
  }

  link first_;
};

/// How the words of a list lie: `apart`, if it belongs to an operation that others do all the time.
enum class layout : bool { together, apart };

/// The waiters for one condition of a queue, such as "there is a message".
template <class P, layout Layout>
class list_of_waiters {
 public:
  /// Does an operation when it becomes possible (true), or gives up when the deadline has passed
  /// (false; then it has been attempted once more after the deadline). Blocks.
  ///
  /// An operation has
  ///
  ///   look()          does it, if that is easily seen to be possible; whether it has. For polling: it
  ///                   leaves the other side's cache lines alone
  ///   decide()        a `decision`
  ///   make_waiter()   a waiter or an offer
  ///   was_served(w)   whether it has been done by serving that waiter
  ///   count(peek)     for the platform's polling: how many this side of the queue has done
  template <class Operation>
  bool wait(time_point deadline, Operation& operation) noexcept {
    const auto look = [&operation] { return operation.look(); };
    const auto count = [&operation](auto peek) { return operation.count(peek); };
    using waiter_type = decltype(operation.make_waiter());
    if (polling_.pauses(look, count)) return true;
    if constexpr (!waiter_type::can_be_served) {
      if (polling_.yields(look)) return true;
    }
    if (core::attempt(operation)) return true;
    for (;;) {
      alignas(cache_line) waiter_type w = operation.make_waiter();
      add(w);
      const bool is_blocked = operation.decide() == decision::blocked;
      const bool in_time = is_blocked ? await_notification(w, deadline) : withdraw(w);
      if (operation.was_served(w) || core::attempt(operation)) return true;
      if (!in_time) return false;
      // Tried in vain: a faster thread took what there was. Past the deadline, park() ends at once.
    }
  }

  /// Registers a waiter. Its owner has to decide that it is blocked before it parks.
  template <class Waiter>
  void add(Waiter& w) noexcept {
    const critical_section<P> held(mutex_);
    if constexpr (P::checks_misuse && Waiter::is_sole) {
      if (!queue_.empty()) core::report_shared_receiver();
    }
    queue_.push_back(w);
    // waiters.register: handshake waiters.check, waiters.check_all;
    //   also waiters.check, waiters.check_all
    // seq_cst store, then the owner's seq_cst loads in its re-check: step C of the argument on top.
    occupied_.store(1, at<"waiters.register">(seq_cst));
  }

  /// Unregisters a waiter; whether a notification had already reached it.
  [[nodiscard]] bool remove(waiter<P>& w) noexcept {
    const critical_section<P> held(mutex_);
    const bool linked = queue_.remove(w);
    // A contender may have been taken off by somebody who then found nobody to notify.
    if (linked || w.selects()) note_if_empty();
    return !linked;
  }

  /// After making progress possible for one waiter. One load if nobody waits.
  void notify_one() noexcept {
    notify_one([](waiter<P>&) {});
  }
  /// The same; calls `serve(waiter)` first, under the mutex.
  template <class Serve>
  void notify_one(Serve serve) noexcept {
    // waiters.check: handshake waiters.register; also waiters.register
    // seq_cst load after the seq_cst claim or close of the queue: step B of the argument on top.
    // Reading 0 says that whoever registers later will see that claim.
    if (occupied_.load(at<"waiters.check">(seq_cst)) != 0) [[unlikely]]
      notify_first(serve);
  }

  /// After making progress possible for everybody: a close.
  void notify_all() noexcept {
    // waiters.check_all: handshake waiters.register; also waiters.register
    // As waiters.check, for the close of the queue.
    if (occupied_.load(at<"waiters.check_all">(seq_cst)) == 0) return;
    while (notify_first([](waiter<P>&) {})) {
    }
  }

 protected:
  template <class Serve>
  [[gnu::noinline]] bool notify_first(Serve serve) noexcept {
    wakeup<P> after_unlock;
    const critical_section<P> held(mutex_);
    waiter<P>* const first = queue_.claim_front();
    if (first == nullptr) return false;
    note_if_empty();
    serve(*first);
    after_unlock.notify(*first);
    return true;
  }

  /// Whether the waiter is notified before the deadline; it is unlinked then or now.
  ///
  /// Offers yield here, where they can be served meanwhile. Others have yielded before they
  /// registered, so that nobody need take the mutex for their sake.
  template <class Waiter>
  [[nodiscard]] bool await_notification(Waiter& w, time_point deadline) noexcept {
    if constexpr (Waiter::can_be_served) {
      if (polling_.yields([&w] { return w.is_notified(); })) return true;
    }
    return w.park(deadline) || remove(w);
  }

  /// Unlinks the waiter, if nobody has: its owner is going to try by itself.
  bool withdraw(waiter<P>& w) noexcept {
    (void)remove(w);
    return true;
  }

  void note_if_empty() noexcept {
    // waiters.emptied: needs nothing
    // Relaxed: whoever still reads 1 only pays for a look at the list.
    if (queue_.empty()) occupied_.store(0, at<"waiters.emptied">(relaxed));
  }

  using word = typename P::template atomic<std::uint32_t>;
  using mutex = typename waiting_parts<P>::mutex;
  static constexpr bool is_apart = Layout == layout::apart;

  // Loaded after every operation of the queue and hardly ever written: not in a line with the rest.
  alignas(is_apart ? separation : alignof(word)) word occupied_{0};  // queue_ has waiters
  alignas(is_apart ? cache_line : alignof(mutex)) mutex mutex_;
  waiter_queue<P> queue_;
  [[no_unique_address]] typename P::stream_polling polling_;
};

/// Of senders, or of receivers.
template <class P>
class wait_list : public list_of_waiters<P, layout::apart> {};

/// Of those that wait for the close.
template <class P>
class closing_list : public list_of_waiters<P, layout::together> {};

}  // namespace runnel::core

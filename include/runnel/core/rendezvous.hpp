// SPDX-License-Identifier: MIT
//
// The flavour without a buffer: a hand-off is one step in which a send and a receive happen
// together. Whoever comes first waits in the list of its side; whoever comes second does the step, under
// the mutex. Only a select may wait on both sides at once; no other operation waits while there is
// somebody on the other side.
//
// A blocked operation is a `party`: a waiter with a place for one message and an outcome.
//
//   party      in the list                        after it was taken off the list
//   sender     its message is in the place        taken: the place is empty; closed: still there
//   receiver   the place is empty                 taken: the message is there; closed: empty
//
// A select waits with contenders: an offer, whose message stays with its owner until it is taken, and a
// `bid`, which has a place for one. Whoever claims one serves it, or has closed the channel.
//
// A party belongs to the holder of the mutex while it is linked; from the moment its owner sees the
// notification, or finds it unlinked, or unlinks it, to its owner. All of that is ordered by the
// mutex and by the notification of the waiter.
//
// Where a party lives: on the stack of its thread, or, if nobody waits yet, in the `seat` of the
// channel, which shares a cache line with the mutex and the list. So the partner of the only one who
// waits gets all it needs with that line, and hands it back with all that the other needs to go on.
//
//   seat    who may touch its memory
//   free    whoever holds the mutex and finds the list empty: that one takes it
//   taken   the operation that took it; others through the party in it, as above. After the party's
//           end its owner, without the mutex, makes the seat free
//
// The linearization point of an operation is its critical section, of one that waited the critical
// section of its partner, of a time-out the one that unlinks it. Two `try_` never meet: neither is
// ever in the list.
#pragma once

#include <runnel/core/misuse.hpp>
#include <runnel/core/queue.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>
#include <runnel/core/waiting.hpp>
#include <runnel/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace runnel::core {

/// A receive that is a case of a select, blocked: whoever sends moves the message into it.
template <class P, class T>
class bid : public contender<P> {
 public:
  bid(selection<P>& of, std::size_t index) noexcept : contender<P>(of, index) {
    accepted_.construct(false);
  }
  ~bid() { accepted_.destroy(); }
  bid(const bid&) = delete;
  bid& operator=(const bid&) = delete;

  void accept(T& value) noexcept {
    place_.construct(std::move(value));
    accepted_.write([](bool& a) { a = true; });
  }
  /// For its owner, when it is unlinked.
  [[nodiscard]] bool was_served() const noexcept {
    return accepted_.read([](bool a) { return a; });
  }
  /// For its owner, once, if it was served.
  T take() noexcept { return place_.take(); }

 private:
  typename P::template cell<bool> accepted_;
  typename P::template cell<T> place_;
};

template <class P, class T>
class rendezvous {
 public:
  rendezvous() noexcept { closed_.construct(false); }
  ~rendezvous() { closed_.destroy(); }
  rendezvous(const rendezvous&) = delete;
  rendezvous& operator=(const rendezvous&) = delete;

  /// Hands `value` to a receiver that already waits; `full` if there is none.
  send_status try_send(T& value) noexcept {
    wakeup<P> after_unlock;
    const critical_section<P> held(mutex_);
    return hand_over(value, after_unlock);
  }

  /// Waits for a receiver. Unless the answer is `sent`, `value` is as it was before.
  send_status send(T& value, time_point deadline) noexcept {
    std::optional<seated_party> self;
    {
      wakeup<P> after_unlock;
      const critical_section<P> held(mutex_);
      const send_status now = hand_over(value, after_unlock);
      if (now != send_status::full) return now;
      self.emplace(*this);
      (*self)->place.construct(std::move(value));
      senders_.push_back(**self);
    }
    const bool in_time = wait_for_partner(senders_, **self, deadline);
    if (in_time && (*self)->result() == outcome::taken) return send_status::sent;
    std::destroy_at(std::addressof(value));  // it was moved from; T need not be assignable
    std::construct_at(std::addressof(value), (*self)->place.take());
    return in_time ? send_status::disconnected : send_status::timeout;
  }

  /// Takes the message of a sender that already waits; `empty` if there is none.
  std::expected<T, recv_errc> try_recv() noexcept {
    wakeup<P> after_unlock;
    const critical_section<P> held(mutex_);
    return take_over(after_unlock);
  }

  /// Waits for a sender. Where there is one receiver, debug builds report another that waits.
  std::expected<T, recv_errc> recv(time_point deadline,
                                   [[maybe_unused]] receivers there_are) noexcept {
    std::optional<seated_party> self;
    {
      wakeup<P> after_unlock;
      const critical_section<P> held(mutex_);
      auto now = take_over(after_unlock);
      if (now.has_value() || now.error() != recv_errc::empty) return now;
      if constexpr (P::checks_misuse) {
        if (there_are == receivers::one && !receivers_.empty()) core::report_shared_receiver();
      }
      self.emplace(*this);
      receivers_.push_back(**self);
    }
    if (!wait_for_partner(receivers_, **self, deadline)) return std::unexpected(recv_errc::timeout);
    if ((*self)->result() == outcome::closed) return std::unexpected(recv_errc::disconnected);
    return std::expected<T, recv_errc>(std::in_place, (*self)->place.take());
  }

  /// Ends all hand-offs for ever; whoever waits gets `disconnected`, also while others that wait on the
  /// other side have not been told yet.
  void close() noexcept {
    {
      const critical_section<P> held(mutex_);
      closed_.write([](bool& c) { c = true; });
    }
    while (dismiss()) {
    }
  }

  [[nodiscard]] bool is_closed() const noexcept {
    const critical_section<P> held(mutex_);
    return closed();
  }
  /// The same: whoever waits for the close and registers before this, under the mutex, is seen by it.
  [[nodiscard]] bool confirm_closed() const noexcept { return is_closed(); }

  // What a select does (select.hpp). Each under the mutex: it holds those of all its rendezvous at once,
  // so that none of its waiters is seen before it has looked for partners everywhere.

  auto& meeting_place() noexcept { return mutex_; }

  /// Hands `value` to the receiver that has waited longest; `full` if there is none.
  send_status hand_over(T& value, wakeup<P>& w) noexcept {
    if (closed()) return send_status::disconnected;
    waiter<P>* const receiver = receivers_.claim_front();
    if (receiver == nullptr) return send_status::full;
    if (receiver->selects()) {
      static_cast<bid<P, T>*>(receiver)->accept(value);
    } else {
      auto* const p = static_cast<party*>(receiver);
      p->place.construct(std::move(value));
      p->finish(outcome::taken);
    }
    w.notify(*receiver);
    return send_status::sent;
  }

  /// Takes the message of the sender that has waited longest; `empty` if there is none.
  std::expected<T, recv_errc> take_over(wakeup<P>& w) noexcept {
    if (closed()) return std::unexpected(recv_errc::disconnected);
    waiter<P>* const sender = senders_.claim_front();
    if (sender == nullptr) return std::unexpected(recv_errc::empty);
    std::expected<T, recv_errc> message(std::in_place, message_of(*sender));
    w.notify(*sender);
    return message;
  }

  void join_senders(waiter<P>& w) noexcept { senders_.push_back(w); }
  void join_receivers(waiter<P>& w) noexcept { receivers_.push_back(w); }

  // And these take the mutex.

  void leave_senders(waiter<P>& w) noexcept { leave(senders_, w); }
  void leave_receivers(waiter<P>& w) noexcept { leave(receivers_, w); }
  send_status send_if_free(T& value) noexcept { return try_send(value); }
  std::expected<T, recv_errc> recv_if_there() noexcept { return try_recv(); }
  /// Nothing is left to decide: the select has looked under the mutex.
  [[nodiscard]] static bool may_send() noexcept { return false; }
  [[nodiscard]] static bool may_recv() noexcept { return false; }
  /// Whoever is notified was served, or everybody is.
  static void notify_receiver() noexcept {}
  static void notify_sender() noexcept {}

 protected:
  enum class outcome : unsigned char { none, taken, closed };

  struct party : waiter<P> {
    party() noexcept { outcome_.construct(outcome::none); }
    ~party() { outcome_.destroy(); }
    [[nodiscard]] outcome result() const noexcept {
      return outcome_.read([](outcome o) { return o; });
    }
    void finish(outcome o) noexcept {
      outcome_.write([o](outcome& to) { to = o; });
    }

   private:
    typename P::template cell<outcome> outcome_;

   public:
    typename P::template cell<T> place;
  };

  /// The party of an operation, in the seat if that is free and nobody waits. Made under the mutex.
  class seated_party {
   public:
    explicit seated_party(rendezvous& r) noexcept
        : seat_of_(r.take_seat() ? std::addressof(r) : nullptr),
          party_(::new(static_cast<void*>(seat_of_ != nullptr ? r.seat_ : own_)) party) {}
    ~seated_party() {
      party_->~party();
      if (seat_of_ != nullptr) seat_of_->leave_seat();
    }
    seated_party(const seated_party&) = delete;
    seated_party& operator=(const seated_party&) = delete;
    party& operator*() const noexcept { return *party_; }
    party* operator->() const noexcept { return party_; }

   private:
    rendezvous* const seat_of_;
    party* const party_;
    alignas(cache_line) alignas(party) std::byte own_[sizeof(party)];
  };

  /// Under the mutex, so that nobody else takes it meanwhile. Not while others wait: then the partner
  /// of the first of them reads another line anyway.
  bool take_seat() noexcept {
    // seat.is_free: needs seat.leave
    // Acquire: the party of whoever sat there before has ended.
    if (!senders_.empty() || !receivers_.empty() ||
        seat_taken_.load(at<"seat.is_free">(acquire)) != 0)
      return false;
    // seat.take: needs nothing
    // Relaxed: the next to look holds the mutex later.
    seat_taken_.store(1, at<"seat.take">(relaxed));
    return true;
  }

  void leave_seat() noexcept {
    // seat.leave: needs seat.is_free
    // Release: see seat.is_free.
    seat_taken_.store(0, at<"seat.leave">(release));
  }

  bool closed() const noexcept {
    return closed_.read([](bool c) { return c; });
  }

  static T message_of(waiter<P>& sender) noexcept {
    if (sender.selects()) return static_cast<offer<P, T, contender<P>>&>(sender).take();
    auto& p = static_cast<party&>(sender);
    p.finish(outcome::taken);
    return p.place.take();
  }

  /// Whether somebody has dealt with the party before the deadline; if not, it is unlinked.
  bool wait_for_partner(waiter_queue<P>& list, party& self, time_point deadline) noexcept {
    if (polling_.until([&self] { return self.is_notified(); }) || self.park(deadline)) return true;
    return !leave(list, self);
  }
  /// Whether the waiter was still in the list.
  bool leave(waiter_queue<P>& list, waiter<P>& w) noexcept {
    const critical_section<P> held(mutex_);
    return list.remove(w);
  }

  /// Tells the first that waits on either side that the channel is closed; false if there is none.
  bool dismiss() noexcept {
    wakeup<P> after_unlock;
    const critical_section<P> held(mutex_);
    waiter<P>* first = senders_.claim_front();
    if (first == nullptr) first = receivers_.claim_front();
    if (first == nullptr) return false;
    if (!first->selects()) static_cast<party*>(first)->finish(outcome::closed);
    after_unlock.notify(*first);
    return true;
  }

  [[no_unique_address]] typename P::polling polling_;
  // One cache line on std_platform, if T has 8 bytes.
  alignas(separation) mutable typename waiting_parts<P>::mutex mutex_;
  waiter_queue<P> senders_;
  waiter_queue<P> receivers_;
  typename P::template atomic<std::uint32_t> seat_taken_{0};
  typename P::template cell<bool> closed_;
  alignas(party) std::byte seat_[sizeof(party)];
};

}  // namespace runnel::core

// SPDX-License-Identifier: MIT
//
// The flavour without a buffer: a hand-off is one step in which a send and a receive happen
// together. Whoever comes first waits in the list; whoever comes second does the step, under the
// mutex. The list has senders or receivers in it, never both.
//
// A blocked operation is a `party`: a waiter with a place for one message and an outcome.
//
//   party      in the list                        after it was taken off the list
//   sender     its message is in the place        taken: the place is empty; closed: still there
//   receiver   the place is empty                 taken: the message is there; closed: empty
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

template <class P, class T>
class rendezvous {
 public:
  rendezvous() noexcept {
    closed_.construct(false);
    who_waits_.construct(side::senders);
  }
  ~rendezvous() {
    closed_.destroy();
    who_waits_.destroy();
  }
  rendezvous(const rendezvous&) = delete;
  rendezvous& operator=(const rendezvous&) = delete;

  /// Hands `value` to a receiver that already waits; `full` if there is none.
  send_status try_send(T& value) noexcept {
    wakeup after_unlock;
    const critical_section<P> held(mutex_);
    return hand_over(value, after_unlock);
  }

  /// Waits for a receiver. Unless the answer is `sent`, `value` is as it was before.
  send_status send(T& value, time_point deadline) noexcept {
    std::optional<seated_party> self;
    {
      wakeup after_unlock;
      const critical_section<P> held(mutex_);
      const send_status now = hand_over(value, after_unlock);
      if (now != send_status::full) return now;
      self.emplace(*this);
      (*self)->place.construct(std::move(value));
      join(**self, side::senders);
    }
    const bool in_time = wait_for_partner(**self, deadline);
    if (in_time && (*self)->result() == outcome::taken) return send_status::sent;
    std::destroy_at(std::addressof(value));  // it was moved from; T need not be assignable
    std::construct_at(std::addressof(value), (*self)->place.take());
    return in_time ? send_status::disconnected : send_status::timeout;
  }

  /// Takes the message of a sender that already waits; `empty` if there is none.
  std::expected<T, recv_errc> try_recv() noexcept {
    wakeup after_unlock;
    const critical_section<P> held(mutex_);
    return take_over(after_unlock);
  }

  /// Waits for a sender. Where there is one receiver, debug builds report another that waits.
  std::expected<T, recv_errc> recv(time_point deadline,
                                   [[maybe_unused]] receivers there_are) noexcept {
    std::optional<seated_party> self;
    {
      wakeup after_unlock;
      const critical_section<P> held(mutex_);
      auto now = take_over(after_unlock);
      if (now.has_value() || now.error() != recv_errc::empty) return now;
      if constexpr (P::checks_misuse) {
        if (there_are == receivers::one && !parties_.empty()) core::report_shared_receiver();
      }
      self.emplace(*this);
      join(**self, side::receivers);
    }
    if (!wait_for_partner(**self, deadline)) return std::unexpected(recv_errc::timeout);
    if ((*self)->result() == outcome::closed) return std::unexpected(recv_errc::disconnected);
    return std::expected<T, recv_errc>(std::in_place, (*self)->place.take());
  }

  /// Ends all hand-offs for ever; whoever waits gets `disconnected`.
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

 protected:
  enum class outcome : unsigned char { none, taken, closed };
  enum class side : unsigned char { senders, receivers };

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
    if (!parties_.empty() || seat_taken_.load(at<"seat.is_free">(acquire)) != 0) return false;
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

  /// The system call that wakes a partner, made after the mutex has been released.
  class wakeup {
   public:
    wakeup() = default;
    ~wakeup() {
      if (word_ != nullptr) P::wake(word_, 1);
    }
    wakeup(const wakeup&) = delete;
    wakeup& operator=(const wakeup&) = delete;
    void notify(waiter<P>& w) noexcept {
      const auto* const word = w.word();
      if (w.notify()) word_ = word;
    }

   private:
    const typename P::template atomic<std::uint32_t>* word_ = nullptr;
  };

  bool closed() const noexcept {
    return closed_.read([](bool c) { return c; });
  }

  void join(party& p, side s) noexcept {
    who_waits_.write([s](side& to) { to = s; });
    parties_.push_back(p);
  }

  /// The party of that side that has waited longest, unlinked; null if there is none.
  party* first_of(side s) noexcept {
    if (who_waits_.read([](side w) { return w; }) != s) return nullptr;
    return static_cast<party*>(parties_.pop_front());
  }

  send_status hand_over(T& value, wakeup& w) noexcept {
    party* const receiver = first_of(side::receivers);
    if (receiver == nullptr) return closed() ? send_status::disconnected : send_status::full;
    receiver->place.construct(std::move(value));
    receiver->finish(outcome::taken);
    w.notify(*receiver);
    return send_status::sent;
  }

  std::expected<T, recv_errc> take_over(wakeup& w) noexcept {
    party* const sender = first_of(side::senders);
    if (sender == nullptr)
      return std::unexpected(closed() ? recv_errc::disconnected : recv_errc::empty);
    std::expected<T, recv_errc> message(std::in_place, sender->place.take());
    sender->finish(outcome::taken);
    w.notify(*sender);
    return message;
  }

  /// Whether somebody has dealt with the party before the deadline; if not, it is unlinked.
  bool wait_for_partner(party& self, time_point deadline) noexcept {
    if (polling_.until([&self] { return self.is_notified(); }) || self.park(deadline)) return true;
    const critical_section<P> held(mutex_);
    return !parties_.remove(self);
  }

  /// Tells the first party that the channel is closed; false if there is none.
  bool dismiss() noexcept {
    wakeup after_unlock;
    const critical_section<P> held(mutex_);
    auto* const first = static_cast<party*>(parties_.pop_front());
    if (first == nullptr) return false;
    first->finish(outcome::closed);
    after_unlock.notify(*first);
    return true;
  }

  [[no_unique_address]] typename P::polling polling_;
  // One cache line on std_platform, if T has 8 bytes.
  alignas(separation) mutable typename waiting_parts<P>::mutex mutex_;
  waiter_queue<P> parties_;
  typename P::template atomic<std::uint32_t> seat_taken_{0};
  typename P::template cell<bool> closed_;
  typename P::template cell<side> who_waits_;
  alignas(party) std::byte seat_[sizeof(party)];
};

}  // namespace runnel::core

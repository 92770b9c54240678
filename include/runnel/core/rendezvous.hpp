// SPDX-License-Identifier: MIT
//
// The flavour without a buffer: a hand-off is one step in which a send and a receive happen
// together. Whoever comes first waits in a list; whoever comes second does the step, under the
// mutex. At most one of the two lists has waiters in it.
//
// A blocked operation is a `party`: a waiter with a place for one message and an outcome.
//
//   party      in its list                        after it was taken off the list
//   sender     its message is in the place        taken: the place is empty; closed: still there
//   receiver   the place is empty                 taken: the message is there; closed: empty
//
// A party belongs to the holder of the mutex while it is linked; from the moment its owner sees the
// notification, or finds it unlinked, or unlinks it, to its owner. All of it is ordered by the
// mutex and by the notification of the waiter: there is no other atomic operation here.
//
// The linearization point of an operation is its critical section, of one that waited the critical
// section of its partner, of a time-out the one that unlinks it. Two `try_` never meet: neither is
// ever in a list.
#pragma once

#include <runnel/core/queue.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>
#include <runnel/core/waiting.hpp>
#include <runnel/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <utility>

namespace runnel::core {

template <class P, class T>
class rendezvous {
 public:
  rendezvous() noexcept { closed_.construct(false); }
  ~rendezvous() { closed_.destroy(); }
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
    party self;
    {
      wakeup after_unlock;
      const critical_section<P> held(mutex_);
      const send_status now = hand_over(value, after_unlock);
      if (now != send_status::full) return now;
      self.place.construct(std::move(value));
      senders_.push_back(self);
    }
    const bool in_time = wait_for_partner(self, deadline, senders_);
    if (in_time && self.result() == outcome::taken) return send_status::sent;
    std::destroy_at(std::addressof(value));  // it was moved from; T need not be assignable
    std::construct_at(std::addressof(value), self.place.take());
    return in_time ? send_status::disconnected : send_status::timeout;
  }

  /// Takes the message of a sender that already waits; `empty` if there is none.
  std::expected<T, recv_errc> try_recv() noexcept {
    wakeup after_unlock;
    const critical_section<P> held(mutex_);
    return take_over(after_unlock);
  }

  /// Waits for a sender.
  std::expected<T, recv_errc> recv(time_point deadline) noexcept {
    party self;
    {
      wakeup after_unlock;
      const critical_section<P> held(mutex_);
      auto now = take_over(after_unlock);
      if (now || now.error() != recv_errc::empty) return now;
      receivers_.push_back(self);
    }
    if (!wait_for_partner(self, deadline, receivers_)) return std::unexpected(recv_errc::timeout);
    if (self.result() == outcome::closed) return std::unexpected(recv_errc::disconnected);
    return self.place.take();
  }

  /// Ends all hand-offs for ever; whoever waits gets `disconnected`.
  void close() noexcept {
    {
      const critical_section<P> held(mutex_);
      closed_.write([](bool& c) { c = true; });
    }
    while (dismiss(senders_) || dismiss(receivers_)) {
    }
  }

  [[nodiscard]] bool is_closed() const noexcept {
    const critical_section<P> held(mutex_);
    return closed();
  }

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

    typename P::template cell<T> place;

   private:
    typename P::template cell<outcome> outcome_;
  };

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

  send_status hand_over(T& value, wakeup& w) noexcept {
    auto* const receiver = static_cast<party*>(receivers_.pop_front());
    if (receiver == nullptr) return closed() ? send_status::disconnected : send_status::full;
    receiver->place.construct(std::move(value));
    receiver->finish(outcome::taken);
    w.notify(*receiver);
    return send_status::sent;
  }

  std::expected<T, recv_errc> take_over(wakeup& w) noexcept {
    auto* const sender = static_cast<party*>(senders_.pop_front());
    if (sender == nullptr)
      return std::unexpected(closed() ? recv_errc::disconnected : recv_errc::empty);
    std::expected<T, recv_errc> message(sender->place.take());
    sender->finish(outcome::taken);
    w.notify(*sender);
    return message;
  }

  /// Whether somebody has dealt with the party before the deadline; if not, it is unlinked.
  bool wait_for_partner(party& self, time_point deadline, waiter_queue<P>& in) noexcept {
    if (polling_.until([&self] { return self.is_notified(); }) || self.park(deadline)) return true;
    const critical_section<P> held(mutex_);
    return !in.remove(self);
  }

  /// Tells the first party of the list that the channel is closed; false if there is none.
  bool dismiss(waiter_queue<P>& parties) noexcept {
    wakeup after_unlock;
    const critical_section<P> held(mutex_);
    auto* const first = static_cast<party*>(parties.pop_front());
    if (first == nullptr) return false;
    first->finish(outcome::closed);
    after_unlock.notify(*first);
    return true;
  }

  mutable typename waiting_parts<P>::mutex mutex_;
  waiter_queue<P> senders_;
  waiter_queue<P> receivers_;
  typename P::template cell<bool> closed_;
  [[no_unique_address]] typename P::polling polling_;
};

}  // namespace runnel::core

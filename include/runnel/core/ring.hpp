// SPDX-License-Identifier: MIT
//
// The bounded flavour: a ring of slots with stamps, for any number of senders and receivers.
// (After D. Vyukov's bounded MPMC queue, 2010, with a closed flag as in crossbeam's array flavour.)
//
// The k-th message has a position: its lap and its index, `position = lap * laps_by + index`, kept
// shifted by one so that the lowest bit is free for a flag. `tail_` is the position of the next
// send and the closed flag; `head_` is the position of the next receive. The ring holds the
// messages from head_ to tail_, at most `capacity` of them.
//
// States of a slot (its `stamp`), seen from position p whose index it has:
//
//   stamp            meaning                               who may touch the value
//   p                free for the send of position p       the sender that moved tail_ past p
//   p | full         holds the message of position p       the receiver that moved head_ past p
//   next lap's p     free again                            the sender of position p + one lap
//
// A claim (the compare-exchange that moves tail_ or head_) is the linearization point of a send or
// receive that succeeds. It is seq_cst for the sake of those that fail and of those that wait:
//
//  - "full" and "empty" are decided by reading both tail_ and head_ with seq_cst. head_ never
//    passes tail_, and tail_ never passes head_ by more than the capacity. So if the second word
//    read is as far from the first as it can be, the ring was full (empty) at that second read, in
//    the single total order of seq_cst operations in which all claims stand.
//  - a claim followed by the look for waiters, against a registration followed by the decision
//    above, is the handshake of waiting.hpp.
//
// Neither operation waits for room or messages. Both may wait for one step of another thread: a
// send for the receive that has claimed the slot's previous message and not yet released the slot,
// a receive for the send that has claimed its place and not yet published its message.
//
// After `close` no send can claim: the claim would have to replace a tail_ without the flag.
#pragma once

#include <runnel/core/misuse.hpp>
#include <runnel/core/queue.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>
#include <runnel/errors.hpp>

#include <bit>
#include <cstddef>
#include <expected>
#include <limits>
#include <new>
#include <optional>
#include <utility>

namespace runnel::core {

template <class P, class T, class Geometry>
class ring {
 public:
  static constexpr bool bounded = true;

  /// Throws std::length_error if the capacity is 0 or cannot be counted, and what P::allocate does.
  explicit ring(std::size_t capacity)
      : capacity_(checked(capacity)),
        laps_by_(static_cast<position>(std::bit_ceil(capacity))),
        slots_(static_cast<slot*>(P::allocate(capacity * sizeof(slot), alignof(slot)))),
        tail_(first()),
        head_(first()) {
    for (std::size_t i = 0; i < capacity_; ++i)
      ::new (static_cast<void*>(slots_ + i)) slot(static_cast<position>(first() + unit * i));
  }

  /// Only when no other thread uses the ring any more and it has been drained.
  ~ring() {
    for (std::size_t i = 0; i < capacity_; ++i) slots_[i].~slot();
    P::deallocate(slots_, capacity_ * sizeof(slot), alignof(slot));
  }
  ring(const ring&) = delete;
  ring& operator=(const ring&) = delete;

  /// Moves `value` into the ring, unless the answer is `disconnected`, or `full`: which here is a
  /// guess that decides nothing, and touches no word that receivers write but the stamp.
  send_status send_if_free(T& value) noexcept {
    // ring.send_position: needs nothing
    // A guess: the stamp and the claim tell whether it is right.
    position t = tail_.load(at<"ring.send_position">(relaxed));
    for (unsigned lost = 0;; P::lost_race(++lost)) {
      if (is_closed(t)) {
        // ring.send_closed: needs ring.close; also ring.claim_send
        // Acquire: what the receiver that closed did before happens-before `disconnected`.
        (void)tail_.load(at<"ring.send_closed">(acquire));
        return send_status::disconnected;
      }
      slot& s = slot_of(t);
      // ring.see_free: needs ring.release, ring.publish
      // Acquire: the receiver of the previous lap is done with the slot, and all it did before the
      // call happens-before the completion of this send. If another sender has published there,
      // the next read of tail_ sees that sender's claim, and does not come to this slot again.
      if (s.stamp.load(at<"ring.see_free">(acquire)) != t) return send_status::full;
      const position mine = t;
      // ring.claim_send: needs ring.recv_tail, ring.size_tail, ring.size_tail_again;
      //   handshake ring.recv_tail;
      //   also ring.claim_send, ring.send_tail, ring.send_closed, ring.close, ring.is_closed,
      //   ring.confirm_closed
      // seq_cst: the linearization point, see the top. A failure has read a newer tail_.
      if (tail_.compare_exchange_weak(t, next(t), at<"ring.claim_send">(seq_cst, relaxed))) {
        s.value.construct(std::move(value));
        // ring.publish: needs ring.see_message, ring.see_free
        // Release: the message is complete before the receiver moves it out, and the claim is seen
        // by a sender that comes too late.
        s.stamp.store(static_cast<position>(mine | full), at<"ring.publish">(release));
        return send_status::sent;
      }
    }
  }

  /// Whether the ring is `full` or `disconnected`. If it is neither, waits until the next slot is
  /// free, and says nothing.
  std::optional<send_status> confirm_full() noexcept {
    // ring.send_tail: needs ring.close; handshake ring.close; also ring.claim_send
    // seq_cst: first half of the decision "full": all sends before this position are claimed. And a
    // sender that waits for room sees the close, or is seen by it. And acquire: as ring.send_closed.
    const position t = tail_.load(at<"ring.send_tail">(seq_cst));
    if (is_closed(t)) return send_status::disconnected;
    const position previous = earlier(t);
    // ring.send_head: needs ring.claim_recv; handshake ring.claim_recv
    // seq_cst: second half: the message one lap ago has not been claimed by a receiver. And acquire:
    // if it has, it is seen to be published, so that ring.await_room waits for the release.
    if (head_.load(at<"ring.send_head">(seq_cst)) == previous) return send_status::full;
    // ring.await_room: needs nothing
    // If the slot still has that message, its receiver has claimed it and is about to release the
    // slot. ring.see_free reads again.
    P::await(
        slot_of(t).stamp, [previous](position now) { return now != (previous | full); },
        at<"ring.await_room">(relaxed));
    return std::nullopt;
  }

  /// Moves `value` into the ring, unless the answer is `full` or `disconnected`.
  send_status try_send(T& value) noexcept {
    for (;;) {
      const send_status status = send_if_free(value);
      if (status != send_status::full) return status;
      if (const auto answer = confirm_full()) return *answer;
    }
  }

  /// The oldest message, or `empty`: which here is a guess that decides nothing, and touches no
  /// word that senders write but the stamp.
  std::expected<T, recv_errc> recv_if_there() noexcept {
    // ring.recv_position: needs nothing
    // A guess: the stamp and the claim tell whether it is right.
    position h = head_.load(at<"ring.recv_position">(relaxed));
    for (unsigned lost = 0;; P::lost_race(++lost)) {
      slot& s = slot_of(h);
      // ring.see_message: needs ring.publish, ring.release
      // Acquire: the message is complete, and all its sender did before happens-before this. If
      // another receiver has released the slot, the next read of head_ sees that one's claim.
      if (s.stamp.load(at<"ring.see_message">(acquire)) != (h | full))
        return std::unexpected(recv_errc::empty);
      const position mine = h;
      // ring.claim_recv: needs ring.send_head, ring.size_head; handshake ring.send_head;
      //   also ring.claim_recv, ring.recv_head
      // seq_cst: the linearization point, see the top. A failure has read a newer head_.
      if (head_.compare_exchange_weak(h, next(h), at<"ring.claim_recv">(seq_cst, relaxed)))
        return std::expected<T, recv_errc>(std::in_place, take(s, mine));
    }
  }

  /// Whether the ring is `empty` or `disconnected`. If it is neither, waits until the next message is
  /// there, and says nothing.
  std::optional<recv_errc> confirm_empty() noexcept {
    // ring.recv_head: also ring.claim_recv
    // seq_cst: first half of the decision "empty": all messages before this one are claimed, by
    // claims that come before the read of tail_ in the total order, those of other receivers too.
    const position h = head_.load(at<"ring.recv_head">(seq_cst));
    // ring.recv_tail: needs ring.close, ring.claim_send; handshake ring.claim_send, ring.close
    // seq_cst: second half: no sender has claimed this position. And acquire: what was done before
    // the close happens-before `disconnected`; and if a sender has claimed it, the slot
    // is seen to be free for that, so that ring.await_message waits for the publication.
    const position t = tail_.load(at<"ring.recv_tail">(seq_cst));
    if (open(t) == h) return is_closed(t) ? recv_errc::disconnected : recv_errc::empty;
    // ring.await_message: needs nothing
    // If the slot is still free, its sender has claimed it and is about to publish.
    // ring.see_message reads again.
    P::await(
        slot_of(h).stamp, [h](position now) { return now != h; },
        at<"ring.await_message">(relaxed));
    return std::nullopt;
  }

  /// The oldest message, or `empty`, or after a close and when all is drained `disconnected`.
  std::expected<T, recv_errc> try_recv() noexcept { return core::look_and_decide(*this); }

  /// Ends sending for ever. What was claimed before can still be received.
  void close() noexcept {
    // ring.close: needs ring.send_closed, ring.send_tail, ring.recv_tail, ring.is_closed,
    //   ring.confirm_closed; handshake ring.send_tail, ring.recv_tail, ring.confirm_closed;
    //   also ring.claim_send, ring.size_tail, ring.size_tail_again, ring.close
    // seq_cst: release for those who report it, and in the total order for those who wait.
    (void)tail_.fetch_or(closed, at<"ring.close">(seq_cst));
  }

  [[nodiscard]] bool is_closed() const noexcept {
    // ring.is_closed: needs ring.close; also ring.claim_send
    // Acquire: as ring.send_closed.
    return is_closed(tail_.load(at<"ring.is_closed">(acquire)));
  }

  /// The same for whoever waits for the close, or reports that there was none.
  [[nodiscard]] bool confirm_closed() const noexcept {
    // ring.confirm_closed: needs ring.close; handshake ring.close; also ring.claim_send
    // seq_cst: step D of the argument of waiting.hpp. And acquire: as ring.send_closed.
    return is_closed(tail_.load(at<"ring.confirm_closed">(seq_cst)));
  }

  /// The number of messages in some state that agrees with happens-before, 0 to the capacity.
  ///
  /// That state comes after the claims of tail_ and head_ that are read, and after all that happens
  /// before these. It has no later claim of head_, which is read after tail_, nor one of tail_, which
  /// is read again. This takes happens-before and coherence, and no total order.
  [[nodiscard]] std::size_t size() const noexcept {
    // ring.size_tail: needs ring.claim_send; also ring.close
    // Acquire: what a sender had seen to be received before it claimed this tail is seen to be
    // received below, so the size is not more than the capacity.
    position t = open(tail_.load(at<"ring.size_tail">(acquire)));
    for (;;) {
      // ring.size_head: needs ring.claim_recv
      // Acquire: the tail read below is no older than the one that allowed this claim of the head,
      // so the size is not negative.
      const position h = head_.load(at<"ring.size_head">(acquire));
      // ring.size_tail_again: needs ring.claim_send; also ring.close
      // Acquire: see ring.size_tail. If it moved, somebody sent: try again from there.
      const position again = open(tail_.load(at<"ring.size_tail_again">(acquire)));
      if (again == t) return distance(h, t);
      t = again;
    }
  }

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  /// For a glance, see polling.hpp: whether it seems that a message is there, or room.
  template <class Peek>
  bool seems_to_have_message(Peek peek) noexcept {
    const position h = peek(head_);
    return peek(slot_of(h).stamp) == (h | full);
  }
  template <class Peek>
  bool seems_to_have_room(Peek peek) noexcept {
    const position t = peek(tail_);
    return is_closed(t) || peek(slot_of(t).stamp) == t;
  }

  /// For polling, see polling.hpp: about how many there have been, from an arbitrary start.
  template <class Peek>
  std::size_t count_sends(Peek peek) const noexcept {
    return static_cast<std::size_t>(peek(tail_) / unit);
  }
  template <class Peek>
  std::size_t count_receives(Peek peek) const noexcept {
    return static_cast<std::size_t>(peek(head_) / unit);
  }

 protected:
  using position = typename Geometry::index;
  static constexpr position unit = 2;
  static constexpr position full = 1;    // in a stamp
  static constexpr position closed = 1;  // in tail_

  struct slot {
    explicit slot(position p) : stamp(p) {}
    typename P::template atomic<position> stamp;
    typename P::template cell<T> value;
  };

  static std::size_t checked(std::size_t capacity) {
    // Two laps at least have to be told apart, and the bytes have to be countable.
    constexpr auto positions = static_cast<std::size_t>((std::numeric_limits<position>::max)() / 2);
    if (capacity == 0 || capacity > positions / 2 ||
        capacity > (std::numeric_limits<std::size_t>::max)() / 2 / sizeof(slot))
      core::throw_length_error("runnel: the capacity of a channel is too large");
    return capacity;
  }

  // Positions are computed modulo the width of `position`: laps wrap around.
  position first() const {
    return static_cast<position>(static_cast<position>(Geometry::first_lap) * laps_by_ * unit);
  }
  static bool is_closed(position t) { return (t & closed) != 0; }
  static position open(position t) { return static_cast<position>(t & ~closed); }
  std::size_t index(position p) const {
    return static_cast<std::size_t>((p / unit) & (laps_by_ - 1U));
  }
  slot& slot_of(position p) { return slots_[index(p)]; }
  position next(position p) const {
    return static_cast<position>(index(p) + 1 < capacity_ ? p + unit : later(p) - index(p) * unit);
  }
  position later(position p) const { return static_cast<position>(p + laps_by_ * unit); }
  position earlier(position p) const { return static_cast<position>(p - laps_by_ * unit); }
  std::size_t distance(position from, position to) const {
    if (to == from) return 0;
    return index(to) > index(from) ? index(to) - index(from) : capacity_ + index(to) - index(from);
  }

  T take(slot& s, position p) noexcept {
    struct release_at_exit {
      ring& r;
      slot& s;
      position p;
      ~release_at_exit() {
        // ring.release: needs ring.see_free, ring.see_message
        // Release: the message has left the slot before the next sender constructs one there, and
        // the claim is seen by a receiver that comes too late.
        s.stamp.store(r.later(p), at<"ring.release">(release));
      }
    } const guard{*this, s, p};
    return s.value.take();
  }

  const std::size_t capacity_;
  const position laps_by_;
  slot* const slots_;
  alignas(separation) typename P::template atomic<position> tail_;
  alignas(separation) typename P::template atomic<position> head_;
};

}  // namespace runnel::core

// SPDX-License-Identifier: MIT
//
// The unbounded flavour: a list of blocks of slots, for any number of senders, and in two forms:
// `list` for any number of receivers, `sole_list` for one that is used by one thread at a time.
// (After crossbeam's list flavour, S. Glavina, with a count of receives instead of marks in slots.)
//
// The k-th message has a position: its block and its offset there, `position = block * laps_by +
// offset`, kept shifted by one so that the lowest bit is free for the closed flag of the tail. A
// block has N = block_length slots; offset N is a place without a slot that says "the one who
// claimed the last slot is moving this end to the next block".
//
// Each end of the list is a position and the block of that position:
//
//   end     state                  who may change it
//   tail_   offset < N             any sender, by claiming the position
//   tail_   offset = N             the sender that claimed the last slot: it links the next block
//   head_   offset < N             any receiver, by claiming a position that a sender has claimed
//   head_   offset = N             the receiver that claimed the last slot: it follows the link
//
// The sole receiver owns head_ and never leaves it at offset N; others only read its position.
//
// States of a slot:
//
//   empty    its value belongs to the sender that claimed the position
//   full     its value belongs to the receiver that claimed the position, or to the sole receiver
//
// A block is reused or freed when N receives from it are done: then all its senders and receivers
// are done with it, because the last sender links before it publishes, and the last receiver
// follows the link before it counts. Nobody touches a block without a claim of a position in it,
// but for the sole receiver, which nobody else can take a block from: it may look at a slot
// before a sender has claimed it, and so need not read the tail, which senders write all the time.
//
// The claim is the linearization point of a send or a receive; of a receive by the sole receiver it
// is the load that sees the slot full, by which time the message was sent. `empty` is decided by
// the tail alone: its reader takes its place in the modification order, in which all claims of the
// tail stand, where the tail equals a position of the head: all that was sent before is claimed.
// seq_cst serves the handshake of waiting.hpp only.
//
// A send waits for nobody but the sender that links a block; a receive waits for the receiver that
// follows a link, and for the publication of the message it has claimed, or that is the next.
#pragma once

#include <runnel/core/queue.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>
#include <runnel/errors.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <new>
#include <optional>
#include <utility>

namespace runnel::core {

/// The list with its end for senders.
template <class P, class T, class Geometry>
class list_of_blocks {
 public:
  static constexpr bool bounded = false;

  /// Throws what P::allocate does.
  list_of_blocks() : list_of_blocks(allocate_block()) {}

  /// Only when no other thread uses the list any more and it has been drained.
  ~list_of_blocks() {
    // list.last_block: needs nothing
    // Every other use of the list happens-before its destruction.
    free_block(head_.in.load(at<"list.last_block">(relaxed)));
    // list.last_spare: needs nothing
    // As list.last_block.
    free_block(spare_.load(at<"list.last_spare">(relaxed)));
  }
  list_of_blocks(const list_of_blocks&) = delete;
  list_of_blocks& operator=(const list_of_blocks&) = delete;

  /// Moves `value` into the list, unless the answer is `disconnected`; never `full`. Throws what
  /// P::allocate does; then nothing has happened.
  send_status try_send(T& value) {
    reserve fresh{*this};
    for (unsigned lost = 0;;) {
      // list.send_position: needs list.advance_tail, list.close; also list.claim_send
      // Acquire: the block of this position has been stored, its slots are ready; and what the
      // receiver that closed did before happens-before `disconnected`.
      const position t = tail_.at.load(at<"list.send_position">(acquire));
      if (is_closed(t)) return send_status::disconnected;
      const std::size_t offset = offset_of(t);
      if (offset == N) {
        // list.await_link: needs nothing
        // Another sender is linking the next block. list.send_position reads again.
        P::await(tail_.at, [t](position now) { return now != t; }, at<"list.await_link">(relaxed));
        continue;
      }
      // list.send_block: needs list.link_tail
      // Acquire: had this read a later block than that of t, the claim below would have to fail. By
      // happens-before it does; relaxed, it would only by the absence of load buffering.
      block* const b = tail_.in.load(at<"list.send_block">(acquire));
      const bool last = offset + 1 == N;
      if (last) fresh.obtain();
      position expected = t;
      // list.claim_send: needs list.size_tail, list.size_tail_again;
      //   handshake list.recv_tail, list.sole_recv_tail;
      //   also list.claim_send, list.send_position, list.recv_tail, list.sole_recv_tail,
      //   list.close, list.is_closed, list.confirm_closed, list.advance_tail
      // seq_cst: the linearization point, and step A of the argument of waiting.hpp.
      if (!tail_.at.compare_exchange_weak(expected, after(t),
                                          at<"list.claim_send">(seq_cst, relaxed))) {
        P::lost_race(++lost);
        continue;
      }
      if (last) link(*b, *fresh.release());
      b->value(offset).construct(std::move(value));
      // list.publish: needs list.see_message, list.sole_see_message
      // Release: the message is complete before the receiver moves it out.
      b->state(offset).store(full, at<"list.publish">(release));
      return send_status::sent;
    }
  }

  /// As try_send: a list always has room.
  send_status send_if_free(T& value) { return try_send(value); }

  /// Ends sending for ever. What was claimed before can still be received.
  void close() noexcept {
    // list.close: needs list.send_position, list.recv_tail, list.sole_recv_tail, list.is_closed,
    //   list.confirm_closed; handshake list.recv_tail, list.sole_recv_tail, list.confirm_closed;
    //   also list.claim_send, list.advance_tail, list.close, list.size_tail, list.size_tail_again
    // seq_cst: release for those who report it, and in the total order for those who wait.
    (void)tail_.at.fetch_or(closed, at<"list.close">(seq_cst));
  }

  [[nodiscard]] bool is_closed() const noexcept {
    // list.is_closed: needs list.close; also list.claim_send, list.advance_tail
    // Acquire: as list.send_position.
    return is_closed(tail_.at.load(at<"list.is_closed">(acquire)));
  }

  /// The same for whoever waits for the close, or reports that there was none.
  [[nodiscard]] bool confirm_closed() const noexcept {
    // list.confirm_closed: needs list.close; handshake list.close;
    //   also list.claim_send, list.advance_tail
    // seq_cst: step D of the argument of waiting.hpp. And acquire: as list.send_position.
    return is_closed(tail_.at.load(at<"list.confirm_closed">(seq_cst)));
  }

  /// The number of messages in some state that agrees with happens-before; see ring.hpp.
  [[nodiscard]] std::size_t size() const noexcept {
    // list.size_tail: needs list.claim_send; also list.advance_tail, list.close
    // Acquire: what a sender had received before it claimed this tail is seen to be received below,
    // so the size is not too large.
    position t = open(tail_.at.load(at<"list.size_tail">(acquire)));
    for (;;) {
      // list.size_head: needs list.claim_recv, list.advance_head, list.sole_claim
      // Acquire: the tail read below is no older than the one that allowed this claim of the head,
      // so the size is not negative.
      const position h = head_.at.load(at<"list.size_head">(acquire));
      // list.size_tail_again: needs list.claim_send; also list.advance_tail, list.close
      // Acquire: see list.size_tail. If it moved, somebody sent: try again from there.
      const position again = open(tail_.at.load(at<"list.size_tail_again">(acquire)));
      if (again == t) return distance(h, t);
      t = again;
    }
  }

  /// As in a ring: there always is room.
  template <class Peek>
  static bool seems_to_have_room(Peek) noexcept {
    return true;
  }

  /// For polling, see polling.hpp: about how many there have been, from an arbitrary start.
  template <class Peek>
  std::size_t count_receives(Peek peek) const noexcept {
    return static_cast<std::size_t>(peek(head_.at) / unit);
  }

 protected:
  using position = typename Geometry::index;
  static constexpr position unit = 2;
  static constexpr position closed = 1;  // in the position of the tail
  static constexpr std::uint8_t empty = 0;
  static constexpr std::uint8_t full = 1;

  struct slot_state {
    typename P::template atomic<std::uint8_t> is{empty};
  };
  using slot_value = typename P::template cell<T>;

  /// As many slots as fit into a cache line together, or one, with their states side by side: a
  /// message of 8 bytes takes 9 and a few, where a state beside each value would take 16.
  static constexpr std::size_t group_length = [] {
    constexpr std::size_t a = alignof(slot_value);
    std::size_t n = 1;
    while ((n * sizeof(slot_state) + a) / a * a + (n + 1) * sizeof(slot_value) <= cache_line) ++n;
    return n;
  }();
  struct group {
    slot_state states[group_length];
    slot_value values[group_length];
  };

  static constexpr std::size_t N = Geometry::block_length(sizeof(group) / group_length);
  static constexpr position laps_by = static_cast<position>(std::bit_ceil(N + 1));

  struct block {
    auto& state(std::size_t offset) noexcept {
      return groups[offset / group_length].states[offset % group_length].is;
    }
    slot_value& value(std::size_t offset) noexcept {
      return groups[offset / group_length].values[offset % group_length];
    }

    typename P::template atomic<block*> next{nullptr};
    typename P::template atomic<std::uint32_t> received{0};
    group groups[(N + group_length - 1) / group_length];
  };

  /// One end of the list: a position and the block that it lies in.
  struct alignas(separation) end {
    explicit end(block* b) : at(first()), in(b) {}
    typename P::template atomic<position> at;
    typename P::template atomic<block*> in;
  };

  /// A block that a sender holds ready for the case that it claims the last slot.
  class reserve {
   public:
    explicit reserve(list_of_blocks& l) : list_(l) {}
    ~reserve() {
      if (block_ != nullptr) list_.recycle(block_);
    }
    reserve(const reserve&) = delete;
    reserve& operator=(const reserve&) = delete;

    void obtain() {
      if (block_ != nullptr) return;
      // list.take_spare: needs list.put_spare
      // Acquire: the block has been reset.
      block_ = list_.spare_.exchange(nullptr, core::at<"list.take_spare">(acquire));
      if (block_ == nullptr) block_ = allocate_block();
    }
    block* release() { return std::exchange(block_, nullptr); }

   private:
    list_of_blocks& list_;
    block* block_ = nullptr;
  };

  explicit list_of_blocks(block* b) : tail_(b), head_(b) {}

  // Positions are computed modulo the width of `position`: blocks are counted around.
  static position first() {
    return static_cast<position>(static_cast<position>(Geometry::first_lap) * laps_by * unit);
  }
  static bool is_closed(position t) { return (t & closed) != 0; }
  static position open(position t) { return static_cast<position>(t & ~closed); }
  static std::size_t offset_of(position p) {
    return static_cast<std::size_t>((p / unit) & (laps_by - 1U));
  }
  static position after(position p) { return static_cast<position>(p + unit); }
  /// How far it is from offset N to offset 0 of the next block.
  static constexpr position to_next_block = static_cast<position>((laps_by - N) * unit);
  static std::size_t distance(position from, position to) {
    const auto apart = static_cast<position>(to - from + offset_of(from) * unit);
    const auto blocks = static_cast<std::size_t>(apart / unit / laps_by);
    return blocks * N + offset_of(to) - offset_of(from);
  }

  void link(block& b, block& next) noexcept {
    // list.link_tail: needs list.send_block
    // Release: see list.send_block.
    tail_.in.store(&next, at<"list.link_tail">(release));
    // list.advance_tail: needs list.send_position; also list.claim_send, list.recv_tail,
    //   list.sole_recv_tail, list.close, list.is_closed, list.confirm_closed, list.size_tail,
    //   list.size_tail_again
    // Release: the block is stored before its positions can be claimed. It is an addition, not a
    // store, because the list may have been closed meanwhile.
    tail_.at.fetch_add(to_next_block, at<"list.advance_tail">(release));
    // list.link: needs list.see_link
    // Release: the slots of the next block are ready, and the tail has gone there, before the head
    // goes there.
    b.next.store(&next, at<"list.link">(release));
  }

  static block* allocate_block() {
    return ::new (P::allocate(sizeof(block), alignof(block))) block;
  }

  static void free_block(block* b) noexcept {
    if (b == nullptr) return;
    b->~block();
    P::deallocate(b, sizeof(block), alignof(block));
  }

  /// Keeps one block for the next sender that needs one.
  void recycle(block* b) noexcept {
    // list.reset_next, list.reset_received, list.reset_state: needs nothing
    // Nobody else has this block; list.put_spare publishes it.
    b->next.store(nullptr, at<"list.reset_next">(relaxed));
    b->received.store(0, at<"list.reset_received">(relaxed));
    for (group& g : b->groups) {
      for (slot_state& s : g.states) s.is.store(empty, at<"list.reset_state">(relaxed));
    }
    // list.put_spare: needs list.take_spare, list.put_spare
    // Release: the block is reset before it is used again. Acquire: what others did with the block
    // that is pushed out happens-before its end.
    free_block(spare_.exchange(b, at<"list.put_spare">(acq_rel)));
  }

  end tail_;
  end head_;
  typename P::template atomic<block*> spare_{nullptr};
};

/// The list for any number of receivers.
template <class P, class T, class Geometry>
class list : public list_of_blocks<P, T, Geometry> {
  using base = list_of_blocks<P, T, Geometry>;

 public:
  /// The oldest message, or `empty`, or after a close and when all is drained `disconnected`.
  std::expected<T, recv_errc> try_recv() noexcept {
    for (unsigned lost = 0;;) {
      // list.recv_position: needs list.advance_head, list.claim_recv
      // Acquire: the block of this position has been stored, and the tail is read below no older
      // than the claimer of the previous position read it.
      const position h = head_.at.load(at<"list.recv_position">(acquire));
      const std::size_t offset = offset_of(h);
      if (offset == N) {
        // list.await_advance: needs nothing
        // Another receiver follows the link. list.recv_position reads again.
        P::await(
            head_.at, [h](position now) { return now != h; }, at<"list.await_advance">(relaxed));
        continue;
      }
      // list.recv_block: needs list.follow_link
      // Acquire: as list.send_block, for the head.
      block* const b = head_.in.load(at<"list.recv_block">(acquire));
      if (const auto none = why_none_at(h)) return std::unexpected(*none);
      position expected = h;
      // list.claim_recv: needs list.recv_position, list.size_head
      // Release: see list.recv_position and list.size_head.
      if (!head_.at.compare_exchange_weak(expected, after(h),
                                          at<"list.claim_recv">(release, relaxed))) {
        P::lost_race(++lost);
        continue;
      }
      if (offset + 1 == N) follow_link(*b, after(h));
      return std::expected<T, recv_errc>(std::in_place, take(*b, offset));
    }
  }

  /// As try_recv: it decides by the tail anyway.
  std::expected<T, recv_errc> recv_if_there() noexcept { return try_recv(); }
  /// Whether the list is `empty` or `disconnected`. If it is neither, says nothing.
  std::optional<recv_errc> confirm_empty() noexcept {
    // list.recv_head: needs nothing
    // If it is newer than the tail read next, the answer is "neither".
    return why_none_at(head_.at.load(at<"list.recv_head">(relaxed)));
  }

  /// As in a ring.
  template <class Peek>
  bool seems_to_have_message(Peek peek) const noexcept {
    return peek(head_.at) != peek(tail_.at);
  }

 protected:
  using base::after, base::full, base::head_, base::N, base::offset_of, base::open, base::recycle,
      base::tail_, base::to_next_block;
  using typename base::block, typename base::position;

  /// With a position of the head: why there is no message at it, unless a sender has claimed it.
  std::optional<recv_errc> why_none_at(position h) const noexcept {
    // list.recv_tail: needs list.close; handshake list.claim_send, list.close;
    //   also list.claim_send, list.advance_tail
    // seq_cst: step D of the argument of waiting.hpp. And acquire: what was done before the close
    // happens-before `disconnected`.
    const position t = tail_.at.load(at<"list.recv_tail">(seq_cst));
    if (open(t) != h) return std::nullopt;
    return base::is_closed(t) ? recv_errc::disconnected : recv_errc::empty;
  }

  void follow_link(block& b, position at_end) noexcept {
    // list.see_link: needs list.link
    // Acquire: see list.link.
    block* const next =
        P::await(b.next, [](block* n) { return n != nullptr; }, at<"list.see_link">(acquire));
    // list.follow_link: needs list.recv_block
    // Release: see list.recv_block.
    head_.in.store(next, at<"list.follow_link">(release));
    // list.advance_head: needs list.recv_position, list.size_head
    // Release: the block is stored before its positions can be claimed, and whoever reads this sees
    // that the tail has gone there. Nobody else writes now.
    head_.at.store(static_cast<position>(at_end + to_next_block), at<"list.advance_head">(release));
  }

  T take(block& b, std::size_t offset) noexcept {
    struct count_at_exit {
      list& l;
      block& b;
      ~count_at_exit() {
        // list.receive_done: needs list.receive_done
        // Acquire and release: every use of the block happens-before its reuse by the last one.
        if (b.received.fetch_add(1, at<"list.receive_done">(acq_rel)) + 1 == N) l.recycle(&b);
      }
    } const guard{*this, b};
    // list.see_message: needs list.publish
    // Acquire: the message is complete, and all its sender did before happens-before this.
    P::await(
        b.state(offset), [](std::uint8_t state) { return state == full; },
        at<"list.see_message">(acquire));
    return b.value(offset).take();
  }
};

/// The list for one receiver that is used by one thread at a time.
template <class P, class T, class Geometry>
class sole_list : public list_of_blocks<P, T, Geometry> {
  using base = list_of_blocks<P, T, Geometry>;

 public:
  /// The oldest message, or `empty`: which here is a guess that decides nothing, and touches no
  /// word that senders write but the state of the slot.
  std::expected<T, recv_errc> recv_if_there() noexcept {
    const position h = next_position();
    block& b = current_block();
    // list.sole_see_message: needs list.publish
    // Acquire: the message is complete, and all its sender did before happens-before this.
    if (b.state(offset_of(h)).load(at<"list.sole_see_message">(acquire)) != full)
      return std::unexpected(recv_errc::empty);
    return std::expected<T, recv_errc>(std::in_place, take(b, h));
  }

  /// Whether the list is `empty` or `disconnected`. If it is neither, waits until the next message
  /// is there, and says nothing.
  std::optional<recv_errc> confirm_empty() noexcept {
    // list.sole_recv_tail: needs list.close; handshake list.claim_send, list.close;
    //   also list.claim_send, list.advance_tail
    // seq_cst: step D of the argument of waiting.hpp. And acquire: what was done before the close
    // happens-before `disconnected`.
    const position t = tail_.at.load(at<"list.sole_recv_tail">(seq_cst));
    const position h = next_position();
    if (open(t) == h) return base::is_closed(t) ? recv_errc::disconnected : recv_errc::empty;
    // list.await_message: needs nothing
    // The sender that has claimed the position is about to publish. list.sole_see_message reads
    // again.
    P::await(
        current_block().state(offset_of(h)), [](std::uint8_t state) { return state == full; },
        at<"list.await_message">(relaxed));
    return std::nullopt;
  }

  /// The oldest message, or `empty`, or after a close and when all is drained `disconnected`.
  std::expected<T, recv_errc> try_recv() noexcept { return core::look_and_decide(*this); }

  /// As in a ring. Only the receiver asks, and its block stays meanwhile.
  template <class Peek>
  bool seems_to_have_message(Peek peek) const noexcept {
    return peek(peek(head_.in)->state(offset_of(peek(head_.at)))) == full;
  }

 protected:
  using base::after, base::full, base::head_, base::N, base::offset_of, base::open, base::recycle,
      base::tail_, base::to_next_block;
  using typename base::block, typename base::position;

  position next_position() const noexcept {
    // list.sole_position: needs nothing
    // Only the receiver writes it.
    return head_.at.load(at<"list.sole_position">(relaxed));
  }
  block& current_block() const noexcept {
    // list.sole_block: needs nothing
    // As list.sole_position.
    return *head_.in.load(at<"list.sole_block">(relaxed));
  }

  T take(block& b, position h) noexcept {
    const bool last = offset_of(h) + 1 == N;
    struct recycle_at_exit {
      sole_list& l;
      block* b;
      ~recycle_at_exit() {
        if (b != nullptr) l.recycle(b);
      }
    } const guard{*this, last ? &b : nullptr};
    if (last) follow_link(b);
    const auto next = static_cast<position>(after(h) + (last ? to_next_block : 0));
    // list.sole_claim: needs list.size_head
    // Release: whoever reads this position sees that the tail is beyond the one before.
    head_.at.store(next, at<"list.sole_claim">(release));
    return b.value(offset_of(h)).take();
  }

  void follow_link(block& b) noexcept {
    // list.sole_next: needs nothing
    // The sender of the last message linked the next block before it published.
    block* const next = b.next.load(at<"list.sole_next">(relaxed));
    // list.sole_follow_link: needs nothing
    // As list.sole_position.
    head_.in.store(next, at<"list.sole_follow_link">(relaxed));
  }
};

}  // namespace runnel::core

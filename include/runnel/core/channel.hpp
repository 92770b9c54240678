// SPDX-License-Identifier: MIT
//
// A channel: one of the three flavours, made blocking by the waiting mechanism, shared by handles.
//
// Each flavour offers the same operations to the handles:
//
//   try_send(T&), send(T&, deadline)    move the value in if they answer `sent`, else leave it
//   try_recv(), recv(deadline)
//   close()                             by a receiver: what was sent before can still be received
//   close_senders()                     the same, after the last sender has gone: wakes receivers only
//   close_receivers(), then discard()   after the last receiver has gone: wakes senders only, and
//                                       destroys what is buffered
//   size(), capacity(), is_closed(), confirm_closed()
//
// Whoever waits for the close, in a list of the channel, is woken up after it, whatever the flavour.
#pragma once

#include <runnel/core/counts.hpp>
#include <runnel/core/list.hpp>
#include <runnel/core/misuse.hpp>
#include <runnel/core/queue.hpp>
#include <runnel/core/rendezvous.hpp>
#include <runnel/core/ring.hpp>
#include <runnel/core/waiting.hpp>
#include <runnel/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace runnel::core {

/// What channels are made of. Broken channels, which the checks must catch, replace a part.
template <class P, class Geometry = shipped_geometry>
struct shipped_parts {
  template <class T>
  using ring = core::ring<P, T, Geometry>;
  template <class T>
  using list = core::list<P, T, Geometry>;
  template <class T>
  using sole_list = core::sole_list<P, T, Geometry>;
  template <class T>
  using rendezvous = core::rendezvous<P, T>;
  using wait_list = core::wait_list<P>;
  using closing_list = core::closing_list<P>;
  using handle_count = core::handle_count<P>;
};

/// A queue made blocking: receivers wait for messages, senders of a bounded queue for room.
template <class P, class T, class Queue, class WaitList, receivers Receivers>
class blocking_queue {
 public:
  template <class... Args>
  explicit blocking_queue(Args... args) : queue_(args...) {}

  send_status try_send(T& value) {
    const send_status status = queue_.try_send(value);
    if (status == send_status::sent) not_empty_.notify_one();
    return status;
  }

  send_status send(T& value, time_point deadline) {
    const send_status status = send_if_free(value);
    if constexpr (Queue::bounded) {
      if (status == send_status::full) [[unlikely]]
        return wait_and_send(value, deadline);
    }
    return status;
  }

  std::expected<T, recv_errc> try_recv() noexcept {
    std::expected<T, recv_errc> message = queue_.try_recv();
    if constexpr (Queue::bounded) {
      if (message) serve_sender();
    }
    return message;
  }

  std::expected<T, recv_errc> recv(time_point deadline) noexcept {
    std::expected<T, recv_errc> message = recv_if_there();
    if (message.has_value() || message.error() != recv_errc::empty) [[likely]]
      return message;
    return wait_and_recv(deadline);
  }

  /// As the first look of send and recv: `full` and `empty` may be wrong.
  send_status send_if_free(T& value) {
    const send_status status = queue_.send_if_free(value);
    if (status == send_status::sent) not_empty_.notify_one();
    return status;
  }

  std::expected<T, recv_errc> recv_if_there() noexcept {
    std::expected<T, recv_errc> message = queue_.recv_if_there();
    if constexpr (Queue::bounded) {
      if (message) serve_sender();
    }
    return message;
  }

  void close() noexcept {
    close_senders();
    not_full_.notify_all();
  }
  void close_senders() noexcept {
    queue_.close();
    not_empty_.notify_all();
  }
  void close_receivers() noexcept {
    queue_.close();
    not_full_.notify_all();
  }

  /// Not inline: it takes stack for a message, and the end of a handle that holds nothing must not.
  [[gnu::noinline]] void discard() noexcept {
    // The last receiver has closed, so what is left, and what senders that had claimed a place before
    // the close still publish, is ours to destroy.
    while (queue_.try_recv()) {
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return queue_.size(); }
  [[nodiscard]] bool is_closed() const noexcept { return queue_.is_closed(); }
  [[nodiscard]] bool confirm_closed() const noexcept { return queue_.confirm_closed(); }
  [[nodiscard]] std::optional<std::size_t> capacity() const noexcept {
    if constexpr (Queue::bounded) return queue_.capacity();
    return std::nullopt;
  }

  // What a select does (select.hpp): it joins and leaves the lists, and decides, when it is in them,
  // whether it has something to wait for.

  [[nodiscard]] outlook send_outlook() noexcept {
    return outlook_of([this](auto peek) { return queue_.seems_to_have_room(peek); });
  }
  [[nodiscard]] outlook recv_outlook() noexcept {
    return outlook_of([this](auto peek) { return queue_.seems_to_have_message(peek); });
  }
  void join_senders(waiter<P>& w) noexcept { not_full_.add(w); }
  void join_receivers(waiter<P>& w) noexcept { not_empty_.add(w); }
  void leave_senders(waiter<P>& w) noexcept { (void)not_full_.remove(w); }
  void leave_receivers(waiter<P>& w) noexcept { (void)not_empty_.remove(w); }
  [[nodiscard]] bool may_send() noexcept {
    if constexpr (Queue::bounded) return queue_.confirm_full() != send_status::full;
    return true;
  }
  [[nodiscard]] bool may_recv() noexcept { return queue_.confirm_empty() != recv_errc::empty; }
  /// For whoever was notified and does not use that: the next one is.
  void notify_receiver() noexcept { not_empty_.notify_one(); }
  void notify_sender() noexcept {
    if constexpr (Queue::bounded) serve_sender();
  }

 private:
  template <class Seems>
  static outlook outlook_of(Seems seems) noexcept {
    return P::selects().glance(seems) ? outlook::good : outlook::bad;
  }

  /// After a receive: the sender that has waited longest gets the room, and is notified. If others
  /// have been faster, it is notified all the same, and finds out.
  void serve_sender() noexcept {
    bool sent = false;
    not_full_.notify_one([this, &sent](waiter<P>& w) {
      sent = core::serve_offer<T>(
          w, [this](T& value) { return queue_.send_if_free(value) == send_status::sent; });
    });
    if (sent) not_empty_.notify_one();
  }

  /// Operations that wait, as list_of_waiters::wait needs them.
  struct blocked_send {
    blocking_queue& channel;
    T& value;
    send_status status = send_status::full;

    bool look() noexcept {
      status = channel.send_if_free(value);
      return status != send_status::full;
    }
    decision decide() noexcept {
      const auto answer = channel.queue_.confirm_full();
      if (!answer) return decision::possible;
      status = *answer;
      return status == send_status::full ? decision::blocked : decision::done;
    }
    offer<P, T> make_waiter() noexcept { return offer<P, T>(value); }
    bool was_served(const offer<P, T>& w) noexcept {
      if (w.was_served()) status = send_status::sent;
      return w.was_served();
    }
    std::size_t count(auto peek) const noexcept { return channel.queue_.count_sends(peek); }
  };

  struct blocked_recv {
    using waiter_type = std::conditional_t<Receivers == receivers::one, sole_waiter<P>, waiter<P>>;

    blocking_queue& channel;
    std::optional<std::expected<T, recv_errc>> message{};

    bool look() noexcept {
      message.emplace(channel.recv_if_there());
      return message->has_value() || message->error() != recv_errc::empty;
    }
    decision decide() noexcept {
      const auto answer = channel.queue_.confirm_empty();
      if (!answer) return decision::possible;
      message.emplace(std::unexpected(*answer));
      return *answer == recv_errc::empty ? decision::blocked : decision::done;
    }
    static waiter_type make_waiter() noexcept { return {}; }
    static bool was_served(const waiter<P>&) noexcept { return false; }
    std::size_t count(auto peek) const noexcept { return channel.queue_.count_receives(peek); }
  };

  [[gnu::noinline]] send_status wait_and_send(T& value, time_point deadline) noexcept {
    blocked_send self{*this, value};
    return not_full_.wait(deadline, self) ? self.status : send_status::timeout;
  }

  [[gnu::noinline]] std::expected<T, recv_errc> wait_and_recv(time_point deadline) noexcept {
    blocked_recv self{*this};
    if (!not_empty_.wait(deadline, self)) return std::unexpected(recv_errc::timeout);
    return *std::move(self.message);
  }

  Queue queue_;
  WaitList not_empty_;
  WaitList not_full_;
};

/// The rendezvous with the operations of a channel: it blocks by itself and holds nothing.
template <class Rendezvous, receivers Receivers>
class blocking_rendezvous : public Rendezvous {
 public:
  auto recv(time_point deadline) noexcept { return Rendezvous::recv(deadline, Receivers); }
  void close_senders() noexcept { this->close(); }
  void close_receivers() noexcept { this->close(); }
  static void discard() noexcept {}
  [[nodiscard]] static outlook send_outlook() noexcept { return outlook::open; }
  [[nodiscard]] static outlook recv_outlook() noexcept { return outlook::open; }
  [[nodiscard]] static std::size_t size() noexcept { return 0; }
  [[nodiscard]] static std::optional<std::size_t> capacity() noexcept { return 0; }
};

enum class flavour : std::uint8_t { bounded, unbounded, rendezvous };

/// What the handles of a channel share, whatever its flavour.
template <class P, class T, class Parts, receivers Receivers>
class channel {
  using list =
      std::conditional_t<Receivers == receivers::one, typename Parts::template sole_list<T>,
                         typename Parts::template list<T>>;
  // On a real platform always there, so that debug and release builds agree on the layout.
  using use =
      std::conditional_t<P::is_model || Receivers == receivers::many, shared_use, sole_use<P>>;

 public:
  using bounded =
      blocking_queue<P, T, typename Parts::template ring<T>, typename Parts::wait_list, Receivers>;
  using unbounded = blocking_queue<P, T, list, typename Parts::wait_list, Receivers>;
  using unbuffered = blocking_rendezvous<typename Parts::template rendezvous<T>, Receivers>;

  /// A new channel with one sender and one receiver; the two must be dropped. Throws
  /// std::length_error for a capacity that is too large, and what P::allocate does.
  static channel* make_unbounded() { return make<unbounded>(flavour::unbounded); }
  static channel* make_bounded(std::size_t capacity) {
    if (capacity == 0) return make<unbuffered>(flavour::rendezvous);
    return make<bounded>(flavour::bounded, capacity);
  }

  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  /// The mutex of a rendezvous, null for other flavours.
  auto* meeting_place() noexcept {
    return flavour_ == flavour::rendezvous ? std::addressof(rendezvous().meeting_place()) : nullptr;
  }
  unbuffered& rendezvous() noexcept { return static_cast<made_of<unbuffered>*>(this)->operations; }

  /// Calls f with the flavour's operations.
  template <class F>
  [[gnu::always_inline]] decltype(auto) visit(F&& f) {
    switch (flavour_) {
      case flavour::bounded: return f(static_cast<made_of<bounded>*>(this)->operations);
      case flavour::unbounded: return f(static_cast<made_of<unbounded>*>(this)->operations);
      case flavour::rendezvous: break;
    }
    return f(rendezvous());
  }

  /// For a glance at a receive: whether no message seems to come any more, which the queue itself might tell
  /// only by a word that senders write all the time.
  [[nodiscard]] bool seems_closed() const noexcept {
    return P::selects().glance(
        [this](auto peek) { return senders_.seems_gone(peek) || peek(closed_by_receiver_) != 0; });
  }
  /// The same for whoever waits for the close.
  [[nodiscard]] outlook close_outlook() const noexcept {
    const bool seems_closed = P::selects().glance([this](auto peek) {
      return receivers_.seems_gone(peek) || peek(closed_by_receiver_) != 0;
    });
    return seems_closed ? outlook::good : outlook::bad;
  }

  /// For as long as a receive takes.
  using receiving_guard = typename use::guard;
  [[nodiscard]] auto receiving() noexcept { return receiving_guard(use_); }
  /// The same in an object that is there already, for a select.
  void receive_in(std::optional<receiving_guard>& guard, const void* of) noexcept {
    guard.emplace(use_, of);
  }

  /// By a receiver: no send succeeds any more.
  void close() noexcept {
    visit([](auto& operations) { operations.close(); });
    // channel.note_close: needs nothing
    // Relaxed: for a glance, which decides nothing.
    closed_by_receiver_.store(1, at<"channel.note_close">(relaxed));
    closing_.notify_all();
  }

  /// By a sender: whether no send can succeed, at a moment of the call.
  [[nodiscard]] bool confirm_closed() noexcept {
    return visit([](auto& operations) { return operations.confirm_closed(); });
  }
  /// Waits for that until the deadline; whether it is so.
  [[gnu::noinline]] bool await_close(time_point deadline) noexcept {
    awaited_close self{*this};
    return closing_.wait(deadline, self);
  }
  // What a select does to wait for it.
  void join_closing(waiter<P>& w) noexcept { closing_.add(w); }
  void leave_closing(waiter<P>& w) noexcept { (void)closing_.remove(w); }

  void add_sender() { senders_.add(); }
  void add_receiver() { receivers_.add(); }

  void drop_sender() noexcept {
    if (!senders_.drop()) return;
    visit([](auto& operations) { operations.close_senders(); });
    drop_side();
  }
  void drop_receiver() noexcept {
    if (!receivers_.drop()) return;
    visit([](auto& operations) { operations.close_receivers(); });
    closing_.notify_all();
    visit([](auto& operations) { operations.discard(); });
    drop_side();
  }

 private:
  template <class Operations>
  struct made_of;

  /// What list_of_waiters::wait needs.
  struct awaited_close {
    channel& of;

    bool look() noexcept { return of.confirm_closed(); }
    decision decide() noexcept { return of.confirm_closed() ? decision::done : decision::blocked; }
    static waiter<P> make_waiter() noexcept { return {}; }
    static bool was_served(const waiter<P>&) noexcept { return false; }
    static std::size_t count(auto) noexcept { return 0; }
  };

  explicit channel(flavour f) noexcept : flavour_(f) {}
  ~channel() = default;

  template <class Operations, class... Args>
  static channel* make(flavour f, Args... args) {
    using whole = made_of<Operations>;
    struct storage {
      void* memory = P::allocate(sizeof(whole), alignof(whole));
      ~storage() {
        if (memory != nullptr) P::deallocate(memory, sizeof(whole), alignof(whole));
      }
    } s;
    channel* const c = ::new (s.memory) whole(f, args...);
    s.memory = nullptr;
    return c;
  }

  void drop_side() noexcept {
    if (!sides_.drop()) return;
    visit([this]<class Operations>(Operations&) {
      auto* const whole = static_cast<made_of<Operations>*>(this);
      whole->~made_of<Operations>();
      P::deallocate(whole, sizeof(*whole), alignof(made_of<Operations>));
    });
  }

  const flavour flavour_;
  typename Parts::handle_count senders_{1};
  typename Parts::handle_count receivers_{1};
  typename Parts::handle_count sides_{2};
  // All in the line of the counts, which only copies and drops of handles write.
  typename P::template atomic<std::uint32_t> closed_by_receiver_{0};
  typename Parts::closing_list closing_;
  // In a line of its own, which would else be a gap: what follows begins with the next two.
  [[no_unique_address]] use use_;
};

template <class P, class T, class Parts, receivers Receivers>
template <class Operations>
struct channel<P, T, Parts, Receivers>::made_of final : channel {
  template <class... Args>
  explicit made_of(flavour f, Args... args) : channel(f), operations(args...) {}

  Operations operations;
};

}  // namespace runnel::core

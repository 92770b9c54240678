// SPDX-License-Identifier: MIT
//
// The handles of a channel. Those in <runnel/mpsc.hpp> and <runnel/mpmc.hpp> are the public ones, and
// add nothing but their names; the templates here also serve the model checks, which run the same
// source on other platforms.
#pragma once

#include <runnel/core/channel.hpp>
#include <runnel/core/deadline.hpp>
#include <runnel/core/misuse.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>
#include <runnel/errors.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace runnel::core {

/// T, if that is a type of messages. If not, says why, and gives a type that the handles can be made
/// of, so that nothing else is said.
template <class T>
struct message_of {
  // Before the assertions: Clang reads no further.
  struct none {};
  static constexpr bool is_message =
      std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>;
  using type = std::conditional_t<is_message, T, none>;

  static_assert(
      !std::is_void_v<T>,
      "runnel: a channel has messages, and void has no value; send an empty struct, or use "
      "a std::binary_semaphore");
  static_assert(!std::is_reference_v<T>,
                "runnel: a reference cannot be a message; send the value, a pointer or a "
                "std::reference_wrapper");
  static_assert(!std::is_array_v<T>,
                "runnel: a C array cannot be a message; send a std::array or a std::vector");
  static_assert(!std::is_function_v<T>,
                "runnel: a function cannot be a message; send a pointer to it");
  static_assert(
      !std::is_const_v<T> && !std::is_volatile_v<T>,
      "runnel: a message is moved out of the channel, so its type has no const or volatile; "
      "leave that out, the receiver can add it");
};

/// What is asked of a type of messages when it is complete.
template <class T>
constexpr void check_message_type() {
  static_assert(std::is_nothrow_move_constructible_v<T>,
                "runnel: a message must be movable without throwing, because it is moved after its "
                "place in the channel has been claimed; send a std::unique_ptr to it instead");
  static_assert(std::is_nothrow_destructible_v<T>,
                "runnel: the destructor of a message must not throw");
}

/// For what is built on top of the handles: the channel of one.
struct access {
  template <class Handle>
  static auto& channel_of(const Handle& handle) {
    return handle.held();
  }
};

/// Operations that a token of this type may end. <runnel/stop.hpp> has those of std::stop_token.
template <class Token>
struct stoppable {
  static_assert(sizeof(Token) == 0,
                "runnel: a token is a std::stop_token, and for that <runnel/stop.hpp> has to be "
                "included");
};

/// The sending handle of a channel. Copies share the channel; when the last one goes, receivers
/// drain what is buffered and then see `disconnected`.
///
/// Every operation but assignment, `reset` and the move is const and may be called from several
/// threads at once. A handle that was made empty, moved from or reset may be assigned to, copied,
/// compared with same_channel, reset, destroyed and tested; anything else is a contract violation,
/// which debug builds report.
///
/// The move of a message, with the end of the object it was moved from, may run between the claim
/// of a place and its publication or release, under a lock of the channel, and for a blocked
/// operation in a thread of the other side: it must not use the channel. Destructors of messages
/// that still hold their value run under no lock and may.
template <class T, class P, class Parts, receivers Receivers>
class basic_sender {
 public:
  /// The type of its messages.
  using value_type = T;
  /// What a send returns: nothing, or the reason and the value.
  using result = std::expected<void, send_error<T>>;
  using channel_type = channel<P, T, Parts, Receivers>;

  /// Holds no channel, as after a move.
  basic_sender() noexcept = default;

  /// Takes over one sender of the channel.
  explicit basic_sender(channel_type* c) noexcept : channel_(c) { core::check_message_type<T>(); }

  /// Another sender of the same channel. Throws std::length_error if there are too many (2^31).
  basic_sender(const basic_sender& other) : channel_(other.channel_) {
    if (channel_ != nullptr) channel_->add_sender();
  }
  basic_sender(basic_sender&& other) noexcept : channel_(std::exchange(other.channel_, nullptr)) {}
  basic_sender& operator=(const basic_sender& other) {
    if (this != std::addressof(other)) *this = basic_sender(other);
    return *this;
  }
  basic_sender& operator=(basic_sender&& other) noexcept {
    // The drop comes last: it may destroy messages, and with them `other`.
    auto* const c = std::exchange(channel_, std::exchange(other.channel_, nullptr));
    if (c != nullptr) c->drop_sender();
    return *this;
  }
  ~basic_sender() { reset(); }

  /// Lets go of the channel now. What this thread did before happens-before the `disconnected` that
  /// a receiver may then see.
  void reset() noexcept {
    if (auto* const c = std::exchange(channel_, nullptr)) c->drop_sender();
  }

  /// Sends a value: blocks while the channel is full, on a rendezvous until a receiver has taken it;
  /// never blocks on an unbounded channel.
  ///
  /// Error: `disconnected`, with the value, if a receiver has closed the channel or none is left, at once
  /// or while blocked.
  /// Throws std::bad_alloc on an unbounded channel without memory for its next block; then the
  /// value is still the caller's and the channel is as before.
  ///
  /// The send happens-before the receive of the value. On a channel of capacity n >= 1, everything
  /// before the call of the k-th receive happens-before the completion of the (k+n)-th send.
  ///
  /// Progress: without a need to block, lock-free but for one step of another thread: a receive
  /// that is releasing the place, or on an unbounded channel a send that is linking a block. It takes
  /// a lock on a rendezvous, and to wake up somebody who is blocked.
  [[nodiscard]] result send(T&& value) const { return send_by(std::move(value), never); }
  [[nodiscard]] result send(const T& value) const
    requires std::copy_constructible<T>
  {
    return send(T(value));
  }

  /// Sends a value if that needs no waiting for room, or on a rendezvous for a receiver.
  ///
  /// Errors, with the value: `disconnected` if the channel was closed or no receiver is left, else `full`,
  /// exactly: at a moment during the call the channel was full, or nobody was waiting to receive. It may
  /// wait for one step of another thread, as send. Throws as send does.
  [[nodiscard]] result try_send(T&& value) const {
    return handed_back(held().visit([&](auto& c) { return c.try_send(value); }), std::move(value));
  }
  [[nodiscard]] result try_send(const T& value) const
    requires std::copy_constructible<T>
  {
    return try_send(T(value));
  }

  /// As send, but gives up after a duration: error `timeout`, with the value, never early. Zero or
  /// less tries once. A duration too large for the clock is for ever. If the send is possible when
  /// the deadline has already passed, it is done. `timeout` is as exact as `full` is: it may come later
  /// than the deadline by one step of another thread.
  template <class Rep, class Period>
  [[nodiscard]] result send_for(T&& value, std::chrono::duration<Rep, Period> d) const {
    const std::optional<time_point> deadline = core::deadline_after<P>(d);
    if (deadline) return send_by(std::move(value), *deadline);
    const send_status status = held().visit([&](auto& c) { return c.try_send(value); });
    return handed_back(status == send_status::full ? send_status::timeout : status,
                       std::move(value));
  }
  template <class Rep, class Period>
  [[nodiscard]] result send_for(const T& value, std::chrono::duration<Rep, Period> d) const
    requires std::copy_constructible<T>
  {
    return send_for(T(value), d);
  }

  /// As send_for, with a point of time of any clock.
  template <class Clock, class Duration>
  [[nodiscard]] result send_until(T&& value, std::chrono::time_point<Clock, Duration> t) const {
    return send_in_steps(std::move(value), t);
  }
  template <class Clock, class Duration>
  [[nodiscard]] result send_until(const T& value, std::chrono::time_point<Clock, Duration> t) const
    requires std::copy_constructible<T>
  {
    return send_until(T(value), t);
  }

  /// As send, send_for and send_until, but these give up, too, when a stop is requested through the token,
  /// a std::stop_token (include <runnel/stop.hpp>): error `stopped`, with the value. It is given only after
  /// an attempt that came after the request, so a send that is possible is done; and before `timeout`.
  ///
  /// What happened before the request happens-before the `stopped`. Whoever requests a stop waits for no
  /// channel and takes no lock of one. A send with a token that has to wait takes a lock on any channel.
  template <class Token>
  [[nodiscard]] result send(T&& value, const Token& stop) const {
    return send_by(std::move(value), never, stop);
  }
  template <class Token>
  [[nodiscard]] result send(const T& value, const Token& stop) const
    requires std::copy_constructible<T>
  {
    return send(T(value), stop);
  }
  template <class Rep, class Period, class Token>
  [[nodiscard]] result send_for(T&& value, std::chrono::duration<Rep, Period> d,
                                const Token& stop) const {
    return send_by(std::move(value), core::deadline_after<P>(d), stop);
  }
  template <class Rep, class Period, class Token>
  [[nodiscard]] result send_for(const T& value, std::chrono::duration<Rep, Period> d,
                                const Token& stop) const
    requires std::copy_constructible<T>
  {
    return send_for(T(value), d, stop);
  }
  template <class Clock, class Duration, class Token>
  [[nodiscard]] result send_until(T&& value, std::chrono::time_point<Clock, Duration> t,
                                  const Token& stop) const {
    return send_in_steps(std::move(value), t, stop);
  }
  template <class Clock, class Duration, class Token>
  [[nodiscard]] result send_until(const T& value, std::chrono::time_point<Clock, Duration> t,
                                  const Token& stop) const
    requires std::copy_constructible<T>
  {
    return send_until(T(value), t, stop);
  }

  /// Waits until no send can succeed any more: a receiver has closed the channel, or none is left. What
  /// that one did before happens-before the return; so does what the last receivers did before they went.
  /// Takes a lock if it has to wait.
  void closed() const { (void)held().await_close(never); }
  /// As closed, but gives up after a duration; whether it is so, exactly: if not, a send was possible but
  /// for want of room at a moment of the call, after the deadline. Zero or less looks once. A duration
  /// too large for the clock is for ever.
  template <class Rep, class Period>
  [[nodiscard]] bool closed_for(std::chrono::duration<Rep, Period> d) const {
    const std::optional<time_point> deadline = core::deadline_after<P>(d);
    return deadline ? held().await_close(*deadline) : held().confirm_closed();
  }
  /// As closed_for, with a point of time of any clock.
  template <class Clock, class Duration>
  [[nodiscard]] bool closed_until(std::chrono::time_point<Clock, Duration> t) const {
    return closed_in_steps(t);
  }
  /// As closed, closed_for and closed_until, but these give up, too, when a stop is requested through the
  /// token, a std::stop_token (include <runnel/stop.hpp>); whether no send can succeed any more, at a
  /// moment after the request.
  template <class Token>
  [[nodiscard]] bool closed(const Token& stop) const {
    return closed_by(never, stop);
  }
  template <class Rep, class Period, class Token>
  [[nodiscard]] bool closed_for(std::chrono::duration<Rep, Period> d, const Token& stop) const {
    return closed_by(core::deadline_after<P>(d), stop);
  }
  template <class Clock, class Duration, class Token>
  [[nodiscard]] bool closed_until(std::chrono::time_point<Clock, Duration> t,
                                  const Token& stop) const {
    return closed_in_steps(t, stop);
  }

  /// The number of buffered messages in some state that agrees with happens-before: 0 to the
  /// capacity.
  [[nodiscard]] std::size_t size() const { return size_of(held()); }
  /// Whether size() is 0.
  [[nodiscard]] bool empty() const { return size() == 0; }
  /// Whether size() is the capacity; never on an unbounded channel, always on a rendezvous.
  [[nodiscard]] bool full() const { return size() == capacity(); }
  /// How many messages the channel can buffer; nothing if there is no bound, 0 for a rendezvous.
  [[nodiscard]] std::optional<std::size_t> capacity() const { return capacity_of(held()); }
  /// Whether a receiver has closed the channel or all have gone, now: closed() waits for it. If so, what
  /// they did before happens-before the return.
  [[nodiscard]] bool is_disconnected() const { return is_closed(held()); }
  /// Whether the other handle belongs to the same channel.
  [[nodiscard]] bool same_channel(const basic_sender& other) const noexcept {
    return channel_ == other.channel_;
  }
  /// Whether the handle holds a channel: it was not made empty, moved from or reset.
  explicit operator bool() const noexcept { return channel_ != nullptr; }

 private:
  template <class, class, class, receivers>
  friend class basic_receiver;
  friend access;

  static std::size_t size_of(channel_type& c) {
    return c.visit([](auto& o) { return o.size(); });
  }
  static std::optional<std::size_t> capacity_of(channel_type& c) {
    return c.visit([](auto& o) { return o.capacity(); });
  }
  static bool is_closed(channel_type& c) {
    return c.visit([](auto& o) { return o.is_closed(); });
  }

  channel_type& held() const {
    if constexpr (P::checks_misuse) {
      if (channel_ == nullptr) core::report_misuse("a sender that holds no channel was used");
    }
    return *channel_;
  }

  [[gnu::always_inline]] result send_by(T&& value, time_point deadline) const {
    return handed_back(held().visit([&](auto& c) { return c.send(value, deadline); }),
                       std::move(value));
  }

  template <class Token>
  result send_by(T&& value, std::optional<time_point> deadline, const Token& stop) const {
    channel_type& channel = held();
    send_status status = channel.visit([&](auto& c) { return c.try_send(value); });
    if (status == send_status::full) {
      using stops = core::stoppable<Token>;
      status = stops::template send<P>(channel, value, deadline, stops::stop(stop));
    }
    return handed_back(status, std::move(value));
  }

  /// send_until, with a token or without.
  template <class Time, class... Token>
  result send_in_steps(T&& value, Time t, const Token&... stop) const {
    auto left = core::time_left(t);
    result r = send_for(std::move(value), left, stop...);
    // The clock may run at another pace than the one that is waited on, or be set back.
    while (!r.has_value() && r.error().reason == send_errc::timeout &&
           (left = core::time_left(t)) > left.zero()) {
      result again = send_for(std::move(r.error().value), left, stop...);
      std::destroy_at(std::addressof(r));  // T need not be assignable
      std::construct_at(std::addressof(r), std::move(again));
    }
    return r;
  }

  template <class Token>
  bool closed_by(std::optional<time_point> deadline, const Token& stop) const {
    using stops = core::stoppable<Token>;
    return stops::template await_close<P>(held(), deadline, stops::stop(stop));
  }

  /// closed_until, with a token or without.
  template <class Time, class... Token>
  bool closed_in_steps(Time t, const Token&... stop) const {
    for (;;) {
      const auto left = core::time_left(t);
      if (closed_for(left, stop...)) return true;
      if (left <= left.zero()) return false;
      // What is reported comes after the request.
      if ((core::stoppable<Token>::stop(stop).stop_requested() || ...))
        return held().confirm_closed();
    }
  }

  [[gnu::always_inline]] static result handed_back(send_status status, T&& value) {
    if (status == send_status::sent) [[likely]]
      return {};
    return std::unexpected(send_error<T>{reason(status), std::move(value)});
  }

  static send_errc reason(send_status status) noexcept {
    switch (status) {
      case send_status::full: return send_errc::full;
      case send_status::timeout: return send_errc::timeout;
      case send_status::stopped: return send_errc::stopped;
      case send_status::sent:  // no reason is asked for
      case send_status::disconnected: break;
    }
    return send_errc::disconnected;
  }

  channel_type* channel_ = nullptr;
};

/// The receiving handle of a channel; copyable if several threads may receive. When the last one
/// goes, blocked senders wake up and get their values back, later sends fail at once, and what is
/// buffered is destroyed. `close` does the same but for the last, so that the rest can be received.
///
/// Every operation but assignment, `reset` and the move is const. A copyable receiver may be used
/// from several threads at once, the other one may not: debug builds report it. A handle that was made
/// empty, moved from or reset may be assigned to, copied, compared with same_channel, reset, destroyed
/// and tested; anything else is a contract violation, which debug builds report.
template <class T, class P, class Parts, receivers Receivers>
class basic_receiver {
  static constexpr bool copyable = Receivers == receivers::many;

 public:
  /// The type of its messages.
  using value_type = T;
  /// What a receive returns: a message, or the reason.
  using result = std::expected<T, recv_errc>;
  using sender_type = basic_sender<T, P, Parts, Receivers>;
  using channel_type = channel<P, T, Parts, Receivers>;

  /// Holds no channel, as after a move.
  basic_receiver() noexcept = default;

  /// Takes over one receiver of the channel.
  explicit basic_receiver(channel_type* c) noexcept : channel_(c) { core::check_message_type<T>(); }

  /// Another receiver of the same channel. Throws std::length_error if there are too many (2^31).
  basic_receiver(const basic_receiver& other)
    requires copyable
      : channel_(other.channel_) {
    if (channel_ != nullptr) channel_->add_receiver();
  }
  basic_receiver(basic_receiver&& other) noexcept
      : channel_(std::exchange(other.channel_, nullptr)) {}
  basic_receiver& operator=(const basic_receiver& other)
    requires copyable
  {
    if (this != std::addressof(other)) *this = basic_receiver(other);
    return *this;
  }
  basic_receiver& operator=(basic_receiver&& other) noexcept {
    // The drop comes last: it may destroy messages, and with them `other`.
    auto* const c = std::exchange(channel_, std::exchange(other.channel_, nullptr));
    if (c != nullptr) c->drop_receiver();
    return *this;
  }
  ~basic_receiver() { reset(); }

  /// Lets go of the channel now. The last receiver destroys what is buffered, waiting for sends that
  /// had claimed a place before; when it returns, no message is left in the channel.
  void reset() noexcept {
    if (auto* const c = std::exchange(channel_, nullptr)) c->drop_receiver();
  }

  /// Ends sending, for all senders and receivers of the channel and for ever. Blocked senders wake up and
  /// get their values back, later sends fail at once. What had been sent before can still be received,
  /// then receives report `disconnected`: what waits to receive wakes up for that. On a rendezvous whoever
  /// waits on either side gets `disconnected`. Closing again does nothing more.
  ///
  /// What this thread did before happens-before the `disconnected` of senders and receivers, and the end of
  /// sender::closed. It may be called while another thread receives through the same handle; such a receive
  /// then ends. Progress: lock-free but for the waking of those who wait; takes a lock on a rendezvous.
  void close() const noexcept { held().close(); }

  /// Receives the oldest message: blocks while there is none, on a rendezvous until a sender comes.
  ///
  /// Error: `disconnected` if no message is left and none can come, at once or while blocked; from then
  /// on always: there is no sender any more, or a receiver has closed the channel. What the senders did
  /// before they went, or that receiver before it closed, happens-before it.
  ///
  /// The send of the message happens-before the return.
  ///
  /// Progress: without a need to block, lock-free but for one step of another thread: the send that
  /// is publishing the message, or on an unbounded channel a receive that is passing the end of a
  /// block. It takes a lock on a rendezvous, and to wake up somebody who is blocked.
  [[nodiscard]] result recv() const { return recv_by(never); }

  /// Receives the oldest message if there is one, or on a rendezvous if a sender is waiting.
  ///
  /// Errors: `disconnected` if none is left and none can come, else `empty`, exactly: at a moment during
  /// the call no send was complete that had not been received. It may wait for one step of another
  /// thread, as recv.
  [[nodiscard]] result try_recv() const {
    channel_type& channel = held();
    [[maybe_unused]] const auto in_progress = channel.receiving();
    return channel.visit([](auto& c) { return c.try_recv(); });
  }

  /// As recv, but gives up after a duration: error `timeout`, never early. Zero or less tries once.
  /// A duration too large for the clock is for ever. A message that is there when the deadline has
  /// already passed is received. `timeout` is as exact as `empty` is: it may come later than the deadline
  /// by one step of another thread.
  template <class Rep, class Period>
  [[nodiscard]] result recv_for(std::chrono::duration<Rep, Period> d) const {
    const std::optional<time_point> deadline = core::deadline_after<P>(d);
    if (deadline) return recv_by(*deadline);
    result r = try_recv();
    if (!r.has_value() && r.error() == recv_errc::empty) return std::unexpected(recv_errc::timeout);
    return r;
  }

  /// As recv_for, with a point of time of any clock.
  template <class Clock, class Duration>
  [[nodiscard]] result recv_until(std::chrono::time_point<Clock, Duration> t) const {
    return recv_in_steps(t);
  }

  /// As recv, recv_for and recv_until, but these give up, too, when a stop is requested through the token,
  /// a std::stop_token (include <runnel/stop.hpp>): error `stopped`. It is given only after an attempt that
  /// came after the request, so a message that is there is received; and before `timeout`.
  ///
  /// What happened before the request happens-before the `stopped`. Whoever requests a stop waits for no
  /// channel and takes no lock of one. A receive with a token that has to wait takes a lock on any channel.
  template <class Token>
  [[nodiscard]] result recv(const Token& stop) const {
    return recv_by(never, stop);
  }
  template <class Rep, class Period, class Token>
  [[nodiscard]] result recv_for(std::chrono::duration<Rep, Period> d, const Token& stop) const {
    return recv_by(core::deadline_after<P>(d), stop);
  }
  template <class Clock, class Duration, class Token>
  [[nodiscard]] result recv_until(std::chrono::time_point<Clock, Duration> t,
                                  const Token& stop) const {
    return recv_in_steps(t, stop);
  }

  /// Messages as a single-pass range: see begin() and try_iter().
  template <bool Blocking>
  class message_range {
   public:
    /// A std::input_iterator that can only be moved.
    class iterator {
     public:
      /// The type of the messages.
      using value_type = T;
      /// As iterators have to have it; there are no differences.
      using difference_type = std::ptrdiff_t;

      explicit iterator(const basic_receiver* from) : from_(from) {}
      iterator(iterator&& other) noexcept : from_(other.from_), wanted_(other.wanted_) {
        if (other.message_.has_value()) message_.emplace(*std::move(other.message_));
      }
      iterator& operator=(iterator&& other) noexcept {
        if (this == std::addressof(other)) return *this;
        from_ = other.from_;
        wanted_ = other.wanted_;
        message_.reset();
        if (other.message_.has_value()) message_.emplace(*std::move(other.message_));
        return *this;
      }

      /// The message, the same each time. As an rvalue, so that `for (T v : rx)` moves it out; whoever
      /// reads it again then finds what the move left.
      T&& operator*() const {
        if (wanted_ != 0) [[unlikely]] {
          std::optional<T> late = receive_late(*from_, std::exchange(wanted_, 0));
          if (late.has_value()) message_.emplace(*std::move(late));
        }
        if constexpr (P::checks_misuse) {
          if (!message_.has_value()) core::report_misuse("an iterator was read at its end");
        }
        return std::move(*message_);
      }
      /// Goes on to the next message, without receiving it.
      iterator& operator++() {
        message_.reset();
        ++wanted_;
        return *this;
      }
      void operator++(int) { ++*this; }
      [[gnu::always_inline]] friend bool operator==(const iterator& i, std::default_sentinel_t) {
        if (i.wanted_ != 0) receive(*i.from_, std::exchange(i.wanted_, 0), i.message_);
        return !i.message_.has_value();
      }

     private:
      /// Receives until the message is there, or there is none. It is static, and the next one not
      /// inline, so that a loop can have the iterator in registers.
      [[gnu::always_inline]] static void receive(const basic_receiver& from, std::size_t wanted,
                                                 std::optional<T>& message) {
        for (;;) {
          result r = Blocking ? from.recv() : from.try_recv();
          if (!r.has_value()) return;
          if (--wanted == 0) {
            message.emplace(*std::move(r));
            return;
          }
        }
      }
      /// The same, where nobody has compared.
      [[gnu::noinline]] static std::optional<T> receive_late(const basic_receiver& from,
                                                             std::size_t wanted) {
        std::optional<T> message;
        receive(from, wanted, message);
        return message;
      }

      const basic_receiver* from_;
      // How many messages have to be received until the current one is there: more than one if `++`
      // has passed over some that nobody had asked for. 0: it is there, or this is the end.
      mutable std::size_t wanted_ = 1;
      mutable std::optional<T> message_;
    };

    explicit message_range(const basic_receiver* from) : from_(from) {}
    /// The next message.
    [[nodiscard]] iterator begin() const {
      (void)from_->held();
      return iterator(from_);
    }
    /// What an iterator equals where there is no message.
    [[nodiscard]] static std::default_sentinel_t end() { return {}; }

   private:
    const basic_receiver* from_;
  };

  /// `for (T v : rx)` receives until the channel is disconnected and drained; it blocks as recv.
  ///
  /// The iterator receives when its message is asked for: when it is compared with end() or read.
  /// begin() and `++` receive nothing, so `rx | std::views::take(3)` receives three. A message that
  /// `++` passes over before it was asked for is received and destroyed when the next one is asked for.
  ///
  /// There is one pass. A message that was asked for and not moved out goes with the iterator, or its
  /// `++`: views::take_while loses the one that ends it, and a zip may lose one after the end of the
  /// other range (so `take` as many). A filter that is stepped looks for its next message: so `take`
  /// before it, not after. A view that reads twice (a filter, a transform under one) gets the same
  /// message twice; what reads it first, such as a predicate by value, must not move it away.
  /// Iterators are moved, never copied: no views::common, no algorithms of before C++20. One belongs
  /// to one thread at a time, and to this handle, which must stay where it is. Reading at the end is a
  /// contract violation, which debug builds report.
  [[nodiscard]] auto begin() const { return message_range<true>(this).begin(); }
  /// What an iterator equals where there is no message, and will be none.
  [[nodiscard]] static std::default_sentinel_t end() { return {}; }

  /// `for (T v : rx.try_iter())` receives what is there and ends at `empty` or `disconnected`. Of
  /// the iterators holds what begin() says, but for the blocking: an end is an end, until `++`.
  [[nodiscard]] message_range<false> try_iter() const { return message_range<false>(this); }

  /// The number of buffered messages in some state that agrees with happens-before: 0 to the
  /// capacity.
  [[nodiscard]] std::size_t size() const { return sender_type::size_of(held()); }
  /// Whether size() is 0.
  [[nodiscard]] bool empty() const { return size() == 0; }
  /// Whether size() is the capacity; never on an unbounded channel, always on a rendezvous.
  [[nodiscard]] bool full() const { return size() == capacity(); }
  /// How many messages the channel can buffer; nothing if there is no bound, 0 for a rendezvous.
  [[nodiscard]] std::optional<std::size_t> capacity() const {
    return sender_type::capacity_of(held());
  }
  /// Whether all senders have gone, or a receiver has closed the channel; messages may be left. If so, what
  /// they did before happens-before the return.
  [[nodiscard]] bool is_disconnected() const { return sender_type::is_closed(held()); }
  /// Whether the other handle belongs to the same channel.
  [[nodiscard]] bool same_channel(const basic_receiver& other) const noexcept {
    return channel_ == other.channel_;
  }
  /// Whether the handle holds a channel: it was not made empty, moved from or reset.
  explicit operator bool() const noexcept { return channel_ != nullptr; }

 private:
  friend access;

  channel_type& held() const {
    if constexpr (P::checks_misuse) {
      if (channel_ == nullptr) core::report_misuse("a receiver that holds no channel was used");
    }
    return *channel_;
  }

  [[gnu::always_inline]] result recv_by(time_point deadline) const {
    channel_type& channel = held();
    [[maybe_unused]] const auto in_progress = channel.receiving();
    return channel.visit([deadline](auto& c) { return c.recv(deadline); });
  }

  template <class Token>
  result recv_by(std::optional<time_point> deadline, const Token& stop) const {
    result r = try_recv();
    if (r.has_value() || r.error() != recv_errc::empty) return r;
    using stops = core::stoppable<Token>;
    return stops::template recv<P, T>(*channel_, deadline, stops::stop(stop));
  }

  /// recv_until, with a token or without.
  template <class Time, class... Token>
  result recv_in_steps(Time t, const Token&... stop) const {
    for (;;) {
      const auto left = core::time_left(t);
      result r = recv_for(left, stop...);
      // The clock may run at another pace than the one that is waited on, or be set back.
      if (r.has_value() || r.error() != recv_errc::timeout || left <= left.zero()) return r;
    }
  }

  // All there is, and operations only read it: see sole_use.
  channel_type* channel_ = nullptr;
};

}  // namespace runnel::core

/// size() is what is buffered now, not what an iteration will come to: else `rx | views::take(3)`
/// would take as many as there are at the moment. (From <iterator>, or <string>, of all libraries;
/// all of <ranges> takes the compiler a quarter of the time of these headers.)
template <class T, class P, class Parts, runnel::core::receivers Receivers>
inline constexpr bool
    std::ranges::disable_sized_range<runnel::core::basic_receiver<T, P, Parts, Receivers>> = true;

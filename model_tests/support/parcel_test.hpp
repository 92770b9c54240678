// SPDX-License-Identifier: MIT
//
// Messages that carry handles: a parcel holds a sender of some channel, and whoever destroys the
// parcel drops that sender. User code runs inside the drop of a receiver and after a receive, where
// it may use any channel, the same one too. Each of the two channels has a history of its own, in
// which a call may lie within another one.
#pragma once

#include "check.hpp"
#include "program_test.hpp"
#include "recorder.hpp"

#include <runnel/core/handles.hpp>
#include <spec/channel_spec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace runnel::check {

/// Thread 0 sends a parcel through a channel; thread 1 is the receiver of that channel; thread 2
/// waits for the disconnect of the channel whose last sender is in the parcel.
template <template <class, class> class Parts, bool Mpmc>
struct parcel_test {
  template <class P>
  class on {
   public:
    static constexpr unsigned threads = 3;
    using config = parcel_program;

    explicit on(const parcel_program& p) : program_(p) { sent_.construct(0); }
    ~on() { sent_.destroy(); }
    on(const on&) = delete;
    on& operator=(const on&) = delete;

    void before() {
      open(program_.capacity, tx_, rx_);
      open(1, other_tx_, other_rx_);
    }

    void thread(unsigned index) {
      if (index == 0) send_parcel();
      if (index == 1) receive_parcel();
      if (index == 2) wait_for_disconnect();
    }

    void after() {
      if (rx_ || tx_ || other_tx_ || other_rx_) P::fail(kind::assertion, "a handle is left");
      static known_histories known;
      calls_.check(start(program_.capacity), known);
      other_calls_.check(start(1), known);
    }

   private:
    class parcel;
    using parts = Parts<P, small_geometry<1>>;
    static constexpr auto receivers = Mpmc ? core::receivers::many : core::receivers::one;
    using sender_type = core::basic_sender<parcel, P, parts, receivers>;
    using receiver_type = core::basic_receiver<parcel, P, parts, receivers>;
    class parcel {
     public:
      parcel(sender_type&& s, recorder<P>& calls) noexcept
          : carried_(std::move(s)), calls_(&calls) {}
      parcel(parcel&&) noexcept = default;
      parcel& operator=(parcel&&) = delete;
      ~parcel() {
        if (carried_) drop(carried_, spec::op::drop_sender, *calls_);
      }

     private:
      sender_type carried_;
      recorder<P>* calls_;  // of the channel that the sender belongs to
    };

    static spec::state start(std::optional<std::size_t> capacity) {
      spec::state s;
      s.capacity = capacity;
      s.senders = 1;
      s.receivers = 1;
      return s;
    }
    template <class Handle>
    static void drop(Handle& handle, spec::op o, recorder<P>& calls) {
      const std::size_t call = calls.begin(o);
      handle.reset();
      calls.end(call, spec::response::ok);
    }

    static void open(std::optional<std::size_t> capacity, std::optional<sender_type>& tx,
                     std::optional<receiver_type>& rx) {
      auto* const c = capacity ? sender_type::channel_type::make_bounded(*capacity)
                               : sender_type::channel_type::make_unbounded();
      tx.emplace(c);
      rx.emplace(c);
    }

    void send_parcel() {
      sent_.write([](int& s) { s = 1; });
      if (program_.to_itself) {
        drop(other_tx_, spec::op::drop_sender, other_calls_);
        const std::size_t call = calls_.begin(spec::op::clone_sender);
        sender_type copy(*tx_);
        calls_.end(call, spec::response::ok);
        send(parcel(std::move(copy), calls_));
      } else {
        parcel p(std::move(*other_tx_), other_calls_);
        other_tx_.reset();
        send(std::move(p));
      }
      drop(tx_, spec::op::drop_sender, calls_);
    }
    void send(parcel&& p) {
      const std::size_t call = calls_.begin(spec::op::send, the_parcel);
      const auto result = tx_->send(std::move(p));
      calls_.end(call, result ? spec::response::ok : spec::response::disconnected);
    }

    void receive_parcel() {
      if (program_.received) {
        while (receive(*rx_, calls_)) {
        }
      }
      drop(rx_, spec::op::drop_receiver, calls_);
    }
    static bool receive(const receiver_type& rx, recorder<P>& calls) {
      const std::size_t call = calls.begin(spec::op::recv);
      const auto result = rx.recv();
      if (result)
        calls.end(call, spec::response::ok, the_parcel);
      else
        calls.end(call, spec::response::disconnected);
      return result.has_value();
    }

    // The last sender of the other channel goes with the parcel, wherever that is destroyed.
    void wait_for_disconnect() {
      if (receive(*other_rx_, other_calls_))
        P::fail(kind::assertion, "a channel without senders is not disconnected");
      if (sent_.read([](const int& s) { return s; }) != 1)
        P::fail(kind::assertion, "disconnected, but what the sender did before is not seen");
      drop(other_rx_, spec::op::drop_receiver, other_calls_);
    }

    static constexpr std::uint8_t the_parcel = 1;

    const parcel_program& program_;
    recorder<P> calls_;
    recorder<P> other_calls_;
    std::optional<sender_type> tx_;
    std::optional<receiver_type> rx_;
    std::optional<sender_type> other_tx_;
    std::optional<receiver_type> other_rx_;
    typename P::template cell<int> sent_;
  };
};

}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// Messages that carry handles: a parcel holds a sender of some channel, and whoever destroys the
// parcel drops that sender. User code runs inside the drop of a receiver and after a receive, where
// it may use any channel, the same one too.
#pragma once

#include "check.hpp"
#include "program_test.hpp"

#include <runnel/core/handles.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace runnel::check {

/// Thread 0 sends a parcel through a channel; thread 1 is the receiver of that channel; thread 2
/// waits for the disconnect of the channel whose last sender is in the parcel.
template <template <class, class> class Parts>
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
    }

   private:
    struct parcel;
    using parts = Parts<P, small_geometry<1>>;
    using sender_type = core::basic_sender<parcel, P, parts>;
    using receiver_type = core::basic_receiver<parcel, P, parts, false>;
    struct parcel {
      explicit parcel(sender_type&& s) noexcept : carried(std::move(s)) {}
      sender_type carried;
    };

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
        other_tx_.reset();
        parcel p(sender_type{*tx_});
        (void)tx_->send(std::move(p));
      } else {
        parcel p(std::move(*other_tx_));
        other_tx_.reset();
        (void)tx_->send(std::move(p));
      }
      tx_.reset();
    }

    void receive_parcel() {
      if (program_.received) {
        while (rx_->recv()) {
        }
      }
      rx_.reset();
    }

    // The last sender of the other channel goes with the parcel, wherever that is destroyed.
    void wait_for_disconnect() {
      const auto result = other_rx_->recv();
      if (result || result.error() != recv_errc::disconnected)
        P::fail(kind::assertion, "a channel without senders is not disconnected");
      if (sent_.read([](const int& s) { return s; }) != 1)
        P::fail(kind::assertion, "disconnected, but what the sender did before is not seen");
      other_rx_.reset();
    }

    const parcel_program& program_;
    std::optional<sender_type> tx_;
    std::optional<receiver_type> rx_;
    std::optional<sender_type> other_tx_;
    std::optional<receiver_type> other_rx_;
    typename P::template cell<int> sent_;
  };
};

}  // namespace runnel::check

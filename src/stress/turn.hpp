// SPDX-License-Identifier: MIT
//
// Turns in which there is one channel at a time, and threads call all that it has.
#pragma once

#include "ledger.hpp"
#include "turn_base.hpp"

#include <runnel/errors.hpp>
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>
#include <runnel/select.hpp>
#include <runnel/timer.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace runnel::stress {

template <class Api>
class turn final : public turn_base {
  using sender = typename Api::template sender<message>;
  using receiver = typename Api::template receiver<message>;
  static constexpr bool many_receivers = std::copy_constructible<receiver>;
  /// Whether the handles are those that ship, not broken ones.
  static constexpr bool selects = std::is_same_v<receiver, mpsc::receiver<message>> ||
                                  std::is_same_v<receiver, mpmc::receiver<message>>;

 public:
  turn(const turn_plan& plan, control& c) : turn_base(plan, c, 1) {}

 private:
  void load() override {
    make_handles();
    run_team([this](worker& w) {
      if (w.index < senders_.size())
        use_sender(w, std::move(senders_[w.index]));
      else
        use_receiver(w, std::move(receivers_[w.index - senders_.size()]));
    });
  }

  void make_handles() {
    const unsigned n = team_.size();
    unsigned receivers = 1;
    if constexpr (many_receivers) receivers = receivers_of_team();
    auto [tx, rx] = plan_.capacity ? Api::template sync_channel<message>(*plan_.capacity)
                                   : Api::template channel<message>();
    senders_.clear();
    receivers_.clear();
    for (unsigned i = 0; i + 1 < n - receivers; ++i) senders_.push_back(tx);
    senders_.push_back(std::move(tx));
    if constexpr (many_receivers)
      for (unsigned i = 0; i + 1 < receivers; ++i) receivers_.push_back(rx);
    receivers_.push_back(std::move(rx));
  }

  // ---- senders ----

  void use_sender(worker& w, sender tx) {
    const std::uint64_t operations = operations_of(w);
    for (std::uint64_t n = 1; n <= operations && !is_over(n); ++n) {
      pause(w);
      if (!plan_.capacity && n % 64 == 0) wait_for_backlog(w, tx);
      if (send_one(w, tx, message(w.index + 1, n)) == outcome::disconnected) break;
    }
    linger(w);
    if (plan_.how.closes && w.random.below(2) == 0) await_close(w, tx);
    w.state.calls("drops its sender");
    tx.reset();
  }

  /// For a while: nobody else may be left who closes the channel.
  void await_close(worker& w, const sender& tx) {
    w.state.calls("closed_for");
    if (!tx.closed_for(short_time(w))) return;
    if (send_one_more(w, tx) != outcome::disconnected)
      fail(w, "sender", "the channel was closed and then was not");
  }
  /// With a number that no other has.
  outcome send_one_more(worker& w, const sender& tx) {
    return try_send(w, tx, message(w.index + 1, ~std::uint64_t{0}));
  }

  outcome send_one(worker& w, sender& tx, message m) {
    if (plan_.how.operations == calls::blocking) return send(w, tx, std::move(m));
    check_size(w, tx, "sender");
    switch (w.random.below(11)) {
      case 0: return send_copy(w, tx, std::move(m));
      case 1: return try_send(w, tx, std::move(m));
      case 2: return send_for(w, tx, std::move(m));
      case 3: return send_until(w, tx, std::move(m));
      case 4: {
        w.state.calls("copies its sender");
        return send(w, sender(tx), std::move(m));
      }
      case 5: {
        w.state.calls("moves its sender");
        sender other = std::move(tx);
        const outcome o = try_send(w, other, std::move(m));
        tx = std::move(other);
        return o;
      }
      case 6:
      case 7: return send_by_select(w, tx, std::move(m));
      default: return send(w, tx, std::move(m));
    }
  }

  outcome send(worker& w, const sender& tx, message m) {
    const std::uint64_t identity = m.identity();
    w.state.calls("send");
    return enter(w, identity, tx.send(std::move(m)), std::nullopt);
  }
  outcome send_copy(worker& w, const sender& tx, message m) {
    w.state.calls("send of a copy");
    const outcome o = enter(w, m.identity(), tx.send(std::as_const(m)), std::nullopt);
    m.settle();
    return o;
  }
  outcome try_send(worker& w, const sender& tx, message m) {
    const std::uint64_t identity = m.identity();
    w.state.calls("try_send");
    return enter(w, identity, tx.try_send(std::move(m)), send_errc::full);
  }
  outcome send_for(worker& w, const sender& tx, message m) {
    const std::uint64_t identity = m.identity();
    w.state.calls("send_for");
    return enter(w, identity, tx.send_for(std::move(m), short_time(w)), send_errc::timeout);
  }
  outcome send_until(worker& w, const sender& tx, message m) {
    const std::uint64_t identity = m.identity();
    w.state.calls("send_until");
    return enter(w, identity, tx.send_until(std::move(m), steady_clock::now() + short_time(w)),
                 send_errc::timeout);
  }
  /// One of two cases with the same message; with a deadline or without.
  outcome send_by_select(worker& w, const sender& tx, message m) {
    if constexpr (!selects) {
      return send(w, tx, std::move(m));
    } else {
      w.state.calls("selects to send");
      const std::uint64_t identity = m.identity();
      std::optional<send_errc> why = send_errc::timeout;
      const auto done = [&why](std::expected<void, send_errc> r) {
        why = r ? std::nullopt : std::optional(r.error());
      };
      if (w.random.below(2) == 0) {
        runnel::select(on_send(tx, m, done), on_send(tx, m, done));
      } else {
        (void)runnel::select_for(short_time(w), on_send(tx, m, done), on_send(tx, m, done));
      }
      using result = typename sender::result;
      if (!why) return enter(w, identity, result(), std::nullopt);
      return enter(w, identity, result(std::unexpect, *why, std::move(m)), send_errc::timeout);
    }
  }
  /// Enters the result of a send in the books; `may` is the error it may have beside `disconnected`.
  outcome enter(worker& w, std::uint64_t identity, typename sender::result r,
                std::optional<send_errc> may) {
    if (r) {
      w.book().sent.add(identity);
      w.state.progresses();
      return outcome::done;
    }
    message& back = r.error().value;
    if (back.identity() != identity || !back.is_sound())
      fail(w, "sender", "a failed send handed back another value than it was given");
    back.settle();
    ++w.book().handed_back;
    if (r.error().reason == send_errc::disconnected) {
      ++w.book().disconnects;
      return outcome::disconnected;
    }
    if (r.error().reason != may)
      fail(w, "sender",
           "a send failed as it must not: " + make_error_code(r.error().reason).message());
    return outcome::not_now;
  }

  // ---- receivers ----

  void use_receiver(worker& w, receiver rx) {
    w.last = nothing_received();
    const std::uint64_t operations = operations_of(w);
    outcome o = outcome::done;
    for (std::uint64_t n = 0; n < operations && o != outcome::disconnected; ++n) {
      pause(w);
      o = receive_one(w, rx);
    }
    if (o != outcome::disconnected && plan_.how.closes && w.random.below(2) == 0)
      o = close_and_drain(w, rx);
    if (o != outcome::disconnected)
      ++w.book().left_early;
    else if (try_recv(w, rx) != outcome::disconnected)
      fail(w, "receiver", "the channel was disconnected and then was not");
    linger(w);
    drop(w, rx);
  }

  outcome close_and_drain(worker& w, const receiver& rx) {
    w.state.calls("close");
    rx.close();
    for (;;) {
      if (recv(w, rx) == outcome::disconnected) return outcome::disconnected;
    }
  }

  outcome receive_one(worker& w, receiver& rx) {
    if (plan_.how.operations == calls::blocking) return recv(w, rx);
    check_size(w, rx, "receiver");
    switch (w.random.below(11)) {
      case 0: return try_recv(w, rx);
      case 1: return recv_for(w, rx);
      case 2: return recv_until(w, rx);
      case 3: return iterate(w, rx);
      case 4: return try_iterate(w, rx);
      case 5: return receive_elsewhere(w, rx);
      case 6:
      case 7: return recv_by_select(w, rx);
      default: return recv(w, rx);
    }
  }

  outcome recv(worker& w, const receiver& rx) {
    w.state.calls("recv");
    return enter(w, rx.recv(), std::nullopt);
  }
  outcome try_recv(worker& w, const receiver& rx) {
    w.state.calls("try_recv");
    return enter(w, rx.try_recv(), recv_errc::empty);
  }
  outcome recv_for(worker& w, const receiver& rx) {
    w.state.calls("recv_for");
    return enter(w, rx.recv_for(short_time(w)), recv_errc::timeout);
  }
  outcome recv_until(worker& w, const receiver& rx) {
    w.state.calls("recv_until");
    return enter(w, rx.recv_until(steady_clock::now() + short_time(w)), recv_errc::timeout);
  }
  /// In two cases, beside a timer.
  outcome recv_by_select(worker& w, const receiver& rx) {
    if constexpr (!selects) {
      return recv(w, rx);
    } else {
      w.state.calls("selects to receive");
      timer soon = runnel::after(short_time(w));
      std::optional<typename receiver::result> got;
      const auto receive = [&got](typename receiver::result r) { got.emplace(std::move(r)); };
      runnel::select(on_recv(rx, receive), on_recv(rx, receive), on_time(soon, [](auto) {}));
      return got ? enter(w, *std::move(got), std::nullopt) : outcome::not_now;
    }
  }
  outcome iterate(worker& w, const receiver& rx) {
    w.state.calls("iterates");
    std::uint64_t left = 1 + w.random.below(20);
    for (message m : rx) {
      take(w, std::move(m));
      if (--left == 0) return outcome::done;
    }
    ++w.book().disconnects;
    return outcome::disconnected;
  }
  outcome try_iterate(worker& w, const receiver& rx) {
    w.state.calls("iterates without blocking");
    for (message m : rx.try_iter()) take(w, std::move(m));
    return outcome::not_now;
  }
  /// Through a copy if there may be one, else through a handle that it was moved to.
  outcome receive_elsewhere(worker& w, receiver& rx) {
    if constexpr (many_receivers) {
      w.state.calls("copies its receiver");
      return recv(w, receiver(rx));
    } else {
      w.state.calls("moves its receiver");
      receiver other = std::move(rx);
      const outcome o = try_recv(w, other);
      rx = std::move(other);
      return o;
    }
  }

  outcome enter(worker& w, typename receiver::result r, std::optional<recv_errc> may) {
    if (r) {
      take(w, *std::move(r));
      return outcome::done;
    }
    if (r.error() == recv_errc::disconnected) {
      ++w.book().disconnects;
      return outcome::disconnected;
    }
    if (r.error() != may)
      fail(w, "receiver",
           "a receive failed as it must not: " + make_error_code(r.error()).message());
    return outcome::not_now;
  }

  template <class Handle>
  void check_size(worker& w, const Handle& h, const char* role) {
    w.state.calls("size");
    const std::size_t size = h.size();
    if (plan_.capacity && size > *plan_.capacity)
      fail(w, role, "the size is " + std::to_string(size) + ", beyond the capacity");
  }

  // Of the channel that there is.
  std::vector<sender> senders_;
  std::vector<receiver> receivers_;
};

}  // namespace runnel::stress

// SPDX-License-Identifier: MIT
//
// Turns in which there are three channels at a time, and threads select from them: senders send to
// whichever has room, receivers receive from whichever has a message. Whoever waits for ever waits for all
// channels that are not disconnected, so that nobody waits for somebody who waits elsewhere.
#pragma once

#include "ledger.hpp"
#include "turn_base.hpp"

#include <runnel/errors.hpp>
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>
#include <runnel/select.hpp>
#include <runnel/timer.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace runnel::stress {

template <class Api>
class select_turn final : public turn_base {
  using sender = typename Api::template sender<message>;
  using receiver = typename Api::template receiver<message>;
  static constexpr bool many_receivers = std::copy_constructible<receiver>;
  /// A selector is for the platform that ships.
  static constexpr bool has_selector = std::is_same_v<receiver, mpsc::receiver<message>> ||
                                       std::is_same_v<receiver, mpmc::receiver<message>>;
  static constexpr std::size_t channels = 3;
  using senders = std::array<sender, channels>;
  using receivers = std::array<receiver, channels>;
  /// Which channels are not disconnected, as far as a thread knows.
  using open_channels = std::array<bool, channels>;

 public:
  select_turn(const turn_plan& plan, control& c) : turn_base(plan, c, channels) {}

 private:
  void load() override {
    make_handles();
    run_team([this](worker& w) {
      if (w.index < senders_.size())
        use_senders(w, std::move(senders_[w.index]));
      else
        use_receivers(w, std::move(receivers_[w.index - senders_.size()]));
    });
  }

  /// The first channel has the capacity of the plan, each other one any.
  std::optional<std::size_t> capacity_of(std::size_t channel) {
    if (channel == 0) return plan_.capacity;
    constexpr std::array<std::optional<std::size_t>, 4> all{0, 1, 64, std::nullopt};
    return all.at(random_.below(all.size()));
  }
  void make_handles() {
    const unsigned n = team_.size();
    unsigned receiving = 1;
    if constexpr (many_receivers) receiving = receivers_of_team();
    senders_.clear();
    senders_.resize(n - receiving);
    receivers_.clear();
    receivers_.resize(receiving);
    for (std::size_t c = 0; c < channels; ++c) {
      const auto capacity = capacity_of(c);
      auto [tx, rx] = capacity ? Api::template sync_channel<message>(*capacity)
                               : Api::template channel<message>();
      for (senders& of_one : senders_) of_one[c] = tx;
      if constexpr (many_receivers)
        for (receivers& of_one : receivers_) of_one[c] = rx;
      else
        receivers_[0][c] = std::move(rx);
    }
  }

  static bool is_any(const open_channels& open) {
    return std::ranges::find(open, true) != open.end();
  }

  // ---- senders ----

  void use_senders(worker& w, senders tx) {
    open_channels open{true, true, true};
    const std::uint64_t operations = operations_of(w);
    for (std::uint64_t n = 1; n <= operations && is_any(open) && !is_over(n); ++n) {
      pause(w);
      if (n % 64 == 0) {
        for (const sender& one : tx)
          if (!one.capacity()) wait_for_backlog(w, one);
      }
      send_one(w, tx, open, message(w.index + 1, n));
    }
    linger(w);
    w.state.calls("drops its senders");
    for (sender& one : tx) one.reset();
  }

  /// To one of those that are open.
  void send_one(worker& w, const senders& tx, open_channels& open, message m) {
    const std::uint64_t identity = m.identity();
    bool is_sent = false;
    const auto done = [&](std::size_t c) {
      return [&, c](std::expected<void, send_errc> r) {
        is_sent = r.has_value();
        open[c] = is_sent;
        if (!is_sent) ++w.book().disconnects;
      };
    };
    auto first = on_send(tx[0], m, done(0));
    auto second = on_send(tx[1], m, done(1));
    auto third = on_send(tx[2], m, done(2));
    select(w, "send", first.when(open[0]), second.when(open[1]), third.when(open[2]));
    if (is_sent) {
      w.book().sent.add(identity);
      w.state.progresses();
      if (m.identity() != 0) fail(w, "sender", "a message that was sent is still there");
    } else {
      if (m.identity() != identity || !m.is_sound())
        fail(w, "sender", "a select that did not send has changed the message");
      ++w.book().handed_back;
    }
    m.settle();
  }

  /// Fair or biased; mostly one that waits for ever.
  template <class... Cases>
  static void select(worker& w, const char* purpose, Cases&... cases) {
    w.state.calls(purpose);
    switch (w.random.below(6)) {
      case 0: (void)runnel::try_select(cases...); break;
      case 1: (void)runnel::select_for(short_time(w), cases...); break;
      case 2: runnel::select(runnel::biased, cases...); break;
      default: runnel::select(cases...);
    }
  }

  // ---- receivers ----

  void use_receivers(worker& w, receivers rx) {
    w.last = nothing_received();
    bool saw_the_end = false;
    if constexpr (has_selector) {
      saw_the_end = w.random.below(2) == 0 ? receive_by_selector(w, rx) : receive(w, rx);
    } else {
      saw_the_end = receive(w, rx);
    }
    if (!saw_the_end) ++w.book().left_early;
    linger(w);
    for (receiver& one : rx) drop(w, one);
  }

  /// Whether all channels were disconnected.
  bool receive(worker& w, const receivers& rx) {
    open_channels open{true, true, true};
    const auto done = [&](std::size_t c) {
      return [&, c](typename receiver::result r) { open[c] = enter(w, std::move(r), c); };
    };
    const std::uint64_t operations = operations_of(w);
    for (std::uint64_t n = 0; n < operations && is_any(open); ++n) {
      pause(w);
      auto first = on_recv(rx[0], done(0));
      auto second = on_recv(rx[1], done(1));
      auto third = on_recv(rx[2], done(2));
      select(w, "selects to receive", first.when(open[0]), second.when(open[1]),
             third.when(open[2]));
    }
    return !is_any(open);
  }

  /// The same, with a tick beside the channels.
  bool receive_by_selector(worker& w, const receivers& rx) {
    std::array<std::optional<typename receiver::result>, channels> got;
    timer each = runnel::tick(std::chrono::milliseconds(1));
    selector all;
    for (std::size_t c = 0; c < channels; ++c) (void)all.recv(rx[c], got[c]);
    (void)all.time(each);
    all.biased(w.random.below(4) == 0);
    std::size_t open = channels;
    const std::uint64_t operations = operations_of(w);
    for (std::uint64_t n = 0; n < operations && open != 0; ++n) {
      pause(w);
      w.state.calls("a selector");
      const auto chosen = w.random.below(4) == 0 ? all.select_for(short_time(w)) : all.select();
      if (!chosen || *chosen == channels) continue;
      if (enter(w, *std::exchange(got[*chosen], std::nullopt), *chosen)) continue;
      all.erase(*chosen);
      --open;
    }
    return open == 0;
  }

  /// Whether the channel is not disconnected.
  bool enter(worker& w, typename receiver::result r, std::size_t channel) {
    if (r) {
      take(w, *std::move(r), channel);
      return true;
    }
    if (r.error() != recv_errc::disconnected)
      fail(w, "receiver",
           "a receive failed as it must not: " + make_error_code(r.error()).message());
    ++w.book().disconnects;
    return false;
  }

  // Of the channels that there are.
  std::vector<senders> senders_;
  std::vector<receivers> receivers_;
};

}  // namespace runnel::stress

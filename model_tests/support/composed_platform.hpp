// SPDX-License-Identifier: MIT
//
// The explorer's platform with simpler parts of the waiting mechanism: a mutex that is one step to
// take and one to release, and a signal that is one step to send and one to wait for. The shipped
// mutex and signal are checked by themselves (the_mutex_excludes, waiting_alone_loses_no_wake_up) and
// in the smallest channels (a_partner_that_sleeps_is_woken_up), on graph_platform. What the composition
// relies on:
//
//   mutex   critical sections exclude each other, each happens before the next, and whoever asks for
//           the mutex gets it when no critical section is left
//   signal  park() returns true only after notify(), which happens before it; it does return then;
//           with a deadline it may return false at any time
#pragma once

#include "graph_platform.hpp"

#include <runnel/core/parking.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace runnel::check {

/// A site of a simpler part: who comes to it has not come to the one that ships.
struct stand_in {
  std::string_view site;
  std::string_view part;
};

struct composed_platform : graph_platform {
  static constexpr std::array<stand_in, 4> stand_ins{{{"mutex.lock", "mutex"},
                                                      {"mutex.unlock", "mutex"},
                                                      {"waiter.see_signal", "signal"},
                                                      {"waiter.notify", "signal"}}};

  class mutex {
   public:
    void lock() noexcept {
      word_.await_exchange(free, held, core::at<"mutex.lock">(core::acquire, core::relaxed));
      attempt::of_this_thread().hold_mutex(true);
    }
    void unlock() noexcept {
      attempt::of_this_thread().hold_mutex(false);
      word_.store(free, core::at<"mutex.unlock">(core::release));
    }

   private:
    static constexpr std::uint32_t free = 0;
    static constexpr std::uint32_t held = 1;
    atomic<std::uint32_t> word_{free};
  };

  class signal {
   public:
    bool park(core::time_point deadline) noexcept {
      if (deadline != core::never && choose(2) == 1) return false;
      const auto is_sent = [](std::uint32_t v) { return v == sent; };
      (void)await(
          word_, is_sent, core::at<"waiter.see_signal">(core::acquire),
          deadline == core::never ? model::waiting::sleeps : model::waiting::sleeps_for_a_time);
      return true;
    }
    [[nodiscard]] bool is_notified() const noexcept {
      return word_.load(core::at<"waiter.see_signal">(core::acquire)) == sent;
    }
    [[nodiscard]] bool notify() noexcept {
      word_.store(sent, core::at<"waiter.notify">(core::release));
      return false;
    }
    const auto* word() const noexcept { return &word_; }

   private:
    static constexpr std::uint32_t sent = 1;
    atomic<std::uint32_t> word_{0};
  };
};

}  // namespace runnel::check

template <>
struct runnel::core::waiting_parts<runnel::check::composed_platform> {
  using mutex = runnel::check::composed_platform::mutex;
  using signal = runnel::check::composed_platform::signal;
};

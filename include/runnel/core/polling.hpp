// SPDX-License-Identifier: MIT
//
// How often a thread looks before it parks, as experience tells, and what it does between two looks for
// another thread's step. It decides nothing but speed, so no model sees it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace runnel::core {

/// Early attempts before a thread parks: with pauses, then with yields. Each place that polls keeps an
/// account of either. Pauses pay off only if the partner runs at the same time; yields only if it is the
/// partner that gets the processor: beside busy programs a yield costs their time slices, where a
/// thread that is woken up would run at once.
///
/// A System has pause(times), yield() and now(), all static; for the queues peek(atomic) as well.
template <class System>
class adaptive_polling {
 public:
  /// Whether `pred` succeeded.
  template <class Pred>
  bool until(Pred pred) noexcept(noexcept(pred())) {
    return pauses(pred) || yields(pred);
  }
  /// The first half of that,
  template <class Pred>
  bool pauses(Pred pred) noexcept(noexcept(pred())) {
    const int credit = credit_.load(order);
    const unsigned rounds = credit > 0 ? most_rounds : fewest_rounds;
    for (unsigned round = 0; round < rounds; ++round) {
      if (pred()) {
        remember(credit, credit + success < most_credit ? credit + success : most_credit);
        return true;
      }
      System::pause(round < single_pauses ? 1U : 2U << (round - single_pauses));
    }
    remember(credit, credit > -trial ? credit - 1 : 1);
    return false;
  }
  /// and the second.
  template <class Pred>
  bool yields(Pred pred) noexcept(noexcept(pred())) {
    if (!yields_pay()) return false;
    auto before = System::now();
    for (int i = 0; i < most_yields; ++i) {
      if (pred()) return true;
      System::yield();
      const auto after = System::now();
      if (after - before > slow_yield) {
        without_yields_.store(yield_trial, order);
        break;
      }
      before = after;
    }
    return pred();
  }

  static constexpr int most_yields = 12;
  static constexpr auto slow_yield = std::chrono::milliseconds(1);  ///< less than a time slice
  static constexpr int yield_trial = 256;  ///< polls without yields after a slow one

 protected:
  using number = std::int16_t;
  static constexpr auto order = std::memory_order::relaxed;

  /// Whether pauses have paid off lately.
  [[nodiscard]] bool has_credit() const noexcept { return credit_.load(order) > 0; }

 private:
  static constexpr unsigned single_pauses = 8;  // of that many rounds; later ones have 2, 4, 8, ...
  static constexpr unsigned most_rounds = 14;
  static constexpr unsigned fewest_rounds = 3;  // while there is no credit
  static constexpr int success = 8;             // what a success adds; a failure takes 1
  static constexpr int most_credit = 64;
  static constexpr int trial = 32;  // failures without credit until it is tried again

  bool yields_pay() noexcept {
    const int left = without_yields_.load(order);
    if (left == 0) return true;
    without_yields_.store(static_cast<number>(left - 1), order);
    return false;
  }

  void remember(int before, int credit) noexcept {
    if (credit != before) credit_.store(static_cast<number>(credit), order);
  }

  std::atomic<number> credit_{1};
  std::atomic<number> without_yields_{0};
};

/// For one side of a queue. In a stream, a side that looks again as soon as it has caught up shares each
/// cache line with its partner, one message at a time. So it first pauses the longer the more
/// operations it has done since it last polled; the partner gets as far ahead, and the next ones come
/// in bulk. In a conversation each side does one operation and polls: there is no pause.
///
/// It goes on like this only while the partner does an operation in less than `pauses_each` pauses: a
/// slower one falls short of what makes the next pause as long.
template <class System>
class stream_polling : public adaptive_polling<System> {
 public:
  /// As adaptive_polling::pauses. `count(peek)` is the number of this side's operations so far, from an
  /// arbitrary start; it reads atomic objects with `peek`, as it needs no order.
  template <class Pred, class Count>
  bool pauses(Pred pred, Count count) noexcept(noexcept(pred())) {
    const std::size_t now = count([](const auto& a) { return System::peek(a); });
    // Of two threads that poll at once, one may have counted before the other: negative.
    const auto run = static_cast<std::ptrdiff_t>(now - last_.load(order));
    last_.store(now, order);
    if (run > 1 && this->has_credit()) {
      const bool is_short = run <= most_pauses / pauses_each;
      System::pause(static_cast<unsigned>(is_short ? (run - 1) * pauses_each : most_pauses));
    }
    return adaptive_polling<System>::pauses(pred);
  }

  static constexpr std::ptrdiff_t pauses_each = 4;
  static constexpr std::ptrdiff_t most_pauses = 256;

 private:
  using adaptive_polling<System>::order;

  std::atomic<std::size_t> last_{0};
};

/// For the selects of one thread, as the side of a queue that they are: before they join the lists of their
/// cases, and when they are in these.
template <class System>
class select_polling {
 public:
  /// After each select that did something.
  void done() noexcept { ++count_; }

  /// What `seems(peek)` says; it reads atomic objects with `peek`, and decides nothing.
  template <class Seems>
  static bool glance(Seems seems) noexcept {
    return seems([](const auto& a) { return System::peek(a); });
  }

  template <class Pred>
  bool pauses(Pred pred) noexcept(noexcept(pred())) {
    return looking_.pauses(pred, [this](auto) { return count_; });
  }
  template <class Pred>
  bool yields(Pred pred) noexcept(noexcept(pred())) {
    return looking_.yields(pred);
  }
  template <class Pred>
  bool until(Pred pred) noexcept {
    return waiting_.until(pred);
  }

 private:
  stream_polling<System> looking_;
  adaptive_polling<System> waiting_;
  std::size_t count_ = 0;
};

/// In place of all of these: a thread sleeps at once. For a platform where every wake-up is to count, or where nobody
/// does anything meanwhile.
struct no_polling {
  struct polling {
    template <class Pred>
    static bool until(Pred) noexcept {
      return false;
    }
  };
  struct stream_polling {
    template <class Pred, class Count>
    static bool pauses(Pred, Count) noexcept {
      return false;
    }
    template <class Pred>
    static bool yields(Pred) noexcept {
      return false;
    }
  };
  struct select_polling : polling {
    static void done() noexcept {}
    template <class Seems>
    static bool glance(Seems) noexcept {
      return false;
    }
    template <class Pred>
    static bool pauses(Pred) noexcept {
      return false;
    }
    template <class Pred>
    static bool yields(Pred) noexcept {
      return false;
    }
  };
  static select_polling selects() noexcept { return {}; }
};

/// What a thread does between two looks for one step that another is about to do:
///
///   first   pauses: 1, 2, 4, ... 64
///   then    yields, 64 times
///   then    sleeps: of 50 us, 100 us, ... 1 ms at most
///
/// It sleeps in the end because the other may be kept from the processor by the very thread that waits: a
/// yield lets only threads of the same priority run. So the step, once done, is seen within 1 ms and the
/// time that the system takes to wake a thread up.
///
/// A System has pause(times), yield() and sleep(duration), all static.
template <class System>
class backoff {
 public:
  [[gnu::noinline]] void snooze() noexcept {
    if (round_ < pause_rounds) {
      System::pause(1U << round_);
      ++round_;
    } else if (round_ < pause_rounds + yields) {
      System::yield();
      ++round_;
    } else {
      System::sleep(sleep_);
      sleep_ = sleep_ < longest_sleep / 2 ? sleep_ * 2 : longest_sleep;
    }
  }

  static constexpr unsigned pause_rounds = 7;
  static constexpr unsigned yields = 64;
  static constexpr std::chrono::microseconds shortest_sleep{50};
  static constexpr std::chrono::microseconds longest_sleep{1000};

 private:
  unsigned round_ = 0;
  std::chrono::microseconds sleep_ = shortest_sleep;
};

}  // namespace runnel::core

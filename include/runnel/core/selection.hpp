// SPDX-License-Identifier: MIT
//
// How one thread waits in many lists at once. A `contender` is a waiter for one case of a select; the
// contenders of a call share a `selection`, whose one word says which of them has been chosen.
//
// States of a selection:
//
//   state      meaning                               who may leave it
//   idle       its owner prepares                    its owner (to parked, withdrawn), a notifier (to
//                                                    chosen), a stop (to withdrawn)
//   parked     its owner sleeps or is about to       the same
//   chosen k   case k was notified, perhaps served   nobody
//   withdrawn  nobody may choose any more            nobody
//
// A notifier takes a contender off its list and tries to choose it. If that fails, another case has
// been chosen or the owner goes on by itself, and the notifier takes the next waiter of the list: the
// notification is not lost. Whoever has chosen a contender serves it as it would serve any waiter.
//
// Notifiers touch the word, and the contenders, only while they hold the mutex of the list in which
// they found one. Before the selection ends its owner takes the mutex of every such list, whether its
// contender seems to be linked there or not. So no order is needed here: these mutexes give it. After
// that a notifier uses only the address of the word, to wake its owner.
//
// A stop holds no mutex when it touches the word. It does so in a callback, which runs within the life of
// its registration; the owner makes that, and when it ends it waits for a callback that runs. So the stop,
// too, is over before the selection ends. It needs no order either: the word hands nothing over, and the
// token says whether a stop was requested, and orders what came before the request.
#pragma once

#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace runnel::core {

/// Which case of a select has been chosen.
template <class P>
class selection {
 public:
  /// How many cases a select may have.
  static constexpr std::size_t most_cases = (std::numeric_limits<std::uint16_t>::max)();

  selection() = default;
  selection(const selection&) = delete;
  selection& operator=(const selection&) = delete;

  enum class answer : std::uint8_t { lost, chosen, chosen_and_parked };

  /// By a notifier, under the mutex of a list that the case waits in.
  [[nodiscard]] answer choose(std::uint32_t index) noexcept { return settle(first + index); }

  /// By a callback that ends before the selection does: no case will be chosen any more, and the owner
  /// wakes up.
  void stop() noexcept {
    if (settle(withdrawn) == answer::chosen_and_parked) P::wake(&word_, 1);
  }

  /// By the owner: the case that is chosen before the deadline or a stop; if there is none, none will be.
  [[nodiscard]] std::optional<std::size_t> park(time_point deadline) noexcept {
    std::uint32_t now = idle;
    // selection.park: needs nothing
    // Relaxed: tells the notifier to wake this thread.
    if (!word_.compare_exchange_strong(now, parked, at<"selection.park">(relaxed, relaxed)))
      return case_of(now);
    for (;;) {
      // selection.see_choice: needs nothing
      // Relaxed: see the top.
      now = word_.load(at<"selection.see_choice">(relaxed));
      if (now != parked) return case_of(now);
      if (P::wait(word_, parked, deadline) == wait_result::timed_out) return withdraw(parked);
    }
  }

  /// By the owner, which polls: whether a case has been chosen or there was a stop.
  [[nodiscard]] bool is_settled() const noexcept {
    // selection.poll: needs nothing
    // Relaxed: park() looks again.
    return word_.load(at<"selection.poll">(relaxed)) != idle;
  }

  /// By the owner, which has not parked: the case that has been chosen; if there is none, none will be.
  [[nodiscard]] std::optional<std::size_t> withdraw() noexcept { return withdraw(idle); }

  const auto* word() const noexcept { return &word_; }

 private:
  static constexpr std::uint32_t idle = 0;
  static constexpr std::uint32_t parked = 1;
  static constexpr std::uint32_t withdrawn = 2;
  static constexpr std::uint32_t first = 3;  // + k: case k was chosen

  /// What a final state says.
  static std::optional<std::size_t> case_of(std::uint32_t state) noexcept {
    if (state == withdrawn) return std::nullopt;
    return state - first;
  }

  /// From another thread than the owner's, or in a callback, to a final state.
  answer settle(std::uint32_t state) noexcept {
    std::uint32_t now = idle;
    // selection.choose: needs nothing
    // Relaxed: see the top. A failure reads the newest state, which is parked or final.
    while (!word_.compare_exchange_strong(now, state, at<"selection.choose">(relaxed, relaxed))) {
      if (now != idle && now != parked) return answer::lost;
    }
    return now == parked ? answer::chosen_and_parked : answer::chosen;
  }

  std::optional<std::size_t> withdraw(std::uint32_t from) noexcept {
    // selection.withdraw: needs nothing
    // Relaxed: see the top. A failure has read who was chosen.
    if (word_.compare_exchange_strong(from, withdrawn, at<"selection.withdraw">(relaxed, relaxed)))
      return std::nullopt;
    return case_of(from);
  }

  typename P::template atomic<std::uint32_t> word_{idle};
};

}  // namespace runnel::core

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
// that a notifier uses only the address of the word, to wake its owner. (One mutex is not taken again: that of
// the case which was chosen, by an owner that was resumed. The notifier has released it before it called the
// resumption.)
//
// The owner may be no thread, but what a resumption stands for, such as a coroutine. From `parked` on it
// belongs to whoever leaves that state, who calls the resumption in place of waking a thread: a notifier after
// it has released the mutex, with a copy that it made before. Another thread may then go on with the owner and
// end all of this; so the step to `parked` is its last one, and releases what it has done until then.
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

/// What is called when the owner of a selection is to go on that is no thread. It is copied, and may be
/// called when the owner has gone.
struct resumption {
  /// Called once, by whoever has settled the selection, with a copy of this. It must not wait for channels.
  void (*call)(const resumption&) noexcept = nullptr;
  // Not initialised: most of these are never called, and made on the fast path of a rendezvous.
  void* what;
  /// Of whoever gets `what`: as much as a reference to an interface takes.
  alignas(void*) std::byte whom[2 * sizeof(void*)];
};

/// Which case of a select has been chosen.
template <class P>
class selection {
 public:
  /// How many cases a select may have.
  static constexpr std::size_t most_cases = (std::numeric_limits<std::uint16_t>::max)();

  using resumption_cell = typename P::template cell<core::resumption>;

  selection() noexcept : selection(nullptr) {}
  /// Of an owner that does not park, but suspends.
  explicit selection(const resumption_cell& r) noexcept : selection(&r) {}
  selection(const selection&) = delete;
  selection& operator=(const selection&) = delete;

  enum class answer : std::uint8_t { lost, chosen, chosen_and_parked };

  /// By a notifier, under the mutex of a list that the case waits in.
  [[nodiscard]] answer choose(std::uint32_t index) noexcept { return settle(first + index); }

  /// By a callback that ends before the selection does: no case will be chosen any more, and the owner
  /// wakes up.
  void stop() noexcept {
    if (settle(withdrawn) != answer::chosen_and_parked) return;
    const core::resumption r = resumption();
    if (r.call != nullptr)
      r.call(r);
    else
      P::wake(&word_, 1);
  }

  /// Under the mutex of the list of the case that was chosen, or within such a callback. Calls nothing if the
  /// owner is a thread.
  [[nodiscard]] core::resumption resumption() const noexcept {
    if (resumption_ == nullptr) return {};
    return resumption_->read([](const core::resumption& r) { return r; });
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

  /// By the owner, in place of park: whether it is suspended now. Then it belongs to whoever resumes it, and
  /// nothing of it may be touched any more. Else there is a choice, or a stop.
  [[nodiscard]] bool suspend() noexcept {
    std::uint32_t now = idle;
    // selection.suspend: needs selection.choose
    // Release: the owner may go on, and end, in another thread, after all that it has done here.
    return word_.compare_exchange_strong(now, parked, at<"selection.suspend">(release, relaxed));
  }

  /// By the owner when its resumption has been called: the case that was chosen; nothing if it was stopped.
  [[nodiscard]] std::optional<std::size_t> choice() const noexcept {
    // selection.told: needs nothing
    // Relaxed: whoever settled it has called the resumption after that.
    return case_of(word_.load(at<"selection.told">(relaxed)));
  }

  /// By whoever ends an owner that is suspended, or was and has been notified: as withdraw.
  [[nodiscard]] std::optional<std::size_t> abandon() noexcept { return withdraw(parked); }

  /// By the owner, which polls: whether a case has been chosen or there was a stop.
  [[nodiscard]] bool is_settled() const noexcept {
    // selection.poll: needs nothing
    // Relaxed: park() looks again.
    return word_.load(at<"selection.poll">(relaxed)) != idle;
  }

  /// By the owner, which does not sleep: the case that has been chosen; if there is none, none will be.
  [[nodiscard]] std::optional<std::size_t> withdraw() noexcept { return withdraw(idle); }

  const auto* word() const noexcept { return &word_; }

 private:
  static constexpr std::uint32_t idle = 0;
  static constexpr std::uint32_t parked = 1;
  static constexpr std::uint32_t withdrawn = 2;
  static constexpr std::uint32_t first = 3;  // + k: case k was chosen

  explicit selection(const resumption_cell* r) noexcept : resumption_(r) {}

  /// What a final state says.
  static std::optional<std::size_t> case_of(std::uint32_t state) noexcept {
    if (state == withdrawn) return std::nullopt;
    return state - first;
  }

  /// From another thread than the owner's, or in a callback, to a final state.
  answer settle(std::uint32_t state) noexcept {
    std::uint32_t now = idle;
    // selection.choose: needs selection.suspend
    // Acquire: whoever resumes the owner comes after all that it did before it was suspended. Nothing is
    // needed from a thread: see the top. A failure reads the newest state, which is parked or final.
    while (!word_.compare_exchange_strong(now, state, at<"selection.choose">(acquire, relaxed))) {
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

  const resumption_cell* const resumption_;  // null: the owner is a thread
  typename P::template atomic<std::uint32_t> word_{idle};
};

}  // namespace runnel::core

// SPDX-License-Identifier: MIT
//
// A select whose owner does not sleep, but is suspended and resumed: by a coroutine, or by whatever else a
// resumption stands for. The same steps as those of a thread (select.hpp), with these differences:
//
//   it polls nothing
//   step 4: in place of parking, the selection is suspended. That is the last step in this thread
//   steps 5 and 6 are made when the owner is resumed, by a thread that may be another one. If step 6 fails,
//   a new round begins there
//
// Who owns a call:
//
//   from                              until                                owner
//   begin                             suspend() or resume() suspends       whoever calls these
//   then                              the selection is settled             nobody; it may be ended (see below)
//   then                              resume()                             whom the resumption tells
//
// A receive that was chosen has not taken its message yet: that is there until step 6. So a call that ends
// instead of going on loses nothing, if it passes the notification on: whoever waits for the same gets it.
// A message that was served is part of the call: a send has been done, and what was handed over at a
// rendezvous has been received.
//
// Who may end a call that is suspended: whoever would resume it, and nobody else. A notifier uses its own copy
// of the resumption once it has released the mutex, and the end takes this mutex. So at worst the resumption
// is called when the call has ended: whoever is told must then do nothing.
#pragma once

#include <runnel/core/select.hpp>
#include <runnel/core/selection.hpp>
#include <runnel/core/std_platform.hpp>

#include <cstddef>
#include <optional>

namespace runnel::core {

/// A call of select that is suspended where a thread would park.
template <class P, class Stop = no_stop>
class async_call : protected select_call<P> {
  using base = select_call<P>;

 public:
  using platform = P;
  using typename base::cases;
  using typename base::order;

  async_call(cases all, order numbers, bool fair, Stop stop) noexcept
      : base(all, numbers, fair), stop_(stop) {
    resumption_.construct();
  }
  ~async_call() { resumption_.destroy(); }
  async_call(const async_call&) = delete;
  async_call& operator=(const async_call&) = delete;

  /// Whether it ever ends: there is a case, or a stop is possible.
  [[nodiscard]] bool can_end() const noexcept { return this->has_cases() || stop_.stop_possible(); }

  /// Step 1: whether the call is over, with answer() or stopped.
  [[nodiscard]] bool attempt() {
    is_stopped_ = stop_.stop_requested();
    answer_ = base::attempt();
    return is_over();
  }

  /// After an attempt: whether the call is suspended. Then it must not be touched, until somebody has called
  /// the resumption; and then with resume() or abandon(). If not, it is over.
  [[nodiscard]] bool suspend(const resumption& r) noexcept {
    resumption_.write([&r](resumption& to) { to = r; });
    return wait();
  }
  /// Whether the call is over. If not, it is suspended anew.
  [[nodiscard]] bool resume() noexcept { return end_round() || attempt() || !wait(); }

  /// Ends a call that may be suspended. Calls `pass_on` with the case that was chosen, if it was not served.
  template <class PassOn>
  void abandon(PassOn pass_on) noexcept {
    if (!chosen_.has_value()) return;
    registration_.reset();
    const auto choice = chosen_->abandon();
    const bool was_served = this->leave();
    chosen_.reset();
    if (choice && !was_served) pass_on(*choice);
  }

  [[nodiscard]] bool is_over() const noexcept { return answer_.has_value() || is_stopped_; }
  /// Of a call that is over: the case that was done; nothing if it was stopped.
  [[nodiscard]] std::optional<std::size_t> answer() const noexcept { return answer_; }

 protected:
  /// Rounds until one is suspended (true), or the call is over.
  bool wait() noexcept {
    do {
      if (join()) return true;
    } while (!end_round() && !attempt());
    return false;
  }

  /// Steps 2 to 4: whether it is suspended.
  bool join() noexcept {
    selection<P>& chosen = chosen_.emplace(resumption_);
    answer_ = this->meet_or_join(chosen, this->by_address());
    if (answer_) return false;
    (void)this->join_queues(chosen);
    registration_.emplace(stop_, withdrawal{chosen});
    return this->decide() && chosen.suspend();
  }

  /// Steps 5 and 6: whether the call is over.
  bool end_round() noexcept {
    registration_.reset();
    if (!answer_) {  // else it has met a partner before it joined anything
      const auto choice = chosen_->withdraw();
      const bool was_served = this->leave();
      if (choice && (was_served || base::attempt(*choice))) answer_ = choice;
    }
    chosen_.reset();
    return answer_.has_value();
  }

  struct withdrawal {
    selection<P>& chosen;
    void operator()() const noexcept { chosen.stop(); }
  };

  const Stop stop_;
  typename selection<P>::resumption_cell resumption_;
  std::optional<std::size_t> answer_;
  bool is_stopped_ = false;
  std::optional<selection<P>> chosen_;  // of a round that has joined, or is about to
  std::optional<typename Stop::template callback_type<withdrawal>> registration_;
};

}  // namespace runnel::core

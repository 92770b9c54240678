// SPDX-License-Identifier: MIT
//
// A select whose owner does not sleep, but is suspended and resumed: by a coroutine, or by whatever else a
// resumption stands for. The same steps as those of a thread (select.hpp), with these differences:
//
//   it polls nothing
//   step 1 is left out of the first round where there is but one case and that is a rendezvous: step 2 looks
//   there
//   step 4: in place of parking, the selection is suspended. That is the last step in this thread
//   steps 5 and 6 are made when the owner is resumed, by a thread that may be another one. If step 6 fails,
//   a new round begins there
//   step 5: whoever told the owner has taken its case off the list, and released the mutex since. So it has
//   to leave the other lists only
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

#include <runnel/core/queue.hpp>
#include <runnel/core/select.hpp>
#include <runnel/core/selection.hpp>
#include <runnel/core/std_platform.hpp>
#include <runnel/core/waiting.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>

namespace runnel::core {

/// The case of a call that has one, which is enabled: without virtual calls, and without what chooses.
template <class Case>
class one_case {
 public:
  using platform = typename Case::platform;

 protected:
  one_case(bool, Case& only) noexcept : only_(only) {}

  static constexpr bool has_cases() noexcept { return true; }
  /// Whether step 2 does what step 1 would.
  bool meets_first() noexcept { return only_.Case::meeting_place() != nullptr; }
  /// Step 1.
  std::optional<std::size_t> attempt() {
    return attempt(0) ? std::optional<std::size_t>(0) : std::nullopt;
  }
  /// Step 6.
  bool attempt(std::size_t) { return only_.Case::attempt(); }
  /// Steps 2 and 3.
  std::optional<std::size_t> enter(selection<platform>& chosen) noexcept {
    auto* const place = only_.Case::meeting_place();
    if (place == nullptr) {
      (void)only_.Case::join(chosen, 0);
      return std::nullopt;
    }
    wakeup<platform> after_unlock;
    const critical_section<platform> held(*place);
    if (only_.Case::meet(after_unlock)) return 0;
    (void)only_.Case::join(chosen, 0);
    return std::nullopt;
  }
  bool decide() noexcept { return !only_.Case::decide(); }
  /// Decides nothing.
  bool seems_possible() noexcept { return only_.Case::glance() == outlook::good; }
  /// Step 5; `told` is the case of which the owner was told.
  bool leave(std::optional<std::size_t> told) noexcept {
    return only_.Case::leave(told.has_value());
  }
  /// Calls f with the case of that number.
  template <class F>
  decltype(auto) with(std::size_t, F f) {
    return f(only_);
  }

 private:
  Case& only_;
};

/// The places where several cases are listed.
template <class P, std::size_t N>
struct case_list {
  std::array<select_case<P>*, N> all;
  std::array<std::uint16_t, N> numbers{};
};

/// The cases of a call, any of which may be disabled.
template <class First, class... Others>
class several_cases : case_list<typename First::platform, 1 + sizeof...(Others)>,
                      protected select_call<typename First::platform> {
 public:
  using platform = typename First::platform;

 protected:
  using list = case_list<platform, 1 + sizeof...(Others)>;
  using select_call<platform>::has_cases;
  using select_call<platform>::attempt;
  using select_call<platform>::decide;
  using select_call<platform>::leave;

  several_cases(bool fair, First& first, Others&... others) noexcept
      : list{{std::addressof(first), std::addressof(others)...}},
        select_call<platform>(list::all, list::numbers, fair),
        cases_(first, others...) {}

  static constexpr bool meets_first() noexcept { return false; }
  std::optional<std::size_t> enter(selection<platform>& chosen) noexcept {
    const auto met = this->meet_or_join(chosen, this->by_address());
    if (!met) (void)this->join_queues(chosen);
    return met;
  }
  bool seems_possible() noexcept {
    return this->any_of([](select_case<platform>& c) { return c.glance() == outlook::good; });
  }
  template <std::size_t Index = 0, class F>
  decltype(auto) with(std::size_t number, F f) {
    if constexpr (Index < sizeof...(Others)) {
      if (number != Index) return with<Index + 1>(number, f);
    }
    return f(std::get<Index>(cases_));
  }

 private:
  const std::tuple<First&, Others&...> cases_;
};

/// A call of select that is suspended where a thread would park. Cases is one of the two above.
template <class Cases, class Stop = no_stop>
class async_call : protected Cases {
 public:
  using typename Cases::platform;

  template <class... Case>
  async_call(bool fair, Stop stop, Case&... cases) noexcept : Cases(fair, cases...), stop_(stop) {
    resumption_.construct();
  }
  ~async_call() { resumption_.destroy(); }
  async_call(const async_call&) = delete;
  async_call& operator=(const async_call&) = delete;

  using Cases::with;

  /// Whether it ever ends: there is a case, or a stop is possible.
  [[nodiscard]] bool can_end() const noexcept { return this->has_cases() || stop_.stop_possible(); }

  /// Whether the call is over at once, with answer() or stopped.
  [[nodiscard]] bool begin() { return !this->meets_first() && attempt(); }

  /// After that: whether the call is suspended. Then it must not be touched, until somebody has called the
  /// resumption; and then with resume() or abandon(). If not, it is over.
  [[nodiscard]] bool suspend(const resumption& r) noexcept {
    resumption_.write([&r](resumption& to) { to = r; });
    return wait();
  }
  /// When the resumption has been called: whether the call is over. If not, it is suspended anew.
  [[nodiscard]] bool resume() noexcept { return end_told() || attempt() || !wait(); }

  /// Ends a call that may be suspended. Calls `pass_on` with the case that was chosen, if it was not served.
  template <class PassOn>
  void abandon(PassOn pass_on) noexcept {
    if (!chosen_.has_value()) return;
    registration_.reset();
    const auto choice = chosen_->abandon();
    const bool was_served = this->leave(std::nullopt);
    chosen_.reset();
    if (choice && !was_served) pass_on(*choice);
  }

  [[nodiscard]] bool is_over() const noexcept { return answer_.has_value() || is_stopped_; }
  /// Of a call that is over: the case that was done; nothing if it was stopped.
  [[nodiscard]] std::optional<std::size_t> answer() const noexcept { return answer_; }

 protected:
  /// Step 1: whether the call is over.
  [[nodiscard]] bool attempt() {
    is_stopped_ = stop_.stop_requested();
    answer_ = Cases::attempt();
    return is_over();
  }

  /// Rounds until one is suspended (true), or the call is over.
  bool wait() noexcept {
    do {
      if (join()) return true;
    } while (!end_round() && !attempt());
    return false;
  }

  /// Steps 2 to 4: whether it is suspended.
  bool join() noexcept {
    selection<platform>& chosen = chosen_.emplace(resumption_);
    answer_ = this->enter(chosen);
    if (answer_) return false;
    registration_.emplace(stop_, withdrawal{chosen});
    return this->decide() && chosen.suspend();
  }

  /// Steps 5 and 6, in the thread that has made the others: whether the call is over.
  bool end_round() noexcept {
    registration_.reset();
    if (answer_) {  // it has met a partner, and has joined nothing
      chosen_.reset();
      return true;
    }
    const auto choice = chosen_->withdraw();
    return end_round(choice, this->leave(std::nullopt));
  }
  /// The same when it has been resumed.
  bool end_told() noexcept {
    registration_.reset();
    const auto choice = chosen_->choice();
    return end_round(choice, this->leave(choice));
  }
  bool end_round(std::optional<std::size_t> choice, bool was_served) noexcept {
    chosen_.reset();
    if (choice && (was_served || Cases::attempt(*choice))) answer_ = choice;
    return answer_.has_value();
  }

  struct withdrawal {
    selection<platform>& chosen;
    void operator()() const noexcept { chosen.stop(); }
  };

  [[no_unique_address]] const Stop stop_;
  typename selection<platform>::resumption_cell resumption_;
  std::optional<selection<platform>> chosen_;  // of a round that has joined, or is about to
  std::optional<std::uint32_t> answer_;
  bool is_stopped_ = false;
  std::optional<typename Stop::template callback_type<withdrawal>> registration_;
};

}  // namespace runnel::core

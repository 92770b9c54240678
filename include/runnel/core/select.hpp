// SPDX-License-Identifier: MIT
//
// Waiting for the first of several operations, on channels of any flavour, and for deadlines. Built on
// the waiting mechanism: a select that blocks has a contender in the list of each of its cases, and their
// selection decides which one is done (selection.hpp).
//
// The steps of a round:
//
//   1  try each case. If one succeeds or has failed for good, that is the result
//   2  take the mutexes of all rendezvous of the call, in the order of their addresses; look for partners
//      there; if there are none, join the list of each case; release the mutexes
//   3  join the lists of the other cases, one after the other
//   4  register for a stop; decide for each of these whether it is blocked. If not all are, withdraw, else
//      park; end the registration
//   5  leave all lists, each under its mutex
//   6  if a case was chosen and served, that is the result; else try the chosen one, before any other,
//      then begin again. Past the deadline, or when a stop has been requested, step 1 is the last
//
// A fair call may begin with looks of its own (static_select, selector): a case that these do is the result,
// and what they leave the round does.
//
// Why nobody sleeps while there is something to do: steps 3 and 4 are C and D of the argument of
// waiting.hpp, for each case by itself. Step 2: whoever comes to a rendezvous later finds this select in
// its list, whoever came earlier was found.
//
// Why no partner is missed and none is met twice: a select meets partners only in steps 1 and 2, before
// it is in any list. So it never has to claim its own selection and another's at once, and it never meets
// itself. Two selects that come to the same rendezvous are ordered by the mutex of one of them; since each
// holds all its mutexes from the first look to the last link, one sees all of the other or nothing.
//
// Why no notification is lost: whoever takes a contender off and cannot choose it goes on to the next
// waiter. A contender that was chosen is worth one attempt, which step 6 makes before it does anything
// else; the attempt fails only if there was nothing left at a moment after the notification.
//
// Why a stop is not missed and comes last: whether one has been requested is asked before each step 1. A
// request that comes later finds the registration of step 4, or that finds the request: in either case the
// callback withdraws the selection, so that the select does not park, or wakes up; unless a case has been
// chosen, which is tried, and then the question is asked again. The callback takes no mutex, and nobody who
// ends the registration holds one, so they cannot wait for each other.
//
// The linearization point of a select is that of the one operation that it does. A select that does none
// has seen each of its cases impossible, each at a moment of its own during the call: after its deadline,
// if it timed out, and after the request, if it was stopped.
#pragma once

#include <runnel/core/channel.hpp>
#include <runnel/core/deadline.hpp>
#include <runnel/core/misuse.hpp>
#include <runnel/core/selection.hpp>
#include <runnel/core/std_platform.hpp>
#include <runnel/core/waiting.hpp>
#include <runnel/errors.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

namespace runnel::core {

/// One of the operations of a select. Belongs to one call at a time.
template <class P>
class select_case {
 public:
  using platform = P;
  using mutex = typename waiting_parts<P>::mutex;

  select_case() = default;
  /// Of a case that no call has used.
  select_case(select_case&& other) noexcept : enabled_(other.enabled_) {}
  select_case(const select_case&) = delete;
  select_case& operator=(const select_case&) = delete;
  virtual ~select_case() = default;

  /// Does the operation if it is possible or fails for good; whether it has. Throws what the operation
  /// does; then nothing has happened.
  virtual bool attempt() = 0;

  /// The mutex of a rendezvous; null if the case has nothing to do with one.
  virtual mutex* meeting_place() noexcept { return nullptr; }
  /// Under that mutex: as attempt.
  virtual bool meet(wakeup<P>&) noexcept { return false; }
  /// As attempt, but only if that is easily seen to be possible, as when polling.
  virtual bool look() { return attempt(); }
  /// Whether the operation seems possible, or failed for good. Decides nothing.
  virtual outlook glance() noexcept { return outlook::open; }
  /// Joins the list of what the case waits for; under the mutex, if it is a rendezvous. Whether others can
  /// do the operation for it there.
  virtual bool join(selection<P>&, std::size_t) noexcept { return false; }
  /// In that list: whether the operation may be possible.
  virtual bool decide() noexcept { return false; }
  /// Leaves the list; whether the operation has been done meanwhile. If `told`, whoever chose the case has
  /// taken it off, and is known to have released the mutex.
  virtual bool leave([[maybe_unused]] bool told) noexcept { return false; }

  /// When to try again without being told.
  [[nodiscard]] virtual time_point deadline() const noexcept { return never; }
  /// Whether the operation can become possible at all, and is wanted.
  [[nodiscard]] virtual bool is_enabled() const noexcept { return enabled_; }
  /// The latter alone.
  [[nodiscard]] bool is_wanted() const noexcept { return enabled_; }
  void enable(bool enabled) noexcept { enabled_ = enabled; }

 protected:
  static void check_is_alone([[maybe_unused]] bool waits) noexcept {
    if constexpr (P::checks_misuse) {
      if (waits) core::report_misuse("a case was used twice at once");
    }
  }

 private:
  template <class>
  friend class select_call;

  bool enabled_ = true;
  select_case* next_place_ = nullptr;  // of a call: among the rendezvous, by address
};

/// A stop that nobody requests: of calls without a token. A stop has the members that C++26 asks of a
/// stoppable token. A request happens-before `true`; a callback runs once, at the request or in its
/// constructor, and its destructor waits for the end of one that runs in another thread.
struct no_stop {
  static constexpr bool stop_requested() noexcept { return false; }
  static constexpr bool stop_possible() noexcept { return false; }
  template <class F>
  struct callback_type {
    callback_type(no_stop, const F&) noexcept {}
  };
};

/// The first of these numbers, in an order that is drawn, of which `does(number)` is true. Each order has the
/// same probability.
template <class P, class Does>
std::optional<std::size_t> first_drawn(std::span<std::uint16_t> numbers, Does does) {
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const std::size_t left = numbers.size() - k;
    if (left > 1) std::swap(numbers[k], numbers[k + P::choose(static_cast<unsigned>(left))]);
    if (does(numbers[k])) return numbers[k];
  }
  return std::nullopt;
}

/// If one of the cases with these numbers seems possible: attempts those that do and those that say nothing
/// about it, in an order that is drawn; which has been done. `with(number, f)` calls f with a case.
///
/// It reads what matters to each case, in the order in which they stand, before it does anything: where one
/// thread is at work, that is less than the mispredicted branches of looks in an order that is drawn.
template <class P, std::size_t Extent, class With>
std::optional<std::size_t> glance(std::span<std::uint16_t, Extent> numbers, With with) {
  std::size_t candidates = 0;
  bool one_is_good = false;
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const outlook o =
        with(numbers[k], [](auto& c) { return c.is_wanted() ? c.glance() : outlook::bad; });
    one_is_good = one_is_good || o == outlook::good;
    if (o != outlook::bad) std::swap(numbers[candidates++], numbers[k]);
  }
  if (!one_is_good) return std::nullopt;
  return core::first_drawn<P>(
      std::span<std::uint16_t>(numbers).first(candidates),
      [&](std::size_t number) { return with(number, [](auto& c) { return c.look(); }); });
}

/// A call of select. The cases are tried in the order of their places in `order`, which is drawn anew
/// each time if the call is `fair`.
template <class P>
class select_call {
 public:
  using cases = std::span<select_case<P>* const>;
  /// Scratch memory: one number for each case. Afterwards each number stands there once.
  using order = std::span<std::uint16_t>;

  select_call(cases all, order numbers, bool fair) noexcept
      : cases_(all), order_(numbers.data()), fair_(fair) {
    std::size_t others = cases_.size();  // order_ has all numbers, the others from here on
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const bool takes_part = cases_[i] != nullptr && cases_[i]->is_enabled();
      order_[takes_part ? enabled_++ : --others] = static_cast<std::uint16_t>(i);
    }
  }

  /// Whether there is a case that could be chosen.
  [[nodiscard]] bool has_cases() const noexcept { return enabled_ != 0; }

  /// The case that has been done or has failed for good; nothing if none is possible now.
  [[nodiscard]] std::optional<std::size_t> attempt() {
    return first_that([](select_case<P>& c) { return c.attempt(); });
  }

  /// The case that has been done, or why there is none.
  using answer = std::expected<std::size_t, select_errc>;

  /// As attempt, but waits for it until the deadline or a stop; without a deadline it does not wait. Errors:
  /// `stopped`, and `timeout` if no stop has been requested; a last attempt comes after either.
  template <class Stop = no_stop>
  [[nodiscard]] answer wait(std::optional<time_point> deadline, const Stop& stop = Stop()) {
    const answer a = find(deadline, stop);
    if (a.has_value()) P::selects().done();
    return a;
  }

  /// The same for ever. Error: `no_case` at once if there is nothing to wait for.
  template <class Stop = no_stop>
  [[nodiscard]] answer wait_for_ever(const Stop& stop = Stop()) {
    if (!has_cases() && !stop.stop_possible()) return std::unexpected(select_errc::no_case);
    return wait(never, stop);
  }

  /// The same until a point of time of a clock that may run at another pace than the one that is waited
  /// on, or be set back.
  template <class Time, class Stop = no_stop>
  [[nodiscard]] answer wait_until(Time t, const Stop& stop = Stop()) {
    for (;;) {
      const auto left = core::time_left(t);
      const answer a = wait(core::deadline_after<P>(left), stop);
      if (a.has_value() || a.error() != select_errc::timeout || left <= left.zero()) return a;
    }
  }

 protected:
  /// What wait says.
  template <class Stop>
  answer find(std::optional<time_point> deadline, const Stop& stop) {
    bool in_time = deadline.has_value();
    if (in_time) {
      if (const auto done = look()) return *done;
      if (const auto done = wait_once(*deadline, stop, in_time)) return *done;
    }
    for (;;) {
      const bool is_stopped = stop.stop_requested();
      if (const auto done = attempt()) return *done;
      if (is_stopped) return std::unexpected(select_errc::stopped);
      if (!in_time) return std::unexpected(select_errc::timeout);
      if (const auto done = wait_once(*deadline, stop, in_time)) return *done;
    }
  }

  /// The first step 1, which step 2 makes if all cases are rendezvous; and early attempts before the thread
  /// joins any list. A rendezvous is polled in its list instead, where a partner finds this thread; a timer
  /// is not polled, since nobody else makes it fire.
  std::optional<std::size_t> look() {
    if (!any_of([](select_case<P>& c) { return c.meeting_place() == nullptr; }))
      return std::nullopt;
    auto done = first_that([this](select_case<P>& c) { return look_at(c); });
    if (done || !any_of(is_queue)) return done;
    auto&& polling = P::selects();
    const auto again = [&] {
      done = glance();
      return done.has_value();
    };
    (void)(polling.pauses(again) || polling.yields(again));
    return done;
  }
  /// As attempt, but only if a case seems possible.
  std::optional<std::size_t> glance() {
    if (fair_) {
      return core::glance<P>(std::span(order_, enabled_),
                             [this](std::size_t i, auto f) { return f(*cases_[i]); });
    }
    if (!any_of([](select_case<P>& c) { return c.glance() == outlook::good; })) return std::nullopt;
    return attempt();
  }
  static bool is_queue(select_case<P>& c) noexcept {
    return c.meeting_place() == nullptr && c.deadline() == never;
  }
  /// A select with a bias must not take a message that is being published for none.
  bool look_at(select_case<P>& c) { return fair_ ? c.look() : c.attempt(); }

  /// Steps 2 to 6. Says whether the deadline has not passed.
  template <class Stop>
  std::optional<std::size_t> wait_once(time_point deadline, const Stop& stop, bool& in_time) {
    selection<P> chosen;
    select_case<P>* const places = by_address();
    if (const auto met = meet_or_join(chosen, places)) return met;
    const bool can_be_served = join_queues(chosen) || places != nullptr;
    const auto choice = await_choice(chosen, can_be_served, deadline, stop, in_time);
    const bool was_served = leave();
    if (choice && (was_served || attempt(*choice))) return choice;
    return std::nullopt;
  }
  /// Step 6.
  bool attempt(std::size_t chosen) { return cases_[chosen]->attempt(); }

  /// Step 2.
  std::optional<std::size_t> meet_or_join(selection<P>& chosen, select_case<P>* places) noexcept {
    if (places == nullptr) return std::nullopt;
    wakeup<P> after_unlock;
    const all_of held(places);
    const auto met = first_that(
        [&](select_case<P>& c) { return c.meeting_place() != nullptr && c.meet(after_unlock); });
    if (met) return met;
    for_each([&](select_case<P>& c, std::size_t i) {
      if (c.meeting_place() != nullptr) (void)c.join(chosen, i);
    });
    return std::nullopt;
  }
  /// Step 3: whether a case can be served.
  bool join_queues(selection<P>& chosen) noexcept {
    bool can_be_served = false;
    for_each([&](select_case<P>& c, std::size_t i) {
      if (c.meeting_place() == nullptr) can_be_served = c.join(chosen, i) || can_be_served;
    });
    return can_be_served;
  }
  /// Step 4: the case that was chosen.
  template <class Stop>
  std::optional<std::size_t> await_choice(selection<P>& chosen, bool can_be_served,
                                          time_point deadline, const Stop& stop,
                                          bool& in_time) noexcept {
    auto withdraw = [&chosen]() noexcept { chosen.stop(); };
    const typename Stop::template callback_type<decltype(withdraw)> registration(stop, withdraw);
    if (!decide()) return chosen.withdraw();
    if (can_be_served) (void)P::selects().until([&chosen] { return chosen.is_settled(); });
    const time_point until = earliest(deadline);
    const auto choice = chosen.park(until);
    if (!choice) in_time = until != deadline;  // or there was a stop, which wait() looks at first
    return choice;
  }
  /// Whether all are blocked.
  bool decide() noexcept {
    return !any_of([](select_case<P>& c) { return c.decide(); });
  }
  /// Step 5: whether a case was served. A case of which the owner was `told` waits in no list any more.
  bool leave(std::optional<std::size_t> told = std::nullopt) noexcept {
    bool was_served = false;
    for_each(
        [&](select_case<P>& c, std::size_t i) { was_served = c.leave(told == i) || was_served; });
    return was_served;
  }

  /// Holds the mutexes of a list of cases, of which neighbours may share one.
  class all_of {
   public:
    explicit all_of(select_case<P>* first) noexcept : first_(first) {
      each([](auto& m) { m.lock(); });
    }
    ~all_of() {
      each([](auto& m) { m.unlock(); });
    }
    all_of(const all_of&) = delete;
    all_of& operator=(const all_of&) = delete;

   private:
    template <class F>
    void each(F f) noexcept {
      const void* before = nullptr;
      for (auto* c = first_; c != nullptr; c = c->next_place_) {
        auto* const m = c->meeting_place();
        if (m != before) f(*m);
        before = m;
      }
    }
    select_case<P>* const first_;
  };

  /// The enabled cases that have a meeting place, in the order of its address.
  select_case<P>* by_address() noexcept { return places(std::less<>()); }

  template <class Before>
  select_case<P>* places(Before before) noexcept {
    select_case<P>* first = nullptr;
    for_each([&](select_case<P>& c, std::size_t) {
      auto* const place = c.meeting_place();
      if (place == nullptr) return;
      select_case<P>** at = &first;
      while (*at != nullptr && before((*at)->meeting_place(), place)) at = &(*at)->next_place_;
      for (auto* other = *at; other != nullptr; other = other->next_place_)
        select_case<P>::check_is_alone(other == &c);
      c.next_place_ = std::exchange(*at, &c);
    });
    return first;
  }

  time_point earliest(time_point deadline) noexcept {
    for_each([&deadline](select_case<P>& c, std::size_t) {
      if (c.deadline() < deadline) deadline = c.deadline();
    });
    return deadline;
  }

  template <class Pred>
  std::optional<std::size_t> first_that(Pred pred) {
    const std::span<std::uint16_t> numbers(order_, enabled_);
    const auto does = [&](std::size_t i) { return pred(*cases_[i]); };
    if (fair_) return core::first_drawn<P>(numbers, does);
    const auto first = std::ranges::find_if(numbers, does);
    return first != numbers.end() ? std::optional<std::size_t>(*first) : std::nullopt;
  }
  template <class Pred>
  bool any_of(Pred pred) {
    bool any = false;
    for_each([&](select_case<P>& c, std::size_t) { any = any || pred(c); });
    return any;
  }
  template <class F>
  void for_each(F f) {
    for (std::size_t k = 0; k < enabled_; ++k) f(*cases_[order_[k]], order_[k]);
  }

  const cases cases_;
  std::uint16_t* const order_;
  std::size_t enabled_ = 0;
  const bool fair_;
};

/// The same. Compilers copy a small result as a whole, and that has to wait until its parts, which have just
/// been stored one by one, have left the processor's store buffer.
template <class T>
std::expected<T, recv_errc> by_parts(std::expected<T, recv_errc>&& r) noexcept {
  if (!r.has_value()) return std::unexpected(r.error());
  return std::expected<T, recv_errc>(std::in_place, *std::move(r));
}

/// A receive as a case.
template <class P, class T, class Channel>
class receive_case : public select_case<P> {
 public:
  using result = std::expected<T, recv_errc>;

  explicit receive_case(Channel& c) noexcept : channel_(c) {}
  receive_case(receive_case&& other) noexcept
      : select_case<P>(std::move(other)), channel_(other.channel_) {}

  bool attempt() override {
    [[maybe_unused]] const auto in_progress = channel_.receiving();
    return done(channel_.visit([](auto& c) { return c.try_recv(); }));
  }
  typename select_case<P>::mutex* meeting_place() noexcept override {
    return channel_.meeting_place();
  }
  bool meet(wakeup<P>& after_unlock) noexcept override {
    return done(channel_.rendezvous().take_over(after_unlock));
  }
  outlook glance() noexcept override {
    if (channel_.seems_closed()) return outlook::good;
    return channel_.visit([](auto& c) { return c.recv_outlook(); });
  }
  bool look() override {
    // What has failed for good counts as possible, also beside a case that always is.
    if (channel_.seems_closed()) return attempt();
    [[maybe_unused]] const auto in_progress = channel_.receiving();
    return done(channel_.visit([](auto& c) { return c.recv_if_there(); }));
  }
  bool join(selection<P>& s, std::size_t index) noexcept override {
    this->check_is_alone(waiter_.has_value());
    channel_.receive_in(in_progress_, std::addressof(s));
    waiter_.emplace(s, index);
    channel_.visit([this](auto& c) { c.join_receivers(*waiter_); });
    return false;
  }
  bool decide() noexcept override {
    return channel_.visit([](auto& c) { return c.may_recv(); });
  }
  bool leave(bool told) noexcept override {
    if (!waiter_.has_value()) return false;
    if (!told) channel_.visit([this](auto& c) { c.leave_receivers(*waiter_); });
    const bool served = waiter_->was_served();
    if (served) message_.emplace(std::in_place, waiter_->take());
    waiter_.reset();
    in_progress_.reset();
    return served;
  }

  /// Calls f with what was received or `disconnected`; once, after the case has been chosen.
  template <class F>
  decltype(auto) hand_to(F& f) {
    return f(take());
  }
  /// By an owner that ends after the case was chosen and not served.
  void pass_on() noexcept {
    channel_.visit([](auto& c) { c.notify_receiver(); });
  }
  result take() noexcept {
    result r = core::by_parts(*std::move(message_));
    message_.reset();
    return r;
  }

 private:
  bool done(result r) noexcept {
    if (!r.has_value() && r.error() == recv_errc::empty) return false;
    message_.emplace(core::by_parts(std::move(r)));
    return true;
  }

  Channel& channel_;
  std::optional<result> message_;
  std::optional<bid<P, T>> waiter_;
  [[no_unique_address]] std::optional<typename Channel::receiving_guard> in_progress_;
};

/// The wait of a sender for the close as a case.
template <class P, class Channel>
class closed_case : public select_case<P> {
 public:
  explicit closed_case(Channel& c) noexcept : channel_(c) {}
  closed_case(closed_case&& other) noexcept
      : select_case<P>(std::move(other)), channel_(other.channel_) {}

  bool attempt() override { return channel_.confirm_closed(); }
  outlook glance() noexcept override { return channel_.close_outlook(); }
  bool join(selection<P>& s, std::size_t index) noexcept override {
    this->check_is_alone(waiter_.has_value());
    waiter_.emplace(s, index);
    channel_.join_closing(*waiter_);
    return false;
  }
  bool decide() noexcept override { return channel_.confirm_closed(); }
  bool leave(bool told) noexcept override {
    if (!waiter_.has_value()) return false;
    if (!told) channel_.leave_closing(*waiter_);
    waiter_.reset();
    return false;
  }

  /// Calls f, after the case has been chosen.
  template <class F>
  decltype(auto) hand_to(F& f) {
    return f();
  }
  /// A close is told to everybody.
  static void pass_on() noexcept {}

 private:
  Channel& channel_;
  std::optional<contender<P>> waiter_;
};

/// A send as a case. The value stays where it is until it is sent.
template <class P, class T, class Channel>
class send_case : public select_case<P> {
 public:
  send_case(Channel& c, T& value) noexcept : channel_(c), value_(value) {}
  send_case(send_case&& other) noexcept
      : select_case<P>(std::move(other)), channel_(other.channel_), value_(other.value_) {}

  bool attempt() override {
    return done(channel_.visit([this](auto& c) { return c.try_send(value_); }));
  }
  typename select_case<P>::mutex* meeting_place() noexcept override {
    return channel_.meeting_place();
  }
  bool meet(wakeup<P>& after_unlock) noexcept override {
    return done(channel_.rendezvous().hand_over(value_, after_unlock));
  }
  outlook glance() noexcept override {
    return channel_.visit([](auto& c) { return c.send_outlook(); });
  }
  bool look() override {
    return done(channel_.visit([this](auto& c) { return c.send_if_free(value_); }));
  }
  bool join(selection<P>& s, std::size_t index) noexcept override {
    this->check_is_alone(waiter_.has_value());
    waiter_.emplace(value_, s, index);
    channel_.visit([this](auto& c) { c.join_senders(*waiter_); });
    return true;
  }
  bool decide() noexcept override {
    return channel_.visit([](auto& c) { return c.may_send(); });
  }
  bool leave(bool told) noexcept override {
    if (!waiter_.has_value()) return false;
    if (!told) channel_.visit([this](auto& c) { c.leave_senders(*waiter_); });
    const bool served = waiter_->was_served();
    if (served) status_ = send_status::sent;
    waiter_.reset();
    return served;
  }

  /// Calls f with nothing or `disconnected`, after the case has been chosen.
  template <class F>
  decltype(auto) hand_to(F& f) {
    return f(result());
  }
  /// By an owner that ends after the case was chosen and not served.
  void pass_on() noexcept {
    channel_.visit([](auto& c) { c.notify_sender(); });
  }
  [[nodiscard]] std::expected<void, send_errc> result() const noexcept {
    if (status_ == send_status::sent) return {};
    return std::unexpected(send_errc::disconnected);
  }

 private:
  bool done(send_status s) noexcept {
    status_ = s;
    return s != send_status::full;
  }

  Channel& channel_;
  T& value_;
  send_status status_ = send_status::full;
  std::optional<offer<P, T, contender<P>>> waiter_;
};

}  // namespace runnel::core

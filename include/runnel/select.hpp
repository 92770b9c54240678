// SPDX-License-Identifier: MIT
//
// Waiting for the first of several operations:
//
//     runnel::timer flush = runnel::tick(200ms);
//     runnel::select(runnel::on_recv(lines, [&](auto line) { ... }),
//                    runnel::on_recv(commands, [&](auto command) { ... }),
//                    runnel::on_time(flush, [&](auto) { ... }));
//
// How it works stands in <runnel/core/select.hpp>.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/core/handles.hpp>
#include <runnel/core/select.hpp>
#include <runnel/core/stop.hpp>
#include <runnel/errors.hpp>
#include <runnel/timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace runnel {

/// As the first argument of a select: a case is done only if those before it were seen to be impossible
/// during the call. Else one of those that are possible at once is drawn, each with the same probability.
struct biased_t {
  explicit biased_t() = default;
};
/// The one value of biased_t.
inline constexpr biased_t biased{};

namespace core {

/// Throws std::logic_error; without exceptions, says so on standard error and ends the program.
[[noreturn]] inline void throw_no_case() {
  constexpr const char* what =
      "runnel: a select without a deadline in which no case is enabled would wait for ever";
#ifdef __cpp_exceptions
  throw std::logic_error(what);
#else
  core::report_misuse(what);
#endif
}

/// A case with what is to be done after it.
template <class P, class Case, class F>
class handled_case final : public Case {
 public:
  using platform = P;
  using result = decltype(std::declval<Case&>().hand_to(std::declval<F&>()));

  template <class... Args>
  explicit handled_case(F handler, Args&... args) : Case(args...), handler_(std::move(handler)) {}
  /// Before it is used.
  handled_case(handled_case&& other) noexcept(std::is_nothrow_move_constructible_v<F>)
      : Case(std::move(other)), handler_(std::move(other.handler_)) {}

  /// Takes part only if `condition` is true.
  handled_case&& when(bool condition) && noexcept {
    this->enable(condition);
    return std::move(*this);
  }
  handled_case& when(bool condition) & noexcept {
    this->enable(condition);
    return *this;
  }

  decltype(auto) handle() { return this->hand_to(handler_); }

 private:
  [[no_unique_address]] F handler_;
};

/// A timer as a case: chosen when it fires.
template <class P>
class timer_case : public select_case<P> {
 public:
  explicit timer_case(basic_timer<P>& t) noexcept : timer_(t) {}

  bool attempt() override {
    const auto fired = timer_.try_recv();
    if (fired) fired_ = *fired;
    return fired.has_value();
  }
  [[nodiscard]] time_point deadline() const noexcept override { return timer_.due(); }
  [[nodiscard]] bool is_enabled() const noexcept override {
    return select_case<P>::is_enabled() && timer_.due() != never;
  }
  /// Calls f with the time for which the timer was due.
  template <class F>
  decltype(auto) hand_to(F& f) {
    return f(fired_);
  }

 private:
  basic_timer<P>& timer_;
  time_point fired_{};
};

/// What a select returns that may do nothing.
template <class Result>
struct maybe {
  using type = std::optional<Result>;
};
template <>
struct maybe<void> {
  using type = bool;
};

/// A select over cases that are known when the program is compiled.
template <class... Cases>
class static_select {
  static_assert(sizeof...(Cases) != 0, "runnel: a select has at least one case");
  using first = std::tuple_element_t<0, std::tuple<Cases...>>;

 public:
  using platform = typename first::platform;
  using result = typename first::result;
  static_assert((std::is_same_v<result, typename Cases::result> && ...),
                "runnel: the handlers of a select return the same type");
  using maybe_result = typename maybe<result>::type;

  static_select(bool fair, Cases&... cases) noexcept : cases_(cases...), fair_(fair) {}
  static_select(const static_select&) = delete;
  static_select& operator=(const static_select&) = delete;

  result wait() {
    const answer a = run([](auto& call) { return call.wait_for_ever(); });
    if (!a.has_value()) core::throw_no_case();
    return handle(*a);
  }
  template <class Stop>
  maybe_result wait(const Stop& stop) {
    const answer a = run([&](auto& call) { return call.wait_for_ever(stop); });
    if (!a.has_value() && a.error() == select_errc::no_case) core::throw_no_case();
    return result_of(a);
  }
  maybe_result try_now() {
    return result_of(in_general([](auto& call) { return call.attempt(); }));
  }
  template <class Duration, class... Stop>
  maybe_result wait_for(Duration d, const Stop&... stop) {
    return result_of(
        run([&](auto& call) { return call.wait(core::deadline_after<platform>(d), stop...); }));
  }
  template <class Time, class... Stop>
  maybe_result wait_until(Time t, const Stop&... stop) {
    return result_of(run([&](auto& call) { return call.wait_until(t, stop...); }));
  }

 private:
  using answer = typename select_call<platform>::answer;

  /// A call that may wait.
  template <class Wait>
  answer run(Wait wait) {
    if (!fair_) return in_general(wait);
    const auto done = glance();
    if (!done) return in_general(wait);
    platform::selects().done();
    return *done;
  }
  /// With cases whose types are known: nearly all calls end here, without a virtual call.
  std::optional<std::size_t> glance() {
    auto numbers = []<std::uint16_t... Numbers>(std::integer_sequence<std::uint16_t, Numbers...>) {
      return std::array{Numbers...};
    }(std::make_integer_sequence<std::uint16_t, sizeof...(Cases)>());
    return core::glance<platform>(std::span(numbers),
                                  [this](std::size_t i, auto f) { return this->with(i, f); });
  }
  /// Not inline: what waits would be in the way of what does not.
  template <class Wait>
  [[gnu::noinline]] auto in_general(Wait wait) {
    const auto all = std::apply(
        [](auto&... c) {
          return std::array<select_case<platform>*, sizeof...(c)>{std::addressof(c)...};
        },
        cases_);
    std::array<std::uint16_t, sizeof...(Cases)> numbers;
    select_call<platform> call(all, numbers, fair_);
    return wait(call);
  }
  /// Calls f with the case of that number.
  template <std::size_t Index = 0, class F>
  [[gnu::always_inline]] decltype(auto) with(std::size_t number, F f) {
    if constexpr (Index + 1 < sizeof...(Cases)) {
      if (number != Index) return with<Index + 1>(number, f);
    }
    return f(std::get<Index>(cases_));
  }

  template <class Chosen>
  maybe_result result_of(const Chosen& chosen) {
    if (!chosen.has_value()) return maybe_result();
    if constexpr (std::is_void_v<result>) {
      handle(*chosen);
      return true;
    } else {
      return maybe_result(handle(*chosen));
    }
  }
  result handle(std::size_t chosen) {
    return with(chosen, [](auto& c) -> result { return c.handle(); });
  }

  std::tuple<Cases&...> cases_;
  const bool fair_;
};

template <class Case>
concept is_case = requires { typename std::remove_cvref_t<Case>::platform; } &&
                  std::is_base_of_v<select_case<typename std::remove_cvref_t<Case>::platform>,
                                    std::remove_cvref_t<Case>>;

/// What stands where a select has a token.
template <class T>
concept is_token = !is_case<T> && !std::is_same_v<T, biased_t>;

}  // namespace core

/// A receive as a case. `handler` is called with a std::expected<T, recv_errc>: a message, or
/// `disconnected`. The receiver must stay until the select has returned.
template <class T, class P, class Parts, core::receivers Receivers, class F>
[[nodiscard]] auto on_recv(const core::basic_receiver<T, P, Parts, Receivers>& rx, F handler) {
  auto& channel = core::access::channel_of(rx);
  using channel_type = std::remove_reference_t<decltype(channel)>;
  return core::handled_case<P, core::receive_case<P, T, channel_type>, F>(std::move(handler),
                                                                          channel);
}
template <class T, class P, class Parts, core::receivers Receivers, class F>
void on_recv(const core::basic_receiver<T, P, Parts, Receivers>&& rx, F handler) = delete;

/// A send as a case. `handler` is called with a std::expected<void, send_errc>: nothing, or
/// `disconnected`. The value is moved from if and only if it was sent. It and the sender must stay until
/// the select has returned; two cases may have the same value.
template <class T, class P, class Parts, core::receivers Receivers, class F>
[[nodiscard]] auto on_send(const core::basic_sender<T, P, Parts, Receivers>& tx,
                           std::type_identity_t<T>& value, F handler) {
  auto& channel = core::access::channel_of(tx);
  using channel_type = std::remove_reference_t<decltype(channel)>;
  return core::handled_case<P, core::send_case<P, T, channel_type>, F>(std::move(handler), channel,
                                                                       value);
}
template <class T, class P, class Parts, core::receivers Receivers, class F>
void on_send(const core::basic_sender<T, P, Parts, Receivers>&& tx, std::type_identity_t<T>& value,
             F handler) = delete;

/// The wait for the close as a case: chosen when no send can succeed any more, as sender::closed says it.
/// `handler` is called without arguments. The sender must stay until the select has returned.
template <class T, class P, class Parts, core::receivers Receivers, class F>
[[nodiscard]] auto on_closed(const core::basic_sender<T, P, Parts, Receivers>& tx, F handler) {
  auto& channel = core::access::channel_of(tx);
  using channel_type = std::remove_reference_t<decltype(channel)>;
  return core::handled_case<P, core::closed_case<P, channel_type>, F>(std::move(handler), channel);
}
template <class T, class P, class Parts, core::receivers Receivers, class F>
void on_closed(const core::basic_sender<T, P, Parts, Receivers>&& tx, F handler) = delete;

/// A timer as a case. `handler` is called with the point of time for which the timer was due.
template <class P, class F>
[[nodiscard]] auto on_time(core::basic_timer<P>& t, F handler) {
  return core::handled_case<P, core::timer_case<P>, F>(std::move(handler), t);
}
template <class P, class F>
void on_time(core::basic_timer<P>&& t, F handler) = delete;

/// Waits until one of the cases is possible, does it, and only it, calls its handler and returns what
/// that returns. A case that has failed for good (`disconnected`) counts as possible. The handlers return
/// the same type.
///
/// Throws std::logic_error if no case is enabled, what the operations throw, and what the handler throws;
/// when the handler runs the operation is complete and the thread waits nowhere any more: it may use any
/// channel.
///
/// Happens-before and progress: those of the operation that is done; a select that blocks takes a lock of
/// each of its channels. It allocates nothing.
template <core::is_case... Cases>
auto select(Cases&&... cases) {
  return core::static_select(true, cases...).wait();
}
template <core::is_case... Cases>
auto select(biased_t, Cases&&... cases) {
  return core::static_select(false, cases...).wait();
}

/// As select, but does not wait: nothing (`false` where the handlers return void) if each case was seen to
/// be impossible, each at a moment during the call.
template <core::is_case... Cases>
[[nodiscard]] auto try_select(Cases&&... cases) {
  return core::static_select(true, cases...).try_now();
}
template <core::is_case... Cases>
[[nodiscard]] auto try_select(biased_t, Cases&&... cases) {
  return core::static_select(false, cases...).try_now();
}

/// As select, but gives up after a duration, never early; then each case was impossible at a moment after
/// the deadline. Zero or less tries once; a duration too large for the clock is for ever.
template <class Rep, class Period, core::is_case... Cases>
[[nodiscard]] auto select_for(std::chrono::duration<Rep, Period> d, Cases&&... cases) {
  return core::static_select(true, cases...).wait_for(d);
}
template <class Rep, class Period, core::is_case... Cases>
[[nodiscard]] auto select_for(biased_t, std::chrono::duration<Rep, Period> d, Cases&&... cases) {
  return core::static_select(false, cases...).wait_for(d);
}

/// As select_for, with a point of time of any clock.
template <class Clock, class Duration, core::is_case... Cases>
[[nodiscard]] auto select_until(std::chrono::time_point<Clock, Duration> t, Cases&&... cases) {
  return core::static_select(true, cases...).wait_until(t);
}
template <class Clock, class Duration, core::is_case... Cases>
[[nodiscard]] auto select_until(biased_t, std::chrono::time_point<Clock, Duration> t,
                                Cases&&... cases) {
  return core::static_select(false, cases...).wait_until(t);
}

/// As select, select_for and select_until, but these give up, too, when a stop is requested through the
/// token, a std::stop_token (include <runnel/stop.hpp>); then each case was impossible at a moment after
/// the request, and nothing (`false`) is returned. The token stands after `biased` and the time, before the
/// cases. With a token through which a stop can be requested there need be no case that is enabled.
///
/// What happened before the request happens-before the return. Whoever requests a stop waits for no channel
/// and takes no lock of one.
template <core::is_token Token, core::is_case... Cases>
[[nodiscard]] auto select(const Token& stop, Cases&&... cases) {
  return core::static_select(true, cases...).wait(core::stoppable<Token>::stop(stop));
}
template <core::is_token Token, core::is_case... Cases>
[[nodiscard]] auto select(biased_t, const Token& stop, Cases&&... cases) {
  return core::static_select(false, cases...).wait(core::stoppable<Token>::stop(stop));
}
template <class Rep, class Period, core::is_token Token, core::is_case... Cases>
[[nodiscard]] auto select_for(std::chrono::duration<Rep, Period> d, const Token& stop,
                              Cases&&... cases) {
  return core::static_select(true, cases...).wait_for(d, core::stoppable<Token>::stop(stop));
}
template <class Rep, class Period, core::is_token Token, core::is_case... Cases>
[[nodiscard]] auto select_for(biased_t, std::chrono::duration<Rep, Period> d, const Token& stop,
                              Cases&&... cases) {
  return core::static_select(false, cases...).wait_for(d, core::stoppable<Token>::stop(stop));
}
template <class Clock, class Duration, core::is_token Token, core::is_case... Cases>
[[nodiscard]] auto select_until(std::chrono::time_point<Clock, Duration> t, const Token& stop,
                                Cases&&... cases) {
  return core::static_select(true, cases...).wait_until(t, core::stoppable<Token>::stop(stop));
}
template <class Clock, class Duration, core::is_token Token, core::is_case... Cases>
[[nodiscard]] auto select_until(biased_t, std::chrono::time_point<Clock, Duration> t,
                                const Token& stop, Cases&&... cases) {
  return core::static_select(false, cases...).wait_until(t, core::stoppable<Token>::stop(stop));
}

/// A select whose cases are known only when the program runs. They stay from call to call, each with the
/// number that it got when it was added; a number is given again after it was erased. Only adding a case
/// allocates memory.
///
/// The handles, values and results that a case refers to must stay as long as the case. Used by one thread
/// at a time; debug builds report it if not, as they do numbers that belong to no case.
class selector {
 public:
  using platform = core::std_platform;

  selector() = default;
  selector(const selector&) = delete;
  selector& operator=(const selector&) = delete;

  /// Adds a receive. When it is chosen, `out` holds a message or `disconnected`. Throws std::bad_alloc,
  /// and std::length_error if there are 65,535 cases.
  template <class T, class Parts, core::receivers Receivers>
  std::size_t recv(const core::basic_receiver<T, platform, Parts, Receivers>& rx,
                   std::optional<std::expected<std::type_identity_t<T>, recv_errc>>& out) {
    using channel_type = std::remove_reference_t<decltype(core::access::channel_of(rx))>;
    const auto keep = [&out](std::expected<T, recv_errc> r) {
      out.emplace(core::by_parts(std::move(r)));
    };
    return add<core::receive_case<platform, T, channel_type>>(keep, core::access::channel_of(rx));
  }

  /// Adds a send of what `value` is at the time of the call. When it is chosen, either `value` was moved
  /// from and `error` is empty, or `error` is `disconnected`. Throws as recv does.
  template <class T, class Parts, core::receivers Receivers>
  std::size_t send(const core::basic_sender<T, platform, Parts, Receivers>& tx,
                   std::type_identity_t<T>& value, std::optional<send_errc>& error) {
    using channel_type = std::remove_reference_t<decltype(core::access::channel_of(tx))>;
    const auto keep = [&error](std::expected<void, send_errc> r) {
      error = r ? std::nullopt : std::optional(r.error());
    };
    return add<core::send_case<platform, T, channel_type>>(keep, core::access::channel_of(tx),
                                                           value);
  }

  /// Adds a wait for the close, as sender::closed says it. Throws as recv does.
  template <class T, class Parts, core::receivers Receivers>
  std::size_t closed(const core::basic_sender<T, platform, Parts, Receivers>& tx) {
    using channel_type = std::remove_reference_t<decltype(core::access::channel_of(tx))>;
    return add<core::closed_case<platform, channel_type>>([] {}, core::access::channel_of(tx));
  }

  /// Adds a timer. Throws as recv does.
  std::size_t time(timer& t) {
    return add<core::timer_case<platform>>([](core::time_point) {}, t);
  }

  /// Removes a case.
  void erase(std::size_t number) noexcept {
    (void)known(number);
    entries_[number] = {};
    cases_[number] = nullptr;
    if (number < lowest_) lowest_ = number;
  }
  /// Whether the case takes part; each does at first.
  void enable(std::size_t number, bool enabled) noexcept { known(number).enable(enabled); }
  /// Whether a case is done only if those with lower numbers were seen to be impossible; at first any that
  /// is possible may be drawn.
  void biased(bool b) noexcept { fair_ = !b; }

  /// The number of the case that was done. Error: `no_case` at once if none is enabled.
  [[nodiscard]] std::expected<std::size_t, select_errc> select() {
    return run([](auto& call) { return call.wait_for_ever(); });
  }
  /// The same without waiting. Error: `none_ready`.
  [[nodiscard]] std::expected<std::size_t, select_errc> try_select() {
    return run([](auto& call) -> std::expected<std::size_t, select_errc> {
      if (const auto done = call.attempt()) return *done;
      return std::unexpected(select_errc::none_ready);
    });
  }
  /// The same until a duration has passed. Error: `timeout`.
  template <class Rep, class Period>
  [[nodiscard]] std::expected<std::size_t, select_errc> select_for(
      std::chrono::duration<Rep, Period> d) {
    return run([&](auto& call) { return call.wait(core::deadline_after<platform>(d)); });
  }
  /// The same until a point of time of any clock. Error: `timeout`.
  template <class Clock, class Duration>
  [[nodiscard]] std::expected<std::size_t, select_errc> select_until(
      std::chrono::time_point<Clock, Duration> t) {
    return run([&](auto& call) { return call.wait_until(t); });
  }

  /// The same with a token, a std::stop_token (include <runnel/stop.hpp>). Error, also: `stopped` when a
  /// stop is requested, as runnel::select says; it goes before `timeout`. There need be no case that is
  /// enabled if a stop can be requested.
  template <class Token>
  [[nodiscard]] std::expected<std::size_t, select_errc> select(const Token& stop) {
    return run([&](auto& call) { return call.wait_for_ever(core::stoppable<Token>::stop(stop)); });
  }
  template <class Rep, class Period, class Token>
  [[nodiscard]] std::expected<std::size_t, select_errc> select_for(
      std::chrono::duration<Rep, Period> d, const Token& stop) {
    return run([&](auto& call) {
      return call.wait(core::deadline_after<platform>(d), core::stoppable<Token>::stop(stop));
    });
  }
  template <class Clock, class Duration, class Token>
  [[nodiscard]] std::expected<std::size_t, select_errc> select_until(
      std::chrono::time_point<Clock, Duration> t, const Token& stop) {
    return run([&](auto& call) { return call.wait_until(t, core::stoppable<Token>::stop(stop)); });
  }

 private:
  using select_case = core::select_case<platform>;
  using use = core::sole_use<platform, core::report_shared_selector>;
  struct entry {
    std::unique_ptr<select_case> owned;
    void (*keep_result)(select_case&) = nullptr;
  };

  template <class Case, class Keep, class... Args>
  std::size_t add(Keep keep, Args&... args) {
    using handled = core::handled_case<platform, Case, Keep>;
    const std::size_t number = free_number();
    entries_[number].owned = std::make_unique<handled>(keep, args...);
    entries_[number].keep_result = [](select_case& c) { static_cast<handled&>(c).handle(); };
    cases_[number] = entries_[number].owned.get();
    if (cases_[number]->meeting_place() == nullptr) has_looks_ = true;
    return number;
  }

  std::size_t free_number() {
    for (; lowest_ < cases_.size(); ++lowest_) {
      if (cases_[lowest_] == nullptr) return lowest_;
    }
    if (cases_.size() == core::selection<platform>::most_cases)
      core::throw_length_error("runnel: too many cases in one selector");
    const std::size_t n = cases_.size();
    entries_.resize(n + 1);
    if (order_.capacity() == n) order_.reserve(2 * n + 1);
    cases_.push_back(nullptr);
    order_.push_back(static_cast<std::uint16_t>(n));  // has room: the two have one size
    return n;
  }

  select_case& known(std::size_t number) noexcept {
    if constexpr (platform::checks_misuse) {
      if (number >= cases_.size() || cases_[number] == nullptr)
        core::report_misuse("a selector has no case of that number");
    }
    return *cases_[number];
  }

  template <class Wait>
  std::expected<std::size_t, select_errc> run(Wait wait) {
    [[maybe_unused]] const typename use::guard in_progress(use_);
    if (fair_ && has_looks_) {
      if (const auto done = look()) {
        platform::selects().done();
        return kept(*done);
      }
    }
    core::select_call<platform> call(cases_, order_, fair_);
    const std::expected<std::size_t, select_errc> chosen = wait(call);
    return chosen.has_value() ? kept(*chosen) : chosen;
  }
  /// In nearly all calls this does a case, after looks at few: it may have many, in many threads' hands.
  std::optional<std::size_t> look() {
    return core::first_drawn<platform>(order_, [this](std::size_t i) {
      return cases_[i] != nullptr && cases_[i]->is_wanted() && cases_[i]->look();
    });
  }
  std::size_t kept(std::size_t number) {
    entries_[number].keep_result(*cases_[number]);
    return number;
  }

  std::vector<entry> entries_;
  std::vector<select_case*> cases_;   // null: erased
  std::vector<std::uint16_t> order_;  // all numbers
  std::size_t lowest_ = 0;            // all numbers below it are taken
  use use_;
  bool fair_ = true;
  bool has_looks_ = false;  // whether not all cases that were added are rendezvous
};

}  // namespace runnel

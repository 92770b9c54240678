// SPDX-License-Identifier: MIT
//
// The executable specification of a select, the rules of select.pml in C++: a call that does one of
// several operations, on several channels and a timer. The rules of the operations are those of
// channel_spec.hpp.
//
// A call that succeeds takes one step, on one of its cases. A call that fails takes none: it has seen
// each of its cases impossible, each at a moment of its own.
#pragma once

#include "channel_spec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace runnel::spec {

/// A timer. What nobody has received when it is due again is not made up for.
struct timer_state {
  bool due = false;
  bool comes = false;  ///< it will become due
  bool again = false;  ///< and after that once more

  friend bool operator==(const timer_state&, const timer_state&) = default;
};

/// Whether the timer can become due; if so, it does.
constexpr bool become_due(timer_state& t) {
  if (!t.comes) return false;
  t.due = true;
  t.comes = t.again;
  return true;
}
/// Whether the timer fires; if so, it has.
constexpr bool fire(timer_state& t) { return std::exchange(t.due, false); }

/// What selects are about.
template <std::size_t Channels, std::size_t Most, class Value>
struct basic_world {
  std::array<basic_state<Most, Value>, Channels> channels{};
  timer_state timer;
};

/// The stop source is one for all channels.
template <std::size_t Channels, std::size_t Most, class Value>
constexpr void request_stop(basic_world<Channels, Most, Value>& w) {
  for (auto& channel : w.channels) channel.stop_requested = true;
}

/// How a call waits, in the order of the operations of a side.
enum class waits : std::uint8_t { until_done, not_at_all, until_a_deadline, until_a_stop };

/// One of the operations of a select.
template <class Value>
struct basic_case {
  enum class kind : std::uint8_t { none, sends, receives, fires, is_closed };

  kind is = kind::none;  ///< none: not there, or not enabled
  std::size_t channel = 0;
  Value value = 0;  ///< that it sends

  bool sent = false;  ///< the value is no longer the caller's
  bool seen = false;  ///< to be impossible
};

/// A pending call of select. At most `Most` cases.
template <std::size_t Most, class Value>
struct basic_select {
  using select_case = basic_case<Value>;
  using kind = typename select_case::kind;

  std::array<select_case, Most> cases{};
  waits how = waits::until_done;
  bool biased = false;                  ///< it prefers the cases that come first
  std::optional<response> ending = {};  ///< timeout, stopped: why it will try only once more
  bool over = false;                    ///< it has been done or has failed, and returns

  /// Case `i` as an operation by itself, waiting as the call does.
  [[nodiscard]] constexpr op operation(std::size_t i) const {
    const op first = cases[i].is == kind::sends       ? op::send
                     : cases[i].is == kind::is_closed ? op::closed
                                                      : op::recv;
    return static_cast<op>(static_cast<int>(first) + static_cast<int>(how));
  }
  /// A biased call has seen all that it prefers to be impossible.
  [[nodiscard]] constexpr bool may_choose(std::size_t i) const {
    if (cases[i].is == kind::none || over) return false;
    for (std::size_t j = 0; biased && j < i; ++j) {
      if (cases[j].is != kind::none && !cases[j].seen) return false;
    }
    return true;
  }
  /// None: no call.
  [[nodiscard]] constexpr bool has_cases() const {
    for (const select_case& c : cases) {
      if (c.is != kind::none) return true;
    }
    return false;
  }
};

/// Whether the call may do case `i` now and answer so; if so, it has. `value` is what a receive returns.
/// On false the state and the call are as before.
template <std::size_t Channels, std::size_t Buffered, std::size_t Most, class Value>
constexpr bool choose(basic_world<Channels, Buffered, Value>& w, basic_select<Most, Value>& s,
                      std::size_t i, response r, std::type_identity_t<Value> value = 0) {
  using kind = typename basic_case<Value>::kind;
  if (!s.may_choose(i) || (r != response::ok && r != response::disconnected)) return false;
  auto& c = s.cases[i];
  if (c.is == kind::fires) {
    if (r != response::ok || !fire(w.timer)) return false;
  } else {
    auto after = w.channels[c.channel];
    if (!step(after, {s.operation(i), r, c.is == kind::sends ? c.value : value})) return false;
    w.channels[c.channel] = after;
  }
  c.sent = c.is == kind::sends && r == response::ok;
  s.over = true;
  return true;
}

/// Whether two calls may do a case each as one step, a hand-off; if so, they have. `i` sends.
template <std::size_t Channels, std::size_t Buffered, std::size_t Most, class Value>
constexpr bool meet(const basic_world<Channels, Buffered, Value>& w, basic_select<Most, Value>& s,
                    std::size_t i, basic_select<Most, Value>& t, std::size_t j) {
  using kind = typename basic_case<Value>::kind;
  if (&s == &t || !s.may_choose(i) || !t.may_choose(j)) return false;
  const auto& sent = s.cases[i];
  const auto& received = t.cases[j];
  if (sent.is != kind::sends || received.is != kind::receives || sent.channel != received.channel)
    return false;
  if (!can_pair(w.channels[sent.channel], s.operation(i), t.operation(j))) return false;
  s.cases[i].sent = true;
  s.over = t.over = true;
  return true;
}

/// Whether case `i` is impossible now: it could answer why the call is to end, or, before that, as a try
/// does. If so, the call has seen it.
template <std::size_t Channels, std::size_t Buffered, std::size_t Most, class Value>
constexpr bool see_impossible(const basic_world<Channels, Buffered, Value>& w,
                              basic_select<Most, Value>& s, std::size_t i) {
  using kind = typename basic_case<Value>::kind;
  auto& c = s.cases[i];
  if (c.is == kind::none || s.over) return false;
  if (c.is == kind::fires) {
    c.seen = c.seen || !w.timer.due;
    return !w.timer.due;
  }
  const bool sends = c.is == kind::sends;
  const bool is_closed = c.is == kind::is_closed;
  const op tried = sends ? op::try_send : is_closed ? op::try_closed : op::try_recv;
  const op ended = sends ? op::timed_send : is_closed ? op::timed_closed : op::timed_recv;
  auto after = w.channels[c.channel];
  const bool is_impossible = s.ending
                                 ? step(after, {ended, *s.ending})
                                 : step(after, {tried, sends ? response::full : response::empty});
  c.seen = c.seen || is_impossible;
  return is_impossible;
}

/// Whether the deadline may pass, or the request to stop be noticed; if so, the call tries once more:
/// what it has seen before does not count.
template <std::size_t Channels, std::size_t Buffered, std::size_t Most, class Value>
constexpr bool end_waiting(const basic_world<Channels, Buffered, Value>& w,
                           basic_select<Most, Value>& s, response why) {
  if (!s.has_cases() || s.over || s.ending) return false;
  const bool has_deadline = s.how == waits::until_a_deadline;
  const bool allowed = why == response::timeout
                           ? has_deadline
                           : why == response::stopped &&
                                 (has_deadline || s.how == waits::until_a_stop) &&
                                 w.channels[0].stop_requested;
  if (!allowed) return false;
  s.ending = why;
  for (auto& c : s.cases) c.seen = false;
  return true;
}

/// Whether the call may fail so: each case has been seen to be impossible. If so, it has. `empty` is the
/// response of a try, whatever its cases are.
template <std::size_t Most, class Value>
constexpr bool fail(basic_select<Most, Value>& s, response why) {
  if (!s.has_cases() || s.over) return false;
  for (const auto& c : s.cases) {
    if (c.is != basic_case<Value>::kind::none && !c.seen) return false;
  }
  const bool allowed = why == response::empty ? s.how == waits::not_at_all : s.ending == why;
  s.over = allowed;
  return allowed;
}

}  // namespace runnel::spec

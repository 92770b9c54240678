// SPDX-License-Identifier: MIT
//
// A history as it was recorded, in a model or on real threads, and the judgement on it: whether the
// specification explains it, and if not, the shortest prefix that has no explanation.
#pragma once

#include "linearize.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace runnel::spec {

inline constexpr std::uint64_t never = ~std::uint64_t{0};

struct recorded_call {
  unsigned thread = 0;
  basic_call<std::uint32_t> call;
  std::uint64_t invoked = 0;
  std::uint64_t responded = never;  ///< `never`: it is pending

  [[nodiscard]] bool pending() const { return responded == never; }
};

/// Calls on a channel that has no messages at first. Times are real times, or positions in any order
/// of the invocations and responses that extends happens-before.
struct recorded_history {
  std::optional<std::size_t> capacity;  ///< nothing: unbounded
  unsigned senders = 1;
  unsigned receivers = 1;
  std::vector<recorded_call> calls;
  /// For each call those that happen-before it. Nothing: those that ended before it began.
  std::optional<std::vector<std::vector<std::size_t>>> predecessors;

  [[nodiscard]] bool happens_before(std::size_t i, std::size_t j) const {
    if (predecessors) return std::ranges::find((*predecessors)[j], i) != (*predecessors)[j].end();
    return ended_before(i, j);
  }
  [[nodiscard]] bool ended_before(std::size_t i, std::size_t j) const {
    return calls[i].responded < calls[j].invoked;
  }
};

/// An invocation or a response.
struct event {
  std::uint64_t time;
  bool responds;
  std::size_t call;
};

/// In the order of time. Calls of which one ends when the other begins overlap.
inline std::vector<event> events_of(const recorded_history& h) {
  std::vector<event> events;
  for (std::size_t i = 0; i < h.calls.size(); ++i) {
    events.push_back({h.calls[i].invoked, false, i});
    if (!h.calls[i].pending()) events.push_back({h.calls[i].responded, true, i});
  }
  std::ranges::sort(events, {},
                    [](const event& e) { return std::tuple(e.time, e.responds, e.call); });
  return events;
}

/// The history of the first `count` events: what has not returned by then is pending.
inline recorded_history prefix_of(const recorded_history& h, std::size_t count) {
  constexpr std::size_t left_out = ~std::size_t{0};
  std::vector<event> events = events_of(h);
  events.resize(std::min(count, events.size()));
  std::vector<std::size_t> place(h.calls.size(), left_out);
  recorded_history prefix{h.capacity, h.senders, h.receivers, {}, {}};
  std::vector<std::size_t> origin;
  for (const event& e : events) {
    if (e.responds) {
      prefix.calls[place[e.call]].responded = e.time;
    } else {
      place[e.call] = prefix.calls.size();
      origin.push_back(e.call);
      prefix.calls.push_back(h.calls[e.call]);
      prefix.calls.back().responded = never;
    }
  }
  if (h.predecessors) {
    auto& predecessors = prefix.predecessors.emplace(origin.size());
    for (std::size_t i = 0; i < origin.size(); ++i) {
      for (const std::size_t j : (*h.predecessors)[origin[i]]) {
        if (place[j] != left_out && !prefix.calls[place[j]].pending())
          predecessors[i].push_back(place[j]);
      }
    }
  }
  return prefix;
}

namespace history_detail {

/// Values are replaced by small numbers: only which are equal matters.
class small_numbers {
 public:
  explicit small_numbers(const recorded_history& h) {
    for (const recorded_call& c : h.calls) values_.push_back(c.call.value);
    std::ranges::sort(values_);
    values_.erase(std::ranges::unique(values_).begin(), values_.end());
  }
  [[nodiscard]] std::uint16_t of(std::uint32_t value) const {
    return static_cast<std::uint16_t>(std::ranges::lower_bound(values_, value) - values_.begin());
  }

 private:
  std::vector<std::uint32_t> values_;
};

/// The calls are taken in the order of invocation.
template <std::size_t Most>
verdict explain(const recorded_history& h, std::size_t limit) {
  std::vector<std::size_t> order(h.calls.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::tuple(h.calls[i].invoked, i); });
  const small_numbers numbers(h);
  const auto small = std::make_unique<basic_history<Most, std::uint16_t>>();
  small->size = order.size();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const recorded_call& c = h.calls[order[i]];
    small->calls[i] = {c.call.op, c.call.response, numbers.of(c.call.value)};
    if (c.pending()) small->pending.set(i);
    for (std::size_t j = 0; j < order.size(); ++j) {
      if (h.happens_before(order[j], order[i])) small->before[i].set(j);
    }
  }
  basic_state<Most, std::uint16_t> start;
  start.capacity = h.capacity;
  start.senders = h.senders;
  start.receivers = h.receivers;
  return std::make_unique<basic_linearizer<Most, std::uint16_t, Most>>(*small, start, limit)
      ->explain();
}

}  // namespace history_detail

inline constexpr std::size_t default_limit = 1'000'000;

/// Whether some order explains the history; `undecided` once `limit` configurations have been looked
/// at. Throws std::length_error if there are more than 512 calls.
inline verdict explain(const recorded_history& h, std::size_t limit = default_limit) {
  const std::size_t size = h.calls.size();
  if (size <= 64) return history_detail::explain<64>(h, limit);
  if (size <= 256) return history_detail::explain<256>(h, limit);
  if (size <= 512) return history_detail::explain<512>(h, limit);
  throw std::length_error("a history of more than 512 calls");
}

struct judgement {
  spec::verdict verdict = spec::verdict::explained;
  /// If unexplained: the number of events of the shortest prefix without an explanation, and the
  /// call whose response is the last of them.
  std::size_t prefix = 0;
  std::size_t culprit = 0;
};

inline judgement judge(const recorded_history& h, std::size_t limit = default_limit) {
  judgement result{explain(h, limit), 0, 0};
  if (result.verdict != verdict::unexplained) return result;
  // Prefixes of what can be explained can be explained.
  const std::vector<event> events = events_of(h);
  std::size_t explained = 0;
  result.prefix = events.size();
  while (result.prefix - explained > 1) {
    const std::size_t middle = explained + (result.prefix - explained) / 2;
    if (explain(prefix_of(h, middle), limit) == verdict::unexplained) {
      result.prefix = middle;
    } else {
      explained = middle;
    }
  }
  result.culprit = events[result.prefix - 1].call;
  return result;
}

}  // namespace runnel::spec

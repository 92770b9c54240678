// SPDX-License-Identifier: MIT
//
// Histories of calls that do one of several operations, on several channels, and the judgement on them.
//
// Each channel has a history of its own. A call that has done one of its cases is in the history of that
// channel, and in no other. A call that has failed is in the history of each of its cases: it has seen
// each of them impossible, at a moment of its own. linearizability.md says what follows from that.
#pragma once

#include "history.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace runnel::spec {

/// A select, or any other call, which is one of one case. A request to stop is a call that has "failed":
/// it has a case on each channel.
struct recorded_select {
  struct select_case {
    std::size_t channel = 0;
    basic_call<std::uint32_t>
        call;  ///< if it has been done or the select has failed, with a response
  };

  unsigned thread = 0;
  std::vector<select_case> cases;
  bool biased = false;  ///< it prefers the cases that come first
  std::optional<std::size_t>
      chosen;  ///< the case that it has done; nothing: it has failed, or is pending
  std::uint64_t invoked = 0;
  std::uint64_t responded = never;

  [[nodiscard]] bool pending() const { return responded == never; }
  /// Whether it is on all of its channels, and not on one of them.
  [[nodiscard]] bool requests_stop() const { return cases[0].call.op == op::request_stop; }
};

struct recorded_selects {
  struct channel {
    std::optional<std::size_t> capacity;  ///< nothing: unbounded
    unsigned senders = 1;
    unsigned receivers = 1;
  };

  std::vector<channel> channels;
  std::vector<recorded_select> calls;
  /// For each call those that happen-before it. Nothing: those that ended before it began.
  std::optional<std::vector<std::vector<std::size_t>>> predecessors;
};

/// For each call that is pending the case that may have taken effect.
using assumed_cases = std::vector<std::size_t>;

/// The first assumption: always the first case.
inline assumed_cases first_assumption(const recorded_selects& h) {
  return assumed_cases(h.calls.size(), 0);
}
/// To the next assumption; false after the last one. A case that is assumed need not have taken effect, so
/// that none has is part of each.
inline bool next_assumption(const recorded_selects& h, assumed_cases& assumed) {
  for (std::size_t i = 0; i < assumed.size(); ++i) {
    if (!h.calls[i].pending() || h.calls[i].requests_stop()) continue;
    if (++assumed[i] < h.calls[i].cases.size()) return true;
    assumed[i] = 0;
  }
  return false;
}

/// The history of one channel.
inline recorded_history history_of(const recorded_selects& h, std::size_t channel,
                                   const assumed_cases& assumed) {
  const auto& of = h.channels[channel];
  recorded_history one{of.capacity, of.senders, of.receivers, {}, {}};
  std::vector<std::size_t> origin;
  const auto add = [&](std::size_t i, const basic_call<std::uint32_t>& c) {
    origin.push_back(i);
    one.calls.push_back({h.calls[i].thread, c, h.calls[i].invoked, h.calls[i].responded});
  };
  for (std::size_t i = 0; i < h.calls.size(); ++i) {
    const recorded_select& s = h.calls[i];
    const auto done = s.pending() && !s.requests_stop() ? std::optional(assumed[i]) : s.chosen;
    for (std::size_t k = 0; k < s.cases.size(); ++k) {
      basic_call<std::uint32_t> c = s.cases[k].call;
      if (s.cases[k].channel != channel) continue;
      if (!done || done == k) {
        add(i, c);
      } else if (s.biased && !s.pending() && k < *s.chosen) {
        add(i, as_impossible(c));
      }
    }
  }
  if (!h.predecessors) return one;
  auto& predecessors = one.predecessors.emplace(origin.size());
  for (std::size_t i = 0; i < origin.size(); ++i) {
    const auto& before = (*h.predecessors)[origin[i]];
    for (std::size_t j = 0; j < origin.size(); ++j) {
      if (std::ranges::find(before, origin[j]) != before.end()) predecessors[i].push_back(j);
    }
  }
  return one;
}

struct select_judgement {
  spec::verdict verdict = spec::verdict::explained;
  std::size_t channel = 0;   ///< if unexplained: the first one whose history has no explanation
  recorded_history history;  ///< and that history
};

/// Whether there is an explanation for each channel, such that no call that is pending has taken effect
/// in more than one. `limit` is that of `explain`, for each channel and assumption.
inline select_judgement judge(const recorded_selects& h, std::size_t limit = default_limit) {
  select_judgement first;
  bool is_undecided = false;
  assumed_cases assumed = first_assumption(h);
  do {
    select_judgement now;
    for (std::size_t c = 0; c < h.channels.size() && now.verdict == verdict::explained; ++c) {
      now = {verdict::explained, c, history_of(h, c, assumed)};
      now.verdict = explain(now.history, limit);
    }
    if (now.verdict == verdict::explained) return {};
    is_undecided = is_undecided || now.verdict == verdict::undecided;
    if (first.verdict == verdict::explained) first = now;
  } while (next_assumption(h, assumed));
  first.verdict = is_undecided ? verdict::undecided : verdict::unexplained;
  return first;
}

}  // namespace runnel::spec

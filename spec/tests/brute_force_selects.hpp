// SPDX-License-Identifier: MIT
//
// The definition of an explanation of a history with selects: one order of the steps on all channels,
// tried in every way. For small histories only.
#pragma once

#include <spec/select_history.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::spec {

class brute_force_selects {
 public:
  explicit brute_force_selects(const recorded_selects& h) : history_(h) {
    for (std::size_t c = 0; c < h.channels.size(); ++c) {
      start_[c].capacity = h.channels[c].capacity;
      start_[c].senders = h.channels[c].senders;
      start_[c].receivers = h.channels[c].receivers;
    }
    for (std::size_t i = 0; i < h.calls.size(); ++i) {
      for (std::size_t k = 0; k < h.calls[i].cases.size(); ++k) add(i, k);
    }
    done_.resize(steps_.size());
  }
  bool explains() { return extend(start_); }
  [[nodiscard]] std::size_t steps() const { return steps_.size(); }

 private:
  using states = std::array<basic_state<16, std::uint32_t>, 2>;
  /// What a call does or sees, at some moment of it.
  struct call_step {
    std::size_t of;
    std::size_t channel;
    basic_call<std::uint32_t> call;
  };

  void add(std::size_t i, std::size_t k) {
    const recorded_select& s = history_.calls[i];
    call_step one{i, s.cases[k].channel, s.cases[k].call};
    if (s.chosen && s.chosen != k && !s.pending()) {
      if (!s.biased || k > *s.chosen) return;
      one.call = as_impossible(one.call);
    }
    steps_.push_back(one);
  }
  [[nodiscard]] bool pending(std::size_t n) const { return history_.calls[steps_[n].of].pending(); }

  bool extend(const states& s) {
    bool all = true;
    for (std::size_t n = 0; n < steps_.size(); ++n) all = all && (done_[n] || pending(n));
    if (all) return true;
    for (std::size_t n = 0; n < steps_.size(); ++n) {
      if (!possible(n)) continue;
      done_[n] = true;
      if (extend_alone(s, n) || extend_by_pair(s, n)) return true;
      done_[n] = false;
    }
    return false;
  }
  bool extend_alone(const states& s, std::size_t n) {
    const call_step& one = steps_[n];
    for (const auto& o : allowed(s[one.channel], one.call.op, one.call.value)) {
      if (!fits(n, o.call)) continue;
      states after = s;
      after[one.channel] = o.after;
      if (extend(after)) return true;
    }
    return false;
  }
  bool extend_by_pair(const states& s, std::size_t n) {
    const call_step& sent = steps_[n];
    for (std::size_t m = 0; m < steps_.size(); ++m) {
      const call_step& received = steps_[m];
      if (!possible(m) || precedes(n, m) || received.channel != sent.channel ||
          !can_pair(s[sent.channel], sent.call.op, received.call.op))
        continue;
      if (!fits(n, {sent.call.op, response::ok, sent.call.value})) continue;
      if (!fits(m, {received.call.op, response::ok, sent.call.value})) continue;
      done_[m] = true;
      if (extend(s)) return true;
      done_[m] = false;
    }
    return false;
  }
  [[nodiscard]] bool fits(std::size_t n, const basic_call<std::uint32_t>& answer) const {
    if (pending(n)) return true;
    const auto& c = steps_[n].call;
    const bool has_value = is_recv(c.op) && answer.response == response::ok;
    return c.response == answer.response && (!has_value || c.value == answer.value);
  }
  [[nodiscard]] bool precedes(std::size_t m, std::size_t n) const {
    return history_.calls[steps_[m].of].responded < history_.calls[steps_[n].of].invoked;
  }
  /// A call that is pending takes one step at most.
  [[nodiscard]] bool possible(std::size_t n) const {
    if (done_[n]) return false;
    for (std::size_t m = 0; m < steps_.size(); ++m) {
      if (!done_[m] && precedes(m, n)) return false;
      if (done_[m] && pending(n) && steps_[m].of == steps_[n].of &&
          !history_.calls[steps_[n].of].requests_stop())
        return false;
    }
    return true;
  }

  const recorded_selects& history_;
  std::vector<call_step> steps_;
  std::vector<bool> done_;
  states start_;
};

}  // namespace runnel::spec

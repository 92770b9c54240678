// SPDX-License-Identifier: MIT
//
// The definition of an explanation, tried in every order: no memory, nothing derived, nothing left
// out. For small histories only.
#pragma once

#include <spec/history.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::spec {

class brute_force {
 public:
  explicit brute_force(const recorded_history& h) : history_(h), done_(h.calls.size()) {
    start_.capacity = h.capacity;
    start_.senders = h.senders;
    start_.receivers = h.receivers;
  }
  bool explains() { return extend(start_); }

 private:
  using state_type = basic_state<16, std::uint32_t>;

  bool extend(const state_type& s) {
    if (all_returned_are_done()) return true;
    for (std::size_t i = 0; i < done_.size(); ++i) {
      if (!possible(i)) continue;
      done_[i] = true;
      if (extend_alone(s, i) || extend_by_pair(s, i)) return true;
      done_[i] = false;
    }
    return false;
  }
  bool extend_alone(const state_type& s, std::size_t i) {
    for (const auto& o : allowed(s, history_.calls[i].call.op, history_.calls[i].call.value)) {
      if (fits(i, o.call) && extend(o.after)) return true;
    }
    return false;
  }
  bool extend_by_pair(const state_type& s, std::size_t i) {
    const auto& sent = history_.calls[i];
    for (std::size_t j = 0; j < done_.size(); ++j) {
      const auto& received = history_.calls[j];
      if (!possible(j) || history_.happens_before(i, j) ||
          !can_pair(s, sent.call.op, received.call.op))
        continue;
      if (!fits(i, {sent.call.op, response::ok, sent.call.value})) continue;
      if (!fits(j, {received.call.op, response::ok, sent.call.value})) continue;
      done_[j] = true;
      if (extend(s)) return true;
      done_[j] = false;
    }
    return false;
  }

  /// Whether the call has answered so, or may yet.
  [[nodiscard]] bool fits(std::size_t i, const basic_call<std::uint32_t>& answer) const {
    const auto& c = history_.calls[i];
    if (c.pending()) return true;
    const bool has_value = is_recv(c.call.op) && answer.response == response::ok;
    return c.call.response == answer.response && (!has_value || c.call.value == answer.value);
  }
  [[nodiscard]] bool possible(std::size_t i) const {
    if (done_[i]) return false;
    for (std::size_t j = 0; j < done_.size(); ++j) {
      if (!done_[j] && history_.happens_before(j, i)) return false;
    }
    return true;
  }
  [[nodiscard]] bool all_returned_are_done() const {
    for (std::size_t i = 0; i < done_.size(); ++i) {
      if (!done_[i] && !history_.calls[i].pending()) return false;
    }
    return true;
  }

  const recorded_history& history_;
  std::vector<bool> done_;
  state_type start_;
};

}  // namespace runnel::spec

// SPDX-License-Identifier: MIT
//
// Histories of a channel that is the executable specification itself: threads make calls, each takes
// effect in one step at a random moment between its invocation and its response. `Choose` is a
// function that gives a number below its argument.
#pragma once

#include <spec/history.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace runnel::spec {

struct simulation {
  std::optional<std::size_t> capacity;
  unsigned senders = 1;    ///< threads that send
  unsigned receivers = 1;  ///< threads that receive
  unsigned calls = 3;      ///< of each thread, then it drops its handle
  unsigned delay = 2;      ///< at most so many turns pass before a call goes on
};

template <class Choose>
class simulator {
 public:
  simulator(const simulation& s, Choose& choose) : choose_(choose), setup_(s) {
    history_.capacity = s.capacity;
    history_.senders = state_.senders = s.senders;
    history_.receivers = state_.receivers = s.receivers;
    state_.capacity = s.capacity;
    threads_.resize(s.senders + s.receivers);
    for (thread& t : threads_) t.left = s.calls + 1;
  }

  /// Until all threads have ended, or for so many turns without progress that none will: those that
  /// are left wait, and their calls are pending.
  recorded_history run() {
    const std::size_t patience = threads_.size() * (setup_.delay + 2) * 8;
    for (std::size_t idle = 0; idle < patience; ++idle) {
      if (turn(choose_(threads_.size()))) idle = 0;
    }
    return std::move(history_);
  }

 private:
  struct thread {
    unsigned left = 0;
    unsigned delay = 0;
    std::optional<std::size_t> call = {};  // under way
    bool effective = false;
    unsigned handles = 1;
  };

  bool turn(std::size_t t) {
    thread& me = threads_[t];
    if (me.delay > 0) {
      --me.delay;
      return true;
    }
    if (!me.call) return me.left > 0 && invoke(t);
    if (!me.effective) return take_effect(t);
    history_.calls[*me.call].responded = time_++;
    me.call.reset();
    wait_a_while(me);
    return true;
  }

  bool invoke(std::size_t t) {
    thread& me = threads_[t];
    const bool sends = t < setup_.senders;
    const op o =
        --me.left == 0 ? (sends ? op::drop_sender : op::drop_receiver) : choose_op(me, sends);
    me.call = history_.calls.size();
    me.effective = false;
    const std::uint32_t value = is_send(o) ? ++last_value_ : 0;
    history_.calls.push_back({static_cast<unsigned>(t), {o, response::ok, value}, time_++, never});
    if (me.left == 0 && --me.handles > 0) ++me.left;
    wait_a_while(me);
    return true;
  }
  op choose_op(thread& me, bool sends) {
    constexpr std::array sending{op::send, op::try_send, op::timed_send, op::stoppable_send};
    constexpr std::array awaiting{op::closed, op::try_closed, op::timed_closed,
                                  op::stoppable_closed};
    constexpr std::array receiving{op::recv, op::try_recv, op::timed_recv, op::stoppable_recv};
    if (choose_(12) == 0) return op::request_stop;
    if (choose_(12) == 0) return sends ? awaiting[choose_(4)] : op::close;
    if (choose_(12) == 0) {
      ++me.handles;
      return sends ? op::clone_sender : op::clone_receiver;
    }
    return sends ? sending[choose_(4)] : receiving[choose_(4)];
  }

  bool take_effect(std::size_t t) {
    auto& c = history_.calls[*threads_[t].call].call;
    if (meet(t)) return true;
    if (is_stoppable(c.op) && choose_(3) != 0) return false;
    const auto all = allowed(state_, c.op, c.value);
    if (all.size == 0) return false;
    const auto& o = *(all.begin() + (is_timed(c.op) ? choose_(all.size) : 0));
    c = o.call;
    state_ = o.after;
    return took_effect(threads_[t]);
  }
  /// A hand-off, if somebody is there for it.
  bool meet(std::size_t t) {
    for (thread& other : threads_) {
      if (!other.call || other.effective || other.delay > 0) continue;
      auto* sent = &history_.calls[*threads_[t].call].call;
      auto* received = &history_.calls[*other.call].call;
      if (is_recv(sent->op)) std::swap(sent, received);
      if (!can_pair(state_, sent->op, received->op)) continue;
      received->value = sent->value;
      took_effect(other);
      return took_effect(threads_[t]);
    }
    return false;
  }
  bool took_effect(thread& t) {
    t.effective = true;
    wait_a_while(t);
    return true;
  }
  void wait_a_while(thread& t) { t.delay = static_cast<unsigned>(choose_(setup_.delay + 1)); }

  Choose& choose_;
  const simulation setup_;
  basic_state<256, std::uint32_t> state_;
  recorded_history history_;
  std::vector<thread> threads_;
  std::uint64_t time_ = 0;
  std::uint32_t last_value_ = 0;
};

template <class Choose>
recorded_history simulate(const simulation& s, Choose& choose) {
  return simulator<Choose>(s, choose).run();
}

/// Changes the response of a call, or swaps those of two; the history may still be legal.
template <class Choose>
void plant_error(recorded_history& h, Choose& choose) {
  if (h.calls.empty()) return;
  auto& c = h.calls[choose(h.calls.size())].call;
  auto& other = h.calls[choose(h.calls.size())].call;
  const auto received = [](const auto& x) { return is_recv(x.op) && x.response == response::ok; };
  if (received(c) && received(other) && choose(2) == 0) {
    std::swap(c.value, other.value);
  } else if (is_send(c.op) && is_try(c.op)) {
    c.response = c.response == response::ok ? response::full : response::ok;
  } else if (received(c) && c.op != op::recv) {
    c.response = is_try(c.op)     ? response::empty
                 : is_timed(c.op) ? response::timeout
                                  : response::stopped;
    c.value = 0;
  } else if (awaits_close(c.op) && c.op != op::closed) {
    c.response = c.response != response::ok ? response::ok
                 : c.op == op::try_closed   ? response::empty
                                            : response::stopped;
  } else if (is_timed(c.op) && c.response == response::timeout) {
    c.response = response::stopped;
  } else if (is_recv(c.op) && choose(3) == 0) {
    c.response = response::disconnected;
    c.value = 0;
  } else if (is_recv(c.op) && is_send(other.op)) {
    c.response = response::ok;
    c.value = other.value;
  }
}

/// Leaves out pairs of the order in time, in such a way that a partial order remains.
template <class Choose>
void weaken_order(recorded_history& h, Choose& choose) {
  const std::size_t n = h.calls.size();
  std::vector<std::vector<bool>> before(n, std::vector<bool>(n));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const bool same_thread = h.calls[i].thread == h.calls[j].thread;
      before[i][j] = h.ended_before(i, j) && (same_thread || choose(2) == 0);
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j)
        before[i][j] = before[i][j] || (before[i][k] && before[k][j]);
    }
  }
  auto& predecessors = h.predecessors.emplace(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (before[i][j]) predecessors[j].push_back(i);
    }
  }
}

}  // namespace runnel::spec

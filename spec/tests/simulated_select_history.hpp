// SPDX-License-Identifier: MIT
//
// Histories of selects on two channels that are the executable specification itself: the steps of
// select_spec.hpp, taken in a random order. `Choose` is a function that gives a number below its argument.
#pragma once

#include <spec/select_history.hpp>
#include <spec/select_spec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace runnel::spec {

template <class Choose>
class select_simulator {
 public:
  select_simulator(std::array<std::optional<std::size_t>, 2> capacities, std::size_t threads,
                   std::size_t calls, Choose& choose)
      : choose_(choose), threads_(threads) {
    for (std::size_t c = 0; c < 2; ++c) {
      world_.channels[c].capacity = capacities[c];
      world_.channels[c].senders = world_.channels[c].receivers = static_cast<unsigned>(threads);
      history_.channels.push_back(
          {capacities[c], static_cast<unsigned>(threads), static_cast<unsigned>(threads)});
    }
    for (thread& t : threads_) t.left = calls;
  }

  /// For so many turns; what has not returned then is pending.
  recorded_selects run(std::size_t turns) {
    while (turns-- > 0) turn(choose_(threads_.size()));
    return std::move(history_);
  }

 private:
  using call_type = basic_select<4, std::uint32_t>;
  using kind = call_type::kind;
  struct thread {
    std::size_t left = 0;
    std::optional<std::size_t> call = {};  // under way
    call_type select = {};
  };

  void turn(std::size_t t) {
    thread& me = threads_[t];
    if (!me.call) return me.left > 0 ? invoke(t) : void();
    if (!me.select.over) return step_of(t);
    history_.calls[*me.call].responded = time_++;
    me.call.reset();
  }

  void invoke(std::size_t t) {
    thread& me = threads_[t];
    --me.left;
    me.call = history_.calls.size();
    me.select = {};
    recorded_select& s = history_.calls.emplace_back();
    s.thread = static_cast<unsigned>(t);
    s.invoked = time_++;
    if (choose_(8) == 0) return stop(me, s);
    if (choose_(8) == 0) return drop(me, s);
    me.select.how = static_cast<waits>(choose_(4));
    s.biased = me.select.biased = choose_(3) == 0;
    for (std::size_t i = 0; i < 4; ++i) {
      if (choose_(2) == 0 && (i < 3 || !s.cases.empty())) continue;
      auto& c = me.select.cases[s.cases.size()];
      const kind is = choose_(2) == 0 ? kind::sends : kind::receives;
      c = {choose_(8) == 0 ? kind::is_closed : is, choose_(2), 0};
      if (c.is == kind::sends) c.value = ++last_value_;
      s.cases.push_back({c.channel, {me.select.operation(s.cases.size()), response::ok, c.value}});
    }
  }
  void stop(thread& me, recorded_select& s) {
    for (std::size_t c = 0; c < 2; ++c) s.cases.push_back({c, {op::request_stop}});
    request_stop(world_);
    me.select.over = true;
  }
  void drop(thread& me, recorded_select& s) {
    constexpr std::array ends{op::drop_sender, op::drop_receiver, op::drop_sender,
                              op::drop_receiver, op::close};
    s.cases.push_back({choose_(2), {ends[choose_(ends.size())]}});
    s.chosen = 0;
    // One handle stays, so that a call is not made through a handle that is gone.
    auto& channel = world_.channels[s.cases[0].channel];
    const bool is_last =
        (s.cases[0].call.op == op::drop_sender ? channel.senders : channel.receivers) == 1;
    if (is_last && s.cases[0].call.op != op::close) s.cases[0].call.op = op::clone_sender;
    (void)step(channel, s.cases[0].call);
    me.select.over = true;
  }

  void step_of(std::size_t t) {
    thread& me = threads_[t];
    const std::size_t i = choose_(history_.calls[*me.call].cases.size());
    switch (choose_(4)) {
      case 0: (void)see_impossible(world_, me.select, i); break;
      case 1:
        (void)end_waiting(world_, me.select,
                          choose_(2) == 0 ? response::timeout : response::stopped);
        break;
      case 2: fail_if_possible(me); break;
      default:
        if (!do_case(me, i)) meet_somebody(me, i);
        break;
    }
  }
  bool do_case(thread& me, std::size_t i) {
    auto& c = history_.calls[*me.call].cases[i];
    const auto& channel = world_.channels[c.channel];
    const std::uint32_t value = is_recv(c.call.op) ? channel.buffer[0] : c.call.value;
    for (const response r : {response::ok, response::disconnected}) {
      if (!choose(world_, me.select, i, r, value)) continue;
      done(me, i, r, value);
      return true;
    }
    return false;
  }
  void meet_somebody(thread& me, std::size_t i) {
    for (thread& other : threads_) {
      if (!other.call) continue;
      for (std::size_t j = 0; j < history_.calls[*other.call].cases.size(); ++j) {
        if (!meet(world_, me.select, i, other.select, j)) continue;
        done(me, i, response::ok, me.select.cases[i].value);
        done(other, j, response::ok, me.select.cases[i].value);
        return;
      }
    }
  }
  void done(thread& t, std::size_t i, response r, std::uint32_t value) {
    recorded_select& s = history_.calls[*t.call];
    s.chosen = i;
    s.cases[i].call.response = r;
    if (r == response::ok) s.cases[i].call.value = value;
  }
  void fail_if_possible(thread& t) {
    for (const response r : {response::empty, response::timeout, response::stopped}) {
      if (!fail(t.select, r)) continue;
      for (auto& c : history_.calls[*t.call].cases)
        c.call.response = r == response::empty && is_send(c.call.op) ? response::full : r;
      return;
    }
  }

  Choose& choose_;
  std::vector<thread> threads_;
  basic_world<2, 16, std::uint32_t> world_;
  recorded_selects history_;
  std::uint64_t time_ = 0;
  std::uint32_t last_value_ = 0;
};

/// Changes what a call has answered; the history may still be legal.
template <class Choose>
void plant_error(recorded_selects& h, Choose& choose) {
  if (h.calls.empty()) return;
  recorded_select& s = h.calls[choose(h.calls.size())];
  if (s.pending() || s.cases.size() < 2 || s.cases[0].call.op == op::request_stop) return;
  if (s.chosen && choose(2) == 0) {
    s.chosen.reset();
    for (auto& c : s.cases) {
      c.call.response = is_timed(c.call.op)  ? response::timeout
                        : !is_try(c.call.op) ? response::stopped
                        : is_send(c.call.op) ? response::full
                                             : response::empty;
    }
    return;
  }
  s.chosen = choose(s.cases.size());
  auto& c = s.cases[*s.chosen].call;
  c.response = choose(4) == 0 ? response::disconnected : response::ok;
  if (is_recv(c.op)) c.value = static_cast<std::uint32_t>(1 + choose(4));
}

}  // namespace runnel::spec

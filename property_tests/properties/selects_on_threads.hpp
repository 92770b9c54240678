// SPDX-License-Identifier: MIT
//
// Generated selects on real threads, on several channels that they share. The specification judges the
// history: calls are ordered if one returned before the other began.
#pragma once

#include "selects.hpp"
#include "threads.hpp"

#include <spec/history_text.hpp>
#include <spec/select_history.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace properties {

inline constexpr std::size_t shared_channels = 2;

/// What a thread does next: a select, or its first case without one.
struct threads_call {
  generated_select select;
  bool plain = false;
};

/// What the threads of each kind call. Those that send have senders of all channels, those that receive
/// receivers, and those that do both have both.
struct select_plan {
  std::array<std::optional<std::size_t>, shared_channels> capacities{};
  std::vector<std::vector<threads_call>> senders{};
  std::vector<std::vector<threads_call>> receivers{};
  std::vector<std::vector<threads_call>> both{};
  bool receivers_wait_for_all = false;  ///< else senders do
  std::uint64_t seed = 0;               ///< of the delays

  /// With the calls that make sure of an end: those who wait for ever are of one side, and on that side
  /// they wait for all channels. If they do, each channel is disconnected, or all who wait on the other
  /// side wait where they can go on.
  [[nodiscard]] select_plan with_an_end() const {
    select_plan p = *this;
    for (auto& calls : p.senders)
      for (threads_call& c : calls) end(c, true, !receivers_wait_for_all);
    for (auto& calls : p.receivers)
      for (threads_call& c : calls) end(c, false, receivers_wait_for_all);
    for (auto& calls : p.both) {
      for (threads_call& c : calls) {
        if (c.select.how == spec::waits::until_done) c.select.how = spec::waits::until_a_deadline;
        c.select.cases[0].enabled = true;
      }
    }
    return p;
  }

 private:
  static void end(threads_call& c, bool sends, bool waits_for_all) {
    auto& cases = c.select.cases;
    for (generated_case& g : cases) g.sends = sends;
    cases[0].enabled = true;
    if (!waits_for_all || c.select.how != spec::waits::until_done) return;
    c.plain = false;
    cases[1].enabled = true;
    cases[1].channel = static_cast<std::uint8_t>(1 - cases[0].channel);
  }
};

/// Runs a plan once, on channels that Api makes.
template <class Api, class Selects = shipped_selects>
class selects_on_threads {
 public:
  explicit selects_on_threads(const select_plan& p)
      : plan_(p.with_an_end()),
        calls_(p.senders.size() + p.receivers.size() + p.both.size()),
        histories_(calls_.size()),
        start_(static_cast<std::ptrdiff_t>(calls_.size())) {
    for (auto& c : calls_) note(c, "its beginning");
  }

  /// What is wrong beside the history; empty if nothing is.
  [[nodiscard]] std::string wrong() const {
    const char* const what = wrong_.load();
    return what == nullptr ? "" : what;
  }

  spec::recorded_selects history() {
    std::vector<handles> of_threads = make_handles();
    {
      const hang_watch watch(calls_);
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < of_threads.size(); ++i) {
        threads.emplace_back([this, i, mine = std::move(of_threads[i])]() mutable {
          run(static_cast<unsigned>(i), std::move(mine));
        });
      }
    }
    spec::recorded_selects h;
    const auto both = plan_.both.size();
    for (const auto& capacity : plan_.capacities)
      h.channels.push_back({capacity, static_cast<unsigned>(plan_.senders.size() + both),
                            static_cast<unsigned>(plan_.receivers.size() + both)});
    for (auto& calls : histories_) h.calls.insert(h.calls.end(), calls.begin(), calls.end());
    return h;
  }

 private:
  using sender = typename Api::template sender<parcel>;
  using receiver = typename Api::template receiver<parcel>;
  static constexpr std::chrono::nanoseconds a_while = std::chrono::microseconds(20);

  struct handles {
    std::array<std::optional<sender>, shared_channels> senders;
    std::array<std::optional<receiver>, shared_channels> receivers;
  };

  std::vector<handles> make_handles() {
    std::vector<handles> all(calls_.size());
    const std::size_t senders = plan_.senders.size();
    const std::size_t receivers = plan_.receivers.size();
    for (std::size_t c = 0; c < shared_channels; ++c) {
      auto [tx, rx] = plan_.capacities[c] ? Api::template sync_channel<parcel>(*plan_.capacities[c])
                                          : Api::template channel<parcel>();
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (i < senders || i >= senders + receivers) all[i].senders[c].emplace(tx);
        if constexpr (std::copy_constructible<receiver>) {
          if (i >= senders) all[i].receivers[c].emplace(rx);
        }
      }
      if constexpr (!std::copy_constructible<receiver>)
        all[senders].receivers[c].emplace(std::move(rx));
    }
    return all;
  }

  /// 0 if it was sent before: selects with a mistake do that.
  static std::uint32_t value_of(const parcel& p) { return p ? *p : 0; }

  /// A call of a thread, with the values that it may send.
  struct running {
    selects_on_threads& run;
    handles& of;
    const generated_select& call;
    spec::recorded_select& record;
    std::array<parcel, generated_select::size> values{};
    std::optional<std::size_t> handled{};  ///< the case whose handler was called

    /// By the handler of case `i`.
    unsigned done(std::size_t i, spec::response r, std::uint32_t received = 0) {
      if (handled) run.wrong_.store("two handlers were called");
      if (!call.cases[i].enabled) run.wrong_.store("a case was done that is not enabled");
      if (std::exchange(handled, i) || !call.cases[i].enabled) return 0;
      std::size_t place = 0;  // among those that are recorded
      for (std::size_t j = 0; j < i; ++j) place += call.cases[j].enabled ? 1 : 0;
      record.chosen = place;
      auto& c = record.cases[place].call;
      c.response = r;
      if (spec::is_recv(c.op)) c.value = received;
      return 0;
    }
    auto send(std::size_t i) {
      return runnel::on_send(*of.senders[call.cases[i].channel], values[i], [this, i](auto r) {
        return done(i, r ? spec::response::ok : response_of(r.error()));
      });
    }
    auto receive(std::size_t i) {
      return runnel::on_recv(*of.receivers[call.cases[i].channel], [this, i](auto m) {
        if (!m) return done(i, response_of(m.error()));
        return done(i, spec::response::ok, value_of(*m));
      });
    }
  };

  void run(unsigned thread, handles mine) {
    const std::size_t senders = plan_.senders.size();
    const std::size_t receivers = plan_.receivers.size();
    const auto& calls = thread < senders               ? plan_.senders[thread]
                        : thread < senders + receivers ? plan_.receivers[thread - senders]
                                                       : plan_.both[thread - senders - receivers];
    random_delays delay(plan_.seed + thread);
    std::uint32_t value = thread * 1000;
    start_.arrive_and_wait();
    for (const threads_call& c : calls) {
      delay();
      spec::recorded_select record = recorded(thread, c, value);
      running r{*this, mine, c.select, record};
      for (parcel& p : r.values) p = make_parcel(++value);
      note(calls_[thread], c.plain ? "a call" : name_of(c.select.how));
      timed(record, [&] { c.plain ? plain(r) : select(r); });
      check_values(r);
      histories_[thread].push_back(record);
    }
    for (std::size_t c = 0; c < shared_channels; ++c) {
      drop(thread, mine.senders[c], c, spec::op::drop_sender);
      drop(thread, mine.receivers[c], c, spec::op::drop_receiver);
    }
    note(calls_[thread], "its end");
  }

  static const char* name_of(spec::waits how) {
    return how == spec::waits::until_done   ? "select"
           : how == spec::waits::not_at_all ? "try_select"
                                            : "select_for";
  }

  /// What came before a response happens before an invocation that is later, and nothing else.
  template <class F>
  void timed(spec::recorded_select& s, F f) {
    s.invoked = time_.fetch_add(1, std::memory_order::acquire);
    f();
    s.responded = time_.fetch_add(1, std::memory_order::release);
  }

  /// As if the call had done nothing. Values are numbered from that after `last`.
  static spec::recorded_select recorded(unsigned thread, const threads_call& c,
                                        std::uint32_t last) {
    const auto s = call_of(c.select, last + 1);
    spec::recorded_select record;
    record.thread = thread;
    record.biased = c.select.biased && !c.plain;
    for (std::size_t i = 0; i < (c.plain ? 1 : s.cases.size()); ++i) {
      if (!c.select.cases[i].enabled) continue;
      const bool sends = c.select.cases[i].sends;
      const auto nothing = c.select.how == spec::waits::until_a_deadline ? spec::response::timeout
                           : sends                                       ? spec::response::full
                                                                         : spec::response::empty;
      record.cases.push_back(
          {s.cases[i].channel, {s.operation(i), nothing, sends ? s.cases[i].value : 0}});
    }
    return record;
  }

  static void select(running& r) {
    (void)with_cases(r.call, r, [&](auto&... all) {
      return Selects::run(r.call.how, r.call.biased, a_while, all...);
    });
  }

  static void plain(running& r) {
    using spec::waits;
    const generated_case& c = r.call.cases[0];
    const auto how = r.call.how;
    if (c.sends) {
      const sender& tx = *r.of.senders[c.channel];
      parcel& value = r.values[0];
      auto result = how == waits::until_done   ? tx.send(std::move(value))
                    : how == waits::not_at_all ? tx.try_send(std::move(value))
                                               : tx.send_for(std::move(value), a_while);
      if (!result) value = std::move(result.error().value);
      const auto answer = result ? spec::response::ok : response_of(result.error().reason);
      if (result || answer == spec::response::disconnected) r.done(0, answer);
      return;
    }
    const receiver& rx = *r.of.receivers[c.channel];
    const auto result = how == waits::until_done   ? rx.recv()
                        : how == waits::not_at_all ? rx.try_recv()
                                                   : rx.recv_for(a_while);
    if (result)
      r.done(0, spec::response::ok, value_of(*result));
    else if (response_of(result.error()) == spec::response::disconnected)
      r.done(0, spec::response::disconnected);
  }

  /// Each value is where it was, unless its case has sent it.
  void check_values(const running& r) {
    for (std::size_t i = 0; i < r.values.size(); ++i) {
      // Nothing is chosen by a handler that should not have been called.
      const bool is_sent = r.handled == i && r.call.cases[i].sends && r.record.chosen &&
                           r.record.cases[*r.record.chosen].call.response == spec::response::ok;
      if (is_sent != (r.values[i] == nullptr))
        wrong_.store(is_sent ? "a value that was sent is still there" : "a value is gone");
    }
  }

  template <class Handle>
  void drop(unsigned thread, std::optional<Handle>& handle, std::size_t channel, spec::op o) {
    if (!handle) return;
    note(calls_[thread], spec::text(o));
    spec::recorded_select record;
    record.thread = thread;
    record.cases = {{channel, {o, spec::response::ok, 0}}};
    record.chosen = 0;
    timed(record, [&] { handle.reset(); });
    histories_[thread].push_back(record);
  }

  const select_plan plan_;
  hang_watch::threads calls_;
  std::vector<std::vector<spec::recorded_select>> histories_;
  std::barrier<> start_;
  std::atomic<std::uint64_t> time_{0};
  std::atomic<const char*> wrong_{nullptr};
};

}  // namespace properties

// SPDX-License-Identifier: MIT
//
// Generated programs on real threads: each thread has a handle, does its calls with random delays
// and drops the handle. The specification judges the history: calls are ordered if one returned
// before the other began.
#pragma once

#include "responses.hpp"
#include "threads.hpp"

#include <spec/history.hpp>
#include <spec/history_text.hpp>

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

namespace spec = runnel::spec;

/// What each thread calls; one that begins with a send has a sender, others have a receiver.
struct plan {
  std::optional<std::size_t> capacity;
  std::vector<std::vector<spec::op>> senders;
  std::vector<std::vector<spec::op>> receivers;
  std::uint64_t seed = 0;  ///< of the delays
};

/// Runs a plan once on a channel that Api makes.
template <class Api>
class run_on_threads {
 public:
  explicit run_on_threads(const plan& p)
      : plan_(p),
        calls_(p.senders.size() + p.receivers.size()),
        histories_(calls_.size()),
        start_(static_cast<std::ptrdiff_t>(calls_.size())) {
    for (auto& c : calls_) note(c, "its beginning");
  }

  spec::recorded_history history() {
    auto [tx, rx] = plan_.capacity ? Api::template sync_channel<parcel>(*plan_.capacity)
                                   : Api::template channel<parcel>();
    {
      const hang_watch watch(calls_);
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < plan_.senders.size(); ++i)
        threads.emplace_back([this, i, handle = tx]() mutable { send(i, std::move(handle)); });
      tx.reset();
      if constexpr (std::copy_constructible<receiver>) {
        for (std::size_t i = 1; i < plan_.receivers.size(); ++i)
          threads.emplace_back([this, i, handle = rx]() mutable { recv(i, std::move(handle)); });
      }
      threads.emplace_back(
          [this, handle = std::move(rx)]() mutable { recv(0, std::move(handle)); });
    }
    spec::recorded_history h{plan_.capacity,
                             static_cast<unsigned>(plan_.senders.size()),
                             static_cast<unsigned>(plan_.receivers.size()),
                             {},
                             {}};
    for (auto& calls : histories_) h.calls.insert(h.calls.end(), calls.begin(), calls.end());
    return h;
  }

 private:
  using sender = typename Api::template sender<parcel>;
  using receiver = typename Api::template receiver<parcel>;
  static constexpr auto a_while = std::chrono::microseconds(20);

  void send(std::size_t index, sender tx) {
    const auto thread = static_cast<unsigned>(index);
    caller c(*this, thread);
    std::uint32_t value = thread * 1000;
    for (const spec::op o : plan_.senders[index]) {
      if (o == spec::op::timed_closed) {
        c.call(o, 0, [&](auto& call) {
          if (!tx.closed_for(a_while)) call.response = spec::response::timeout;
        });
        continue;
      }
      const std::uint32_t sent = ++value;
      c.call(o, sent, [&](auto& call) {
        parcel message = make_parcel(sent);
        const auto r = o == spec::op::send       ? tx.send(std::move(message))
                       : o == spec::op::try_send ? tx.try_send(std::move(message))
                                                 : tx.send_for(std::move(message), a_while);
        if (!r) call.response = response_of(r.error().reason);
        // A value that is not the caller's again would be another one in the history.
        if (!r) call.value = r.error().value ? *r.error().value : 0;
      });
    }
    c.call(spec::op::drop_sender, 0, [&](auto&) { tx.reset(); });
  }

  void recv(std::size_t index, receiver rx) {
    caller c(*this, static_cast<unsigned>(plan_.senders.size() + index));
    for (const spec::op o : plan_.receivers[index]) {
      if (o == spec::op::close) {
        c.call(o, 0, [&](auto&) { rx.close(); });
        continue;
      }
      c.call(o, 0, [&](auto& call) {
        const auto r = o == spec::op::recv       ? rx.recv()
                       : o == spec::op::try_recv ? rx.try_recv()
                                                 : rx.recv_for(a_while);
        if (r)
          call.value = **r;
        else
          call.response = response_of(r.error());
      });
    }
    c.call(spec::op::drop_receiver, 0, [&](auto&) { rx.reset(); });
  }

  /// The calls of one thread.
  class caller {
   public:
    caller(run_on_threads& run, unsigned thread)
        : run_(run), thread_(thread), delay_(run.plan_.seed + thread) {
      run_.start_.arrive_and_wait();
    }
    ~caller() { note(run_.calls_[thread_], "its end"); }
    caller(const caller&) = delete;
    caller& operator=(const caller&) = delete;

    template <class F>
    void call(spec::op o, std::uint32_t value, F f) {
      delay_();
      note(run_.calls_[thread_], spec::text(o));
      spec::recorded_call c{thread_, {o, spec::response::ok, value}, 0, 0};
      // What came before a response happens before an invocation that is later, and nothing else.
      c.invoked = run_.time_.fetch_add(1, std::memory_order::acquire);
      f(c.call);
      c.responded = run_.time_.fetch_add(1, std::memory_order::release);
      run_.histories_[thread_].push_back(c);
    }

   private:
    run_on_threads& run_;
    unsigned thread_;
    random_delays delay_;
  };

  const plan& plan_;
  hang_watch::threads calls_;
  std::vector<std::vector<spec::recorded_call>> histories_;
  std::barrier<> start_;
  std::atomic<std::uint64_t> time_{0};
};

}  // namespace properties

// SPDX-License-Identifier: MIT
//
// The test of a timer that threads share, some of them beside a channel. Assertions judge the timer:
//
//   it fires at most once for each time that it is due, and not before that
//   of those that wait for nothing else one is told, and all return
//   a select does the timer's case or the channel's, and leaves the other one alone
//
// The oracle judges the channel.
#pragma once

#include "check.hpp"
#include "ledger.hpp"
#include "program.hpp"
#include "program_test.hpp"
#include "recorder.hpp"
#include "timed_platform.hpp"

#include <runnel/core/handles.hpp>
#include <runnel/core/select.hpp>
#include <runnel/select.hpp>
#include <runnel/timer.hpp>
#include <spec/channel_spec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace runnel::check {

/// Select<P> has the interface of core::select_call<P>, Timer<P> that of core::basic_timer<P>.
template <template <class> class Select, template <class> class Timer, unsigned Threads>
struct timer_test {
  template <class P>
  class on {
   public:
    static constexpr unsigned threads = Threads;
    using config = timer_program;

    explicit on(const timer_program& p) : program_(p), clock_(p.again ? 2 : 1) {}
    on(const on&) = delete;
    on& operator=(const on&) = delete;

    void before() {
      timer_.emplace(P::at(1), core::wait_time(program_.again ? 1 : 0));
      channel_type* const c = program_.capacity ? channel_type::make_bounded(*program_.capacity)
                                                : channel_type::make_unbounded();
      sender_type tx(c);
      const receiver_type rx(c);
      for (unsigned t = 0; t < Threads; ++t) {
        if (sends(t))
          senders_[t].emplace(tx);
        else if (receives(t))
          receivers_[t].emplace(rx);
      }
      if (program_.stays_open) kept_.emplace(std::move(tx));
    }

    void thread(unsigned index) {
      for (const timer_step s : program_.threads[index]) {
        switch (s) {
          case timer_step::look: look(); break;
          case timer_step::wait: wait(); break;
          case timer_step::send: send(index); break;
          case timer_step::select: select(index); break;
        }
      }
      drop(senders_[index], spec::op::drop_sender);
      drop(receivers_[index], spec::op::drop_receiver);
    }

    void after() {
      static known_histories known;
      kept_.reset();
      ledger_.check_conservation();
      spec::state start;
      start.capacity = program_.capacity;
      start.senders = program_.stays_open ? 1 : 0;
      for (unsigned t = 0; t < Threads; ++t) {
        start.senders += sends(t) ? 1U : 0U;
        start.receivers += receives(t) && !sends(t) ? 1U : 0U;
      }
      recorder_.check(start, known);
      const auto now = clock_.time.load(core::at<"clock.read">(core::relaxed));
      if (fired_.size != 0 && fired_.size > now)
        P::fail(kind::assertion, "fired more often than it was due");
      if (waited_ && fired_.size == 0) P::fail(kind::assertion, "nobody has what they waited for");
      timer_.reset();
    }

   private:
    using parts = core::shipped_parts<P, small_geometry<1>>;
    using sender_type = core::basic_sender<message<P>, P, parts, core::receivers::many>;
    using receiver_type = core::basic_receiver<message<P>, P, parts, core::receivers::many>;
    using channel_type = typename sender_type::channel_type;
    using receive_case = core::receive_case<P, message<P>, channel_type>;

    [[nodiscard]] bool does(unsigned thread, timer_step what) const {
      for (const timer_step s : program_.threads[thread]) {
        if (s == what) return true;
      }
      return false;
    }
    [[nodiscard]] bool sends(unsigned thread) const { return does(thread, timer_step::send); }
    [[nodiscard]] bool receives(unsigned thread) const { return does(thread, timer_step::select); }

    /// The times for which it fired. Threads of a model take turns.
    struct firings {
      std::array<core::time_point, 4> at{};
      std::size_t size = 0;
    };
    void fired(core::time_point due) {
      for (std::size_t i = 0; i < fired_.size; ++i) {
        if (fired_.at[i] == due) P::fail(kind::duplicate, "fired twice for one time");
      }
      if (clock_.time.load(core::at<"clock.read">(core::relaxed)) <
          static_cast<std::uint32_t>(due.time_since_epoch().count()))
        P::fail(kind::assertion, "fired before it was due");
      fired_.at[fired_.size++] = due;
    }

    void look() {
      if (const auto r = timer_->try_recv()) fired(*r);
    }
    void wait() {
      waited_ = true;
      if (const auto r = timer_->recv()) fired(*r);
    }

    void send(unsigned index) {
      const auto value = static_cast<std::uint8_t>(index + 1);
      message<P> m(value, ledger_);
      const std::size_t call = recorder_.begin(spec::op::send, value);
      auto r = senders_[index]->send(std::move(m));
      recorder_.end(call, r ? spec::response::ok : spec::response::disconnected);
      if (!r) r.error().value.take_back();
    }

    /// Which case is done first is for the explorer to choose.
    void select(unsigned index) {
      receive_case receive(core::access::channel_of(*receivers_[index]));
      core::timer_case<P> fires(*timer_);
      const std::array<core::select_case<P>*, 2> all{&receive, &fires};
      std::array<std::uint16_t, 2> order{};
      const std::size_t call = recorder_.begin(spec::op::recv);
      Select<P> both(all, order, true);
      const auto chosen = both.wait(core::never);
      if (*chosen == 1) {
        recorder_.withdraw(call);
        return fires.hand_to(*this);
      }
      auto m = receive.take();
      recorder_.end(call, m ? spec::response::ok : spec::response::disconnected,
                    m ? m->value() : std::uint8_t{0});
      if (m) m->receive();
    }

    template <class Handle>
    void drop(std::optional<Handle>& handle, spec::op o) {
      if (!handle) return;
      const std::size_t call = recorder_.begin(o);
      handle.reset();
      recorder_.end(call, spec::response::ok);
    }

   public:
    /// As the handler of the timer's case.
    void operator()(core::time_point due) { fired(due); }

   private:
    const timer_program& program_;
    typename P::clock clock_;
    ledger<P> ledger_;
    recorder<P> recorder_;
    std::optional<Timer<P>> timer_;
    std::optional<sender_type> kept_;
    std::array<std::optional<sender_type>, Threads> senders_;
    std::array<std::optional<receiver_type>, Threads> receivers_;
    firings fired_;
    bool waited_ = false;
  };
};

}  // namespace runnel::check

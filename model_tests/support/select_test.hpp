// SPDX-License-Identifier: MIT
//
// The test that runs programs with selects on several channels. Each channel has its history: a select
// is a call on the channel of the case that it did, and, if it did none, on the channel of each case a
// call that found nothing to do. Cases that a biased select prefers to the one that it did are such calls,
// too. (Each history has an order by itself: what a select saw of two channels
// it saw at two moments.)
#pragma once

#include "check.hpp"
#include "ledger.hpp"
#include "program.hpp"
#include "program_test.hpp"
#include "recorder.hpp"
#include "stop_source.hpp"

#include <runnel/core/handles.hpp>
#include <runnel/core/select.hpp>
#include <runnel/core/stop.hpp>
#include <runnel/stop.hpp>
#include <spec/channel_spec.hpp>
#include <spec/select_spec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace runnel::check {

template <template <class, class> class Parts, unsigned Threads, bool Mpmc>
struct select_test {
  template <class P>
  class on {
   public:
    static constexpr unsigned threads = Threads;
    using config = select_program;

    explicit on(const select_program& p) : program_(p) { before_stop_.construct(0); }
    ~on() { before_stop_.destroy(); }
    on(const on&) = delete;
    on& operator=(const on&) = delete;

    void before() {
      std::array<channel_type*, most_channels> made{};
      for (std::size_t c = 0; c < channels(); ++c) {
        const auto capacity = program_.capacities[c];
        made[c] = capacity ? channel_type::make_bounded(*capacity) : channel_type::make_unbounded();
      }
      // A select takes the mutexes of rendezvous in the order of their addresses. Those that an engine's
      // heap gives may depend on earlier executions.
      if (channels() == 2 && program_.capacities[0] == program_.capacities[1] &&
          std::less<>()(made[1], made[0]))
        std::swap(made[0], made[1]);
      for (std::size_t c = 0; c < channels(); ++c)
        hand_out(c, sender_type(made[c]), receiver_type(made[c]));
    }

    void thread(unsigned index) {
      for (const select_step& s : program_.threads[index]) run(index, s);
      drop_all(index);
    }

    void after() {
      static known_histories known;
      ledger_.check_conservation();
      for (std::size_t c = 0; c < channels(); ++c) {
        spec::state start;
        start.capacity = program_.capacities[c];
        for (unsigned t = 0; t < Threads; ++t) {
          start.senders += uses(t, c, true) ? 1U : 0U;
          start.receivers += uses(t, c, false) ? 1U : 0U;
        }
        recorders_[c].check(start, known);
      }
    }

   protected:
    static constexpr std::size_t most_channels = 2;
    static constexpr std::size_t most_cases = 3;
    using parts = Parts<P, small_geometry<1>>;
    static constexpr auto receivers = Mpmc ? core::receivers::many : core::receivers::one;
    using sender_type = core::basic_sender<message<P>, P, parts, receivers>;
    using receiver_type = core::basic_receiver<message<P>, P, parts, receivers>;
    using channel_type = typename sender_type::channel_type;
    using how = select_step::how;
    using source_type = std::conditional_t<P::is_model, stop_source<P>, std::stop_source>;
    using token_type = decltype(std::declval<source_type&>().get_token());

    template <class>
    struct select_call_of {
      using type = core::select_call<P>;
    };
    template <class Broken>
      requires requires { typename Broken::select_call; }
    struct select_call_of<Broken> {
      using type = typename Broken::select_call;
    };

    /// A case of a running select.
    struct running_case {
      std::size_t channel = 0;
      std::size_t call = 0;
      std::optional<message<P>> value;
      std::optional<core::send_case<P, message<P>, channel_type>> send;
      std::optional<core::receive_case<P, message<P>, channel_type>> receive;
      std::optional<core::closed_case<P, channel_type>> closed;
    };
    using running_cases = std::array<running_case, most_cases>;

    [[nodiscard]] std::size_t channels() const { return program_.capacities.size(); }
    [[nodiscard]] bool uses(unsigned thread, std::size_t channel, bool sends) const {
      for (const select_step& s : program_.threads[thread]) {
        for (const auto& c : s.cases) {
          if (c.channel != channel || c.call.op == spec::op::request_stop) continue;
          if (is_of_sender(c.call.op) == sends || (sends && c.then_sent != 0)) return true;
        }
      }
      return false;
    }

    void hand_out(std::size_t c, const sender_type& tx, receiver_type rx) {
      for (unsigned t = 0; t < Threads; ++t) {
        if (uses(t, c, true)) senders_[t][c].emplace(tx);
        if (!uses(t, c, false)) continue;
        if constexpr (Mpmc)
          receivers_[t][c].emplace(rx);
        else
          receivers_[t][c].emplace(std::move(rx));
      }
    }

    static bool is_of_sender(spec::op o) {
      return spec::is_send(o) || spec::awaits_close(o) || o == spec::op::drop_sender;
    }

    void run(unsigned index, const select_step& s) {
      if (s.cases.size() > most_cases) P::fail(kind::assertion, "too many cases");
      const auto& first = s.cases[0];
      if (first.call.op == spec::op::drop_sender)
        return drop(senders_[index][first.channel], first.channel, first.call.op);
      if (first.call.op == spec::op::drop_receiver)
        return drop(receivers_[index][first.channel], first.channel, first.call.op);
      if (first.call.op == spec::op::request_stop) return request_stop();
      if (first.call.op == spec::op::close) return close(index, first.channel);
      if (s.kind == how::plain) return call(index, first, s.has_token);
      running_cases cases;
      std::array<core::select_case<P>*, most_cases> all{};
      for (std::size_t i = 0; i < s.cases.size(); ++i) all[i] = begin(cases[i], index, s, i);
      const auto chosen = select(s, {all.data(), s.cases.size()});
      for (std::size_t i = 0; i < s.cases.size(); ++i)
        end(cases[i], chosen, i, s.kind != how::fair);
      if (!chosen || s.cases[*chosen].then_sent == 0) return;
      call(index, {s.cases[*chosen].channel, send(s.cases[*chosen].then_sent)});
    }

    using answer = typename core::select_call<P>::answer;

    answer select(const select_step& s, typename core::select_call<P>::cases all) {
      std::array<std::uint16_t, most_cases> order{};
      typename select_call_of<parts>::type call(all, order, s.kind == how::fair);
      if (s.kind == how::try_now) {
        const auto done = call.attempt();
        return done ? answer(*done) : answer(std::unexpect, select_errc::none_ready);
      }
      const auto deadline = s.kind == how::for_a_while ? P::now() + a_while<P>() : core::never;
      if (!s.has_token) return call.wait(deadline);
      const auto token = source_.get_token();
      return call.wait(deadline, core::stoppable<token_type>::stop(token));
    }

    /// What the recorder has of an operation.
    static spec::op op_of(how kind, spec::op o, bool has_token) {
      const spec::op first = spec::is_send(o)        ? spec::op::send
                             : spec::awaits_close(o) ? spec::op::closed
                                                     : spec::op::recv;
      const auto waiting = [first](spec::waits how_now) {
        return static_cast<spec::op>(static_cast<int>(first) + static_cast<int>(how_now));
      };
      if (kind == how::try_now) return waiting(spec::waits::not_at_all);
      if (kind == how::for_a_while) return waiting(spec::waits::until_a_deadline);
      return !has_token || spec::is_timed(o) ? o : waiting(spec::waits::until_a_stop);
    }

    core::select_case<P>* begin(running_case& c, unsigned index, const select_step& step,
                                std::size_t number) {
      const auto& s = step.cases[number];
      c.channel = s.channel;
      const spec::op o = op_of(step.kind, s.call.op, step.has_token);
      if (spec::is_send(o)) {
        auto& channel = core::access::channel_of(*senders_[index][s.channel]);
        c.value.emplace(s.call.value, ledger_);
        c.call = recorders_[s.channel].begin(o, s.call.value);
        return &c.send.emplace(channel, *c.value);
      }
      c.call = recorders_[s.channel].begin(o);
      if (spec::awaits_close(o))
        return &c.closed.emplace(core::access::channel_of(*senders_[index][s.channel]));
      return &c.receive.emplace(core::access::channel_of(*receivers_[index][s.channel]));
    }

    void end(running_case& c, const answer& chosen, std::size_t index, bool biased) {
      recorder<P>& calls = recorders_[c.channel];
      if (chosen && biased && index < *chosen)
        calls.end_as_impossible(c.call);
      else if (chosen && *chosen != index)
        calls.withdraw(c.call);
      else if (!chosen)
        calls.end(c.call, chosen.error() == select_errc::stopped   ? stopped()
                          : chosen.error() == select_errc::timeout ? spec::response::timeout
                          : c.send                                 ? spec::response::full
                                                                   : spec::response::empty);
      else if (c.receive)
        received(calls, c.call, c.receive->take());
      else
        calls.end(c.call,
                  c.closed || c.send->result() ? spec::response::ok : spec::response::disconnected);
      if (!c.send) return;
      const bool sent = chosen && *chosen == index && c.send->result();
      if (sent != (c.value->value() == 0))
        P::fail(kind::lost, sent ? "a value that was sent is still there" : "a value is gone");
      if (!sent) c.value->take_back();
    }

    void received(recorder<P>& calls, std::size_t call, std::expected<message<P>, recv_errc> m) {
      if (!m) {
        calls.end(call, m.error() == recv_errc::empty     ? spec::response::empty
                        : m.error() == recv_errc::timeout ? spec::response::timeout
                        : m.error() == recv_errc::stopped ? stopped()
                                                          : spec::response::disconnected);
        return;
      }
      calls.end(call, spec::response::ok, m->value());
      m->receive();
    }

    /// A call without a select.
    void call(unsigned index, const select_step::select_case& c, bool has_token = false) {
      recorder<P>& calls = recorders_[c.channel];
      const spec::op o = op_of(how::plain, c.call.op, has_token);
      const auto token = source_.get_token();
      if (spec::is_send(o)) {
        message<P> m(c.call.value, ledger_);
        const std::size_t n = calls.begin(o, c.call.value);
        const sender_type& tx = *senders_[index][c.channel];
        auto r = o == spec::op::send             ? tx.send(std::move(m))
                 : o == spec::op::try_send       ? tx.try_send(std::move(m))
                 : o == spec::op::stoppable_send ? tx.send(std::move(m), token)
                 : has_token                     ? tx.send_for(std::move(m), a_while<P>(), token)
                                                 : tx.send_for(std::move(m), a_while<P>());
        calls.end(n, r                                        ? spec::response::ok
                     : r.error().reason == send_errc::full    ? spec::response::full
                     : r.error().reason == send_errc::timeout ? spec::response::timeout
                     : r.error().reason == send_errc::stopped ? stopped()
                                                              : spec::response::disconnected);
        if (!r) r.error().value.take_back();
        return;
      }
      const std::size_t n = calls.begin(o);
      if (spec::awaits_close(o)) return calls.end(n, await_close(*senders_[index][c.channel], o));
      const receiver_type& rx = *receivers_[index][c.channel];
      received(calls, n,
               o == spec::op::recv             ? rx.recv()
               : o == spec::op::try_recv       ? rx.try_recv()
               : o == spec::op::stoppable_recv ? rx.recv(token)
               : has_token                     ? rx.recv_for(a_while<P>(), token)
                                               : rx.recv_for(a_while<P>()));
    }

    spec::response await_close(const sender_type& tx, spec::op o) {
      const auto token = source_.get_token();
      if (o == spec::op::closed) {
        tx.closed();
        return spec::response::ok;
      }
      if (o == spec::op::stoppable_closed) return tx.closed(token) ? spec::response::ok : stopped();
      return tx.closed_for(a_while<P>()) ? spec::response::ok : spec::response::timeout;
    }

    void close(unsigned index, std::size_t channel) {
      const std::size_t call = recorders_[channel].begin(spec::op::close);
      receivers_[index][channel]->close();
      recorders_[channel].end(call, spec::response::ok);
    }

    void drop_all(unsigned index) {
      for (std::size_t c = 0; c < channels(); ++c) {
        drop(senders_[index][c], c, spec::op::drop_sender);
        drop(receivers_[index][c], c, spec::op::drop_receiver);
      }
    }

    /// Part of the history of each channel.
    void request_stop() {
      std::array<std::size_t, most_channels> calls{};
      for (std::size_t c = 0; c < channels(); ++c)
        calls[c] = recorders_[c].begin(spec::op::request_stop);
      before_stop_.write([](int& b) { b = 1; });
      source_.request_stop();
      for (std::size_t c = 0; c < channels(); ++c) recorders_[c].end(calls[c], spec::response::ok);
    }
    /// What came before the request is seen by whoever is stopped.
    spec::response stopped() {
      if (before_stop_.read([](const int& b) { return b; }) == 0)
        P::fail(kind::assertion, "stopped, but nobody had requested it");
      return spec::response::stopped;
    }

    template <class Handle>
    void drop(std::optional<Handle>& handle, std::size_t channel, spec::op o) {
      if (!handle) return;
      const std::size_t call = recorders_[channel].begin(o);
      handle.reset();
      recorders_[channel].end(call, spec::response::ok);
    }

    const select_program& program_;
    ledger<P> ledger_;
    source_type source_;
    typename P::template cell<int> before_stop_;
    std::array<recorder<P>, most_channels> recorders_;
    std::array<std::array<std::optional<sender_type>, most_channels>, Threads> senders_;
    std::array<std::array<std::optional<receiver_type>, most_channels>, Threads> receivers_;
  };
};

}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// The test that runs programs with coroutines. The operation of a coroutine is an operation: the same history
// and the same oracle as those of select_test.hpp. One that ends with its coroutine counts if it was done, and
// else as if it had not been made.
//
// A coroutine has an executor for itself: its thread, which sleeps until the resumer has been called. What the
// resumer uses lies outside of the frame, which may be gone when it is called.
#pragma once

#include "select_test.hpp"

#include <runnel/async.hpp>
#include <runnel/core/async.hpp>
#include <runnel/core/parking.hpp>
#include <runnel/core/posted.hpp>

#include <array>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace runnel::check {

/// Where a coroutine is resumed.
template <class P>
class async_executor {
 public:
  async_executor() {
    posted_.construct();
    signal_.emplace();
  }
  ~async_executor() { posted_.destroy(); }
  async_executor(const async_executor&) = delete;
  async_executor& operator=(const async_executor&) = delete;

  void post(std::coroutine_handle<> h) noexcept {
    posted_.write([h](std::coroutine_handle<>& to) { to = h; });
    const auto* const word = signal_->word();
    if (signal_->notify()) P::wake(word, 1);
  }
  /// Blocks until there is a handle.
  std::coroutine_handle<> take() noexcept {
    (void)signal_->park(core::never);
    signal_.emplace();
    return posted_.read([](std::coroutine_handle<> h) { return h; });
  }

 private:
  typename P::template cell<std::coroutine_handle<>> posted_;
  std::optional<typename core::waiting_parts<P>::signal> signal_;
};

/// Whether the calls of the program that runs are posted.
inline bool calls_are_posted = false;

/// A call as coroutines make it, or one that is posted, whose executor is told of it in any case.
template <class Cases, class Stop>
class awaited_or_posted {
  using awaited = core::async_call<Cases, Stop>;
  using posted = core::posted_call<Cases, Stop>;

 public:
  using platform = typename awaited::platform;

  template <class... Case>
  awaited_or_posted(bool fair, Stop stop, Case&... cases) noexcept {
    if (calls_are_posted)
      posted_.emplace(fair, stop, cases...);
    else
      awaited_.emplace(fair, stop, cases...);
  }

  [[nodiscard]] bool can_end() const noexcept {
    return posted_ ? posted_->can_end() : awaited_->can_end();
  }
  [[nodiscard]] bool begin() { return awaited_ && awaited_->begin(); }
  [[nodiscard]] bool suspend(const core::resumption& r) noexcept {
    if (awaited_) return awaited_->suspend(r);
    resumption_ = r;
    if (!posted_->begin(r)) r.call(r);
    return true;
  }
  [[nodiscard]] bool resume() {
    if (awaited_) return awaited_->resume();
    return posted_->resume() || !posted_->suspend(resumption_);
  }
  template <class PassOn>
  void abandon(PassOn pass_on) noexcept {
    if (awaited_)
      awaited_->abandon(pass_on);
    else
      (void)posted_->cancel(pass_on);
  }
  [[nodiscard]] bool is_over() const noexcept {
    return posted_ ? posted_->is_over() : awaited_->is_over();
  }
  [[nodiscard]] std::optional<std::size_t> answer() const noexcept {
    return posted_ ? posted_->answer() : awaited_->answer();
  }
  template <class F>
  decltype(auto) with(std::size_t number, F f) {
    return posted_ ? posted_->with(number, f) : awaited_->with(number, f);
  }

 private:
  std::optional<awaited> awaited_;
  std::optional<posted> posted_;
  core::resumption resumption_;
};

template <template <class, class> class Parts, unsigned Threads, bool Mpmc>
struct async_test {
  template <class P>
  class on : public select_test<Parts, Threads, Mpmc>::template on<P> {
    using base = typename select_test<Parts, Threads, Mpmc>::template on<P>;
    using typename base::answer;
    using typename base::channel_type;
    using typename base::how;
    using typename base::parts;
    using typename base::running_case;
    using typename base::running_cases;
    using typename base::token_type;
    using runs_as = async_program::runs_as;

   public:
    using config = async_program;

    explicit on(const async_program& p) : base(p), program_(p) { calls_are_posted = p.are_posted; }

    void before() {
      base::before();
      for (unsigned t = 0; t < Threads; ++t) {
        if (is_destroyed(t)) suspended_[t] = run(t).handle;
      }
    }

    void thread(unsigned index) {
      const runs_as as = program_.threads_run_as[index];
      if (as == runs_as::thread) return base::thread(index);
      if (as == runs_as::resumer_of_the_first) return resume_all(executors_[0]);
      if (as == runs_as::never_resumed) return;
      if (as == runs_as::destroyed_at_once) return destroy(index, suspended_[index]);
      if (as == runs_as::destroyed_when_resumed) return destroy(index, executors_[index].take());
      (void)run(index);
      if (as == runs_as::moved) return;
      while (!is_done_[index]) executors_[index].take().resume();
    }

    void after() {
      for (unsigned t = 0; t < Threads; ++t) {
        if (program_.threads_run_as[t] == runs_as::never_resumed) destroy(t, suspended_[t]);
      }
      base::after();
    }

   private:
    /// It ends by itself.
    struct coroutine {
      struct promise_type {
        coroutine get_return_object() noexcept {
          return {std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        static std::suspend_never initial_suspend() noexcept { return {}; }
        static std::suspend_never final_suspend() noexcept { return {}; }
        static void return_void() noexcept {}
        [[noreturn]] static void unhandled_exception() noexcept {
          P::fail(kind::assertion, "an exception left a coroutine");
        }
      };
      std::coroutine_handle<> handle;
    };

    [[nodiscard]] bool is_destroyed(unsigned index) const {
      const runs_as as = program_.threads_run_as[index];
      return as == runs_as::destroyed_at_once || as == runs_as::destroyed_when_resumed ||
             as == runs_as::never_resumed;
    }

    static void resume_all(async_executor<P>& executor) {
      while (const auto h = executor.take()) h.resume();
    }

    struct to_executor {
      async_executor<P>* executor;
      void operator()(std::coroutine_handle<> h) const noexcept { executor->post(h); }
    };

    /// A case of any kind.
    class any_case final : public core::select_case<P> {
     public:
      explicit any_case(running_case& c) noexcept : case_(c) {}

      bool attempt() override { return all().attempt(); }
      typename core::select_case<P>::mutex* meeting_place() noexcept override {
        return all().meeting_place();
      }
      bool meet(core::wakeup<P>& w) noexcept override { return all().meet(w); }
      bool join(core::selection<P>& s, std::size_t i) noexcept override { return all().join(s, i); }
      bool decide() noexcept override { return all().decide(); }
      bool leave(bool told) noexcept override { return all().leave(told); }
      void pass_on() noexcept {
        if (case_.send) case_.send->pass_on();
        if (case_.receive) case_.receive->pass_on();
      }

     private:
      core::select_case<P>& all() noexcept {
        if (case_.send) return *case_.send;
        if (case_.closed) return *case_.closed;
        return *case_.receive;
      }
      running_case& case_;
    };

    template <class Cases, class Stop>
    struct call_of {
      template <class Q>
      struct in {
        using type = awaited_or_posted<Cases, Stop>;
      };
      template <class Q>
        requires requires { typename Q::template async_call<Cases, Stop>; }
      struct in<Q> {
        using type = typename Q::template async_call<Cases, Stop>;
      };
      using type = typename in<parts>::type;
    };
    template <class Cases, class Token>
    using awaitable =
        core::awaitable<typename call_of<Cases, core::stop_of<Token>>::type, to_executor, Token>;

    template <class Cases, class Token>
    struct operation : awaitable<Cases, Token> {
      using awaitable<Cases, Token>::awaitable;
      answer await_resume() noexcept {
        const auto chosen = this->answer();
        return chosen ? answer(*chosen) : answer(std::unexpect, select_errc::stopped);
      }
    };
    using one = core::one_case<any_case>;
    using two = core::several_cases<any_case, any_case>;

    /// The body of a coroutine. Calls that may wait are selects.
    coroutine run(unsigned index) {
      for (const select_step& s : program_.threads[index]) {
        if (!waits(s)) {
          base::run(index, s);
          continue;
        }
        running_cases& cases = cases_[index].emplace();
        for (std::size_t i = 0; i < s.cases.size(); ++i) (void)this->begin(cases[i], index, s, i);
        any_case first(cases[0]);
        any_case second(cases[1]);
        const to_executor r{&executors_[index]};
        const bool fair = s.kind == how::fair;
        answer chosen(std::unexpect, select_errc::stopped);
        if (s.cases.size() == 1 && !s.has_token)
          chosen = co_await operation<one, core::no_token>(fair, r, {}, first);
        else if (s.cases.size() == 1)
          chosen = co_await operation<one, token_type>(fair, r, this->source_.get_token(), first);
        else if (!s.has_token)
          chosen = co_await operation<two, core::no_token>(fair, r, {}, first, second);
        else
          chosen = co_await operation<two, token_type>(fair, r, this->source_.get_token(), first,
                                                       second);
        for (std::size_t i = 0; i < s.cases.size(); ++i)
          this->end(cases[i], chosen, i, s.kind == how::select);
        cases_[index].reset();
        const std::uint8_t then = chosen ? s.cases[*chosen].then_sent : std::uint8_t{0};
        if (then != 0) this->call(index, {s.cases[*chosen].channel, send(then)});
      }
      this->drop_all(index);
      is_done_[index] = true;
      if (program_.threads_run_as[index] == runs_as::moved) executors_[index].post(nullptr);
    }

    static bool waits(const select_step& s) {
      const spec::op o = s.cases[0].call.op;
      const bool is_call = o == spec::op::send || o == spec::op::recv || o == spec::op::closed;
      return is_call && (s.kind == how::plain || s.kind == how::select || s.kind == how::fair);
    }

    /// Ends the coroutine that is suspended. Its calls have been done by others, or were not made.
    void destroy(unsigned index, std::coroutine_handle<> h) {
      running_cases& cases = *cases_[index];
      h.destroy();
      for (running_case& c : cases) {
        if (c.send) end_send(c);
        if (c.receive) end_receive(c);
        if (c.closed) this->recorders_[c.channel].withdraw(c.call);
      }
      cases_[index].reset();
      this->drop_all(index);
    }
    void end_send(running_case& c) {
      if (c.value->value() == 0) return this->recorders_[c.channel].end(c.call, spec::response::ok);
      c.value->take_back();
      this->recorders_[c.channel].withdraw(c.call);
    }
    /// What was handed over at a rendezvous has been received, and was destroyed.
    void end_receive(running_case& c) {
      const bool is_another = this->ledger_.destroyed_one() != 0;
      c.receive.reset();
      const bool may_be = !is_another && program_.capacities[c.channel] == rendezvous;
      const std::uint8_t value = may_be ? this->ledger_.destroyed_one() : std::uint8_t{0};
      if (value != 0)
        this->recorders_[c.channel].end(c.call, spec::response::ok, value);
      else
        this->recorders_[c.channel].withdraw(c.call);
    }

    const async_program& program_;
    std::array<async_executor<P>, Threads> executors_;
    std::array<std::optional<running_cases>, Threads> cases_;
    std::array<std::coroutine_handle<>, Threads> suspended_;  // of those that are destroyed
    std::array<bool, Threads> is_done_{};
  };
};

}  // namespace runnel::check

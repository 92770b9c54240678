// SPDX-License-Identifier: MIT
//
// Channels for coroutines, of any kind of task. Either end of a channel may be a thread or a coroutine:
//
//     while (auto line = co_await runnel::async_recv(lines))
//       co_await runnel::async_send(answers, reply_to(*line));
//
// A coroutine that has to wait is suspended. Whoever makes its operation possible hands it to a *resumer*, which
// has to see to it that it is resumed: by its executor, say. How it works stands in <runnel/core/async.hpp>.
//
// The resumer is an argument, or it comes from the promise of the coroutine that awaits:
//
//     runnel::async_recv(lines, [&pool](std::coroutine_handle<> h) noexcept { pool.post(h); })
//
//     struct my_task::promise_type { auto resumer() const noexcept { return my_resumer{pool}; } ... };
//
//     template <> struct runnel::resume_traits<their_promise> {
//       static auto resumer(their_promise& p) noexcept { return my_resumer{p.pool()}; }
//     };
//
// or from the environment that a task passes to await_suspend(handle, environment), if its `executor` is one.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/core/async.hpp>
#include <runnel/core/handles.hpp>
#include <runnel/core/misuse.hpp>
#include <runnel/core/select.hpp>
#include <runnel/core/selection.hpp>
#include <runnel/errors.hpp>
#include <runnel/select.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <expected>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace runnel {

/// What brings a coroutine on: `r(h)` lets `h` be resumed soon, once, in a place where the coroutine may run. It
/// is called by whoever notifies the coroutine, which may be any thread that uses the channel or requests a
/// stop, under no lock of the library but in the middle of that operation. So it posts the handle and does not
/// resume it; it must not throw, and not wait for a channel.
///
/// `h` stands for the operation that the coroutine waits for. It is resumed or destroyed, once, and nothing
/// else: it is not the handle of the coroutine, and gone when `resume` returns. To destroy it destroys the
/// coroutine.
template <class R>
concept resumer = requires(const R& r, std::coroutine_handle<> h) {
  { r(h) } noexcept;
};

/// The resumer that resumes at once, in the middle of the operation that notifies, and under all locks that its
/// caller holds. It recurses: each coroutine that it resumes may notify the next. For programs of one thread
/// that know how deep that goes; it has to be asked for by name.
struct inline_resumer {
  /// Resumes.
  void operator()(std::coroutine_handle<> h) const noexcept { h.resume(); }
};

/// Specialised for a promise that has no member `resumer`: `static auto resumer(Promise&) noexcept` returns one.
template <class Promise>
struct resume_traits {};

namespace core {

/// Callable as one, whether it throws or not.
template <class R>
concept seems_resumer = requires(const R& r, std::coroutine_handle<> h) { r(h); };

template <class R>
constexpr void check_resumer() {
  static_assert(
      resumer<R>,
      "runnel: a resumer is called in the middle of other threads' operations, so it must "
      "not throw: write [...](std::coroutine_handle<> h) noexcept { ... }");
  static_assert(
      std::is_trivially_copyable_v<R> && sizeof(R) <= sizeof(resumption::whom) &&
          alignof(R) <= alignof(void*),
      "runnel: a resumer is copied as bytes, and has the size of two pointers at most: let "
      "it point to the executor");
}

/// What resumes `h` with a copy of r.
template <class R>
resumption resumption_by(const R& r, std::coroutine_handle<> h) noexcept {
  core::check_resumer<R>();
  resumption made;
  made.call = [](const resumption& s) noexcept {
    const R& copy = *std::launder(reinterpret_cast<const R*>(s.whom));
    copy(std::coroutine_handle<>::from_address(s.what));
  };
  made.what = h.address();
  ::new (static_cast<void*>(made.whom)) R(r);
  return made;
}

/// No argument: the promise says who resumes.
struct no_resumer {};

template <class Promise>
auto resumer_of(Promise& promise) noexcept {
  if constexpr (requires { resume_traits<Promise>::resumer(promise); }) {
    return resume_traits<Promise>::resumer(promise);
  } else if constexpr (requires { promise.resumer(); }) {
    return promise.resumer();
  } else {
    static_assert(
        sizeof(Promise) == 0,
        "runnel: who resumes this coroutine? Give the operation a resumer, such as [&pool]"
        "(std::coroutine_handle<> h) noexcept { pool.post(h); }; or give the promise a member "
        "resumer() that returns one; or specialise runnel::resume_traits for the promise");
    return inline_resumer();
  }
}

/// A coroutine frame made by hand, of which resumers get the handle: to resume it is to go on with an operation,
/// and only then with the coroutine that waits for it. A frame begins with two functions: that is in the
/// binary interface that compilers agree on, and what libstdc++ builds its noop_coroutine on.
struct alignas(2 * sizeof(void*)) operation_frame {
  void (*resume)(operation_frame*);
  void (*destroy)(operation_frame*);
  std::coroutine_handle<> awaiting{};

  [[nodiscard]] std::coroutine_handle<> handle() noexcept {
    return std::coroutine_handle<>::from_address(this);
  }
};

/// No argument: nobody requests a stop.
struct no_token {};

template <class Token>
struct stop_for {
  static auto make(const Token& t) noexcept { return stoppable<Token>::stop(t); }
};
template <>
struct stop_for<no_token> {
  static no_stop make(no_token) noexcept { return {}; }
};
template <class Token>
using stop_of = decltype(stop_for<Token>::make(std::declval<const Token&>()));

/// A select that can be awaited, once. Call is an async_call. The cases are constructed before, and end after.
template <class Call, class Resumer, class Token>
class awaitable : operation_frame {
  using platform = typename Call::platform;

 public:
  template <class... Cases>
  awaitable(bool fair, const Resumer& r, const Token& t, Cases&... cases) noexcept
      : operation_frame{[](operation_frame* f) { static_cast<awaitable*>(f)->resume(); },
                        [](operation_frame* f) { f->awaiting.destroy(); }},
        resumer_(r),
        token_(t),
        call_(fair, stop_for<Token>::make(token_), cases...) {}
  awaitable(const awaitable&) = delete;
  awaitable& operator=(const awaitable&) = delete;

  /// Tries the operation.
  bool await_ready() {
    check_is_first();
    if (!call_.can_end()) core::throw_no_case();
    return call_.begin();
  }
  /// Suspends the coroutine, if the operation is still impossible.
  ///
  /// Not inline: from the moment in which it is suspended nothing of the coroutine may be touched here.
  template <class Promise>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> h) noexcept {
    if constexpr (std::is_same_v<Resumer, no_resumer>)
      return suspend(h, core::resumer_of(h.promise()));
    else
      return suspend(h, resumer_);
  }
  /// The same in the environment of a task.
  template <class Promise, class Environment>
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<Promise> h,
                                       const Environment* e) noexcept {
    if constexpr (std::is_same_v<Resumer, no_resumer>)
      return suspend(h, e->executor);
    else
      return suspend(h, resumer_);
  }

 protected:
  /// A coroutine that is destroyed while it is suspended comes here.
  ~awaitable() {
    call_.abandon([this](std::size_t chosen) { call_.with(chosen, [](auto& c) { c.pass_on(); }); });
  }

  /// In await_resume: the case that was done; nothing if the operation was stopped.
  [[nodiscard]] std::optional<std::size_t> answer() const noexcept {
    if constexpr (platform::checks_misuse) {
      if (!call_.is_over())
        core::report_misuse("a coroutine that waits for a channel was resumed by hand");
    }
    return call_.answer();
  }
  /// Calls f with the case of that number.
  template <class F>
  decltype(auto) with(std::size_t number, F f) {
    return call_.with(number, f);
  }

 private:
  template <class R>
  bool suspend(std::coroutine_handle<> h, const R& r) noexcept {
    awaiting = h;
    return call_.suspend(core::resumption_by(r, handle()));
  }
  void resume() {
    const std::coroutine_handle<> h = awaiting;
    if (call_.resume()) h.resume();
  }
  void check_is_first() noexcept {
    if constexpr (platform::checks_misuse) {
      if (awaiting || call_.is_over())
        core::report_misuse("an awaitable is one operation, and was awaited twice");
    }
  }

  [[no_unique_address]] const Resumer resumer_;
  [[no_unique_address]] const Token token_;
  Call call_;
};

/// As a base, so that it is there before the awaitable that is another one.
template <class Case>
struct only_case {
  Case only;
};

/// A receive that can be awaited.
template <class Call, class Resumer, class Token, class Case>
class receive_operation : only_case<Case>, public awaitable<Call, Resumer, Token> {
 public:
  template <class Channel>
  receive_operation(const Resumer& r, const Token& t, Channel& c) noexcept
      : only_case<Case>{Case(c)}, awaitable<Call, Resumer, Token>(false, r, t, this->only) {}

  typename Case::result await_resume() noexcept {
    if (!this->answer()) return std::unexpected(recv_errc::stopped);
    return this->only.take();
  }
};

template <class T, class Case>
struct case_with_value {
  template <class Channel>
  case_with_value(Channel& c, T&& v) noexcept : value(std::move(v)), only(c, value) {}
  T value;
  Case only;
};

/// A send that can be awaited. It has the value.
template <class Call, class Resumer, class Token, class T, class Case>
class send_operation : case_with_value<T, Case>, public awaitable<Call, Resumer, Token> {
 public:
  template <class Channel>
  send_operation(const Resumer& r, const Token& t, Channel& c, T&& v) noexcept
      : case_with_value<T, Case>(c, std::move(v)),
        awaitable<Call, Resumer, Token>(false, r, t, this->only) {}

  std::expected<void, send_error<T>> await_resume() noexcept {
    const bool is_stopped = !this->answer();
    if (!is_stopped && this->only.result()) return {};
    return std::unexpected(send_error<T>{is_stopped ? send_errc::stopped : send_errc::disconnected,
                                         std::move(this->value)});
  }
};

/// A wait for the close that can be awaited.
template <class Call, class Resumer, class Token, class Case>
class closed_operation : only_case<Case>, public awaitable<Call, Resumer, Token> {
  static constexpr bool can_be_stopped = !std::is_same_v<Token, no_token>;

 public:
  template <class Channel>
  closed_operation(const Resumer& r, const Token& t, Channel& c) noexcept
      : only_case<Case>{Case(c)}, awaitable<Call, Resumer, Token>(false, r, t, this->only) {}

  std::conditional_t<can_be_stopped, bool, void> await_resume() noexcept {
    const auto done = this->answer();
    if constexpr (can_be_stopped) return done.has_value();
  }
};

/// A select that can be awaited.
template <class Call, class Resumer, class Token, class... Cases>
class select_operation : public awaitable<Call, Resumer, Token> {
  using result = typename static_select<Cases...>::result;
  using maybe_result = typename static_select<Cases...>::maybe_result;
  static constexpr bool can_be_stopped = !std::is_same_v<Token, no_token>;
  static_assert(!(std::is_base_of_v<timer_case<typename Call::platform>, Cases> || ...),
                "runnel: nobody would wake a coroutine for a timer; let a timer of its executor "
                "request a stop or send a message");

 public:
  using awaitable<Call, Resumer, Token>::awaitable;

  std::conditional_t<can_be_stopped, maybe_result, result> await_resume() {
    const auto chosen = this->answer();
    if constexpr (!can_be_stopped) {
      return handle(*chosen);
    } else if constexpr (std::is_void_v<result>) {
      if (chosen) handle(*chosen);
      return chosen.has_value();
    } else {
      return chosen ? maybe_result(handle(*chosen)) : maybe_result();
    }
  }

 private:
  result handle(std::size_t chosen) {
    return this->with(chosen, [](auto& c) -> result { return c.handle(); });
  }
};

template <class P, class T, class Channel, class R, class Token>
auto async_receive(Channel& c, const R& r, const Token& t) {
  using only = receive_case<P, T, Channel>;
  return receive_operation<async_call<one_case<only>, stop_of<Token>>, R, Token, only>(r, t, c);
}
template <class P, class T, class Channel, class R, class Token>
auto async_send(Channel& c, std::type_identity_t<T>&& value, const R& r, const Token& t) {
  using only = send_case<P, T, Channel>;
  return send_operation<async_call<one_case<only>, stop_of<Token>>, R, Token, T, only>(
      r, t, c, std::move(value));
}

template <class P, class Channel, class R, class Token>
auto async_closed(Channel& c, const R& r, const Token& t) {
  using only = closed_case<P, Channel>;
  return closed_operation<async_call<one_case<only>, stop_of<Token>>, R, Token, only>(r, t, c);
}

template <class R, class Token, class... Cases>
auto async_select(bool fair, const R& r, const Token& t, Cases&... cases) {
  return select_operation<async_call<several_cases<Cases...>, stop_of<Token>>, R, Token, Cases...>(
      fair, r, t, cases...);
}
/// Finds out which arguments there are.
template <is_case... Cases>
auto async_select_with(bool fair, Cases&... cases) {
  return core::async_select(fair, no_resumer(), no_token(), cases...);
}
template <class First, is_case... Cases>
  requires(!is_case<First>)
auto async_select_with(bool fair, const First& first, Cases&... cases) {
  if constexpr (seems_resumer<First>)
    return core::async_select(fair, first, no_token(), cases...);
  else
    return core::async_select(fair, no_resumer(), first, cases...);
}
template <seems_resumer R, class Token, is_case... Cases>
  requires(!is_case<Token>)
auto async_select_with(bool fair, const R& r, const Token& t, Cases&... cases) {
  return core::async_select(fair, r, t, cases...);
}

}  // namespace core

/// `co_await async_recv(rx)` receives as rx.recv() does, but suspends the coroutine where that blocks:
/// std::expected<T, recv_errc>. A resumer, a stop token (include <runnel/stop.hpp>), or both in this order may
/// follow. With a token: error `stopped` as of rx.recv(token); if the stop was requested before, after one
/// attempt.
///
/// A message stays in the channel until the coroutine has been resumed: a coroutine that is destroyed before
/// loses none, and another receiver is notified in its place. At a rendezvous the message is handed over at
/// once, and destroyed with the coroutine. A suspended coroutine is destroyed only by whoever would resume it;
/// if another thread may notify it at that moment, the resumer may be called all the same, and has to drop the
/// handle.
///
/// The awaitable is one operation, awaited once, where it is: debug builds report a second time, and a coroutine
/// that somebody resumes by hand while it waits. The receiver must stay until it is over. It allocates nothing.
template <class T, class P, class Parts, core::receivers Receivers>
[[nodiscard]] auto async_recv(const core::basic_receiver<T, P, Parts, Receivers>& rx) {
  return core::async_receive<P, T>(core::access::channel_of(rx), core::no_resumer(),
                                   core::no_token());
}
template <class T, class P, class Parts, core::receivers Receivers, class ResumerOrToken>
[[nodiscard]] auto async_recv(const core::basic_receiver<T, P, Parts, Receivers>& rx,
                              const ResumerOrToken& a) {
  if constexpr (core::seems_resumer<ResumerOrToken>)
    return core::async_receive<P, T>(core::access::channel_of(rx), a, core::no_token());
  else
    return core::async_receive<P, T>(core::access::channel_of(rx), core::no_resumer(), a);
}
template <class T, class P, class Parts, core::receivers Receivers, core::seems_resumer R,
          class Token>
[[nodiscard]] auto async_recv(const core::basic_receiver<T, P, Parts, Receivers>& rx, const R& r,
                              const Token& stop) {
  return core::async_receive<P, T>(core::access::channel_of(rx), r, stop);
}

/// `co_await async_send(tx, value)` sends as tx.send(value) does, but suspends the coroutine where that blocks:
/// std::expected<void, send_error<T>>. Arguments and rules are those of async_recv.
///
/// The value is in the coroutine while that waits, and whoever makes room moves it out; then it has been sent,
/// also if the coroutine is stopped or destroyed before it has been resumed. Else it is handed back in the
/// error, or destroyed with the coroutine.
template <class T, class P, class Parts, core::receivers Receivers>
[[nodiscard]] auto async_send(const core::basic_sender<T, P, Parts, Receivers>& tx,
                              std::type_identity_t<T> value) {
  return core::async_send<P, T>(core::access::channel_of(tx), std::move(value), core::no_resumer(),
                                core::no_token());
}
template <class T, class P, class Parts, core::receivers Receivers, class ResumerOrToken>
[[nodiscard]] auto async_send(const core::basic_sender<T, P, Parts, Receivers>& tx,
                              std::type_identity_t<T> value, const ResumerOrToken& a) {
  auto& channel = core::access::channel_of(tx);
  if constexpr (core::seems_resumer<ResumerOrToken>)
    return core::async_send<P, T>(channel, std::move(value), a, core::no_token());
  else
    return core::async_send<P, T>(channel, std::move(value), core::no_resumer(), a);
}
template <class T, class P, class Parts, core::receivers Receivers, core::seems_resumer R,
          class Token>
[[nodiscard]] auto async_send(const core::basic_sender<T, P, Parts, Receivers>& tx,
                              std::type_identity_t<T> value, const R& r, const Token& stop) {
  return core::async_send<P, T>(core::access::channel_of(tx), std::move(value), r, stop);
}

/// `co_await async_closed(tx)` waits as tx.closed() does, but suspends the coroutine where that blocks: void, or
/// with a token what tx.closed(token) returns. Arguments and rules are those of async_recv.
template <class T, class P, class Parts, core::receivers Receivers>
[[nodiscard]] auto async_closed(const core::basic_sender<T, P, Parts, Receivers>& tx) {
  return core::async_closed<P>(core::access::channel_of(tx), core::no_resumer(), core::no_token());
}
template <class T, class P, class Parts, core::receivers Receivers, class ResumerOrToken>
[[nodiscard]] auto async_closed(const core::basic_sender<T, P, Parts, Receivers>& tx,
                                const ResumerOrToken& a) {
  if constexpr (core::seems_resumer<ResumerOrToken>)
    return core::async_closed<P>(core::access::channel_of(tx), a, core::no_token());
  else
    return core::async_closed<P>(core::access::channel_of(tx), core::no_resumer(), a);
}
template <class T, class P, class Parts, core::receivers Receivers, core::seems_resumer R,
          class Token>
[[nodiscard]] auto async_closed(const core::basic_sender<T, P, Parts, Receivers>& tx, const R& r,
                                const Token& stop) {
  return core::async_closed<P>(core::access::channel_of(tx), r, stop);
}

/// `co_await async_select(cases...)` does one of the cases, as select does, and suspends the coroutine where
/// that blocks. Before the cases may stand, in this order: `biased`, a resumer, a stop token; with a token the
/// result is that of select with one. The handler is called by the coroutine when it has been resumed. Timers
/// are no cases. Cases and values may be temporaries of the co_await expression. The other rules are those of
/// async_recv.
template <class... Arguments>
[[nodiscard]] auto async_select(biased_t, Arguments&&... cases) {
  return core::async_select_with(false, cases...);
}
template <class First, class... Arguments>
  requires(!std::is_same_v<std::remove_cvref_t<First>, biased_t>)
[[nodiscard]] auto async_select(First&& first, Arguments&&... cases) {
  return core::async_select_with(true, first, cases...);
}

}  // namespace runnel

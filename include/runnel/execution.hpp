// SPDX-License-Identifier: MIT
//
// Channels for senders and receivers, as std::execution has them:
//
//     auto [line] = stdexec::sync_wait(runnel::execution::recv(lines)).value();
//
// With std::execution where the standard library has it, else with <stdexec/execution.hpp> if that is found. The macro
// RUNNEL_EXECUTION_NAMESPACE names another namespace with the same names, such as that of another implementation,
// whose header has to be included before.
//
// Both senders:
//
//   allocate nothing: the operation state is what waits in the channel
//   complete in start(), if the operation is possible then or becomes so meanwhile. Else on the scheduler of the
//   receiver's environment (get_scheduler), to which whoever makes the operation possible, from whatever thread,
//   schedules it. Without a scheduler there they do not compile; starts_on, on and sync_wait provide one
//   obey the stop token of that environment. set_stopped says that nothing has been done, also that a message
//   which they were told of is still in the channel, and that another receiver has been told. What a rendezvous
//   has handed over, and what others have sent for the operation, is not stopped any more
//
// A scheduler that does not run what was scheduled, set_stopped or set_error, stops the operation. Its connect must
// not fail when an operation has to wait again.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/core/handles.hpp>
#include <runnel/core/posted.hpp>
#include <runnel/core/selection.hpp>
#include <runnel/core/stop.hpp>
#include <runnel/errors.hpp>

#include <concepts>
#include <exception>
#include <expected>
#include <functional>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <version>

#ifndef RUNNEL_EXECUTION_NAMESPACE
#if defined(__cpp_lib_senders)
#include <execution>
#define RUNNEL_EXECUTION_NAMESPACE ::std::execution
#elif __has_include(<stdexec/execution.hpp>)
#include <stdexec/execution.hpp>
#define RUNNEL_EXECUTION_NAMESPACE ::stdexec
#else
#error \
    "<runnel/execution.hpp> needs std::execution of C++26, or <stdexec/execution.hpp> (github.com/NVIDIA/stdexec), or RUNNEL_EXECUTION_NAMESPACE"
#endif
#endif

namespace runnel::execution {
namespace detail {

namespace ex = RUNNEL_EXECUTION_NAMESPACE;

// In C++26 it is in std itself.
using namespace std;
using namespace RUNNEL_EXECUTION_NAMESPACE;

template <class Receiver>
using env_of = decltype(ex::get_env(std::declval<const Receiver&>()));
template <class Receiver>
using token_of = std::remove_cvref_t<decltype(get_stop_token(std::declval<env_of<Receiver>>()))>;

/// Where the receiver wants to be.
template <class Receiver>
auto scheduler_of(const Receiver& r) {
  if constexpr (requires { ex::get_scheduler(ex::get_env(r)); }) {
    return ex::get_scheduler(ex::get_env(r));
  } else {
    static_assert(
        sizeof(Receiver) == 0,
        "runnel: where does this operation complete? The environment of its receiver has no "
        "scheduler: start it with starts_on, or give one with write_env");
  }
}

/// What is constructed in place by what a function returns, and again.
template <class T>
class slot {
 public:
  slot() noexcept {}  // NOLINT: the union has no member yet
  ~slot() { reset(); }
  slot(const slot&) = delete;
  slot& operator=(const slot&) = delete;

  template <class F>
  T& emplace(F f) {
    reset();
    T* const made = ::new (static_cast<void*>(std::addressof(value_))) T(f());
    has_value_ = true;
    return *made;
  }
  T& get() noexcept { return value_; }

 private:
  void reset() noexcept {
    if (std::exchange(has_value_, false)) std::destroy_at(std::addressof(value_));
  }
  union {
    T value_;
  };
  bool has_value_ = false;
};

/// The operation state. It belongs to whoever starts it, then to the channels, then to the scheduler.
template <class Receiver, class Part>
class operation {
  using token = token_of<Receiver>;
  using stop = decltype(core::stoppable<token>::stop(std::declval<const token&>()));
  using call = core::posted_call<typename Part::cases, stop>;

  /// Of the scheduler.
  struct arrival {
    using receiver_concept = ex::receiver_t;

    void set_value() noexcept { to->resume(); }
    template <class Error>
    void set_error(Error&&) noexcept {
      to->give_up();
    }
    void set_stopped() noexcept { to->give_up(); }

    operation* to;
  };
  using scheduler = decltype(detail::scheduler_of(std::declval<const Receiver&>()));
  using way = decltype(ex::connect(ex::schedule(std::declval<scheduler&>()), arrival{}));

 public:
  using operation_state_concept = ex::operation_state_t;

  template <class... Args>
  explicit operation(Receiver&& r, Args&&... args)
      : receiver_(std::move(r)),
        token_(get_stop_token(ex::get_env(receiver_))),
        part_(std::forward<Args>(args)...),
        call_(Part::is_fair, core::stoppable<token>::stop(token_), part_.only) {
    prepare();
  }
  operation(const operation&) = delete;
  operation& operator=(const operation&) = delete;

  void start() & noexcept {
    if constexpr (!Part::may_throw) {
      if (call_.attempt() || !wait()) complete();
    } else {
      std::exception_ptr failure;
      try {
        if (!call_.attempt() && wait()) return;
      } catch (...) {
        failure = std::current_exception();
      }
      if (failure)
        ex::set_error(std::move(receiver_), std::move(failure));
      else
        complete();
    }
  }

 private:
  void prepare() {
    way_.emplace([this] {
      auto s = detail::scheduler_of(receiver_);
      return ex::connect(ex::schedule(s), arrival{this});
    });
  }
  /// Whether it is suspended. Then nothing of it may be touched any more.
  bool wait() noexcept {
    core::resumption r;
    r.what = this;
    r.call = [](const core::resumption& told) noexcept {
      ex::start(static_cast<operation*>(told.what)->way_.get());
    };
    return call_.suspend(r);
  }
  void resume() noexcept {
    if (token_.stop_requested()) return give_up();
    if (!call_.resume()) {
      prepare();
      if (wait()) return;
    }
    complete();
  }
  void give_up() noexcept {
    (void)call_.cancel();
    complete();
  }
  void complete() noexcept {
    if (!call_.answer()) return ex::set_stopped(std::move(receiver_));
    auto result = part_.result_of(call_);
    if (!result)
      ex::set_error(std::move(receiver_), std::move(result).error());
    else if constexpr (std::is_void_v<typename Part::result::value_type>)
      ex::set_value(std::move(receiver_));
    else
      ex::set_value(std::move(receiver_), *std::move(result));
  }

  Receiver receiver_;
  [[no_unique_address]] const token token_;
  Part part_;
  call call_;
  slot<way> way_;
};

template <class P, class T, class Channel>
struct receive_part : core::receive_part<P, T, Channel> {
  static constexpr bool may_throw = false;
  using core::receive_part<P, T, Channel>::receive_part;
};

/// Value is T or T&.
template <class P, class Value, class Channel>
struct send_part {
  using platform = P;
  using result = std::expected<void, send_errc>;
  using cases = core::one_case<core::send_case<P, std::remove_reference_t<Value>, Channel>>;
  static constexpr bool is_fair = false;
  static constexpr bool may_throw = true;

  send_part(Channel& c, Value&& v) noexcept : value(std::forward<Value>(v)), only(c, value) {}

  template <class Call>
  result result_of(Call&) {
    return only.result();
  }

  Value value;
  core::send_case<P, std::remove_reference_t<Value>, Channel> only;
};

/// A receive that has not begun.
template <class P, class T, class Channel>
class receiving {
 public:
  using sender_concept = ex::sender_t;
  using completion_signatures =
      ex::completion_signatures<ex::set_value_t(T), ex::set_error_t(recv_errc),
                                ex::set_stopped_t()>;

  explicit receiving(Channel& c) noexcept : channel_(&c) {}

  template <class Receiver>
  auto connect(Receiver r) const {
    return operation<Receiver, receive_part<P, T, Channel>>(std::move(r), *channel_);
  }

 private:
  Channel* channel_;
};

/// A send that has not begun. Value is T or T&.
template <class P, class Value, class Channel>
class sending {
 public:
  using sender_concept = ex::sender_t;
  using completion_signatures =
      ex::completion_signatures<ex::set_value_t(), ex::set_error_t(send_errc),
                                ex::set_error_t(std::exception_ptr), ex::set_stopped_t()>;

  sending(Channel& c, Value&& v) noexcept : channel_(&c), value_(std::forward<Value>(v)) {}

  template <class Receiver>
  auto connect(Receiver r) && {
    return operation<Receiver, send_part<P, Value, Channel>>(std::move(r), *channel_,
                                                             std::forward<Value>(value_));
  }
  template <class Receiver>
  auto connect(Receiver r) const&
    requires std::copy_constructible<Value>
  {
    return sending(*this).connect(std::move(r));
  }

 private:
  Channel* channel_;
  Value value_;
};

}  // namespace detail

/// A sender that receives as rx.recv() does, but suspends its operation where that blocks. It completes with the
/// message; with an error, recv_errc::disconnected; or stopped. The receiver must stay until it has completed.
template <class T, class P, class Parts, core::receivers Receivers>
[[nodiscard]] auto recv(const core::basic_receiver<T, P, Parts, Receivers>& rx) {
  auto& channel = core::access::channel_of(rx);
  return detail::receiving<P, T, std::remove_reference_t<decltype(channel)>>(channel);
}

/// A sender that sends a value as tx.send(value) does, but suspends its operation where that blocks. It completes
/// without a value; with an error, send_errc::disconnected or what the send throws; or stopped. Unless it was sent,
/// the value ends with the operation. The sending handle must stay until it has completed.
template <class T, class P, class Parts, core::receivers Receivers>
[[nodiscard]] auto send(const core::basic_sender<T, P, Parts, Receivers>& tx,
                        std::type_identity_t<T> value) {
  auto& channel = core::access::channel_of(tx);
  return detail::sending<P, T, std::remove_reference_t<decltype(channel)>>(channel,
                                                                           std::move(value));
}
/// The same with a value that stays the caller's, as std::ref(value): it is moved from if and only if it was sent.
template <class T, class P, class Parts, core::receivers Receivers>
[[nodiscard]] auto send(const core::basic_sender<T, P, Parts, Receivers>& tx,
                        std::type_identity_t<std::reference_wrapper<T>> value) {
  auto& channel = core::access::channel_of(tx);
  return detail::sending<P, T&, std::remove_reference_t<decltype(channel)>>(channel, value.get());
}

}  // namespace runnel::execution

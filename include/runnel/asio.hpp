// SPDX-License-Identifier: MIT
//
// Channels for Asio: operations with completion tokens, which complete as those of Asio's own objects do.
//
//     asio::awaitable<void> serve(runnel::mpsc::receiver<std::string> lines) {
//       while (auto line = co_await runnel::asio::async_recv(lines, asio::use_awaitable)) ...
//     }
//
// For standalone Asio from 1.18 on, or Boost.Asio from 1.74 on: for Boost.Asio if the macro RUNNEL_BOOST_ASIO is 1;
// if it is not defined, for standalone Asio where that is installed. In one program may be both, in different source
// files.
//
// All operations:
//
//   never complete within the initiating function. The handler runs in its associated executor, to which
//   whoever makes the operation possible, from whatever thread, posts it. Without an executor that is Asio's
//   system_executor, as for asio::post: bind one
//   are work: io_context::run() does not return while one waits
//   allocate one piece of memory, and Asio one for each time that it is posted, both from the associated allocator
//   of the handler. An executor whose type is erased, such as any_io_executor, and so that of use_awaitable, uses
//   Asio's own memory for what is posted, which is kept for each thread. If memory is short when the operation
//   begins, that throws std::bad_alloc; when another thread is to post it, the program ends
//   obey the associated cancellation slot, from Asio 1.19 on. Each type of cancellation is total: an operation
//   that answers `stopped` has done nothing. From the request on it does nothing any more: a message that
//   it was told of stays in the channel, and another receiver is told. So `receive || timer` loses no message of a
//   buffered channel. What a rendezvous has handed over has been received, and a send that another thread has done
//   has been done, whatever was requested later: the handler is told so, but `||` forgets the result of the loser
//   end when their execution context is destroyed: they leave the channel, pass on what they were told, and their
//   handlers are destroyed. Other threads may use the channel at that moment
//
// The handle must stay until the handler has been called or destroyed. So declare a channel before the io_context,
// or let the coroutine have it.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/core/handles.hpp>
#include <runnel/core/posted.hpp>
#include <runnel/core/select.hpp>
#include <runnel/core/selection.hpp>
#include <runnel/errors.hpp>
#include <runnel/select.hpp>

#include <condition_variable>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

#ifndef RUNNEL_BOOST_ASIO
#if __has_include(<asio/version.hpp>)
#define RUNNEL_BOOST_ASIO 0
#else
#define RUNNEL_BOOST_ASIO 1
#endif
#endif

#if RUNNEL_BOOST_ASIO
#if !__has_include(<boost/asio/version.hpp>)
#error "<runnel/asio.hpp> needs Asio (Debian: libasio-dev) or Boost.Asio (libboost-dev)"
#endif
#include <boost/asio/version.hpp>
#define RUNNEL_ASIO_VERSION BOOST_ASIO_VERSION
#define RUNNEL_ASIO_NAMESPACE ::boost::asio
#define RUNNEL_ASIO_LIBRARY with_boost
#else
#include <asio/version.hpp>
#define RUNNEL_ASIO_VERSION ASIO_VERSION
#define RUNNEL_ASIO_NAMESPACE ::asio
#define RUNNEL_ASIO_LIBRARY standalone
#endif

#if RUNNEL_ASIO_VERSION < 101800
#error "<runnel/asio.hpp> needs Asio 1.18 or newer, or Boost 1.74 or newer"
#endif
// Cancellation came with 1.19.
#if RUNNEL_ASIO_VERSION >= 101900
#define RUNNEL_ASIO_CANCELS 1
#else
#define RUNNEL_ASIO_CANCELS 0
#endif

#if RUNNEL_BOOST_ASIO
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#if RUNNEL_ASIO_CANCELS
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#endif
#else
#include <asio/associated_allocator.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/execution.hpp>
#include <asio/execution_context.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/query.hpp>
#if RUNNEL_ASIO_CANCELS
#include <asio/associated_cancellation_slot.hpp>
#include <asio/cancellation_type.hpp>
#endif
#endif

namespace runnel::asio {
// So that what is of one library has not the names of what is of the other.
inline namespace RUNNEL_ASIO_LIBRARY {
namespace detail {

namespace net = RUNNEL_ASIO_NAMESPACE;

/// An operation that waits, as its execution context sees it.
class waiting {
 public:
  waiting(const waiting&) = delete;
  waiting& operator=(const waiting&) = delete;

 protected:
  waiting() = default;
  ~waiting() = default;

  /// Posts the operation to its executor, which has it then.
  virtual void post() = 0;
  /// Does nothing more; whether it has been told, or is going to be.
  virtual bool cancel() noexcept = 0;
  /// Ends it, with its handler.
  virtual void destroy() noexcept = 0;

 private:
  friend class waiting_room;

  waiting* next_ = nullptr;
  waiting* previous_ = nullptr;
  bool is_leaving_ = false;  // its context ends
  bool was_told_ = false;    // since then
};

/// The operations that wait for channels and belong to an execution context: when that ends, so do they.
///
/// Others may tell an operation at that moment. One that has been chosen is told for sure, by a thread that is
/// in the middle of its own operation, and it is there until it has been.
class waiting_room : public net::execution_context::service {
 public:
  using key_type = waiting_room;
  static inline net::execution_context::id id;

  explicit waiting_room(net::execution_context& context)
      : net::execution_context::service(context) {}

  void enter(waiting& w) noexcept {
    const std::lock_guard held(mutex_);
    w.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &w;
    first_ = &w;
  }
  void leave(waiting& w) noexcept {
    const std::lock_guard held(mutex_);
    unlink(w);
  }
  /// By whoever tells the operation. Posts under the mutex: then the context is still there.
  void tell(waiting& w) {
    const std::lock_guard held(mutex_);
    if (w.is_leaving_) {
      w.was_told_ = true;
      told_.notify_all();
    } else {
      unlink(w);
      w.post();
    }
  }

 private:
  /// First all leave the channels, then the handlers end: with them channels may.
  void shutdown() noexcept override {
    std::unique_lock held(mutex_);
    waiting* all = std::exchange(first_, nullptr);
    for (waiting* w = all; w != nullptr; w = w->next_) w->is_leaving_ = true;
    for (waiting* w = all; w != nullptr; w = w->next_) {
      held.unlock();
      const bool is_told = w->cancel();
      held.lock();
      if (is_told) told_.wait(held, [w] { return w->was_told_; });
    }
    held.unlock();
    while (all != nullptr) std::exchange(all, all->next_)->destroy();
  }
  void unlink(waiting& w) noexcept {
    (w.previous_ != nullptr ? w.previous_->next_ : first_) = w.next_;
    if (w.next_ != nullptr) w.next_->previous_ = w.previous_;
    w.next_ = w.previous_ = nullptr;
  }

  std::mutex mutex_;
  std::condition_variable told_;
  waiting* first_ = nullptr;
};

/// The room of the context of an executor; none if it has no context.
template <class Executor>
waiting_room* room_of(const Executor& e) {
  if constexpr (net::can_query<Executor, net::execution::context_t>::value) {
    if constexpr (std::is_convertible_v<decltype(net::query(e, net::execution::context)),
                                        net::execution_context&>) {
      net::execution_context& context = net::query(e, net::execution::context);
      return &net::use_service<waiting_room>(context);
    }
  } else if constexpr (requires { e.context(); }) {
    net::execution_context& context = e.context();
    return &net::use_service<waiting_room>(context);
  }
  return nullptr;
}

#if RUNNEL_ASIO_CANCELS
/// What a cancellation slot has requested. Asio has it used where the operation is, and nowhere else at once.
struct cancellation {
  bool is_possible = false;
  bool is_requested = false;
  void* what = nullptr;
  void (*call)(void*) noexcept = nullptr;

  void request() noexcept {
    is_requested = true;
    if (call != nullptr) call(what);
  }
};

/// The same as a stop (core/select.hpp).
class cancellation_stop {
 public:
  explicit cancellation_stop(cancellation& c) noexcept : cancellation_(c) {}

  [[nodiscard]] bool stop_requested() const noexcept { return cancellation_.is_requested; }
  [[nodiscard]] bool stop_possible() const noexcept { return cancellation_.is_possible; }

  template <class F>
  class callback_type {
   public:
    callback_type(const cancellation_stop& s, F f) noexcept
        : cancellation_(s.cancellation_), f_(std::move(f)) {
      cancellation_.what = this;
      cancellation_.call = [](void* c) noexcept { static_cast<callback_type*>(c)->f_(); };
    }
    ~callback_type() { cancellation_.call = nullptr; }
    callback_type(const callback_type&) = delete;
    callback_type& operator=(const callback_type&) = delete;

   private:
    cancellation& cancellation_;
    F f_;
  };

 private:
  cancellation& cancellation_;
};
#else
/// This Asio knows no cancellation.
struct cancellation {
  static constexpr bool is_requested = false;
};
struct cancellation_stop : core::no_stop {
  explicit cancellation_stop(cancellation&) noexcept {}
  template <class F>
  struct callback_type {
    callback_type(const cancellation_stop&, const F&) noexcept {}
  };
};
#endif

/// An operation with its handler. It belongs to, in this order: who begins it, the channels and the room of its
/// context, what is posted, who runs that. Its memory is of the handler's allocator, as is that for what is
/// posted.
template <class Handler, class Part>
class operation final : waiting {
  using call = core::posted_call<typename Part::cases, cancellation_stop>;
  using executor = net::associated_executor_t<Handler>;
  using allocator = net::associated_allocator_t<Handler>;
  using own_allocator = typename std::allocator_traits<allocator>::template rebind_alloc<operation>;
  using own_traits = std::allocator_traits<own_allocator>;

  struct ends {
    void operator()(operation* o) const noexcept { o->free(); }
  };
  using owner = std::unique_ptr<operation, ends>;

  /// Memory in which there is no operation yet.
  struct place {
    explicit place(const allocator& a) : from(a), memory(own_traits::allocate(from, 1)) {}
    ~place() {
      if (memory != nullptr) own_traits::deallocate(from, memory, 1);
    }
    place(const place&) = delete;
    place& operator=(const place&) = delete;

    own_allocator from;
    operation* memory;
  };

  /// Where the operation may end: then, unless it goes on, it listens to its cancellation slot no longer.
  class listening {
   public:
#if RUNNEL_ASIO_CANCELS
    explicit listening(operation& o) : slot_(net::get_associated_cancellation_slot(o.handler_)) {}
    ~listening() {
      if (!goes_on && slot_.is_connected()) slot_.clear();
    }
    void begin(cancellation& c) {
      c.is_possible = slot_.is_connected();
      if (!c.is_possible) return;
      slot_.assign([&c](net::cancellation_type type) {
        if (type != net::cancellation_type::none) c.request();
      });
    }
#else
    explicit listening(operation&) noexcept {}
    static void begin(cancellation&) noexcept {}
#endif
    listening(const listening&) = delete;
    listening& operator=(const listening&) = delete;

    bool goes_on = false;

#if RUNNEL_ASIO_CANCELS
   private:
    net::associated_cancellation_slot_t<Handler> slot_;
#endif
  };

  /// What is posted. If it is not run, the operation ends with it.
  class posted {
   public:
    using allocator_type = allocator;

    explicit posted(operation& o) noexcept
        : operation_(&o), allocator_(net::get_associated_allocator(o.handler_)) {}
    posted(posted&& other) noexcept
        : operation_(std::exchange(other.operation_, nullptr)), allocator_(other.allocator_) {}
    ~posted() {
      if (operation_ != nullptr) operation_->destroy();
    }
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_; }

    void operator()() { std::exchange(operation_, nullptr)->resume(); }

   private:
    operation* operation_;
    allocator allocator_;
  };

 public:
  /// Begins it: completes nothing here.
  template <class H, class... Args>
  static void start(H&& handler, Args&&... args) {
    place p(net::get_associated_allocator(handler));
    owner o(::new (static_cast<void*>(p.memory))
                operation(std::forward<H>(handler), std::forward<Args>(args)...));
    p.memory = nullptr;
    begin(std::move(o));
  }

 private:
  template <class... Args>
  explicit operation(Handler&& handler, Args&&... args)
      : handler_(std::move(handler)),
        executor_(net::get_associated_executor(handler_)),
        work_(net::make_work_guard(executor_)),
        part_(std::forward<Args>(args)...),
        call_(std::apply(
            [this](auto&... c) {
              return call(Part::is_fair, cancellation_stop(cancellation_), c...);
            },
            part_.list())) {}
  ~operation() = default;

  static void begin(owner o) {
    listening l(*o);
    l.begin(o->cancellation_);
    if (o->call_.seems_possible() || !o->call_.can_end()) {
      post(std::move(o));
    } else {
      o->room_ = detail::room_of(o->executor_);
      operation& self = *o.release();
      self.enter();
      l.goes_on = true;  // before: then it may be over
      if (self.call_.begin(self.tells())) return;
      l.goes_on = false;
      self.leave();
      post(owner(&self));
    }
    l.goes_on = true;
  }
  /// Where its executor runs it.
  void resume() {
    owner o(this);
    {
      listening l(*this);  // until it waits anew
      if (cancellation_.is_requested) {
        (void)call_.cancel();
      } else if (call_.can_end() && !call_.resume()) {
        if (room_ == nullptr) room_ = detail::room_of(executor_);
        enter();
        l.goes_on = true;
        (void)o.release();
        if (call_.suspend(tells())) return;
        o.reset(this);
        l.goes_on = false;
        leave();
      }
    }
    complete(std::move(o));
  }
  /// Calls the handler, when all that was for the operation is free again.
  static void complete(owner o) {
    typename Part::result result = o->part_.result_of(o->call_);
    Handler handler(std::move(o->handler_));
    const auto work = std::move(o->work_);
    o.reset();
    std::move(handler)(std::move(result));
  }

  static void post(owner o) {
    const executor e = o->executor_;
    net::post(e, posted(*o.release()));
  }
  void post() override { post(owner(this)); }
  bool cancel() noexcept override { return call_.cancel(); }
  void destroy() noexcept override {
    (void)call_.cancel();
    free();
  }
  void free() noexcept {
    own_allocator memory(net::get_associated_allocator(handler_));
    this->~operation();
    own_traits::deallocate(memory, this, 1);
  }

  void enter() noexcept {
    if (room_ != nullptr) room_->enter(*this);
  }
  void leave() noexcept {
    if (room_ != nullptr) room_->leave(*this);
  }
  core::resumption tells() noexcept {
    core::resumption r;
    r.what = this;
    r.call = [](const core::resumption& told) noexcept {
      operation& o = *static_cast<operation*>(told.what);
      if (o.room_ != nullptr)
        o.room_->tell(o);
      else
        o.post();
    };
    return r;
  }

  Handler handler_;
  const executor executor_;
  net::executor_work_guard<executor> work_;
  waiting_room* room_ = nullptr;
  [[no_unique_address]] cancellation cancellation_;
  Part part_;
  call call_;
};

/// A select: its cases.
template <bool Fair, class... Cases>
struct select_part {
  using platform = typename std::tuple_element_t<0, std::tuple<Cases...>>::platform;
  using value = typename core::static_select<Cases...>::result;
  using result = std::expected<value, select_errc>;
  using cases = core::several_cases<Cases...>;
  static constexpr bool is_fair = Fair;
  static_assert(!(std::is_base_of_v<core::timer_case<platform>, Cases> || ...),
                "runnel: an executor has timers of its own; let one of them cancel the select");

  explicit select_part(std::tuple<Cases...>&& c) : owned(std::move(c)) {}

  auto list() noexcept {
    return std::apply([](auto&... c) { return std::tie(c...); }, owned);
  }
  template <class Call>
  result result_of(Call& call) {
    const auto chosen = call.answer();
    if (!chosen) {
      return std::unexpected(call.can_end() ? select_errc::stopped : select_errc::no_case);
    }
    const auto handle = [](auto& c) -> value { return c.handle(); };
    if constexpr (std::is_void_v<value>) {
      call.with(*chosen, handle);
      return {};
    } else {
      return call.with(*chosen, handle);
    }
  }

  std::tuple<Cases...> owned;
};

/// What begins an operation when its token has become a handler.
template <class Part>
struct initiation {
  template <class Handler, class... Args>
  void operator()(Handler&& handler, Args&&... args) const {
    operation<std::decay_t<Handler>, Part>::start(std::forward<Handler>(handler),
                                                  unwrapped(args)...);
  }

 private:
  template <class T>
  static T& unwrapped(std::reference_wrapper<T> r) noexcept {
    return r.get();
  }
  template <class T>
  static T&& unwrapped(T& t) noexcept {
    return std::move(t);
  }
};

template <bool Fair, class Token, class... Cases>
auto async_select(Token&& token, Cases&&... cases) {
  static_assert(sizeof...(Cases) != 0, "runnel: a select has at least one case");
  static_assert(
      (!std::is_lvalue_reference_v<Cases> && ...),
      "runnel: the operation keeps the cases: pass them as temporaries, or with std::move");
  using part = select_part<Fair, std::remove_cvref_t<Cases>...>;
  return net::async_initiate<Token, void(typename part::result)>(
      initiation<part>(), token, std::tuple<std::remove_cvref_t<Cases>...>(std::move(cases)...));
}

}  // namespace detail

/// Receives as rx.recv() does; where that blocks, the operation waits. The handler is called with a
/// std::expected<T, recv_errc>, which is what co_await gives with use_awaitable, and get() with use_future. Error:
/// `disconnected`, or `stopped` if it was cancelled.
///
/// Happens-before is that of rx.recv(). Progress: lock-free to begin, but for a lock of the channel and one of the
/// execution context where it has to wait, and what the executor takes. The receiver of an mpsc channel has one
/// operation at a time.
template <class T, class P, class Parts, core::receivers Receivers, class Token>
auto async_recv(const core::basic_receiver<T, P, Parts, Receivers>& rx, Token&& token) {
  auto& channel = core::access::channel_of(rx);
  using part = core::receive_part<P, T, std::remove_reference_t<decltype(channel)>>;
  return detail::net::async_initiate<Token, void(typename part::result)>(detail::initiation<part>(),
                                                                         token, std::ref(channel));
}

/// Sends a value as tx.send(value) does; where that blocks, the operation waits. The handler is called with a
/// std::expected<void, send_error<T>>. Error: `disconnected`, or `stopped` if it was cancelled, with the value. On an
/// unbounded channel without memory for its next block std::bad_alloc leaves the executor's run(), and the handler is
/// destroyed. The rest is as for async_recv.
template <class T, class P, class Parts, core::receivers Receivers, class Token>
auto async_send(const core::basic_sender<T, P, Parts, Receivers>& tx, std::type_identity_t<T> value,
                Token&& token) {
  auto& channel = core::access::channel_of(tx);
  using part = core::send_part<P, T, std::remove_reference_t<decltype(channel)>>;
  return detail::net::async_initiate<Token, void(typename part::result)>(
      detail::initiation<part>(), token, std::ref(channel), std::move(value));
}

/// Does one of the cases, as runnel::select does; where that blocks, the operation waits. The cases are kept by the
/// operation: pass on_recv(...) and on_send(...) as they are made. What they refer to stays until the end: a value
/// that is sent is the caller's. The handler of the case is called in the executor; then that of the operation with
/// a std::expected<R, select_errc>, where R is what the handlers of the cases return. Error: `no_case` if none is
/// enabled and no cancellation is possible; `stopped` if it was cancelled.
///
/// An exception of a case's handler leaves the executor's run(); the handler of the operation is destroyed then.
/// Timers are no cases.
template <class Token, class... Cases>
auto async_select(Token&& token, Cases&&... cases) {
  return detail::async_select<true>(std::forward<Token>(token), std::forward<Cases>(cases)...);
}
/// The same, by the position of the cases.
template <class Token, class... Cases>
auto async_select(Token&& token, biased_t, Cases&&... cases) {
  return detail::async_select<false>(std::forward<Token>(token), std::forward<Cases>(cases)...);
}

}  // namespace RUNNEL_ASIO_LIBRARY
}  // namespace runnel::asio

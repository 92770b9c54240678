// SPDX-License-Identifier: MIT
//
// Runnel's channels between coroutines, with the least that can be a loop of events, and a pool of threads.
#pragma once

#include "coroutine_workload.hpp"

#include <runnel/async.hpp>

#include <atomic>
#include <bit>
#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

/// Of one thread. Each coroutine is there at most once.
class event_loop {
 public:
  explicit event_loop(std::size_t coroutines) : ready_(std::bit_ceil(coroutines)) {}
  void post(std::coroutine_handle<> h) noexcept { ready_[end_++ & (ready_.size() - 1)] = h; }
  void begin(std::coroutine_handle<> h) { h.resume(); }
  void ended() noexcept {}
  void run() {
    while (begin_ != end_) ready_[begin_++ & (ready_.size() - 1)].resume();
  }

 private:
  std::vector<std::coroutine_handle<>> ready_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// Two threads. The first coroutine of which one of them is told comes next there, as in Go; whichever has nothing to
/// do takes the others.
class pool_of_two {
 public:
  explicit pool_of_two(std::size_t coroutines) : left_(coroutines) {}

  void post(std::coroutine_handle<> h) noexcept {
    if (here_ == this && next_ == nullptr)
      next_ = h;
    else
      begin(h);
  }
  void begin(std::coroutine_handle<> h) {
    {
      const std::lock_guard held(mutex_);
      ready_.push_back(h);
    }
    changed_.notify_one();
  }
  void ended() noexcept {
    const std::lock_guard held(mutex_);
    if (--left_ == 0) changed_.notify_all();
  }
  void run() {
    std::thread other([this] { work(); });
    work();
    other.join();
  }

 private:
  void work() {
    here_ = this;
    while (const auto h = take()) h.resume();
    here_ = nullptr;
  }
  std::coroutine_handle<> take() {
    if (next_ != nullptr) return std::exchange(next_, nullptr);
    std::unique_lock held(mutex_);
    changed_.wait(held, [this] { return left_ == 0 || !ready_.empty(); });
    if (ready_.empty()) return nullptr;
    const auto h = ready_.front();
    ready_.pop_front();
    return h;
  }

  static inline thread_local pool_of_two* here_ = nullptr;
  static inline thread_local std::coroutine_handle<> next_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::coroutine_handle<>> ready_;
  std::size_t left_;  // coroutines that have not ended
};

/// Channel says which channels: make<T>(capacity).
template <class Channel>
struct our_coroutines {
  using loop = event_loop;
  using pool = pool_of_two;

  template <class Executor>
  struct task {
    struct promise_type {
      template <class... Arguments>
      explicit promise_type(Executor& e, const Arguments&...) noexcept : on(e) {}
      static task get_return_object() noexcept { return {}; }
      auto initial_suspend() noexcept {
        struct begins : std::suspend_always {
          Executor& on;
          void await_suspend(std::coroutine_handle<> h) { on.begin(h); }
        };
        return begins{{}, on};
      }
      auto final_suspend() noexcept {
        on.ended();
        return std::suspend_never();
      }
      static void return_void() noexcept {}
      [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }
      [[nodiscard]] auto resumer() const noexcept {
        return [to = &on](std::coroutine_handle<> h) noexcept { to->post(h); };
      }
      Executor& on;
    };
  };

  template <class T, class Executor>
  static auto make(Executor&, std::optional<std::size_t> capacity) {
    return Channel::template make<T>(capacity);
  }
  template <class Executor, class Sender>
  static task<Executor> send(Executor&, Sender tx, share mine) {
    for (std::uint64_t v = mine.first; v < mine.last; ++v) {
      const auto sent = co_await runnel::async_send(tx, message<small>(v));
      sent.value();
    }
  }
  template <class Executor, class Receiver>
  static task<Executor> receive(Executor&, Receiver rx, share mine,
                                std::atomic<std::uint64_t>& total) {
    std::uint64_t sum = 0;
    for (std::uint64_t v = mine.first; v < mine.last; ++v) {
      const auto message = co_await runnel::async_recv(rx);
      sum += message.value().value();
    }
    total += sum;
  }
};

}  // namespace bench

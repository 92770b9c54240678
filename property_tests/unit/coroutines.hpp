// SPDX-License-Identifier: MIT
//
// Coroutines for the unit tests, and where they run.
#pragma once

#include "support.hpp"

#include <runnel/async.hpp>
#include <runnel/local.hpp>

#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <vector>

namespace unit {

/// Of one thread; it has nothing that blocks.
struct local {
  static constexpr const char* name = "local";
  template <class T>
  using sender = runnel::local::sender<T>;
  template <class T>
  using receiver = runnel::local::receiver<T>;
  template <class T>
  static auto channel() {
    return runnel::local::channel<T>();
  }
  template <class T>
  static auto sync_channel(std::size_t capacity) {
    return runnel::local::sync_channel<T>(capacity);
  }
};

/// The same for local channels, beside those that TEST_ON and TEST_ON_MPMC are for.
#define TEST_ALSO_LOCAL(test_on, capacities, suite, name)                                          \
  template <class Api>                                                                             \
  void suite##_##name(const kind<Api>&);                                                           \
  [[maybe_unused]] const bool suite##_##name##_on_local =                                          \
      register_test<local>(#suite, #name, capacities, &suite##_##name<local>, __FILE__, __LINE__); \
  test_on(capacities, suite, name)

}  // namespace unit

// Not an unnamed one: of coroutines there GCC warns where several files are compiled as one.
namespace unit::coroutines {

/// Handles that are to be resumed, by whoever runs it.
class executor {
 public:
  void post(std::coroutine_handle<> h) noexcept {
    {
      const std::lock_guard lock(mutex_);
      handles_.push_back(h);
    }
    changed_.notify_one();
  }
  /// Resumes until there is no handle.
  void run() {
    while (const auto h = take()) h.resume();
  }
  /// Resumes until `ends` has been called.
  void run_until_ended() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ended_ || !handles_.empty(); });
      if (handles_.empty()) return;
      const auto h = handles_.front();
      handles_.pop_front();
      lock.unlock();
      h.resume();
    }
  }
  void end() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
  }
  /// The next handle; null if there is none.
  std::coroutine_handle<> take() {
    const std::lock_guard lock(mutex_);
    if (handles_.empty()) return nullptr;
    const auto h = handles_.front();
    handles_.pop_front();
    return h;
  }
  [[nodiscard]] std::size_t size() {
    const std::lock_guard lock(mutex_);
    return handles_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::coroutine_handle<>> handles_;
  bool ended_ = false;
};

struct to_executor {
  executor* e;
  void operator()(std::coroutine_handle<> h) const noexcept { e->post(h); }
};

/// A coroutine that runs at once and ends by itself, or is destroyed by who has it.
struct fire {
  struct promise_base {
    static std::suspend_never initial_suspend() noexcept { return {}; }
    static std::suspend_never final_suspend() noexcept { return {}; }
    static void return_void() noexcept {}
    [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }
  };
  /// Its first argument is where it is resumed.
  struct promise_type : promise_base {
    template <class... Arguments>
    explicit promise_type(executor& e, const Arguments&...) noexcept : on(&e) {}
    /// Of a lambda GCC passes the lambda, too.
    template <class Lambda, class... Arguments>
    promise_type(const Lambda&, executor& e, const Arguments&...) noexcept : on(&e) {}
    fire get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    [[nodiscard]] to_executor resumer() const noexcept { return {on}; }
    executor* on;
  };
  std::coroutine_handle<> handle;
};

template <class Receiver, class Got>
fire receive_all(executor&, const Receiver& rx, Got& got) {
  while (auto m = co_await runnel::async_recv(rx)) got.push_back(*m);
}
template <class Sender>
fire send_some(executor&, Sender tx, int first, int n) {
  for (int i = 0; i < n; ++i) EXPECT_TRUE(co_await runnel::async_send(tx, first + i));
}

inline std::vector<int> numbers(int n) {
  std::vector<int> v(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) v[static_cast<std::size_t>(i)] = i;
  return v;
}

}  // namespace unit::coroutines

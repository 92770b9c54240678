// SPDX-License-Identifier: MIT
//
// A pipeline of coroutines on a pool of two threads: source -> stages -> sink, joined by small bounded channels. The
// same program with a thread for each of them is thread_pipeline.cpp; the channels and what is done with them are the
// same, with co_await in front. Here a stage that waits is a few hundred bytes, there it is a thread.
#include <runnel/async.hpp>
#include <runnel/mpsc.hpp>

#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <exception>
#include <future>
#include <iostream>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace {

/// Threads that resume what is posted, until there is nothing more to come. A program that has an executor takes that.
class pool {
 public:
  explicit pool(int threads) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  }
  ~pool() {
    {
      const std::lock_guard held(mutex_);
      is_over_ = true;
    }
    changed_.notify_all();
  }
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  void post(std::coroutine_handle<> h) noexcept {
    {
      const std::lock_guard held(mutex_);
      handles_.push_back(h);
    }
    changed_.notify_one();
  }

 private:
  void run() {
    for (;;) {
      std::unique_lock held(mutex_);
      changed_.wait(held, [this] { return is_over_ || !handles_.empty(); });
      if (handles_.empty()) return;
      const auto h = handles_.front();
      handles_.pop_front();
      held.unlock();
      h.resume();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::coroutine_handle<>> handles_;
  bool is_over_ = false;
  std::vector<std::jthread> threads_;
};

/// A coroutine whose first argument is the pool on which it runs. It ends by itself.
struct task {
  struct promise_type {
    template <class... Arguments>
    explicit promise_type(pool& p, const Arguments&...) noexcept : on(p) {}
    static task get_return_object() noexcept { return {}; }
    auto initial_suspend() noexcept {
      struct begin : std::suspend_always {
        pool& on;
        void await_suspend(std::coroutine_handle<> h) const noexcept { on.post(h); }
      };
      return begin{{}, on};
    }
    static std::suspend_never final_suspend() noexcept { return {}; }
    static void return_void() noexcept {}
    [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }
    /// What Runnel asks for.
    [[nodiscard]] auto resumer() const noexcept {
      return [p = &on](std::coroutine_handle<> h) noexcept { p->post(h); };
    }
    pool& on;
  };
};

task count(pool&, runnel::mpsc::sender<long> to, long last) {
  for (long n = 1; n <= last; ++n) {
    if (!co_await runnel::async_send(to, n)) co_return;
  }
}

task add_one(pool&, runnel::mpsc::receiver<long> from, runnel::mpsc::sender<long> to) {
  while (const auto n = co_await runnel::async_recv(from)) {
    if (!co_await runnel::async_send(to, *n + 1)) co_return;
  }
}

task sum(pool&, runnel::mpsc::receiver<long> from, std::promise<long> result) {
  long total = 0;
  while (const auto n = co_await runnel::async_recv(from)) total += *n;
  result.set_value(total);
}

}  // namespace

int main() {
  constexpr std::size_t capacity = 4;
  constexpr int stages = 20;
  std::promise<long> result;
  std::future<long> total = result.get_future();

  pool threads(2);
  auto [first, from] = runnel::mpsc::sync_channel<long>(capacity);
  count(threads, std::move(first), 1000);
  for (int i = 0; i < stages; ++i) {
    auto [to, next] = runnel::mpsc::sync_channel<long>(capacity);
    add_one(threads, std::move(from), std::move(to));
    from = std::move(next);
  }
  sum(threads, std::move(from), std::move(result));

  std::cout << "the sum is " << total.get() << '\n';
}

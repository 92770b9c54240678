// SPDX-License-Identifier: MIT
//
// What <runnel/execution.hpp> uses of std::execution, and no more: where no library has it, the senders are tested
// with this. The concepts ask what the standard asks of senders and operation states.
#pragma once

#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace minimal {

struct sender_t {};
struct receiver_t {};
struct operation_state_t {};

template <class... Signatures>
struct completion_signatures {};

struct set_value_t {
  template <class Receiver, class... Values>
  void operator()(Receiver&& r, Values&&... values) const noexcept {
    static_assert(noexcept(r.set_value(std::forward<Values>(values)...)));
    r.set_value(std::forward<Values>(values)...);
  }
};
struct set_error_t {
  template <class Receiver, class Error>
  void operator()(Receiver&& r, Error&& e) const noexcept {
    r.set_error(std::forward<Error>(e));
  }
};
struct set_stopped_t {
  template <class Receiver>
  void operator()(Receiver&& r) const noexcept {
    r.set_stopped();
  }
};
inline constexpr set_value_t set_value;
inline constexpr set_error_t set_error;
inline constexpr set_stopped_t set_stopped;

struct no_env {};
template <class T>
auto get_env(const T& t) noexcept {
  if constexpr (requires { t.get_env(); })
    return t.get_env();
  else
    return no_env();
}
template <class Env>
  requires requires(const Env& e) { e.scheduler(); }
auto get_scheduler(const Env& e) noexcept {
  return e.scheduler();
}
template <class Env>
auto get_stop_token(const Env& e) noexcept {
  if constexpr (requires { e.stop_token(); })
    return e.stop_token();
  else
    return std::stop_token();
}

template <class O>
concept operation_state =
    std::derived_from<typename O::operation_state_concept, operation_state_t> &&
    std::is_object_v<O> && !std::move_constructible<O> && requires(O& o) {
      { o.start() } noexcept;
    };
template <class R>
concept receiver = std::derived_from<typename R::receiver_concept, receiver_t> &&
                   std::is_nothrow_move_constructible_v<R>;
template <class S>
concept sender = std::derived_from<typename S::sender_concept, sender_t> &&
                 std::move_constructible<S> && requires { typename S::completion_signatures; };

template <sender S, receiver R>
operation_state auto connect(S&& s, R r) {
  return std::forward<S>(s).connect(std::move(r));
}
template <operation_state O>
void start(O& o) noexcept {
  o.start();
}
template <class Scheduler>
sender auto schedule(Scheduler&& s) {
  return s.schedule();
}

/// Runs what is scheduled, in the order in which it was; without memory of its own.
class loop {
  struct node {
    void (*run)(node*, bool is_stopped) noexcept;
    node* next = nullptr;
  };
  template <class Receiver>
  struct operation : node {
    using operation_state_concept = operation_state_t;
    operation(Receiver r, loop* l) noexcept : to(std::move(r)), on(l) {
      this->run = [](node* n, bool is_stopped) noexcept {
        Receiver taken = std::move(static_cast<operation*>(n)->to);
        if (is_stopped)
          minimal::set_stopped(std::move(taken));
        else
          minimal::set_value(std::move(taken));
      };
    }
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;
    void start() & noexcept { on->push(this); }
    Receiver to;
    loop* on;
  };

 public:
  struct scheduler {
    struct sender {
      using sender_concept = sender_t;
      using completion_signatures = minimal::completion_signatures<set_value_t(), set_stopped_t()>;
      template <class Receiver>
      auto connect(Receiver r) const {
        return operation<Receiver>(std::move(r), on);
      }
      loop* on;
    };
    [[nodiscard]] sender schedule() const noexcept { return {on}; }
    loop* on;
  };
  [[nodiscard]] scheduler get_scheduler() noexcept { return {this}; }

  /// Runs, or stops, what there is; how many that was.
  std::size_t run(bool is_stopped = false) {
    std::size_t n = 0;
    for (; node* const first = take(); ++n) first->run(first, is_stopped);
    return n;
  }
  /// Runs what comes until `ends`.
  template <class Ends>
  void run_until(Ends ends) {
    while (!ends()) {
      std::unique_lock held(mutex_);
      changed_.wait(held, [this] { return first_ != nullptr; });
      held.unlock();
      run();
    }
  }

 private:
  void push(node* n) noexcept {
    const std::lock_guard held(mutex_);
    n->next = nullptr;
    *end_ = n;
    end_ = &n->next;
    changed_.notify_one();
  }
  node* take() noexcept {
    const std::lock_guard held(mutex_);
    node* const n = first_;
    if (n == nullptr) return nullptr;
    first_ = n->next;
    if (first_ == nullptr) end_ = &first_;
    return n;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  node* first_ = nullptr;
  node** end_ = &first_;
};

}  // namespace minimal

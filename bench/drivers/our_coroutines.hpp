// SPDX-License-Identifier: MIT
//
// Runnel's channels between coroutines, with the least that can be a loop of events.
#pragma once

#include "coroutine_workload.hpp"

#include <runnel/async.hpp>

#include <array>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

namespace bench {

/// Channel says which channels: make<T>(capacity).
template <class Channel>
struct our_coroutines {
  class loop {
   public:
    void post(std::coroutine_handle<> h) noexcept { ready_[end_++ % ready_.size()] = h; }
    void run() {
      while (begin_ != end_) ready_[begin_++ % ready_.size()].resume();
    }

   private:
    std::array<std::coroutine_handle<>, 8> ready_;  // each of two coroutines once
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
  };

  struct task {
    struct promise_type {
      template <class... Arguments>
      explicit promise_type(loop& l, const Arguments&...) noexcept : on(l) {}
      static task get_return_object() noexcept { return {}; }
      static std::suspend_never initial_suspend() noexcept { return {}; }
      static std::suspend_never final_suspend() noexcept { return {}; }
      static void return_void() noexcept {}
      [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }
      [[nodiscard]] auto resumer() const noexcept {
        return [to = &on](std::coroutine_handle<> h) noexcept { to->post(h); };
      }
      loop& on;
    };
  };

  template <class T>
  static auto make(loop&, std::optional<std::size_t> capacity) {
    return Channel::template make<T>(capacity);
  }
  template <class Sender>
  static task send_all(loop&, Sender tx, std::uint64_t messages) {
    for (std::uint64_t v = 0; v < messages; ++v) {
      const auto sent = co_await runnel::async_send(tx, message<small>(v));
      sent.value();
    }
  }
  template <class Receiver>
  static task sum_of_all(loop&, Receiver rx, std::uint64_t messages, std::uint64_t& sum) {
    for (std::uint64_t i = 0; i < messages; ++i) {
      const auto message = co_await runnel::async_recv(rx);
      sum += message.value().value();
    }
  }
};

}  // namespace bench

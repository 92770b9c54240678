// SPDX-License-Identifier: MIT
//
// The channels of Asio, that for a single thread and that for several, between coroutines. They are never without a
// bound; one that is not reached stands for that.
#include "workloads.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error_code.hpp>
#include <asio/experimental/channel.hpp>
#include <asio/experimental/concurrent_channel.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace {

struct asio_coroutines {
  struct loop {
    template <class T>
    using channel = asio::experimental::channel<void(asio::error_code, T)>;
    explicit loop(std::size_t) {}
    void run() { context.run(); }
    asio::io_context context{1};
  };
  struct pool {
    template <class T>
    using channel = asio::experimental::concurrent_channel<void(asio::error_code, T)>;
    explicit pool(std::size_t) {}
    void run() { context.join(); }
    asio::thread_pool context{2};
  };

  template <class T, class Executor>
  static auto make(Executor& e, std::optional<std::size_t> capacity) {
    using channel = typename Executor::template channel<T>;
    auto c = std::make_shared<channel>(
        e.context, capacity.value_or((std::numeric_limits<std::size_t>::max)()));
    return std::pair(c, c);
  }
  template <class Executor, class End>
  static void send(Executor& e, End tx, bench::share mine) {
    asio::co_spawn(e.context, sends(std::move(tx), mine), asio::detached);
  }
  template <class Executor, class End>
  static void receive(Executor& e, End rx, bench::share mine, std::atomic<std::uint64_t>& total) {
    asio::co_spawn(e.context, receives(std::move(rx), mine, total), asio::detached);
  }

 private:
  template <class End>
  static asio::awaitable<void> sends(End tx, bench::share mine) {
    for (std::uint64_t v = mine.first; v < mine.last; ++v)
      co_await tx->async_send(asio::error_code(), bench::message<bench::small>(v),
                              asio::use_awaitable);
  }
  template <class End>
  static asio::awaitable<void> receives(End rx, bench::share mine,
                                        std::atomic<std::uint64_t>& total) {
    std::uint64_t sum = 0;
    for (std::uint64_t v = mine.first; v < mine.last; ++v) {
      const auto message = co_await rx->async_receive(asio::use_awaitable);
      sum += message.value();
    }
    total += sum;
  }
};

}  // namespace

int main(int argc, char** argv) {
  return bench::drive_coroutines<asio_coroutines>(bench::parse(argc, argv));
}

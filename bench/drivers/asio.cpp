// SPDX-License-Identifier: MIT
//
// The channel of Asio, the one for a single thread, between coroutines. It has no bound that is unlimited; one
// that is never reached stands for that.
#include "workloads.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error_code.hpp>
#include <asio/experimental/channel.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace {

struct asio_coroutines {
  struct loop {
    asio::io_context context{1};
    void run() { context.run(); }
  };
  template <class T>
  using channel = asio::experimental::channel<void(asio::error_code, T)>;

  template <class T>
  static auto make(loop& l, std::optional<std::size_t> capacity) {
    auto c = std::make_shared<channel<T>>(
        l.context, capacity.value_or((std::numeric_limits<std::size_t>::max)()));
    return std::pair(c, c);
  }
  template <class End>
  static void send_all(loop& l, End tx, std::uint64_t messages) {
    asio::co_spawn(l.context, send(std::move(tx), messages), asio::detached);
  }
  template <class End>
  static void sum_of_all(loop& l, End rx, std::uint64_t messages, std::uint64_t& sum) {
    asio::co_spawn(l.context, receive(std::move(rx), messages, sum), asio::detached);
  }

 private:
  template <class End>
  static asio::awaitable<void> send(End tx, std::uint64_t messages) {
    for (std::uint64_t v = 0; v < messages; ++v)
      co_await tx->async_send(asio::error_code(), bench::message<bench::small>(v),
                              asio::use_awaitable);
  }
  template <class End>
  static asio::awaitable<void> receive(End rx, std::uint64_t messages, std::uint64_t& sum) {
    for (std::uint64_t i = 0; i < messages; ++i) {
      const auto message = co_await rx->async_receive(asio::use_awaitable);
      sum += message.value();
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  return bench::drive_coroutines<asio_coroutines>(bench::parse(argc, argv));
}

// SPDX-License-Identifier: MIT
//
// What the bounded ring and the unbounded list have in common: each is a queue that never waits for
// room or for messages, at most for a publication or release in progress.
//
//   send_status try_send(T&)                       moves the value in, or leaves it alone
//   std::expected<T, recv_errc> try_recv()         the oldest message, or why there is none
//   void close()                                   ends sending for ever
//
// And in two steps: a look, cheap to repeat, whose `full` or `empty` may be a guess, and the decision,
// which says nothing if it is neither full (empty) nor disconnected. (A list is never full.)
//
//   send_status send_if_free(T&)                   std::optional<send_status> confirm_full()
//   std::expected<T, recv_errc> recv_if_there()    std::optional<recv_errc> confirm_empty()
#pragma once

#include <runnel/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>

namespace runnel::core {

/// The result of an attempt to send.
enum class send_status : std::uint8_t { sent, disconnected, full, timeout, stopped };

/// What a glance, which decides nothing, says of an operation: `open` if it cannot tell.
enum class outlook : std::uint8_t { bad, open, good };

/// How many receivers a channel may have.
enum class receivers : bool { one, many };

/// The two steps of a receive until there is a message, or it is certain that there is none.
template <class Queue>
auto look_and_decide(Queue& queue) noexcept -> decltype(queue.recv_if_there()) {
  for (;;) {
    auto message = queue.recv_if_there();
    if (message.has_value() || message.error() != recv_errc::empty) return message;
    if (const auto answer = queue.confirm_empty()) return std::unexpected(*answer);
  }
}

/// The shape of the queues. Model checks use others, so that wrap-around of positions and the ends
/// of blocks are inside small models.
struct shipped_geometry {
  /// Positions: 64 bits do not come round in the life of a program.
  using index = std::uint64_t;
  /// The lap at which counting starts.
  static constexpr index first_lap = 0;
  /// Messages in a block of the unbounded list: up to 16 KiB a block, or three large messages.
  static constexpr std::size_t block_length(std::size_t slot_size) {
    const std::size_t fit = 16384 / slot_size;
    return fit > 126 ? 126 : fit < 3 ? 3 : fit;
  }
};

}  // namespace runnel::core

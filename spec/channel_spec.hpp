// SPDX-License-Identifier: MIT
//
// The executable specification of a channel: a state, and for each call the responses that are
// allowed in it, with the state after. No threads, no memory model: an execution is right if some
// sequence of these steps explains all its responses (linearize.hpp).
//
// A rendezvous has one step that takes a send and a receive together (`joint`); neither is a step
// by itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace runnel::spec {

enum class op : std::uint8_t {
  send,
  try_send,
  timed_send,
  recv,
  try_recv,
  timed_recv,
  clone_sender,
  drop_sender,
  clone_receiver,
  drop_receiver,
};

enum class response : std::uint8_t { ok, disconnected, full, empty, timeout };

/// A call with its response. `value` is what was sent, handed back or received.
struct call {
  spec::op op;
  spec::response response = response::ok;
  std::uint8_t value = 0;
};

constexpr bool is_send(op o) { return o == op::send || o == op::try_send || o == op::timed_send; }
constexpr bool is_recv(op o) { return o == op::recv || o == op::try_recv || o == op::timed_recv; }
constexpr bool is_try(op o) { return o == op::try_send || o == op::try_recv; }

/// The state of a channel. Values are numbers below 16, at most `most` are buffered.
struct state {
  static constexpr std::size_t most = 8;

  std::optional<std::size_t> capacity;  ///< nothing: unbounded
  unsigned senders = 0;
  unsigned receivers = 0;
  std::array<std::uint8_t, most> buffer{};  ///< the oldest first
  std::size_t size = 0;

  [[nodiscard]] bool full() const { return capacity && size == *capacity; }
};

/// Whether `c` is allowed in `s` as a step by itself; if so, `s` becomes the state after.
inline bool step(state& s, const call& c) {
  switch (c.op) {
    case op::send:
    case op::try_send:
    case op::timed_send:
      switch (c.response) {
        case response::ok:
          if (s.receivers == 0 || s.full() || s.size == state::most) return false;
          s.buffer[s.size++] = c.value;
          return true;
        case response::disconnected: return s.receivers == 0;
        case response::full: return c.op == op::try_send && s.receivers != 0 && s.full();
        case response::timeout: return c.op == op::timed_send && s.receivers != 0 && s.full();
        case response::empty: return false;
      }
      return false;
    case op::recv:
    case op::try_recv:
    case op::timed_recv:
      switch (c.response) {
        case response::ok:
          if (s.size == 0 || s.buffer[0] != c.value) return false;
          for (std::size_t i = 1; i < s.size; ++i) s.buffer[i - 1] = s.buffer[i];
          s.buffer[--s.size] = 0;
          return true;
        case response::disconnected: return s.senders == 0 && s.size == 0;
        case response::empty: return c.op == op::try_recv && s.senders != 0 && s.size == 0;
        case response::timeout: return c.op == op::timed_recv && s.senders != 0 && s.size == 0;
        case response::full: return false;
      }
      return false;
    case op::clone_sender: return s.senders++ != 0;
    case op::drop_sender: return s.senders-- != 0;
    case op::clone_receiver: return s.receivers++ != 0;
    case op::drop_receiver:
      if (s.receivers == 0) return false;
      if (--s.receivers == 0) {  // what is buffered is destroyed
        s.buffer = {};
        s.size = 0;
      }
      return true;
  }
  return false;
}

/// Whether the two calls are allowed in `s` as one step, a hand-off. The state does not change.
inline bool joint(const state& s, const call& sent, const call& received) {
  return s.capacity == std::size_t{0} && s.senders != 0 && s.receivers != 0 && is_send(sent.op) &&
         is_recv(received.op) && sent.response == response::ok &&
         received.response == response::ok && sent.value == received.value &&
         !(is_try(sent.op) && is_try(received.op));
}

}  // namespace runnel::spec

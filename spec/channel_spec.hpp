// SPDX-License-Identifier: MIT
//
// The executable specification of a channel: a state, and for each call the responses that are
// allowed in it, with the state after. No threads, no memory model: an execution is right if some
// sequence of these steps explains all its responses (linearize.hpp).
//
// A rendezvous has one step that takes a send and a receive together (`joint`); neither is a step
// by itself.
//
// A call that does not wait for ever has one of three names: `try_` does not wait at all, `timed_` has a
// deadline and may have a stop token, `stoppable_` has a stop token only. There is one stop source, which
// is part of the state, so that what was asked for before and what after has an order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace runnel::spec {

enum class op : std::uint8_t {
  send,
  try_send,
  timed_send,
  stoppable_send,
  recv,
  try_recv,
  timed_recv,
  stoppable_recv,
  clone_sender,
  drop_sender,
  clone_receiver,
  drop_receiver,
  request_stop,
  close,
  closed,
  try_closed,
  timed_closed,
  stoppable_closed,
};

enum class response : std::uint8_t { ok, disconnected, full, empty, timeout, stopped };

/// A call with its response. `value` is what was sent, handed back or received.
template <class Value>
struct basic_call {
  spec::op op;
  spec::response response = response::ok;
  Value value = 0;
};

constexpr bool is_send(op o) { return o >= op::send && o <= op::stoppable_send; }
constexpr bool is_recv(op o) { return o >= op::recv && o <= op::stoppable_recv; }
/// Whether a sender waits for the close, or looks whether there was one.
constexpr bool awaits_close(op o) { return o >= op::closed && o <= op::stoppable_closed; }
constexpr bool is_try(op o) { return o == op::try_send || o == op::try_recv; }
constexpr bool is_timed(op o) {
  return o == op::timed_send || o == op::timed_recv || o == op::timed_closed;
}
constexpr bool is_stoppable(op o) {
  return is_timed(o) || o == op::stoppable_send || o == op::stoppable_recv ||
         o == op::stoppable_closed;
}

/// The call as a case of a select that prefers it and has done another: it has seen it to be impossible, as a
/// try does.
template <class Value>
constexpr basic_call<Value> as_impossible(basic_call<Value> c) {
  c.response = is_send(c.op) ? response::full : response::empty;
  c.op = is_send(c.op) ? op::try_send : awaits_close(c.op) ? op::try_closed : op::try_recv;
  return c;
}

/// The state of a channel. Values are numbers of type `Value`, at most `Most` are buffered.
template <std::size_t Most, class Value>
struct basic_state {
  using value_type = Value;
  using call_type = basic_call<Value>;
  static constexpr std::size_t most = Most;

  std::optional<std::size_t> capacity;  ///< nothing: unbounded
  unsigned senders = 0;
  unsigned receivers = 0;
  std::array<Value, Most> buffer{};  ///< the oldest first
  std::size_t size = 0;
  bool stop_requested = false;  ///< for ever, once it is
  bool closed = false;          ///< by a receiver, for ever

  [[nodiscard]] bool full() const { return capacity && size == *capacity; }
  /// Whether a send can succeed, now or later; and whether a message can come, beside those that are there.
  [[nodiscard]] bool takes_sends() const { return receivers != 0 && !closed; }
  [[nodiscard]] bool expects_messages() const { return senders != 0 && !closed; }
};

// What models use.
using call = basic_call<std::uint8_t>;
using state = basic_state<8, std::uint8_t>;

/// Whether `c` is allowed in `s` as a step by itself; if so, `s` becomes the state after, else it is
/// unspecified.
template <std::size_t Most, class Value>
constexpr bool step(basic_state<Most, Value>& s, const std::type_identity_t<basic_call<Value>>& c) {
  switch (c.op) {
    case op::send:
    case op::try_send:
    case op::timed_send:
    case op::stoppable_send:
      switch (c.response) {
        case response::ok:
          if (!s.takes_sends() || s.full() || s.size == Most) return false;
          s.buffer[s.size++] = c.value;
          return true;
        case response::disconnected: return !s.takes_sends();
        case response::full: return c.op == op::try_send && s.takes_sends() && s.full();
        case response::timeout: return is_timed(c.op) && s.takes_sends() && s.full();
        case response::stopped:
          return is_stoppable(c.op) && s.stop_requested && s.takes_sends() && s.full();
        case response::empty: return false;
      }
      return false;
    case op::recv:
    case op::try_recv:
    case op::timed_recv:
    case op::stoppable_recv:
      switch (c.response) {
        case response::ok:
          if (s.size == 0 || s.buffer[0] != c.value) return false;
          for (std::size_t i = 1; i < s.size; ++i) s.buffer[i - 1] = s.buffer[i];
          s.buffer[--s.size] = 0;
          return true;
        case response::disconnected: return !s.expects_messages() && s.size == 0;
        case response::empty: return c.op == op::try_recv && s.expects_messages() && s.size == 0;
        case response::timeout: return is_timed(c.op) && s.expects_messages() && s.size == 0;
        case response::stopped:
          return is_stoppable(c.op) && s.stop_requested && s.expects_messages() && s.size == 0;
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
    case op::request_stop: return s.stop_requested = true;
    case op::close: return s.receivers != 0 && (s.closed = true);
    case op::closed:
    case op::try_closed:
    case op::timed_closed:
    case op::stoppable_closed:
      switch (c.response) {
        case response::ok: return !s.takes_sends();
        case response::empty: return c.op == op::try_closed && s.takes_sends();
        case response::timeout: return is_timed(c.op) && s.takes_sends();
        case response::stopped: return is_stoppable(c.op) && s.stop_requested && s.takes_sends();
        case response::disconnected:
        case response::full: return false;
      }
      return false;
  }
  return false;
}

/// Whether two operations can meet in `s`: at least one of them waits.
template <std::size_t Most, class Value>
constexpr bool can_pair(const basic_state<Most, Value>& s, op sending, op receiving) {
  return s.capacity == std::size_t{0} && s.expects_messages() && s.takes_sends() &&
         is_send(sending) && is_recv(receiving) && !(is_try(sending) && is_try(receiving));
}

/// Whether the two calls are allowed in `s` as one step, a hand-off. The state does not change.
template <std::size_t Most, class Value>
constexpr bool joint(const basic_state<Most, Value>& s,
                     const std::type_identity_t<basic_call<Value>>& sent,
                     const std::type_identity_t<basic_call<Value>>& received) {
  return can_pair(s, sent.op, received.op) && sent.response == response::ok &&
         received.response == response::ok && sent.value == received.value;
}

/// What an operation may answer in a state, with the state after.
template <std::size_t Most, class Value>
struct outcome {
  basic_call<Value> call;
  basic_state<Most, Value> after;
};

/// A set of outcomes, of different responses.
template <std::size_t Most, class Value>
struct outcomes {
  std::array<outcome<Most, Value>, 6> all{};
  std::size_t size = 0;

  [[nodiscard]] constexpr auto begin() const { return all.begin(); }
  [[nodiscard]] constexpr auto end() const { return all.begin() + size; }
};

/// The outcomes of an operation in `s` as a step by itself; `value` is what it sends. None: it waits
/// (or, of a handle, it cannot be). What can happen as one step of two is for `can_pair` to say.
template <std::size_t Most, class Value>
constexpr outcomes<Most, Value> allowed(const basic_state<Most, Value>& s, op o,
                                        std::type_identity_t<Value> value = 0) {
  outcomes<Most, Value> found;
  for (const response r : {response::ok, response::disconnected, response::full, response::empty,
                           response::timeout, response::stopped}) {
    basic_state<Most, Value> after = s;
    const bool takes = is_recv(o) && r == response::ok && s.size != 0;
    const basic_call<Value> c{o, r, takes ? s.buffer[0] : value};
    if (step(after, c)) found.all[found.size++] = {c, after};
  }
  return found;
}

}  // namespace runnel::spec

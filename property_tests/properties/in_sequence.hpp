// SPDX-License-Identifier: MIT
//
// Operations on one channel, one after another in one thread, each compared with the executable
// specification. An action that is not possible, or that would block for ever, is left out, so that
// any part of a list of actions is a list of actions: RapidCheck can shrink it.
#pragma once

#include "responses.hpp"

#include <spec/channel_spec.hpp>
#include <spec/history_text.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace properties {

namespace spec = runnel::spec;

/// An operation on one of the handles of its side, which are counted around.
struct action {
  spec::op op;
  std::uint8_t handle;
};

/// A message that knows how many of its kind hold a value. Bytes makes blocks of the list short.
template <std::size_t Bytes>
class counted {
 public:
  static inline long alive = 0;

  explicit counted(std::uint16_t value) : value_(value) { ++alive; }
  counted(counted&& other) noexcept
      : value_(other.value_), holds_(std::exchange(other.holds_, false)) {}
  counted& operator=(counted&&) = delete;
  ~counted() { alive -= holds_ ? 1 : 0; }

  [[nodiscard]] std::uint16_t value() const { return value_; }
  /// False if it was moved from.
  [[nodiscard]] bool holds() const { return holds_; }
  friend counted another(const counted& c) { return counted(c.value_); }

 private:
  std::uint16_t value_;
  bool holds_ = true;
  [[maybe_unused]] std::byte rest_[Bytes]{};
};

/// A channel that an Api makes, with the state that the specification gives it, and what was done
/// as the lines of a test of the results there were.
template <class Api, class Message>
class compared_channel {
 public:
  explicit compared_channel(std::optional<std::size_t> capacity) {
    state_.capacity = capacity;
    state_.senders = state_.receivers = 1;
    auto [tx, rx] = capacity ? Api::template sync_channel<Message>(*capacity)
                             : Api::template channel<Message>();
    senders_.push_back({std::move(tx), 0});
    receivers_.push_back({std::move(rx), 0});
    script_ << "auto [tx0, rx0] = runnel::" << Api::name
            << (capacity ? "::sync_channel<int>(" + std::to_string(*capacity) + ");"
                         : "::channel<int>();")
            << '\n';
  }

  /// Does the action if it is possible; whether the specification allows what came of it.
  bool perform(const action& a) {
    if (!is_possible(a)) return true;
    bool agrees = false;
    switch (a.op) {
      case spec::op::send:
      case spec::op::try_send:
      case spec::op::timed_send: agrees = send(a); break;
      case spec::op::recv:
      case spec::op::try_recv:
      case spec::op::timed_recv: agrees = receive(a); break;
      case spec::op::timed_closed: agrees = await_close(a); break;
      case spec::op::close: agrees = close(a); break;
      default: agrees = change_handles(a); break;
    }
    return agrees && snapshots_agree() && Message::alive == static_cast<long>(state_.size);
  }

  /// The lines of a test that does the same. The last one is where it went wrong.
  [[nodiscard]] std::string script() const { return script_.str(); }

 private:
  using state = spec::basic_state<80, std::uint16_t>;
  template <class Handle>
  struct named {
    Handle handle;
    int name;
  };

  static bool is_senders(spec::op o) {
    return spec::is_send(o) || spec::awaits_close(o) || o == spec::op::clone_sender ||
           o == spec::op::drop_sender;
  }

  [[nodiscard]] bool is_possible(const action& a) const {
    if (is_senders(a.op) ? senders_.empty() : receivers_.empty()) return false;
    if (a.op == spec::op::clone_receiver && !std::copy_constructible<receiver>) return false;
    if (a.op == spec::op::send || a.op == spec::op::recv || a.op == spec::op::try_send)
      return spec::allowed(state_, a.op).size != 0;
    return !spec::is_send(a.op) || state_.size < state::most;
  }

  bool send(const action& a) {
    auto& [tx, name] = senders_[a.handle % senders_.size()];
    const std::uint16_t value = next_value_++;
    Message message(value);
    auto result = [&] {
      if (a.op == spec::op::send) return tx.send(std::move(message));
      if (a.op == spec::op::try_send) return tx.try_send(std::move(message));
      return tx.send_for(std::move(message), std::chrono::nanoseconds(0));
    }();
    const spec::response r = result ? spec::response::ok : response_of(result.error().reason);
    std::ostringstream call;
    call << "tx" << name << '.' << spec::text(a.op) << '(' << value
         << (a.op == spec::op::timed_send ? ", 0ns)" : ")");
    if (result)
      script_ << "EXPECT_TRUE(" << call.str() << ");\n";
    else
      script_ << "EXPECT_EQ(" << call.str()
              << ".error().reason, runnel::send_errc::" << spec::text(r) << ");\n";
    if (!result && result.error().value.value() != value) return false;
    return spec::step(state_, {a.op, r, value});
  }

  bool receive(const action& a) {
    auto& [rx, name] = receivers_[a.handle % receivers_.size()];
    auto result = [&] {
      if (a.op == spec::op::recv) return rx.recv();
      if (a.op == spec::op::try_recv) return rx.try_recv();
      return rx.recv_for(std::chrono::nanoseconds(0));
    }();
    const spec::response r = result ? spec::response::ok : response_of(result.error());
    const std::uint16_t value = result ? result->value() : std::uint16_t{0};
    script_ << "EXPECT_EQ(rx" << name << '.' << spec::text(a.op)
            << (a.op == spec::op::timed_recv ? "(0ns)" : "()");
    if (result)
      script_ << ", " << value << ");\n";
    else
      script_ << ".error(), runnel::recv_errc::" << spec::text(r) << ");\n";
    return spec::step(state_, {a.op, r, value});
  }

  bool await_close(const action& a) {
    auto& [tx, name] = senders_[a.handle % senders_.size()];
    const bool is_closed = tx.closed_for(std::chrono::nanoseconds(0));
    script_ << "EXPECT_" << (is_closed ? "TRUE" : "FALSE") << "(tx" << name
            << ".closed_for(0ns));\n";
    return spec::step(state_, {a.op, is_closed ? spec::response::ok : spec::response::timeout});
  }

  bool close(const action& a) {
    auto& [rx, name] = receivers_[a.handle % receivers_.size()];
    rx.close();
    script_ << "rx" << name << ".close();\n";
    return spec::step(state_, {a.op});
  }

  bool change_handles(const action& a) {
    if (is_senders(a.op))
      change(senders_, "tx", a, a.op == spec::op::clone_sender);
    else
      change(receivers_, "rx", a, a.op == spec::op::clone_receiver);
    return spec::step(state_, {a.op});
  }

  template <class Handle>
  void change(std::vector<named<Handle>>& handles, const char* side, const action& a, bool clones) {
    const auto at = handles.begin() + static_cast<std::ptrdiff_t>(a.handle % handles.size());
    if (!clones) {
      script_ << side << at->name << ".reset();\n";
      handles.erase(at);
      return;
    }
    if constexpr (std::copy_constructible<Handle>) {
      const int name = ++names_;
      script_ << "auto " << side << name << " = " << side << at->name << ";\n";
      handles.push_back({Handle(at->handle), name});
    }
  }

  [[nodiscard]] bool snapshots_agree() const {
    const auto agrees = [this](const auto& h, bool disconnected) {
      return h.size() == state_.size && h.empty() == (state_.size == 0) &&
             h.full() == state_.full() && h.capacity() == state_.capacity &&
             h.is_disconnected() == disconnected;
    };
    return std::ranges::all_of(senders_,
                               [&](auto& s) { return agrees(s.handle, !state_.takes_sends()); }) &&
           std::ranges::all_of(
               receivers_, [&](auto& r) { return agrees(r.handle, !state_.expects_messages()); });
  }

  using sender = typename Api::template sender<Message>;
  using receiver = typename Api::template receiver<Message>;

  state state_;
  std::vector<named<sender>> senders_;
  std::vector<named<receiver>> receivers_;
  std::ostringstream script_;
  std::uint16_t next_value_ = 1;
  int names_ = 0;
};

}  // namespace properties

// SPDX-License-Identifier: MIT
//
// The message that model tests send, and the ledger that says what became of each value: received
// once, handed back once in an error, or destroyed once in the channel; never two of these, never
// none (conservation). What a message was moved from is destroyed, too.
//
// Each value comes with a note, plain data that its sender writes before the send and that whoever
// ends up with the value reads: if the happens-before of the channel is missing, that is a race.
#pragma once

#include "check.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace runnel::check {

inline constexpr std::size_t max_values = 16;  // 0 is no value

template <class P>
class ledger {
 public:
  ledger() {
    for (auto& n : notes_) n.construct(0);
  }
  ~ledger() {
    for (auto& n : notes_) n.destroy();
  }
  ledger(const ledger&) = delete;
  ledger& operator=(const ledger&) = delete;

  void created(std::uint8_t value) {
    notes_[value].write([value](int& n) { n = value; });
    // Another thread may look at the fates of all.
    std::atomic_ref(fates_[value]).store(fate::pending, std::memory_order::relaxed);
  }
  void received(std::uint8_t value) {
    read_note(value);
    settle(value, fate::received);
  }
  void returned(std::uint8_t value) { settle(value, fate::returned); }
  void destroyed(std::uint8_t value) {
    read_note(value);
    settle(value, fate::destroyed);
  }

  /// A value that has been destroyed; 0 if there is none.
  [[nodiscard]] std::uint8_t destroyed_one() {
    for (std::size_t v = 1; v < max_values; ++v) {
      if (std::atomic_ref(fates_[v]).load(std::memory_order::relaxed) == fate::destroyed)
        return static_cast<std::uint8_t>(v);
    }
    return 0;
  }

  /// Messages, with a value or moved from, come and go.
  void begins() { std::atomic_ref(messages_).fetch_add(1, std::memory_order::relaxed); }
  void ends() { std::atomic_ref(messages_).fetch_sub(1, std::memory_order::relaxed); }

  /// When everything is over.
  void check_conservation() const {
    for (std::size_t v = 1; v < max_values; ++v) {
      if (fates_[v] == fate::pending)
        P::fail(kind::lost, "value " + std::to_string(v) +
                                " was neither received, nor handed back, nor destroyed");
    }
    if (messages_ != 0)
      P::fail(kind::leak, std::to_string(messages_) + " more messages were made than destroyed");
  }

 private:
  enum class fate : std::uint8_t { none, pending, received, returned, destroyed };

  static const char* text(fate f) {
    constexpr std::array texts{"never sent", "in the channel", "received", "handed back",
                               "destroyed"};
    return texts[static_cast<std::size_t>(f)];
  }
  void settle(std::uint8_t value, fate now) {
    // On real threads two may end up with a value at once: one of them finds the other's mark.
    const fate before = std::atomic_ref(fates_[value]).exchange(now, std::memory_order::relaxed);
    if (before != fate::pending)
      P::fail(kind::duplicate, "value " + std::to_string(value) + " is " + text(now) +
                                   ", but was " + text(before) + " before");
  }
  void read_note(std::uint8_t value) {
    if (notes_[value].read([](const int& n) { return n; }) != value)
      P::fail(kind::assertion, "the note of value " + std::to_string(value) + " was not seen");
  }

  std::array<typename P::template cell<int>, max_values> notes_;
  std::array<fate, max_values> fates_{};
  int messages_ = 0;
};

/// A message: a value under the eyes of the ledger, only movable and not assignable.
template <class P>
class message {
 public:
  message(std::uint8_t value, ledger<P>& l) : value_(value), ledger_(&l) {
    l.begins();
    l.created(value);
  }
  message(message&& other) noexcept
      : value_(std::exchange(other.value_, std::uint8_t{0})), ledger_(other.ledger_) {
    ledger_->begins();
  }
  message& operator=(message&&) = delete;
  ~message() {
    if (value_ != 0) ledger_->destroyed(value_);
    ledger_->ends();
  }

  /// The caller of a receive has it.
  std::uint8_t receive() {
    ledger_->received(value_);
    return std::exchange(value_, std::uint8_t{0});
  }
  /// The caller of a send has it back.
  std::uint8_t take_back() {
    ledger_->returned(value_);
    return std::exchange(value_, std::uint8_t{0});
  }
  [[nodiscard]] std::uint8_t value() const { return value_; }

 private:
  std::uint8_t value_;
  ledger<P>* ledger_;
};

}  // namespace runnel::check

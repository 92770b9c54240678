// SPDX-License-Identifier: MIT
//
// Channels with a mistake, which the properties must find.
#pragma once

#include <runnel/mpsc.hpp>

#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <utility>
#include <vector>

namespace properties {

enum class mistake {
  loses,           ///< each third message
  swaps,           ///< two messages that are there at the same time
  full_too_early,  ///< try_send, when one place is left
  leaks,           ///< what is buffered when the receiver goes
};
inline mistake planted_mistake;

template <class T>
struct mistaken_receiver : runnel::mpsc::receiver<T> {
  using base = runnel::mpsc::receiver<T>;
  using result = typename base::result;
  explicit mistaken_receiver(base&& r) : base(std::move(r)) {}
  mistaken_receiver(mistaken_receiver&&) = default;
  mistaken_receiver& operator=(mistaken_receiver&&) = default;
  ~mistaken_receiver() { reset(); }

  void reset() {
    while (planted_mistake == mistake::leaks && *this) {
      auto message = base::try_recv();
      if (!message) break;
      leaked.push_back(*std::move(message));
    }
    base::reset();
  }
  /// By the channel before: cleared when another one is made.
  static inline std::vector<T> leaked;

  result recv() const {
    return wrong([this] { return base::recv(); });
  }
  result try_recv() const {
    return wrong([this] { return base::try_recv(); });
  }
  result recv_for(std::chrono::nanoseconds d) const {
    return wrong([&] { return base::recv_for(d); });
  }

 private:
  template <class Receive>
  result wrong(Receive receive) const {
    if (held_) {
      result first(std::move(*held_));
      held_.reset();
      return first;
    }
    result first = receive();
    if (planted_mistake == mistake::loses && first && ++received_ % 3 == 0) return base::try_recv();
    if (planted_mistake != mistake::swaps || !first) return first;
    result second = base::try_recv();
    if (!second) return first;
    held_ = std::make_unique<T>(*std::move(first));
    return second;
  }

  mutable unsigned received_ = 0;
  mutable std::unique_ptr<T> held_;
};

template <class T>
struct mistaken_sender : runnel::mpsc::sender<T> {
  using base = runnel::mpsc::sender<T>;
  using result = typename base::result;
  explicit mistaken_sender(base&& s) : base(std::move(s)) {}

  result try_send(T&& value) const {
    if (planted_mistake == mistake::full_too_early && base::size() + 1 == base::capacity()) {
      return std::unexpected(runnel::send_error<T>{runnel::send_errc::full, std::move(value)});
    }
    return base::try_send(std::move(value));
  }
};

/// Channels with `planted_mistake`.
struct mistaken {
  static constexpr const char* name = "mistaken";
  template <class T>
  using sender = mistaken_sender<T>;
  template <class T>
  using receiver = mistaken_receiver<T>;
  template <class T>
  static std::pair<sender<T>, receiver<T>> sync_channel(std::size_t capacity) {
    receiver<T>::leaked.clear();
    auto [tx, rx] = runnel::mpsc::sync_channel<T>(capacity);
    return {sender<T>(std::move(tx)), receiver<T>(std::move(rx))};
  }
  template <class T>
  static std::pair<sender<T>, receiver<T>> channel() {
    receiver<T>::leaked.clear();
    auto [tx, rx] = runnel::mpsc::channel<T>();
    return {sender<T>(std::move(tx)), receiver<T>(std::move(rx))};
  }
};

}  // namespace properties

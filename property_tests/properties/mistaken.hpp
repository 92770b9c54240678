// SPDX-License-Identifier: MIT
//
// Channels with a mistake, which the properties must find.
#pragma once

#include "platforms.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <utility>
#include <vector>

namespace properties {

enum class mistake {
  loses,                ///< each third message
  duplicates,           ///< each third message
  swaps,                ///< two messages that are there at the same time
  full_too_early,       ///< try_send, when one place is left
  leaks,                ///< what is buffered when the receiver goes
  close_discards,       ///< what is buffered when the receiver closes
  no_wake_up,           ///< for each third message or place
  no_wake_at_end,       ///< when a side has gone
  no_wake_at_hand_off,  ///< of the receiver, in each third rendezvous with one that waits
};
inline mistake planted_mistake;

struct mistaken_wait_list : core::wait_list<sleepy_platform> {
  using base = core::wait_list<sleepy_platform>;

  void notify_one() noexcept {
    if (!forgets()) base::notify_one();
  }
  template <class Serve>
  void notify_one(Serve serve) noexcept {
    if (!forgets()) base::notify_one(serve);
  }
  void notify_all() noexcept {
    if (planted_mistake != mistake::no_wake_at_end) base::notify_all();
  }

 private:
  bool forgets() noexcept {
    return planted_mistake == mistake::no_wake_up && calls_.fetch_add(1) % 3 == 0;
  }

  std::atomic<unsigned> calls_{0};
};

template <class T>
struct mistaken_rendezvous : core::rendezvous<sleepy_platform, T> {
  using base = core::rendezvous<sleepy_platform, T>;

  core::send_status send(T& value, core::time_point deadline) noexcept {
    if (planted_mistake == mistake::no_wake_at_hand_off && calls_.fetch_add(1) % 3 == 0) {
      const core::critical_section<sleepy_platform> held(this->mutex_);
      if (auto* const receiver = static_cast<typename base::party*>(this->receivers_.pop_front())) {
        receiver->place.construct(std::move(value));
        receiver->finish(base::outcome::taken);
        return core::send_status::sent;
      }
    }
    return base::send(value, deadline);
  }

 private:
  std::atomic<unsigned> calls_{0};
};

struct mistaken_parts : core::shipped_parts<sleepy_platform> {
  using wait_list = mistaken_wait_list;
  template <class T>
  using rendezvous = mistaken_rendezvous<T>;
};

using to_be_mistaken = channels_on<sleepy_platform, core::receivers::one, mistaken_parts>;

template <class T>
struct mistaken_receiver : to_be_mistaken::receiver<T> {
  using base = to_be_mistaken::receiver<T>;
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
  void close() const {
    base::close();
    while (planted_mistake == mistake::close_discards && base::try_recv()) {
    }
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
    if (!first) return first;
    const bool third = ++received_ % 3 == 0;
    if (planted_mistake == mistake::loses && third) return base::try_recv();
    if (planted_mistake == mistake::duplicates && third)
      held_ = std::make_unique<T>(another(*first));
    if (planted_mistake != mistake::swaps) return first;
    result second = base::try_recv();
    if (!second) return first;
    held_ = std::make_unique<T>(*std::move(first));
    return second;
  }

  mutable unsigned received_ = 0;
  mutable std::unique_ptr<T> held_;
};

template <class T>
struct mistaken_sender : to_be_mistaken::sender<T> {
  using base = to_be_mistaken::sender<T>;
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
  static auto sync_channel(std::size_t capacity) {
    return mistaken_ends(to_be_mistaken::sync_channel<T>(capacity));
  }
  template <class T>
  static auto channel() {
    return mistaken_ends(to_be_mistaken::channel<T>());
  }

 private:
  template <class Tx, class Rx>
  static auto mistaken_ends(std::pair<Tx, Rx> ends) {
    using T = typename Tx::value_type;
    receiver<T>::leaked.clear();
    return std::pair(sender<T>(std::move(ends.first)), receiver<T>(std::move(ends.second)));
  }
};

}  // namespace properties

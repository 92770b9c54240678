// SPDX-License-Identifier: MIT
//
// Channels with a mistake, which the load has to find.
#pragma once

#include "stress/ledger.hpp"

#include <runnel/mpsc.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <utility>

namespace runnel::stress {

enum class mistake {
  none,
  drops,       ///< destroys a message instead of giving it to the receiver
  forgets,     ///< loses what a message is, though not the object
  duplicates,  ///< gives a message twice
  swaps,       ///< two messages
  leaks,       ///< the object of a message that is never received
  discards,    ///< what is buffered when the receiver closes
  keeps,       ///< what a failed send should hand back, and hands back another
};
inline mistake planted = mistake::none;

template <class T>
class broken_receiver : public mpsc::receiver<T> {
  using base = mpsc::receiver<T>;

 public:
  using result = typename base::result;
  broken_receiver() = default;
  explicit broken_receiver(base&& r) : base(std::move(r)) {}

  void close() const {
    base::close();
    while (planted == mistake::discards && base::try_recv()) {
    }
  }
  result recv() const {
    if (held_) {
      result r(std::move(*held_));
      held_.reset();
      return r;
    }
    result r = base::recv();
    if (!r || ++received_ % 50 != 0) return r;
    if (planted == mistake::drops) return base::recv();
    if (planted == mistake::forgets) {
      r->settle();
      return base::recv();
    }
    if (planted == mistake::duplicates) held_ = std::make_unique<T>(*r);
    if (planted == mistake::leaks) {
      new T(*std::move(r));
      return base::recv();
    }
    if (planted == mistake::swaps) {
      result second = base::recv();
      if (!second) return r;
      held_ = std::make_unique<T>(*std::move(r));
      return second;
    }
    return r;
  }

 private:
  mutable unsigned received_ = 0;
  mutable std::unique_ptr<T> held_;
};

template <class T>
class broken_sender : public mpsc::sender<T> {
  using base = mpsc::sender<T>;

 public:
  using result = typename base::result;
  broken_sender() = default;
  explicit broken_sender(base&& s) : base(std::move(s)) {}

  result send(T&& value) const {
    result r = base::send(std::move(value));
    if (planted == mistake::keeps) {
      if (!r) {
        r.error().value.settle();
        return std::unexpected(send_error<T>{r.error().reason, T(1, 1'000'000)});
      }
    }
    return r;
  }
  result send(const T& value) const { return base::send(value); }
};

/// Channels with the mistake that is planted.
struct broken {
  template <class T>
  using sender = broken_sender<T>;
  template <class T>
  using receiver = broken_receiver<T>;
  template <class T>
  static std::pair<sender<T>, receiver<T>> sync_channel(std::size_t capacity) {
    auto [tx, rx] = mpsc::sync_channel<T>(capacity);
    return {sender<T>(std::move(tx)), receiver<T>(std::move(rx))};
  }
  template <class T>
  static std::pair<sender<T>, receiver<T>> channel() {
    auto [tx, rx] = mpsc::channel<T>();
    return {sender<T>(std::move(tx)), receiver<T>(std::move(rx))};
  }
};

/// The core that ships, on a platform that wakes up nobody.
struct without_wake_up {
  struct platform : core::std_platform {
    static void wake(const atomic<std::uint32_t>*, int) noexcept {}
  };
  template <class T>
  using sender =
      core::basic_sender<T, platform, core::shipped_parts<platform>, core::receivers::many>;
  template <class T>
  using receiver =
      core::basic_receiver<T, platform, core::shipped_parts<platform>, core::receivers::many>;
  template <class T>
  static std::pair<sender<T>, receiver<T>> sync_channel(std::size_t capacity) {
    auto* const c = sender<T>::channel_type::make_bounded(capacity);
    return {sender<T>(c), receiver<T>(c)};
  }
  template <class T>
  static std::pair<sender<T>, receiver<T>> channel() {
    auto* const c = sender<T>::channel_type::make_unbounded();
    return {sender<T>(c), receiver<T>(c)};
  }
};

/// The core that ships, but for a ring that destroys each fiftieth message instead of giving it to a receiver.
struct lossy {
  template <class T, class Geometry>
  struct lossy_ring : core::ring<core::std_platform, T, Geometry> {
    using base = core::ring<core::std_platform, T, Geometry>;
    using base::base;

    std::expected<T, recv_errc> recv_if_there() noexcept {
      if (received_.fetch_add(1) % 50 == 0) (void)base::recv_if_there();
      return base::recv_if_there();
    }

   private:
    std::atomic<unsigned> received_{1};
  };
  struct parts : core::shipped_parts<core::std_platform> {
    template <class T>
    using ring = lossy_ring<T, core::shipped_geometry>;
  };
  template <class T>
  using sender = core::basic_sender<T, core::std_platform, parts, core::receivers::many>;
  template <class T>
  using receiver = core::basic_receiver<T, core::std_platform, parts, core::receivers::many>;
  template <class T>
  static std::pair<sender<T>, receiver<T>> sync_channel(std::size_t capacity) {
    auto* const c = sender<T>::channel_type::make_bounded(capacity);
    return {sender<T>(c), receiver<T>(c)};
  }
  template <class T>
  static std::pair<sender<T>, receiver<T>> channel() {
    auto* const c = sender<T>::channel_type::make_unbounded();
    return {sender<T>(c), receiver<T>(c)};
  }
};

}  // namespace runnel::stress

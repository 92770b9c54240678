// SPDX-License-Identifier: MIT
//
// Channels for coroutines that share one thread, such as those of an event loop. The same source as that of
// all channels, on a platform whose atomics are plain words and whose mutexes are nothing: the steps of one
// thread stand in one order, and the orders of the sites add nothing to it.
//
//     auto [tx, rx] = runnel::local::sync_channel<request>(16);
//     ...
//     while (auto next = co_await runnel::async_recv(rx)) co_await runnel::async_send(answers, reply_to(*next));
//
// Nobody could end a wait of the thread itself. So operations that block do not compile; a select that does
// is reported and ends the program, in all builds.
//
// A channel, its handles and the coroutines that use it belong to the thread that made the channel. Debug
// builds report any other; there each word knows its thread, so that the types are not those of other builds.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/core/handles.hpp>
#include <runnel/core/misuse.hpp>
#include <runnel/core/parking.hpp>
#include <runnel/core/polling.hpp>
#include <runnel/core/site.hpp>
#include <runnel/core/std_platform.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace runnel::core {
#if RUNNEL_CHECK_MISUSE
inline namespace checked {
#endif

/// The thread that made something, in builds that check it.
template <bool Checks>
class thread_of_birth {
 public:
  void check() const noexcept {
    if (thread_ != &errno)
      core::report_misuse("a local channel was used by another thread than the one that made it");
  }

 private:
  const int* thread_ = &errno;  // each thread has its own, which is the same in all shared objects
};
template <>
class thread_of_birth<false> {
 public:
  static void check() noexcept {}
};

/// The platform of one thread: see std_platform.hpp.
struct local_platform : no_polling {
  static constexpr bool is_model = false;
  static constexpr bool checks_misuse = std_platform::checks_misuse;

  /// A plain word.
  template <class T>
  class atomic {
   public:
    explicit constexpr atomic(T value) noexcept : value_(value) {}

    template <site_name N>
    [[gnu::always_inline]] T load(at<N>) const noexcept {
      thread_.check();
      return value_;
    }
    template <site_name N>
    [[gnu::always_inline]] void store(T value, at<N>) noexcept {
      thread_.check();
      value_ = value;
    }
    template <site_name N>
    [[gnu::always_inline]] T exchange(T value, at<N>) noexcept {
      thread_.check();
      return std::exchange(value_, value);
    }
    template <site_name N>
    [[gnu::always_inline]] bool compare_exchange_weak(T& expected, T value, at<N> site) noexcept {
      return compare_exchange_strong(expected, value, site);
    }
    template <site_name N>
    [[gnu::always_inline]] bool compare_exchange_strong(T& expected, T value, at<N>) noexcept {
      thread_.check();
      const bool is_expected = value_ == expected;
      if (is_expected)
        value_ = value;
      else
        expected = value_;
      return is_expected;
    }
    template <site_name N>
    [[gnu::always_inline]] T fetch_add(T value, at<N> site) noexcept {
      return exchange(static_cast<T>(value_ + value), site);
    }
    template <site_name N>
    [[gnu::always_inline]] T fetch_sub(T value, at<N> site) noexcept {
      return exchange(static_cast<T>(value_ - value), site);
    }
    template <site_name N>
    [[gnu::always_inline]] T fetch_or(T value, at<N> site) noexcept {
      return exchange(static_cast<T>(value_ | value), site);
    }

   private:
    friend local_platform;
    T value_;
    [[no_unique_address]] thread_of_birth<checks_misuse> thread_;
  };

  template <site_name N>
  static void fence(at<N>) noexcept {}

  template <class T>
  using cell = std_platform::cell<T>;

  /// Nobody else is between two steps, unless this very thread is: in the move of a message.
  template <class T, class Pred, site_name N>
  static T await(const atomic<T>& a, Pred pred, at<N> site) noexcept {
    const T value = a.load(site);
    if (!pred(value)) core::report_misuse("the move of a message used its channel");
    return value;
  }

  struct select_polling : no_polling::select_polling {
    template <class Seems>
    static bool glance(Seems seems) noexcept {
      return seems([](const auto& a) { return a.value_; });
    }
  };
  static select_polling selects() noexcept { return {}; }
  static void lost_race(unsigned) noexcept {}

  static wait_result wait(const atomic<std::uint32_t>&, std::uint32_t, time_point) noexcept {
    core::report_misuse(
        "a thread waits for a local channel, which nobody else uses; await it in a coroutine");
  }
  static void wake(const atomic<std::uint32_t>*, int) noexcept {}

  static time_point now() noexcept { return std_platform::now(); }
  static void* allocate(std::size_t bytes, std::size_t alignment) {
    return std_platform::allocate(bytes, alignment);
  }
  static void deallocate(void* p, std::size_t bytes, std::size_t alignment) noexcept {
    std_platform::deallocate(p, bytes, alignment);
  }
  static unsigned choose(unsigned n) noexcept { return std_platform::choose(n); }
};

#if RUNNEL_CHECK_MISUSE
}  // namespace checked
#endif

template <>
struct waiting_parts<local_platform> {
  struct mutex {
    static void lock() noexcept {}
    static void unlock() noexcept {}
  };
  using signal = core::signal<local_platform>;
};

}  // namespace runnel::core

namespace runnel::local {
#if RUNNEL_CHECK_MISUSE
inline namespace checked {
#endif

/// The sending handle: copyable. Has those operations of core::basic_sender that do not block.
template <class T>
class sender
    : public core::basic_sender<typename core::message_of<T>::type, core::local_platform,
                                core::shipped_parts<core::local_platform>, core::receivers::many> {
  using sender::basic_sender::basic_sender;

 public:
  /// Not here: the thread would wait for itself. `co_await runnel::async_send(tx, value)` suspends a coroutine.
  template <class... Arguments>
  void send(Arguments&&...) const = delete;
  template <class... Arguments>
  void send_for(Arguments&&...) const = delete;
  template <class... Arguments>
  void send_until(Arguments&&...) const = delete;
  template <class... Arguments>
  void closed(Arguments&&...) const = delete;
  template <class... Arguments>
  void closed_for(Arguments&&...) const = delete;
  template <class... Arguments>
  void closed_until(Arguments&&...) const = delete;
};

/// The receiving handle: copyable. Has those operations of core::basic_receiver that do not block.
template <class T>
class receiver
    : public core::basic_receiver<typename core::message_of<T>::type, core::local_platform,
                                  core::shipped_parts<core::local_platform>,
                                  core::receivers::many> {
  using receiver::basic_receiver::basic_receiver;

 public:
  /// Not here: the thread would wait for itself. `co_await runnel::async_recv(rx)` suspends a coroutine;
  /// `rx.try_iter()` receives what is there.
  template <class... Arguments>
  void recv(Arguments&&...) const = delete;
  template <class... Arguments>
  void recv_for(Arguments&&...) const = delete;
  template <class... Arguments>
  void recv_until(Arguments&&...) const = delete;
  void begin() const = delete;
  void end() const = delete;
};

/// An unbounded channel: sending never waits. Throws std::bad_alloc.
template <class T>
[[nodiscard]] std::pair<sender<T>, receiver<T>> channel() {
  auto* const c = sender<T>::channel_type::make_unbounded();
  return {sender<T>(c), receiver<T>(c)};
}

/// A channel that buffers exactly `capacity` messages; 0 makes a rendezvous, where a send waits for its
/// receive. Throws std::bad_alloc, and std::length_error if such a capacity cannot be counted.
template <class T>
[[nodiscard]] std::pair<sender<T>, receiver<T>> sync_channel(std::size_t capacity) {
  auto* const c = sender<T>::channel_type::make_bounded(capacity);
  return {sender<T>(c), receiver<T>(c)};
}

#if RUNNEL_CHECK_MISUSE
}  // namespace checked
#endif
}  // namespace runnel::local

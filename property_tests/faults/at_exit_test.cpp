// SPDX-License-Identifier: MIT
//
// Handles that go in the destructors of thread_local and static objects, in programs of their own.
#include "unit/support.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace unit {
namespace {

/// Exits; a hang in a destructor ends the program as well, as a failure.
[[noreturn]] void exit_in_time() {
  alarm(30);
  std::exit(EXIT_SUCCESS);
}

/// Receives in a thread of its own until the disconnect; the destructor waits for that.
template <class Api>
class listener {
 public:
  explicit listener(const kind<Api>& k) {
    auto [tx, rx] = k.template make<int>();
    tx_.emplace(std::move(tx));
    thread_ = std::thread([this, mine = std::move(rx)] {
      for (const int v : mine) sum_ += v;
    });
  }
  ~listener() {
    (void)tx_->send(100);
    tx_.reset();
    thread_.join();
    std::fprintf(stderr, "the listener got %d\n", sum_);
  }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  const auto& tx() const { return *tx_; }

 private:
  std::optional<typename Api::template sender<int>> tx_;
  int sum_ = 0;
  std::thread thread_;
};

/// Sends when its thread ends, and lets go of its sender.
template <class Api>
struct speaker {
  std::optional<typename Api::template sender<int>> tx;
  ~speaker() {
    if (tx && !tx->send(1)) std::fprintf(stderr, "nobody listens\n");
  }
};

/// Says when it is destroyed.
struct speaking_message {
  explicit speaking_message(bool s) : speaks(s) {}
  speaking_message(speaking_message&& other) noexcept
      : speaks(std::exchange(other.speaks, false)) {}
  speaking_message& operator=(speaking_message&&) = delete;
  ~speaking_message() {
    if (speaks) std::fprintf(stderr, "a message in the channel is destroyed\n");
  }
  bool speaks;
};

template <class Api>
[[noreturn]] void leave_all_to_the_end(const kind<Api>& k) {
  static listener<Api> listening(k);
  const auto speak_at_exit = [] {
    thread_local speaker<Api> speaking;
    speaking.tx.emplace(listening.tx());
  };
  in_threads(3, [&](int) { speak_at_exit(); });
  speak_at_exit();
  exit_in_time();
}

template <class Api>
[[noreturn]] void leave_messages_to_the_end(const kind<Api>& k) {
  static auto ends = k.template make<speaking_message>();
  (void)ends.first.send(speaking_message(true));
  exit_in_time();
}

template <class Api>
[[noreturn]] void wait_for_the_end_of_main(const kind<Api>& k) {
  static auto ends = k.template make<int>();
  static std::optional<std::thread> thread;
  // The thread is blocked when the static objects go.
  static struct join_at_exit {
    ~join_at_exit() {
      ends.first.reset();
      thread->join();
      std::fprintf(stderr, "the thread has gone\n");
    }
  } const join;
  thread.emplace([] {
    if (ends.second.recv() == std::unexpected(recv_errc::disconnected))
      std::fprintf(stderr, "disconnected\n");
  });
  exit_in_time();
}

TEST_ON(all, AtExitDeathTest, ThreadLocalAndStaticHandlesGo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(leave_all_to_the_end(k), testing::ExitedWithCode(EXIT_SUCCESS),
              "^the listener got 104\n$");
}

TEST_ON(buffered, AtExitDeathTest, WhatIsBufferedIsDestroyed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(leave_messages_to_the_end(k), testing::ExitedWithCode(EXIT_SUCCESS),
              "^a message in the channel is destroyed\n$");
}

TEST_ON(all, AtExitDeathTest, AThreadThatIsStillBlockedIsWokenUp) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(wait_for_the_end_of_main(k), testing::ExitedWithCode(EXIT_SUCCESS),
              "^disconnected\nthe thread has gone\n$");
}

}  // namespace
}  // namespace unit

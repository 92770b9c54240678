// SPDX-License-Identifier: MIT
//
// Signals that interrupt the system call in which a thread waits: it goes on waiting.
#include "unit/support.hpp"

#if defined(__linux__)

#include <pthread.h>
#include <signal.h>

#include <deque>

namespace unit {
namespace {

constexpr int signals = 20;

/// While it lives, SIGUSR1 does nothing but interrupt.
class interrupting {
 public:
  interrupting() {
    struct sigaction action{};
    action.sa_handler = [](int) {};
    action.sa_flags = 0;  // not SA_RESTART
    sigaction(SIGUSR1, &action, &before_);
  }
  ~interrupting() { sigaction(SIGUSR1, &before_, nullptr); }
  interrupting(const interrupting&) = delete;
  interrupting& operator=(const interrupting&) = delete;

  /// Interrupts the sleep of the thread, and waits until it sleeps again or has finished.
  void operator()(task& t) const {
    t.await_blocked();
    const long before = t.sleeps();
    pthread_kill(t.thread().native_handle(), SIGUSR1);
    while (!t.done() && t.sleeps() == before) std::this_thread::yield();
    t.await_blocked();
  }

 private:
  struct sigaction before_{};
};

TEST_ON(all, Signals, AReceiveGoesOnWaiting) {
  const interrupting interrupt;
  for (const bool timed : {false, true}) {
    auto [tx, rx] = k.template make<int>();
    task receiver([&] {
      const auto receive = [&] { return timed ? rx.recv_for(1h) : rx.recv(); };
      EXPECT_EQ(receive(), 1);
      EXPECT_EQ(receive(), std::unexpected(recv_errc::disconnected));
    });
    for (int i = 0; i < signals; ++i) interrupt(receiver);
    EXPECT_TRUE(tx.send(1));
    for (int i = 0; i < signals; ++i) interrupt(receiver);
    EXPECT_FALSE(receiver.done());
    tx.reset();
  }
}

TEST_ON(limited, Signals, ASendGoesOnWaiting) {
  const interrupting interrupt;
  for (const bool timed : {false, true}) {
    auto [tx, rx] = k.template make<int>();
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
    task sender([&] {
      const auto send = [&](int v) { return timed ? tx.send_for(v, 1h) : tx.send(v); };
      EXPECT_TRUE(send(k.room()));
      EXPECT_EQ(send(-1).error().reason, send_errc::disconnected);
    });
    for (int i = 0; i < signals; ++i) interrupt(sender);
    EXPECT_FALSE(sender.done());
    EXPECT_EQ(rx.recv(), 0);
    for (int i = 0; i < signals; ++i) interrupt(sender);
    EXPECT_FALSE(sender.done());
    rx.reset();
  }
}

TEST_ON(all, Signals, TheDeadlineOfAReceiveHolds) {
  const interrupting interrupt;
  auto [tx, rx] = k.template make<int>();
  const auto start = steady_clock::now();
  task receiver([&] { EXPECT_EQ(rx.recv_for(30ms), std::unexpected(recv_errc::timeout)); });
  while (!receiver.done()) interrupt(receiver);
  EXPECT_GE(steady_clock::now() - start, 30ms);
}

TEST_ON(limited, Signals, TheDeadlineOfASendHolds) {
  const interrupting interrupt;
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
  const auto start = steady_clock::now();
  task sender([&] { EXPECT_EQ(tx.send_for(-1, 30ms).error().reason, send_errc::timeout); });
  while (!sender.done()) interrupt(sender);
  EXPECT_GE(steady_clock::now() - start, 30ms);
}

// Those that wait in the same list are notified in spite of the signals that others get.
TEST_ON_MPMC(all, Signals, EachOfSeveralReceiversGetsItsMessage) {
  const interrupting interrupt;
  auto [tx, rx] = k.template make<int>();
  std::atomic<int> sum{0};
  std::deque<task> receivers;
  for (int i = 0; i < 3; ++i) receivers.emplace_back([&] { sum += rx.recv().value(); });
  for (int message = 1; message <= 3; ++message) {
    for (task& r : receivers)
      if (!r.done()) interrupt(r);
    EXPECT_TRUE(tx.send(message));
  }
  receivers.clear();
  EXPECT_EQ(sum, 1 + 2 + 3);
}

}  // namespace
}  // namespace unit

#endif

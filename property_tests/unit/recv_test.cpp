// SPDX-License-Identifier: MIT
//
// Blocking receives. Numbers in comments are rows of the list of behaviours, see README.md.
#include "support.hpp"

#include <pthread.h>
#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <numeric>

namespace unit {
namespace {

// Row 27.
TEST_ON(all, Recv, WaitsForAMessageWhileASenderLives) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < 20; ++i) {
    task receiver([&] { EXPECT_EQ(rx.recv(), i); });
    if (i % 2 == 0) receiver.await_blocked();
    EXPECT_FALSE(receiver.done());
    EXPECT_TRUE(tx.send(i));
  }
}

// Row 28.
TEST_ON(buffered, Recv, DrainsWhatIsBufferedWhenTheSendersHaveGone) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(std::make_unique<int>(i)));
  tx.reset();
  for (int i = 0; i < k.room(); ++i) ASSERT_EQ(*rx.recv().value(), i);
  EXPECT_EQ(rx.recv().error(), recv_errc::disconnected);
}

// Row 29: for ever, and by every kind of receive.
TEST_ON(all, Recv, ReportsDisconnectedForEverWithoutBlocking) {
  auto [tx, rx] = k.template make<int>();
  tx.reset();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
    EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::disconnected));
    EXPECT_EQ(rx.recv_for(1h), std::unexpected(recv_errc::disconnected));
    EXPECT_EQ(rx.recv_for(0s), std::unexpected(recv_errc::disconnected));
    EXPECT_EQ(rx.recv_until(steady_clock::now() + 1h), std::unexpected(recv_errc::disconnected));
  }
}

// Row 26 with one sender.
TEST_ON(all, Recv, ReceivesInTheOrderOfTheSends) {
  constexpr int messages = 3000;
  auto [tx, rx] = k.template make<int>();
  task sender([&] {
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(i));
  });
  for (int i = 0; i < messages; ++i) ASSERT_EQ(rx.recv(), i);
}

// Rows 26 and 48 with several senders: each value once, in the order of its own sender.
TEST_ON(all, Recv, KeepsTheOrderOfEachSender) {
  constexpr int senders = 3;
  constexpr int each = 800;
  ledger l(senders * each);
  auto [tx, rx] = k.template make<counted>();
  task sending([&] {
    in_threads(senders, [&](int s) {
      for (int i = 0; i < each; ++i) ASSERT_TRUE(tx.send(counted(l, s * each + i)));
    });
    tx.reset();
  });
  std::array<int, senders> next{};
  int received = 0;
  for (auto m = rx.recv(); m; std::destroy_at(&m), std::construct_at(&m, rx.recv())) {
    const auto sender = static_cast<std::size_t>(m->id() / each);
    EXPECT_EQ(m->id() % each, next.at(sender)++);
    ++received;
  }
  EXPECT_EQ(received, senders * each);
  l.expect_each_ended_once();
}

// Rows 26 and 48 with several receivers: each value goes to one of them, and each of them sees the
// values of one sender in their order.
TEST_ON_MPMC(all, Recv, ReceiversShareTheMessagesEachOnce) {
  constexpr int senders = 2;
  constexpr int receivers = 3;
  constexpr int each = 800;
  ledger l(senders * each);
  std::array<std::vector<int>, receivers> got;
  {
    auto [tx, rx] = k.template make<counted>();
    task sending([&] {
      in_threads(senders, [&](int s) {
        for (int i = 0; i < each; ++i) ASSERT_TRUE(tx.send(counted(l, s * each + i)));
      });
      tx.reset();
    });
    in_threads(receivers, [&](int r) {
      for (counted m : rx) got.at(static_cast<std::size_t>(r)).push_back(m.id());
    });
  }
  std::vector<int> all;
  for (const auto& ids : got) {
    std::array<int, senders> last{-1, -1};
    for (const int id : ids) {
      int& before = last.at(static_cast<std::size_t>(id / each));
      EXPECT_LT(before, id);
      before = id;
    }
    all.insert(all.end(), ids.begin(), ids.end());
  }
  std::ranges::sort(all);
  std::vector<int> expected(senders * each);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
  l.expect_each_ended_once();
}

// One message wakes one of several blocked receivers; no message is left with a receiver asleep.
TEST_ON_MPMC(all, Recv, EachMessageWakesAReceiver) {
  auto [tx, rx] = k.template make<int>();
  std::atomic<int> sum{0};
  const auto receive = [&] { sum += rx.recv().value(); };
  task a(receive);
  task b(receive);
  task c(receive);
  a.await_blocked(), b.await_blocked(), c.await_blocked();
  EXPECT_TRUE(tx.send(1));
  EXPECT_TRUE(tx.send(2));
  EXPECT_TRUE(tx.send(4));
  a.join(), b.join(), c.join();
  EXPECT_EQ(sum, 7);
}

// Row 44. The payload is plain data outside the message: ThreadSanitizer sees whether it is ordered.
TEST_ON(all, Recv, TheSendHappensBeforeTheReceive) {
  constexpr int messages = 1000;
  auto [tx, rx] = k.template make<int>();
  std::vector<int> data(messages);
  task sender([&] {
    for (int i = 0; i < messages; ++i) {
      data[static_cast<std::size_t>(i)] = i + 1;
      ASSERT_TRUE(tx.send(i));
    }
  });
  for (int n = 0; n < messages; ++n) {
    const int i = n % 2 == 0 ? rx.recv().value() : rx.recv_for(1h).value();
    ASSERT_EQ(data[static_cast<std::size_t>(i)], i + 1);
  }
}

TEST_ON(all, Recv, TheSendHappensBeforeATryRecv) {
  constexpr int messages = 300;
  auto [tx, rx] = k.template make<int>();
  std::vector<int> data(messages);
  task sender([&] {
    for (int i = 0; i < messages; ++i) {
      data[static_cast<std::size_t>(i)] = i + 1;
      ASSERT_TRUE(tx.send(i));
    }
  });
  for (int n = 0; n < messages;) {
    const auto m = rx.try_recv();
    if (m) {
      ASSERT_EQ(data[static_cast<std::size_t>(*m)], *m + 1);
      ++n;
    } else {
      std::this_thread::yield();
    }
  }
}

// Two threads in turn, so that each hand-off has to wake the other side.
TEST_ON(all, Recv, PingPong) {
  auto [ping_tx, ping_rx] = k.template make<int>();
  auto [pong_tx, pong_rx] = k.template make<int>();
  task partner([&] {
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(pong_tx.send(ping_rx.recv().value() + 1));
  });
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(ping_tx.send(i));
    ASSERT_EQ(pong_rx.recv(), i + 1);
  }
}

// Row 41: a signal ends the system call of a blocked thread, which has to look again and sleep on.
TEST_ON(all, Recv, AStrayWakeUpIsHarmless) {
  struct sigaction action{};
  action.sa_handler = [](int) {};
  struct sigaction before{};
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  auto [tx, rx] = k.template make<int>();
  task receiver([&] { EXPECT_EQ(rx.recv(), 1); });
  for (int i = 0; i < 5; ++i) {
    receiver.await_blocked();
    pthread_kill(receiver.thread().native_handle(), SIGUSR1);
  }
  receiver.await_blocked();
  EXPECT_FALSE(receiver.done());
  EXPECT_TRUE(tx.send(1));
  receiver.join();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(0));
  if (!k.is_unbounded()) {
    task sender([&] { EXPECT_TRUE(tx.send(2)); });
    for (int i = 0; i < 5; ++i) {
      sender.await_blocked();
      pthread_kill(sender.thread().native_handle(), SIGUSR1);
    }
    sender.await_blocked();
    EXPECT_FALSE(sender.done());
    EXPECT_TRUE(rx.recv());
  }
  ASSERT_EQ(sigaction(SIGUSR1, &before, nullptr), 0);
}

}  // namespace
}  // namespace unit

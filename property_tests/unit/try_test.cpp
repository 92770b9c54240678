// SPDX-License-Identifier: MIT
//
// try_send and try_recv. Numbers in comments are rows of the list of behaviours, see README.md.
#include "support.hpp"

#include <memory>

namespace unit {
namespace {

// Rows 2 and 18; row 19 where the capacity is 0.
TEST_ON(limited, Try, SendReportsFullAndHandsTheValueBack) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.try_send(std::make_unique<int>(i)));
  auto value = std::make_unique<int>(7);
  const int* const address = value.get();
  const auto refused = tx.try_send(std::move(value));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, send_errc::full);
  EXPECT_EQ(refused.error().value.get(), address);
  for (int i = 0; i < k.room(); ++i) EXPECT_EQ(*rx.try_recv().value(), i);
  EXPECT_EQ(rx.try_recv().error(), recv_errc::empty);
}

// Row 20.
TEST_ON(all, Try, SendReportsDisconnectedEvenIfItWasFull) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.try_send(i));
  rx.reset();
  for (int round = 0; round < 3; ++round) {
    const auto result = tx.try_send(5);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().reason, send_errc::disconnected);
    EXPECT_EQ(result.error().value, 5);
  }
}

// Row 31.
TEST_ON(all, Try, RecvTellsEmptyFromDisconnected) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
  tx.reset();
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::disconnected));
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::disconnected));
}

// Row 28, with try_recv.
TEST_ON(buffered, Try, RecvDrainsBeforeItReportsDisconnected) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.try_send(i));
  tx.reset();
  for (int i = 0; i < k.room(); ++i) ASSERT_EQ(rx.try_recv(), i);
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::disconnected));
}

// Rows 19 and 39.
TEST_ON(rendezvous, Try, SendMeetsAWaitingReceiver) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_EQ(tx.try_send(1).error().reason, send_errc::full);
  task receiver([&] { EXPECT_EQ(rx.recv(), 2); });
  while (!tx.try_send(2)) std::this_thread::yield();
  receiver.join();
  EXPECT_EQ(tx.try_send(3).error().reason, send_errc::full);
}

// Row 39.
TEST_ON(rendezvous, Try, RecvMeetsAWaitingSender) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
  task sender([&] { EXPECT_TRUE(tx.send(2)); });
  auto message = rx.try_recv();
  while (!message) {
    ASSERT_EQ(message.error(), recv_errc::empty);
    std::this_thread::yield();
    message = rx.try_recv();
  }
  EXPECT_EQ(message, 2);
  sender.join();
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
}

// Row 39: neither of two try_ operations waits, so they never find each other.
TEST_ON(rendezvous, Try, TwoTriesNeverMeet) {
  auto [tx, rx] = k.template make<int>();
  start_line line(2);
  std::thread sender([&] {
    line.arrive_and_wait();
    for (int i = 0; i < 3000; ++i) ASSERT_EQ(tx.try_send(i).error().reason, send_errc::full);
  });
  line.arrive_and_wait();
  for (int i = 0; i < 3000; ++i) EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
  sender.join();
}

// Row 32: of many tries at once exactly as many succeed as there is room for, and no other result
// but `full` explains the rest. A `full` for an operation in progress elsewhere would show here.
TEST_ON(buffered, Try, SendIsExactAmongManySenders) {
  constexpr int threads = 3;
  const int room = k.is_unbounded() ? 30 : k.room();
  for (int round = 0; round < 50; ++round) {
    auto [tx, rx] = k.template make<int>();
    for (int i = 0; i < room - 2; ++i) ASSERT_TRUE(tx.try_send(0));
    const int left = room >= 2 ? 2 : 1;
    start_line line(threads);
    std::atomic<int> sent{0};
    in_threads(threads, [&](int) {
      line.arrive_and_wait();
      const auto result = tx.try_send(0);
      if (result) ++sent;
      if (!result) {
        EXPECT_EQ(result.error().reason, send_errc::full);
      }
    });
    ASSERT_EQ(sent, k.is_unbounded() ? threads : left);
  }
}

TEST_ON_MPMC(buffered, Try, RecvIsExactAmongManyReceivers) {
  if (!k.is_rendezvous()) {
    constexpr int threads = 3;
    const int messages = k.room() < 2 ? k.room() : 2;
    for (int round = 0; round < 50; ++round) {
      auto [tx, rx] = k.template make<int>();
      for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.try_send(0));
      start_line line(threads);
      std::atomic<int> received{0};
      in_threads(threads, [&](int) {
        line.arrive_and_wait();
        const auto result = rx.try_recv();
        if (result)
          ++received;
        else
          EXPECT_EQ(result.error(), recv_errc::empty);
      });
      ASSERT_EQ(received, messages);
    }
  }
}

// Row 32: the sender's own message is in the channel when its send has returned, whatever another
// sender is doing, so a receive ordered after it never reports `empty`.
TEST_ON(buffered, Try, RecvNeverMissesAMessageThatWasSentBefore) {
  auto [tx, rx] = k.template make<int>();
  std::atomic<bool> stop{false};
  task other([&] {
    while (!stop) (void)tx.try_send(1);
  });
  for (int i = 0; i < 2000; ++i) {
    const auto sent = tx.try_send(0);
    if (!sent) {
      ASSERT_EQ(sent.error().reason, send_errc::full);
    }
    ASSERT_TRUE(rx.try_recv());
  }
  stop = true;
}

// Row 47, store buffering over two channels: each thread sends on one and then looks at the other.
// At most one of the two sends comes after the other thread's look.
TEST_ON(buffered, Try, OneOfTwoCrossingLooksFindsTheMessage) {
  for (int round = 0; round < 100; ++round) {
    auto [tx_a, rx_a] = k.template make<int>();
    auto [tx_b, rx_b] = k.template make<int>();
    start_line line(2);
    bool found_b = false;
    std::thread thread([&] {
      line.arrive_and_wait();
      ASSERT_TRUE(tx_a.try_send(1));
      found_b = rx_b.try_recv().has_value();
    });
    line.arrive_and_wait();
    EXPECT_TRUE(tx_b.try_send(1));
    const bool found_a = rx_a.try_recv().has_value();
    thread.join();
    EXPECT_TRUE(found_a || found_b);
  }
}

}  // namespace
}  // namespace unit

// SPDX-License-Identifier: MIT
//
// Blocking sends. Numbers in comments are rows of the list of behaviours, see README.md.
#include "support.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace unit {
namespace {

// Row 1.
TEST_ON(unbounded, Send, NeverBlocks) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(tx.send(i));
  EXPECT_EQ(rx.size(), 20'000u);
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(rx.recv(), i);
}

// Row 13: success says that the message is in the channel, not that it will be received.
TEST_ON(buffered, Send, SucceedsWithoutAReceive) {
  ledger l(k.room());
  auto [tx, rx] = k.template make<counted>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(counted(l, i)));
  EXPECT_EQ(l.ended(), 0);
  rx.reset();
  l.expect_each_ended_once();
}

// Rows 2 and 9.
TEST_ON(limited, Send, BlocksWhileFullAndGoesOnAfterAReceive) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
  task sender([&] { EXPECT_TRUE(tx.send(k.room())); });
  sender.await_blocked();
  EXPECT_FALSE(sender.done());
  for (int i = 0; i <= k.room(); ++i) ASSERT_EQ(rx.recv(), i);
  sender.join();
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
}

// Row 9, with as many blocked senders as it takes to see each of them go on.
TEST_ON(limited, Send, EachReceiveLetsOneOfTheBlockedSendersGoOn) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(-1));
  std::atomic<int> sent{0};
  const auto send = [&](int i) {
    return [&, i] {
      EXPECT_TRUE(tx.send(i));
      ++sent;
    };
  };
  task a(send(1));
  task b(send(2));
  task c(send(3));
  a.await_blocked(), b.await_blocked(), c.await_blocked();
  EXPECT_EQ(sent, 0);
  for (int i = 0; i < k.room(); ++i) ASSERT_EQ(rx.recv(), -1);
  int sum = 0;
  for (int i = 0; i < 3; ++i) sum += rx.recv().value();
  EXPECT_EQ(sum, 1 + 2 + 3);
}

// Row 2: exactly n, over many laps, full and empty in turn.
TEST_ON(bounded, Send, HoldsExactlyItsCapacityOnEveryLap) {
  auto [tx, rx] = k.template make<int>();
  int next_sent = 0;
  int next_received = 0;
  for (int lap = 0; lap < 7; ++lap) {
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.try_send(next_sent++));
    const auto refused = tx.try_send(-1);
    ASSERT_FALSE(refused);
    ASSERT_EQ(refused.error().reason, send_errc::full);
    // An odd number of messages less, so that laps end at each index of a small ring.
    ASSERT_EQ(rx.recv(), next_received++);
    ASSERT_TRUE(tx.send(next_sent++));
    for (int i = 0; i < k.room(); ++i) ASSERT_EQ(rx.recv(), next_received++);
    ASSERT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
  }
}

// Row 11.
TEST_ON(all, Send, HandsAMoveOnlyValueBackWhenAllReceiversHaveGone) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  rx.reset();
  for (int round = 0; round < 3; ++round) {
    auto value = std::make_unique<int>(7);
    const int* const address = value.get();
    const auto result = tx.send(std::move(value));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().reason, send_errc::disconnected);
    EXPECT_EQ(result.error().value.get(), address);
  }
}

// Row 14.
TEST_ON(rendezvous, Send, ReturnsOnlyAfterTheReceive) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < 20; ++i) {
    std::atomic<bool> receiving{false};
    task sender([&] {
      EXPECT_TRUE(tx.send(i));
      EXPECT_TRUE(receiving.load());
    });
    if (i % 2 == 0) sender.await_blocked();
    EXPECT_FALSE(sender.done());
    receiving = true;
    EXPECT_EQ(rx.recv(), i);
  }
}

TEST_ON(buffered, Send, CopiesAnLvalueAndMovesAnRvalue) {
  auto [tx, rx] = k.template make<std::shared_ptr<int>>();
  auto value = std::make_shared<int>(1);
  ASSERT_TRUE(tx.send(value));
  EXPECT_EQ(value.use_count(), 2);
  EXPECT_EQ(rx.recv().value(), value);
  EXPECT_EQ(value.use_count(), 1);
  ASSERT_TRUE(tx.send(std::move(value)));
  EXPECT_EQ(value, nullptr);
  EXPECT_EQ(rx.recv().value().use_count(), 1);
}

TEST_ON(all, Send, AnLvalueIsLeftAloneWhenTheSendFails) {
  auto [tx, rx] = k.template make<std::string>();
  rx.reset();
  const std::string value(100, 'x');
  EXPECT_EQ(tx.send(value).error().value, value);
  EXPECT_EQ(tx.try_send(value).error().value, value);
  EXPECT_EQ(tx.send_for(value, 1h).error().value, value);
  EXPECT_EQ(tx.send_until(value, steady_clock::now() + 1h).error().value, value);
  EXPECT_EQ(value, std::string(100, 'x'));
}

struct point {
  int x = 0;
  int y = 0;
  friend bool operator==(const point&, const point&) = default;
};

TEST_ON(buffered, Send, TakesABracedList) {
  auto [tx, rx] = k.template make<point>();
  ASSERT_TRUE(tx.send({1, 2}));
  EXPECT_EQ(rx.recv(), (point{1, 2}));
  ASSERT_TRUE(tx.try_send({3, 4}));
  EXPECT_EQ(rx.recv(), (point{3, 4}));
  ASSERT_TRUE(tx.send_for({5, 6}, 1h));
  EXPECT_EQ(rx.recv(), (point{5, 6}));
  ASSERT_TRUE(tx.send_until({}, steady_clock::now() + 1h));
  EXPECT_EQ(rx.recv(), point{});
}

struct throws_when_copied {
  bool armed = false;
  throws_when_copied() = default;
  throws_when_copied(throws_when_copied&&) noexcept = default;
  throws_when_copied(const throws_when_copied& other) : armed(other.armed) {
    if (armed) throw std::runtime_error("copied");
  }
  ~throws_when_copied() = default;
};

TEST_ON(all, Send, ACopyThatThrowsLeavesTheChannelAsItWas) {
  auto [tx, rx] = k.template make<throws_when_copied>();
  throws_when_copied value;
  value.armed = true;
  EXPECT_THROW((void)tx.send(value), std::runtime_error);
  EXPECT_THROW((void)tx.try_send(value), std::runtime_error);
  EXPECT_THROW((void)tx.send_for(value, 1h), std::runtime_error);
  EXPECT_THROW((void)tx.send_until(value, steady_clock::now() + 1h), std::runtime_error);
  EXPECT_EQ(rx.size(), 0u);
  EXPECT_FALSE(rx.try_recv());
  value.armed = false;
  task sender([&] { EXPECT_TRUE(tx.send(value)); });
  EXPECT_TRUE(rx.recv());
}

/// Converts to what is sent, or throws.
struct throws_when_converted {
  bool armed = true;
  operator throws_when_copied() const {  // NOLINT(google-explicit-constructor): it is the argument
    if (armed) throw std::runtime_error("converted");
    return {};
  }
};

TEST_ON(all, Send, AConversionThatThrowsLeavesTheChannelAsItWas) {
  auto [tx, rx] = k.template make<throws_when_copied>();
  throws_when_converted value;
  EXPECT_THROW((void)tx.send(value), std::runtime_error);
  EXPECT_THROW((void)tx.try_send(value), std::runtime_error);
  EXPECT_THROW((void)tx.send_for(value, 1h), std::runtime_error);
  EXPECT_THROW((void)tx.send_until(value, steady_clock::now() + 1h), std::runtime_error);
  EXPECT_EQ(rx.size(), 0u);
  EXPECT_FALSE(rx.try_recv());
  value.armed = false;
  task sender([&] { EXPECT_TRUE(tx.send(value)); });
  EXPECT_TRUE(rx.recv());
}

// Row 45: on a channel of capacity n, what happens before the call of the k-th receive
// happens-before the completion of the (k + n)-th send. The log is plain data: ThreadSanitizer sees
// whether that is so.
TEST_ON(bounded, Send, TheReceiveThatMadeRoomHappensBeforeTheSendThatNeededIt) {
  const std::size_t capacity = k.capacity;
  const std::size_t messages = 2 * capacity + 1000;
  auto [tx, rx] = k.template make<int>();
  std::vector<int> log(messages);
  task receiver([&] {
    for (std::size_t i = 0; i < messages; ++i) {
      log[i] = 1;
      EXPECT_TRUE(rx.recv());
    }
  });
  for (std::size_t i = 0; i < messages; ++i) {
    ASSERT_TRUE(tx.send(0));
    if (i >= capacity) {
      ASSERT_EQ(log[i - capacity], 1);
    }
  }
}

}  // namespace
}  // namespace unit

// SPDX-License-Identifier: MIT
//
// size, empty, full, capacity, is_disconnected, same_channel. Numbers in comments are rows of the
// list of behaviours, see README.md.
#include "support.hpp"

#include <limits>
#include <optional>
#include <stdexcept>

namespace unit {
namespace {

// Row 59.
TEST_ON(all, Look, CapacityIsWhatWasAskedForOrNothing) {
  auto [tx, rx] = k.template make<int>();
  const std::optional<std::size_t> expected =
      k.is_unbounded() ? std::nullopt : std::optional(k.capacity);
  EXPECT_EQ(tx.capacity(), expected);
  EXPECT_EQ(rx.capacity(), expected);
}

// Rows 57, 58: with nobody else about, size counts exactly; a rendezvous is both empty and full.
TEST_ON(all, Look, SizeEmptyAndFullAgree) {
  auto [tx, rx] = k.template make<int>();
  const auto expect = [&](int size) {
    for (int side = 0; side < 2; ++side) {
      EXPECT_EQ(side == 0 ? tx.size() : rx.size(), static_cast<std::size_t>(size));
      EXPECT_EQ(side == 0 ? tx.empty() : rx.empty(), size == 0);
      const bool full = !k.is_unbounded() && size == k.room();
      EXPECT_EQ(side == 0 ? tx.full() : rx.full(), full);
    }
  };
  expect(0);
  for (int lap = 0; lap < 3; ++lap) {
    for (int i = 1; i <= k.room(); ++i) {
      ASSERT_TRUE(tx.try_send(0));
      expect(i);
    }
    for (int i = k.room(); i > 0; --i) {
      ASSERT_TRUE(rx.try_recv());
      expect(i - 1);
    }
    if (k.room() > 2) {  // start the next lap at another index
      ASSERT_TRUE(tx.try_send(0));
      ASSERT_TRUE(rx.try_recv());
    }
  }
}

// Row 61: the mark of the disconnect is not counted.
TEST_ON(buffered, Look, SizeCountsMessagesOnlyAfterTheSendersHaveGone) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
  tx.reset();
  EXPECT_TRUE(rx.is_disconnected());
  for (int i = k.room(); i > 0; --i) {
    EXPECT_EQ(rx.size(), static_cast<std::size_t>(i));
    EXPECT_TRUE(rx.recv());
  }
  EXPECT_EQ(rx.size(), 0u);
  EXPECT_TRUE(rx.empty());
}

// Row 57: at any moment, with others sending and receiving.
TEST_ON(all, Look, SizeStaysWithinItsBoundsWhileOthersSendAndReceive) {
  constexpr std::size_t messages = 1000;
  auto [tx, rx] = k.template make<int>();
  task sender([&] {
    for (std::size_t i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(0));
  });
  task receiver([&] {
    for (std::size_t i = 0; i < messages; ++i) ASSERT_TRUE(rx.recv());
  });
  const std::size_t bound = k.is_unbounded() ? messages : k.capacity;
  while (!receiver.done()) {
    ASSERT_LE(tx.size(), bound);
    std::this_thread::yield();
  }
}

// Row 62.
TEST_ON(all, Look, IsDisconnectedTellsWhetherTheOtherSideHasGone) {
  {
    auto [tx, rx] = k.template make<int>();
    auto other = tx;
    EXPECT_FALSE(rx.is_disconnected());
    tx.reset();
    EXPECT_FALSE(rx.is_disconnected());
    other.reset();
    EXPECT_TRUE(rx.is_disconnected());
  }
  auto [tx, rx] = k.template make<int>();
  EXPECT_FALSE(tx.is_disconnected());
  auto moved = std::move(rx);
  EXPECT_FALSE(tx.is_disconnected());
  moved.reset();
  EXPECT_TRUE(tx.is_disconnected());
}

// Row 64.
TEST_ON(all, Look, SameChannelTellsCopiesFromOthers) {
  auto [tx, rx] = k.template make<int>();
  auto [other_tx, other_rx] = k.template make<int>();
  const auto copy = tx;
  EXPECT_TRUE(tx.same_channel(copy));
  EXPECT_TRUE(copy.same_channel(tx));
  EXPECT_FALSE(tx.same_channel(other_tx));
  EXPECT_TRUE(rx.same_channel(rx));
  EXPECT_FALSE(rx.same_channel(other_rx));
  if constexpr (std::is_same_v<Api, mpmc>) {
    const auto rx_copy = rx;
    EXPECT_TRUE(rx.same_channel(rx_copy));
  }
}

struct four_bytes_over_a_cache_line {
  std::byte bytes[68];
};

template <class Api>
class Capacity : public testing::Test {};
TYPED_TEST_SUITE(Capacity, apis, api_names);

// Row 4.
TYPED_TEST(Capacity, AnAbsurdOneIsRefused) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  for (const std::size_t n : {most, most - 1, most / 2 + 1, most / 2, most / 4}) {
    EXPECT_THROW((void)TypeParam::template sync_channel<char>(n), std::length_error);
    EXPECT_THROW((void)TypeParam::template sync_channel<four_bytes_over_a_cache_line>(n),
                 std::length_error);
  }
}

// Row 2, for every small capacity.
TYPED_TEST(Capacity, IsExact) {
  for (std::size_t n = 1; n <= 70; ++n) {
    auto [tx, rx] = TypeParam::template sync_channel<std::size_t>(n);
    std::size_t sent = 0;
    std::size_t received = 0;
    for (int lap = 0; lap < 3; ++lap) {
      while (tx.try_send(sent)) ++sent;
      ASSERT_EQ(sent - received, n);
      ASSERT_EQ(rx.size(), n);
      for (std::size_t i = 0; i < n / 2 + 1; ++i) ASSERT_EQ(rx.try_recv(), received++);
    }
  }
}

}  // namespace
}  // namespace unit

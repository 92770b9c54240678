// SPDX-License-Identifier: MIT
//
// Receiving by iteration. Numbers in comments are rows of the list of behaviours, see README.md.
#include "support.hpp"

#include <iterator>
#include <memory>
#include <ranges>

namespace unit {
namespace {

static_assert(std::ranges::input_range<const runnel::mpsc::receiver<int>&>);
static_assert(std::ranges::input_range<const runnel::mpmc::receiver<std::unique_ptr<int>>&>);
static_assert(std::ranges::input_range<
              decltype(std::declval<const runnel::mpsc::receiver<int>&>().try_iter())>);

// Row 66: it blocks for each message, ends at the disconnect, exactly there, and stays ended.
TEST_ON(all, Iterate, ForReceivesUntilTheDisconnect) {
  constexpr int messages = 100;
  auto [tx, rx] = k.template make<int>();
  task sender([&tx] {
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(i));
    tx.reset();
  });
  int next = 0;
  for (const int v : rx) ASSERT_EQ(v, next++);
  EXPECT_EQ(next, messages);
  for ([[maybe_unused]] const int v : rx) ADD_FAILURE() << "it went on after its end";
  EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
}

// Row 66, with nothing ever sent: the body does not run once.
TEST_ON(all, Iterate, ForEndsAtOnceIfThereIsNothingAndNoSender) {
  auto [tx, rx] = k.template make<int>();
  task sender([&tx] { tx.reset(); });
  for ([[maybe_unused]] const int v : rx) ADD_FAILURE();
}

// Row 68.
TEST_ON(all, Iterate, AnEarlyBreakLosesNothing) {
  constexpr int messages = 30;
  ledger l(messages);
  auto [tx, rx] = k.template make<counted>();
  task sender([&] {
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(counted(l, i)));
    tx.reset();
  });
  int next = 0;
  for (const counted& m : rx) {
    ASSERT_EQ(m.id(), next++);
    if (next == 5) break;
  }
  EXPECT_EQ(rx.recv().value().id(), next++);
  for (counted m : rx) {
    ASSERT_EQ(m.id(), next++);
    if (next == 20) break;
  }
  for (auto&& m : rx) ASSERT_EQ(m.id(), next++);
  EXPECT_EQ(next, messages);
  l.expect_each_ended_once();
}

// Row 68: by value, by forwarding reference and by const reference, with a move-only message.
TEST_ON(buffered, Iterate, MoveOnlyMessagesCanBeMovedOut) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  std::vector<std::unique_ptr<int>> got;
  const auto send = [&](int i) { ASSERT_TRUE(tx.send(std::make_unique<int>(i))); };
  send(0);
  for (std::unique_ptr<int> m : rx.try_iter()) got.push_back(std::move(m));
  send(1);
  for (auto&& m : rx.try_iter()) got.push_back(std::move(m));
  send(2);
  for (const auto& m : rx.try_iter()) EXPECT_EQ(*m, 2);
  send(3);
  tx.reset();
  for (auto&& m : rx) got.push_back(std::move(m));
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(*got[0], 0);
  EXPECT_EQ(*got[1], 1);
  EXPECT_EQ(*got[2], 3);
}

// Row 67.
TEST_ON(all, Iterate, TryIterEndsAtEmptyAndAtDisconnected) {
  auto [tx, rx] = k.template make<int>();
  for ([[maybe_unused]] const int v : rx.try_iter()) ADD_FAILURE();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
    int next = 0;
    for (const int v : rx.try_iter()) ASSERT_EQ(v, next++);
    EXPECT_EQ(next, k.room());
  }
  tx.reset();
  for ([[maybe_unused]] const int v : rx.try_iter()) ADD_FAILURE();
}

TEST_ON(buffered, Iterate, TheIteratorReceivesWhenItAdvancesNotWhenItIsRead) {
  auto [tx, rx] = k.template make<int>();
  ASSERT_TRUE(tx.send(1));
  auto i = rx.begin();
  EXPECT_EQ(rx.size(), 0u);
  EXPECT_EQ(*i, 1);
  EXPECT_EQ(*i, 1);
  auto j = std::move(i);
  EXPECT_EQ(*j, 1);
  tx.reset();
  ++j;
  EXPECT_TRUE(j == std::default_sentinel);
}

TEST_ON(buffered, Iterate, ViewsWorkOnAReceiver) {
  auto [tx, rx] = k.template make<int>();
  task sender([&tx] {
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(tx.send(i));
    tx.reset();
  });
  int sum = 0;
  for (const int v : rx | std::views::filter([](int i) { return i % 2 == 0; })) sum += v;
  EXPECT_EQ(sum, 2450);
}

}  // namespace
}  // namespace unit

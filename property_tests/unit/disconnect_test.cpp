// SPDX-License-Identifier: MIT
//
// What happens when handles go. Numbers in comments are rows of the list of behaviours, see
// README.md.
#include "support.hpp"

#include <deque>
#include <memory>
#include <optional>

namespace unit {
namespace {

// Rows 12 and 16, with 1 and 3 blocked senders, with and without a deadline.
TEST_ON(limited, Disconnect, BlockedSendersWakeAndGetTheirValuesBack) {
  for (const int blocked : {1, 3}) {
    ledger l(k.room() + blocked);
    auto [tx, rx] = k.template make<counted>();
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(counted(l, i)));
    std::deque<task> senders;
    for (int i = 0; i < blocked; ++i) {
      senders.emplace_back([&, id = k.room() + i] {
        const auto r = id % 2 == 0 ? tx.send(counted(l, id)) : tx.send_for(counted(l, id), 1h);
        ASSERT_FALSE(r);
        EXPECT_EQ(r.error().reason, send_errc::disconnected);
        EXPECT_EQ(r.error().value.id(), id);
      });
    }
    for (const task& t : senders) t.await_blocked();
    for (const task& t : senders) EXPECT_FALSE(t.done());
    rx.reset();
    senders.clear();
    l.expect_each_ended_once();
  }
}

// Row 30.
TEST_ON_MPMC(all, Disconnect, BlockedReceiversAllWake) {
  for (const int blocked : {1, 3}) {
    auto [tx, rx] = k.template make<int>();
    std::deque<task> receivers;
    for (int i = 0; i < blocked; ++i) {
      receivers.emplace_back([&, i] {
        const auto r = i % 2 == 0 ? rx.recv() : rx.recv_for(1h);
        EXPECT_EQ(r, std::unexpected(recv_errc::disconnected));
      });
    }
    for (const task& t : receivers) t.await_blocked();
    for (const task& t : receivers) EXPECT_FALSE(t.done());
    tx.reset();
  }
}

// Row 30 with the one receiver of mpsc too; the last of several senders counts.
TEST_ON(all, Disconnect, TheLastSenderToGoWakesABlockedReceiver) {
  for (const bool timed : {false, true}) {
    auto [tx, rx] = k.template make<int>();
    auto other = tx;
    task receiver([&] {
      const auto r = timed ? rx.recv_for(1h) : rx.recv();
      EXPECT_EQ(r, std::unexpected(recv_errc::disconnected));
    });
    receiver.await_blocked();
    tx.reset();
    receiver.await_blocked();
    EXPECT_FALSE(receiver.done());
    other.reset();
  }
}

// Row 49: at once, while senders live.
TEST_ON(buffered, Disconnect, TheLastReceiverToGoDestroysWhatIsBuffered) {
  ledger l(k.room());
  auto [tx, rx] = k.template make<counted>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(counted(l, i)));
  auto moved = std::move(rx);
  rx.reset();
  EXPECT_EQ(l.ended(), 0);
  moved.reset();
  l.expect_each_ended_once();
  EXPECT_EQ(tx.size(), 0u);
  EXPECT_TRUE(tx.is_disconnected());
}

// Row 49, its reason: a reply handle inside a message must not keep its peer waiting.
TEST_ON(buffered, Disconnect, AReplyHandleInAnUnreceivedMessageDoesNotKeepItsPeerWaiting) {
  using reply = runnel::mpsc::sender<int>;
  auto [tx, rx] = k.template make<reply>();
  auto [reply_tx, reply_rx] = runnel::mpsc::sync_channel<int>(1);
  ASSERT_TRUE(tx.send(std::move(reply_tx)));
  task peer([&] { EXPECT_EQ(reply_rx.recv(), std::unexpected(recv_errc::disconnected)); });
  peer.await_blocked();
  EXPECT_FALSE(peer.done());
  rx.reset();
}

// Row 50.
TEST_ON(all, Disconnect, ASendThatRacesTheLastReceiverLeavesNoValue) {
  constexpr int senders = 2;
  constexpr int each = 40;
  for (int round = 0; round < 40; ++round) {
    ledger l(senders * each);
    auto [tx, rx] = k.template make<counted>();
    start_line line(senders + 1);
    std::deque<task> sending;
    std::atomic<int> returned{0};
    for (int s = 0; s < senders; ++s) {
      sending.emplace_back([&, s] {
        line.arrive_and_wait();
        for (int i = 0; i < each; ++i) {
          const auto r = tx.send(counted(l, s * each + i));
          if (r) continue;
          EXPECT_EQ(r.error().reason, send_errc::disconnected);
          EXPECT_EQ(r.error().value.id(), s * each + i);
          ++returned;
        }
      });
    }
    line.arrive_and_wait();
    for (int i = 0; i < round % 4; ++i) EXPECT_TRUE(rx.recv());
    rx.reset();
    sending.clear();
    EXPECT_EQ(tx.size(), 0u);
    // The senders' handle lives, and yet each value has ended: received, returned or destroyed.
    l.expect_each_ended_once();
    EXPECT_LE(returned + round % 4, senders * each);
  }
}

// Row 53.
TEST_ON(all, Disconnect, BothSidesMayGoAtOnce) {
  for (int round = 0; round < 100; ++round) {
    ledger l(k.room());
    auto ends = std::make_optional(k.template make<counted>());
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(ends->first.send(counted(l, i)));
    start_line line(2);
    std::thread thread([&, tx = std::move(ends->first)]() mutable {
      line.arrive_and_wait();
      tx.reset();
    });
    line.arrive_and_wait();
    ends->second.reset();
    thread.join();
    l.expect_each_ended_once();
  }
}

// Row 36: a handle that is never destroyed keeps its side alive.
TEST_ON(all, Disconnect, AHandleThatIsNeverDestroyedNeverDisconnects) {
  auto [tx, rx] = k.template make<int>();
  using sender = std::remove_reference_t<decltype(tx)>;
  alignas(sender) std::byte storage[sizeof(sender)];
  auto* const forgotten = std::construct_at(reinterpret_cast<sender*>(storage), std::move(tx));
  EXPECT_FALSE(rx.is_disconnected());
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
  EXPECT_EQ(rx.recv_for(1ms), std::unexpected(recv_errc::timeout));
  std::destroy_at(forgotten);
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::disconnected));
}

// Row 46, for the receiving side. The data is plain: ThreadSanitizer sees whether it is ordered.
TEST_ON(all, Disconnect, WhatSendersDidBeforeTheyWentHappensBeforeDisconnected) {
  for (int how = 0; how < 4; ++how) {
    auto [tx, rx] = k.template make<int>();
    int a = 0;
    int b = 0;
    task first([&a, mine = tx]() mutable {
      a = 1;
      mine.reset();
    });
    task second([&b, mine = std::move(tx)]() mutable {
      b = 2;
      mine.reset();
    });
    switch (how) {
      case 0: EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected)); break;
      case 1: EXPECT_EQ(rx.recv_for(1h), std::unexpected(recv_errc::disconnected)); break;
      case 2:
        while (rx.try_recv().error() != recv_errc::disconnected) std::this_thread::yield();
        break;
      default:
        while (!rx.is_disconnected()) std::this_thread::yield();
    }
    EXPECT_EQ(a, 1);
    EXPECT_EQ(b, 2);
  }
}

// Row 46, for the sending side.
TEST_ON(all, Disconnect, WhatTheReceiverDidBeforeItWentHappensBeforeDisconnected) {
  for (int how = 0; how < 4; ++how) {
    auto [tx, rx] = k.template make<int>();
    int a = 0;
    task receiver([&a, mine = std::move(rx)]() mutable {
      a = 1;
      mine.reset();
    });
    const auto disconnected = [&] {
      const auto r = how == 0 ? tx.send(0) : how == 1 ? tx.send_for(0, 1h) : tx.try_send(0);
      return !r && r.error().reason == send_errc::disconnected;
    };
    while (how == 3 ? !tx.is_disconnected() : !disconnected()) std::this_thread::yield();
    EXPECT_EQ(a, 1);
  }
}

/// Receives what is left when its thread ends.
struct receives_at_thread_exit {
  std::optional<runnel::mpsc::receiver<int>> rx;
  std::vector<int>* got = nullptr;
  ~receives_at_thread_exit() {
    if (rx)
      for (const int i : *rx) got->push_back(i);
  }
};

// Row 56.
TEST(Disconnect, ABlockingCallInAThreadLocalDestructorWorks) {
  for (const std::size_t capacity : all) {
    auto [tx, rx] = kind<mpsc>{capacity}.make<int>();
    std::vector<int> got;
    std::atomic<bool> ending{false};
    std::thread thread([&, mine = std::move(rx)]() mutable {
      thread_local receives_at_thread_exit at_exit;
      at_exit.rx.emplace(std::move(mine));
      at_exit.got = &got;
      ending = true;
    });
    while (!ending) std::this_thread::yield();
    EXPECT_TRUE(tx.send(1));
    EXPECT_TRUE(tx.send(2));
    tx.reset();
    thread.join();
    EXPECT_EQ(got, (std::vector{1, 2}));
  }
}

}  // namespace
}  // namespace unit

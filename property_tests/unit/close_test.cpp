// SPDX-License-Identifier: MIT
//
// What happens when a receiver closes the channel, and how senders wait for that. Numbers in comments are rows
// of the list of behaviours, see README.md.
#include "support.hpp"

#include <runnel/select.hpp>
#include <runnel/stop.hpp>

#include <deque>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace unit {
namespace {

using runnel::on_closed;
using runnel::on_recv;
using runnel::on_send;

// Row 69.
TEST_ON(buffered, Close, RefusesSendsAndKeepsWhatIsBuffered) {
  ledger l(k.room() + 1);
  auto [tx, rx] = k.template make<counted>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(counted(l, i)));
  rx.close();
  const auto r = tx.send(counted(l, k.room()));
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().reason, send_errc::disconnected);
  EXPECT_EQ(r.error().value.id(), k.room());
  EXPECT_EQ(rx.size(), static_cast<std::size_t>(k.room()));
  EXPECT_TRUE(tx.is_disconnected());
  EXPECT_TRUE(rx.is_disconnected());
  for (int i = 0; i < k.room(); ++i) {
    const auto m = rx.recv();
    ASSERT_TRUE(m);
    EXPECT_EQ(m->id(), i);
    EXPECT_EQ(tx.try_send(counted(l, k.room())).error().reason, send_errc::disconnected);
  }
  EXPECT_EQ(rx.recv().error(), recv_errc::disconnected);
  EXPECT_EQ(rx.try_recv().error(), recv_errc::disconnected);
  EXPECT_EQ(rx.recv_for(1h).error(), recv_errc::disconnected);
}

// Row 69: every kind of send, on every kind of channel.
TEST_ON(all, Close, EndsEverySendAndReceiveAtOnce) {
  auto [tx, rx] = k.template make<int>();
  const auto later = steady_clock::now() + 1h;
  rx.close();
  EXPECT_EQ(tx.send(1).error(), send_errc::disconnected);
  EXPECT_EQ(tx.try_send(1).error(), send_errc::disconnected);
  EXPECT_EQ(tx.send_for(1, 0s).error(), send_errc::disconnected);
  EXPECT_EQ(tx.send_until(1, later).error(), send_errc::disconnected);
  EXPECT_EQ(tx.send(1, std::stop_token()).error(), send_errc::disconnected);
  EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::disconnected));
  EXPECT_EQ(rx.recv_for(0s), std::unexpected(recv_errc::disconnected));
  EXPECT_EQ(rx.recv_until(later), std::unexpected(recv_errc::disconnected));
  EXPECT_EQ(rx.recv(std::stop_token()), std::unexpected(recv_errc::disconnected));
  for (const int i : rx) FAIL() << i;
}

// Rows 12, 16 and 69, with and without a deadline and a token.
TEST_ON(limited, Close, GivesBlockedSendersTheirValuesBack) {
  constexpr int blocked = 3;
  ledger l(k.room() + blocked);
  auto [tx, rx] = k.template make<counted>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(counted(l, i)));
  std::deque<task> senders;
  const std::stop_source source;
  for (int i = 0; i < blocked; ++i) {
    senders.emplace_back([&, i, id = k.room() + i] {
      const auto r = i == 0   ? tx.send(counted(l, id))
                     : i == 1 ? tx.send_for(counted(l, id), 1h)
                              : tx.send(counted(l, id), source.get_token());
      ASSERT_FALSE(r);
      EXPECT_EQ(r.error().reason, send_errc::disconnected);
      EXPECT_EQ(r.error().value.id(), id);
    });
  }
  for (const task& t : senders) t.await_blocked();
  for (const task& t : senders) EXPECT_FALSE(t.done());
  rx.close();
  for (task& t : senders) t.join();
  for (int i = 0; i < k.room(); ++i) EXPECT_EQ(rx.recv()->id(), i);
  EXPECT_EQ(rx.recv().error(), recv_errc::disconnected);
}

TEST_ON_MPMC(all, Close, ByOneReceiverWakesTheOthers) {
  auto [tx, rx] = k.template make<int>();
  std::deque<task> receivers;
  const std::stop_source source;
  for (int i = 0; i < 3; ++i) {
    receivers.emplace_back([&, i, mine = rx] {
      const auto r = i == 0   ? mine.recv()
                     : i == 1 ? mine.recv_for(1h)
                              : mine.recv(source.get_token());
      EXPECT_EQ(r, std::unexpected(recv_errc::disconnected));
    });
  }
  for (const task& t : receivers) t.await_blocked();
  for (const task& t : receivers) EXPECT_FALSE(t.done());
  rx.close();
}

// Another thread closes through the handle that is in use: also that of an mpsc channel.
TEST_ON(all, Close, EndsAReceiveThroughTheSameHandle) {
  auto [tx, rx] = k.template make<int>();
  task receives([&rx] { EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected)); });
  receives.await_blocked();
  EXPECT_FALSE(receives.done());
  rx.close();
}

// Row 71; and what goes afterwards changes nothing.
TEST_ON(all, Close, AgainAndTheEndsThatComeLater) {
  ledger l(k.room());
  auto [tx, rx] = k.template make<counted>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(counted(l, i)));
  rx.close();
  rx.close();
  auto other = tx;
  tx.reset();
  if (k.room() != 0) {
    EXPECT_EQ(rx.recv()->id(), 0);
  }
  rx.reset();
  EXPECT_TRUE(other.is_disconnected());
  EXPECT_EQ(other.size(), 0U);
  l.expect_each_ended_once();
}

TEST_ON(all, Close, AfterTheLastSenderHasGone) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
  tx.reset();
  rx.close();
  for (int i = 0; i < k.room(); ++i) EXPECT_EQ(rx.recv(), i);
  EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
}

// What senders had sent when the close came is received, the rest is theirs again.
TEST_ON(all, Close, LosesNothingThatRacesIt) {
  constexpr int senders = 3;
  for (int round = 0; round < 100; ++round) {
    auto [tx, rx] = k.template make<int>();
    start_line line(senders + 1);
    std::atomic<int> sent{0};
    int received = 0;
    {
      std::deque<task> sending;
      for (int s = 0; s < senders; ++s) {
        sending.emplace_back([&line, &sent, mine = tx] {
          line.arrive_and_wait();
          while (mine.send(1)) ++sent;
        });
      }
      line.arrive_and_wait();
      for (int i = 0; i < round % 4; ++i) received += *rx.recv();
      rx.close();
      for (const int i : rx) received += i;
    }
    EXPECT_EQ(received, sent.load());
  }
}

// Row 46: the data is plain, so ThreadSanitizer sees whether it is ordered.
TEST_ON(all, Close, WhatTheCloserDidHappensBeforeWhatReportsIt) {
  for (int how = 0; how < 6; ++how) {
    auto [tx, rx] = k.template make<int>();
    int before = 0;
    task closes([&before, &rx] {
      before = 1;
      rx.close();
    });
    const auto refused = [](const auto& r) {
      return !r && r.error().reason == send_errc::disconnected;
    };
    switch (how) {
      case 0:
        while (!refused(tx.try_send(0))) std::this_thread::yield();
        break;
      case 1:
        while (!tx.is_disconnected()) std::this_thread::yield();
        break;
      case 2: tx.closed(); break;
      case 3: EXPECT_TRUE(tx.closed_for(1h)); break;
      case 4: EXPECT_TRUE(tx.closed(std::stop_token())); break;
      default: runnel::select(on_closed(tx, [] {}));
    }
    EXPECT_EQ(before, 1);
  }
}

// ---- who waits for it -----------------------------------------------------------------------------

// Row 74: when a receiver closes, and when the last one goes.
TEST_ON(all, Closed, ReturnsWhenNoSendCanSucceed) {
  for (const bool goes : {false, true}) {
    auto [tx, rx] = k.template make<int>();
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
    std::deque<task> waits;
    for (int i = 0; i < 3; ++i) {
      waits.emplace_back([&tx, i] {
        if (i == 0) tx.closed();
        const bool is =
            i == 0 || (i == 1 ? tx.closed_for(1h) : tx.closed_until(system_clock::now() + 1h));
        EXPECT_TRUE(is);
        EXPECT_EQ(tx.try_send(0).error(), send_errc::disconnected);
      });
    }
    for (const task& t : waits) t.await_blocked();
    for (const task& t : waits) EXPECT_FALSE(t.done());
    if (goes)
      rx.reset();
    else
      rx.close();
    waits.clear();
    tx.closed();
    EXPECT_TRUE(tx.closed_for(0s));
  }
}

TEST_ON(all, Closed, TimesOutWhileTheChannelIsOpen) {
  auto [tx, rx] = k.template make<int>();
  const auto begun = steady_clock::now();
  EXPECT_FALSE(tx.closed_for(0s));
  EXPECT_FALSE(tx.closed_for(-1h));
  EXPECT_FALSE(tx.closed_for(20ms));
  EXPECT_GE(steady_clock::now() - begun, 20ms);
  EXPECT_FALSE(tx.closed_until(system_clock::now() + 1ms));
  EXPECT_FALSE(tx.closed_until(steady_clock::now()));
  // A message is none, nor is room.
  if (k.room() != 0) {
    ASSERT_TRUE(tx.send(1));
    EXPECT_EQ(rx.recv(), 1);
  }
  EXPECT_FALSE(tx.closed_for(0s));
}

TEST_ON(all, Closed, EndsWhenItIsStopped) {
  auto [tx, rx] = k.template make<int>();
  std::stop_source source;
  task waits([&] {
    EXPECT_FALSE(tx.closed(source.get_token()));
    EXPECT_FALSE(tx.closed_for(1h, source.get_token()));
    EXPECT_FALSE(tx.closed_until(system_clock::now() + 1h, source.get_token()));
  });
  waits.await_blocked();
  source.request_stop();
  waits.join();
  EXPECT_FALSE(tx.closed_for(0s, std::stop_token()));
  rx.close();
  EXPECT_TRUE(tx.closed(source.get_token()));
  EXPECT_TRUE(tx.closed_for(0s, source.get_token()));
}

// A message whose end waits for a sender that waits for the close.
TEST_ON(buffered, Closed, ComesBeforeTheEndOfWhatIsBuffered) {
  auto [tx, rx] = k.template make<std::unique_ptr<task>>();
  ASSERT_TRUE(tx.send(std::make_unique<task>([mine = tx] { mine.closed(); })));
  rx.reset();
}

// ---- selects --------------------------------------------------------------------------------------

TEST_ON(all, Closed, IsACaseOfASelect) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_FALSE(runnel::try_select(on_closed(tx, [] {})));
  EXPECT_FALSE(runnel::select_for(1ms, on_closed(tx, [] {})));
  auto [other_tx, other_rx] = k.template make<int>();
  task waits([&tx, &other_rx] {
    const int which =
        runnel::select(on_recv(other_rx, [](auto) { return 0; }), on_closed(tx, [] { return 1; }));
    EXPECT_EQ(which, 1);
  });
  waits.await_blocked();
  EXPECT_FALSE(waits.done());
  rx.close();
  waits.join();
  EXPECT_TRUE(runnel::try_select(on_closed(tx, [] {})));
  EXPECT_FALSE(runnel::try_select(on_closed(tx, [] {}).when(false)));
}

TEST_ON(all, Closed, IsACaseOfASelector) {
  auto [tx, rx] = k.template make<int>();
  runnel::selector s;
  const std::size_t number = s.closed(tx);
  EXPECT_EQ(s.try_select(), std::unexpected(runnel::select_errc::none_ready));
  rx.close();
  EXPECT_EQ(s.select(), number);
}

// Row 84: the close is not passed over although another case is always possible.
TEST_ON(all, Close, IsSeenBesideACaseThatAlwaysIsPossible) {
  auto [tx, rx] = k.template make<int>();
  auto [busy_tx, busy_rx] = Api::template channel<int>();
  rx.close();
  runnel::selector s;
  std::optional<std::expected<int, recv_errc>> got;
  std::optional<std::expected<int, recv_errc>> busy;
  const std::size_t closed = s.recv(rx, got);
  (void)s.recv(busy_rx, busy);
  const auto await = [&](auto select) {
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(busy_tx.send(1));
      if (select()) return;
    }
    FAIL() << "not once in 1000 times";
  };
  await([&] { return s.select() == closed; });
  await([&] {
    return runnel::select(on_recv(rx, [](auto) { return true; }),
                          on_recv(busy_rx, [](auto) { return false; }));
  });
  await([&] {
    return runnel::select(on_closed(tx, [] { return true; }),
                          on_recv(busy_rx, [](auto) { return false; }));
  });
  int value = 1;
  await([&] {
    return runnel::select(on_send(tx, value, [](auto) { return true; }),
                          on_recv(busy_rx, [](auto) { return false; }));
  });
}

}  // namespace
}  // namespace unit

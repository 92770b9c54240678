// SPDX-License-Identifier: MIT
//
// Timed sends and receives. Numbers in comments are rows of the list of behaviours, see README.md.
#include "support.hpp"

#include <limits>
#include <memory>
#include <ratio>

namespace unit {
namespace {

// Where it does not depend on the capacity how the deadline is computed.
constexpr std::size_t some[] = {0, 1, 3, no_bound};

constexpr std::size_t few_limited[] = {0, 3};

constexpr std::size_t few_buffered[] = {1, 3, no_bound};

template <class Api, class Sender>
void fill(const kind<Api>& k, const Sender& tx) {
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
}

/// Calls f with durations that no clock can add to its time, and with long ones that it can.
template <class F>
void for_each_long_duration(F f) {
  using std::chrono::duration;
  f(24h);
  f(std::chrono::nanoseconds::max());
  f(std::chrono::nanoseconds::max() / 2);
  f(std::chrono::milliseconds::max());
  f(std::chrono::hours::max());
  f(duration<unsigned long long, std::ratio<3600>>::max());
  f(duration<float>::max());
  f(duration<double, std::milli>(1e300));
  f(duration<double>(std::numeric_limits<double>::infinity()));
}

/// Calls f with durations for which an operation tries once.
template <class F>
void for_each_past_duration(F f) {
  using std::chrono::duration;
  f(0s);
  f(-1ns);
  f(-24h);
  f(std::chrono::nanoseconds::min());
  f(std::chrono::hours::min());
  f(duration<double>(-0.5));
  f(duration<double>(-std::numeric_limits<double>::infinity()));
  f(duration<double>(std::numeric_limits<double>::quiet_NaN()));
}

/// What the standard wants of a Clock besides now().
template <class Clock, class Duration, bool Steady>
struct clock_members {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock, Duration>;
  [[maybe_unused]] static constexpr bool is_steady = Steady;
};

/// A clock at half the pace of the one that threads wait on.
struct slow_clock : clock_members<slow_clock, std::chrono::nanoseconds, true> {
  static time_point now() { return time_point(steady_clock::now().time_since_epoch() / 2); }
};

/// A clock whose times are negative.
struct early_clock : clock_members<early_clock, std::chrono::microseconds, false> {
  static time_point now() {
    static const auto start = steady_clock::now();
    return time_point(std::chrono::floor<duration>(steady_clock::now() - start) - 1h);
  }
};

/// A clock that stands still until a test moves it, as if it were set back all the time. It counts
/// how often it is read.
struct standing_clock : clock_members<standing_clock, std::chrono::microseconds, false> {
  static inline std::atomic<rep> time{0};
  static inline std::atomic<int> reads{0};
  static time_point now() {
    ++reads;
    return time_point(duration(time.load()));
  }
};

/// Calls f with points of time that lie so far ahead that they never come.
template <class F>
void for_each_far_time(F f) {
  using namespace std::chrono;
  f(steady_clock::time_point::max());
  f(system_clock::time_point::max());
  f(early_clock::time_point::max());
  f(time_point<system_clock, seconds>::max());
  f(time_point<steady_clock, hours>::max());
  f(time_point<steady_clock, duration<double>>::max());
}

/// Calls f with points of time that have passed.
template <class F>
void for_each_past_time(F f) {
  using namespace std::chrono;
  f(steady_clock::now());
  f(system_clock::now() - 1h);
  f(early_clock::now() - 1h);
  f(steady_clock::time_point::min());
  f(system_clock::time_point::min());
  f(early_clock::time_point::min());
  f(time_point<system_clock, seconds>::min());
  f(time_point<steady_clock, hours>::min());
  f(time_point<steady_clock, duration<double>>::min());
}

// Rows 21 and 35.
TEST_ON(limited, Timed, SendTimesOutNotEarlyAndHandsTheValueBack) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(nullptr));
  auto value = std::make_unique<int>(1);
  const int* const address = value.get();
  const auto expect = [&](const auto& r) {
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().reason, send_errc::timeout);
    EXPECT_EQ(r.error().value.get(), address);
  };
  const auto start = steady_clock::now();
  auto first = tx.send_for(std::move(value), 3ms);
  EXPECT_GE(steady_clock::now() - start, 3ms);
  expect(first);
  const auto deadline = steady_clock::now() + 3ms;
  const auto second = tx.send_until(std::move(first.error().value), deadline);
  EXPECT_GE(steady_clock::now(), deadline);
  expect(second);
}

// Row 35, for each way to say how long.
TEST_ON(some, Deadlines, RecvTimesOutNotEarly) {
  auto [tx, rx] = k.template make<int>();
  const auto expect = [&](auto d) {
    const auto start = steady_clock::now();
    EXPECT_EQ(rx.recv_for(d), std::unexpected(recv_errc::timeout));
    EXPECT_GE(steady_clock::now() - start, d);
  };
  expect(1ns);
  expect(150us);
  expect(2ms);
  expect(std::chrono::duration<double>(0.0015));
  expect(std::chrono::duration<float, std::milli>(1.3F));
  expect(std::chrono::duration<int, std::ratio<1, 700>>(1));
}

TEST_ON(some, Deadlines, RecvUntilGoesByTheClockOfItsDeadline) {
  auto [tx, rx] = k.template make<int>();
  const auto expect = [&]<class Clock>(Clock) {
    const auto deadline = Clock::now() + 3ms;
    EXPECT_EQ(rx.recv_until(deadline), std::unexpected(recv_errc::timeout));
    EXPECT_GE(Clock::now(), deadline);
  };
  expect(steady_clock{});
  expect(system_clock{});
  expect(slow_clock{});
  expect(early_clock{});
}

TEST_ON(few_limited, Deadlines, SendUntilGoesByTheClockOfItsDeadline) {
  auto [tx, rx] = k.template make<int>();
  fill(k, tx);
  const auto expect = [&]<class Clock>(Clock) {
    const auto deadline = Clock::now() + 3ms;
    EXPECT_EQ(tx.send_until(0, deadline).error().reason, send_errc::timeout);
    EXPECT_GE(Clock::now(), deadline);
  };
  expect(steady_clock{});
  expect(system_clock{});
  expect(slow_clock{});
  expect(early_clock{});
}

// Row 24.
TEST_ON(all, Timed, AClockThatIsSetBackMakesTheWaitLonger) {
  auto [tx, rx] = k.template make<counted>();
  ledger l(k.room() + 1);
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(counted(l, i)));
  const auto expect = [](auto wait_until) {
    const auto deadline = standing_clock::now() + 1ms;
    const int enough = standing_clock::reads + 5;
    task waiting([&] { wait_until(deadline); });
    while (!waiting.done() && standing_clock::reads < enough) std::this_thread::yield();
    EXPECT_FALSE(waiting.done());
    standing_clock::time += 1000;
  };
  if (!k.is_unbounded()) {
    expect([&](auto deadline) {
      const auto r = tx.send_until(counted(l, k.room()), deadline);
      EXPECT_EQ(r.error().reason, send_errc::timeout);
      EXPECT_EQ(r.error().value.id(), k.room());
    });
  }
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(rx.recv());
  expect([&](auto deadline) { EXPECT_EQ(rx.recv_until(deadline).error(), recv_errc::timeout); });
}

// Row 23: the operation waits for as long as it takes.
TEST_ON(some, Deadlines, RecvForALongTimeWaitsForAMessage) {
  auto [tx, rx] = k.template make<int>();
  for_each_long_duration([&](auto d) {
    task receiver([&] { EXPECT_EQ(rx.recv_for(d), 1); });
    receiver.await_blocked();
    EXPECT_FALSE(receiver.done());
    EXPECT_TRUE(tx.send(1));
  });
}

TEST_ON(few_limited, Deadlines, SendForALongTimeWaitsForRoom) {
  auto [tx, rx] = k.template make<int>();
  for_each_long_duration([&](auto d) {
    fill(k, tx);
    task sender([&] { EXPECT_TRUE(tx.send_for(1, d)); });
    sender.await_blocked();
    EXPECT_FALSE(sender.done());
    for (int i = 0; i <= k.room(); ++i) EXPECT_TRUE(rx.recv());
  });
}

TEST_ON(some, Deadlines, RecvUntilAFarTimeWaitsForAMessage) {
  auto [tx, rx] = k.template make<int>();
  for_each_far_time([&](auto t) {
    task receiver([&] { EXPECT_EQ(rx.recv_until(t), 1); });
    receiver.await_blocked();
    EXPECT_FALSE(receiver.done());
    EXPECT_TRUE(tx.send(1));
  });
}

TEST_ON(few_limited, Deadlines, SendUntilAFarTimeWaitsForRoom) {
  auto [tx, rx] = k.template make<int>();
  for_each_far_time([&](auto t) {
    fill(k, tx);
    task sender([&] { EXPECT_TRUE(tx.send_until(1, t)); });
    sender.await_blocked();
    EXPECT_FALSE(sender.done());
    for (int i = 0; i <= k.room(); ++i) EXPECT_TRUE(rx.recv());
  });
}

// Zero, negative or past: it tries once.
TEST_ON(some, Deadlines, RecvTriesOnceIfThereIsNoTime) {
  auto [tx, rx] = k.template make<int>();
  for_each_past_duration(
      [&](auto d) { EXPECT_EQ(rx.recv_for(d), std::unexpected(recv_errc::timeout)); });
  for_each_past_time(
      [&](auto t) { EXPECT_EQ(rx.recv_until(t), std::unexpected(recv_errc::timeout)); });
}

TEST_ON(few_limited, Deadlines, SendTriesOnceIfThereIsNoTime) {
  auto [tx, rx] = k.template make<int>();
  fill(k, tx);
  for_each_past_duration([&](auto d) {
    const auto r = tx.send_for(9, d);
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().reason, send_errc::timeout);
    EXPECT_EQ(r.error().value, 9);
  });
  for_each_past_time([&](auto t) {
    const auto r = tx.send_until(9, t);
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().reason, send_errc::timeout);
    EXPECT_EQ(r.error().value, 9);
  });
}

// Row 34: a result that is ready is taken although the deadline has passed.
TEST_ON(few_buffered, Timed, TakesAReadyResultAfterTheDeadline) {
  auto [tx, rx] = k.template make<int>();
  for_each_past_duration([&](auto d) {
    EXPECT_TRUE(tx.send_for(1, d));
    EXPECT_EQ(rx.recv_for(d), 1);
  });
  for_each_past_time([&](auto t) {
    EXPECT_TRUE(tx.send_until(1, t));
    EXPECT_EQ(rx.recv_until(t), 1);
  });
}

// Row 34 on a rendezvous, where the ready result is a partner who waits.
TEST(TimedRendezvous, MeetsAWaitingPartnerAfterTheDeadline) {
  auto [tx, rx] = runnel::mpmc::sync_channel<int>(0);
  task receiver([&] { EXPECT_EQ(rx.recv(), 1); });
  while (!tx.send_for(1, 0s)) std::this_thread::yield();
  receiver.join();
  task sender([&] { EXPECT_TRUE(tx.send(2)); });
  auto m = rx.recv_until(steady_clock::time_point());
  for (; !m; m = rx.recv_until(steady_clock::time_point())) std::this_thread::yield();
  EXPECT_EQ(m, 2);
}

// Row 22: at once, and while blocked (rows 12, 30).
TEST_ON(some, Deadlines, DisconnectedIsNotATimeout) {
  auto [tx, rx] = k.template make<int>();
  {
    auto [other_tx, other_rx] = k.template make<int>();
    other_rx.reset();
    for_each_past_duration([&](auto d) {
      EXPECT_EQ(other_tx.send_for(1, d).error().reason, send_errc::disconnected);
    });
    for_each_far_time([&](auto t) {
      const auto r = other_tx.send_until(1, t);
      EXPECT_EQ(r.error().reason, send_errc::disconnected);
      EXPECT_EQ(r.error().value, 1);
    });
  }
  tx.reset();
  for_each_past_duration(
      [&](auto d) { EXPECT_EQ(rx.recv_for(d), std::unexpected(recv_errc::disconnected)); });
  for_each_far_time(
      [&](auto t) { EXPECT_EQ(rx.recv_until(t), std::unexpected(recv_errc::disconnected)); });
}

/// A duration that is sometimes nothing, sometimes about as long as a hand-off takes.
std::chrono::nanoseconds short_time(int i) {
  constexpr std::chrono::nanoseconds times[] = {0ns, 1us, 100us, 15us, 40us, 5us, 1ms};
  return times[static_cast<std::size_t>(i) % std::size(times)];
}

// Row 40.
TEST_ON(all, Timed, ATimeoutThatRacesAHandOffLosesAndDuplicatesNothing) {
  constexpr int messages = 600;
  ledger l(messages);
  auto [tx, rx] = k.template make<counted>();
  task sender([&] {
    for (int i = 0, tries = 0; i < messages; ++i) {
      auto r = tx.send_for(counted(l, i), short_time(tries++));
      while (!r) {
        ASSERT_EQ(r.error().reason, send_errc::timeout);
        ASSERT_EQ(r.error().value.id(), i);
        auto again = tx.send_for(std::move(r.error().value), short_time(tries++));
        std::destroy_at(&r);
        std::construct_at(&r, std::move(again));
      }
    }
    tx.reset();
  });
  int next = 0;
  for (int tries = 0;; ++tries) {
    const auto m = rx.recv_for(short_time(3 * tries + 1));
    if (m) {
      ASSERT_EQ(m->id(), next++);
    } else if (m.error() == recv_errc::disconnected) {
      break;
    }
  }
  EXPECT_EQ(next, messages);
  sender.join();
  l.expect_each_ended_once();
}

// Row 40 with competition on both sides: a waiter that gives up passes its notification on.
TEST_ON(all, Timed, NobodySleepsOnWhenAnotherWaiterGivesUp) {
  constexpr int senders = 2;
  constexpr int each = 300;
  ledger l(senders * each);
  auto [tx, rx] = k.template make<counted>();
  std::atomic<int> received{0};
  task sending([&] {
    in_threads(senders, [&](int s) {
      for (int i = 0; i < each; ++i) {
        auto r = tx.send_for(counted(l, s * each + i), s == 0 ? short_time(i) : 1h);
        while (!r) {
          auto again = tx.send(std::move(r.error().value));
          std::destroy_at(&r);
          std::construct_at(&r, std::move(again));
        }
      }
    });
    tx.reset();
  });
  const auto receive = [&](int r) {
    for (int tries = 0;; ++tries) {
      const auto m = r == 0 ? rx.recv_for(short_time(tries)) : rx.recv();
      if (m) ++received;
      if (!m && m.error() == recv_errc::disconnected) return;
    }
  };
  if constexpr (std::is_same_v<Api, mpmc>)
    in_threads(2, receive);
  else
    receive(0);
  EXPECT_EQ(received, senders * each);
  l.expect_each_ended_once();
}

}  // namespace
}  // namespace unit

// SPDX-License-Identifier: MIT
//
// How often a thread looks before it parks. No model sees this: it decides nothing but speed.
#include "support.hpp"

#include <runnel/core/list.hpp>
#include <runnel/core/polling.hpp>
#include <runnel/core/ring.hpp>
#include <runnel/core/std_platform.hpp>

namespace unit {
namespace {

using namespace std::chrono_literals;

/// A system whose clock a yield moves.
struct system {
  static inline std::chrono::microseconds time{};
  static inline std::chrono::microseconds a_yield = 1us;
  static inline int yields = 0;
  static inline unsigned last_pause = 0;
  static inline std::chrono::microseconds last_sleep{};

  static void pause(unsigned times) { last_pause = times; }
  static void yield() {
    ++yields;
    time += a_yield;
  }
  static void sleep(std::chrono::microseconds d) { last_sleep = d; }
  static std::chrono::microseconds now() { return time; }
  static std::size_t peek(std::size_t count) { return count; }
};
using polling = runnel::core::adaptive_polling<system>;

/// How often it looks for something that does not come.
int looks_in_vain(polling& p) {
  int looks = 0;
  EXPECT_FALSE(p.until([&looks] {
    ++looks;
    return false;
  }));
  return looks;
}

TEST(Polling, EndsAtTheFirstSuccess) {
  polling p;
  int looks = 0;
  EXPECT_TRUE(p.until([&looks] { return ++looks == 3; }));
  EXPECT_EQ(looks, 3);
}

TEST(Polling, LooksLessOftenAfterItDidNotPay) {
  polling p;
  const int most = looks_in_vain(p);
  EXPECT_LT(looks_in_vain(p), most);
}

TEST(Polling, IsGivenATrialNowAndThen) {
  polling p;
  const int most = looks_in_vain(p);
  for (int trial = 0; trial < 3; ++trial) {
    int short_ones = 0;
    while (looks_in_vain(p) < most && short_ones < 1000) ++short_ones;
    EXPECT_EQ(short_ones, 33);
  }
}

TEST(Polling, IsWorthMoreAfterASuccessThanAFailureCosts) {
  polling p;
  const int most = looks_in_vain(p);
  EXPECT_TRUE(p.until([] { return true; }));
  for (int failure = 0; failure < 8; ++failure) EXPECT_EQ(looks_in_vain(p), most) << failure;
  EXPECT_LT(looks_in_vain(p), most);
}

TEST(Polling, KeepsNoMoreCreditThanForAWhile) {
  polling p;
  const int most = looks_in_vain(p);
  for (int success = 0; success < 1000; ++success) EXPECT_TRUE(p.until([] { return true; }));
  int long_ones = 0;
  while (looks_in_vain(p) == most && long_ones < 1000) ++long_ones;
  EXPECT_EQ(long_ones, 64);
}

/// How often it yields for something that does not come.
int yields_in_vain(polling& p, std::chrono::microseconds a_yield) {
  system::a_yield = a_yield;
  system::yields = 0;
  EXPECT_FALSE(p.until([] { return false; }));
  return system::yields;
}

TEST(Polling, YieldsWhileThatIsQuick) {
  polling p;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(yields_in_vain(p, 999us), polling::most_yields);
}

TEST(Polling, DoesWithoutYieldsAfterASlowOne) {
  polling p;
  for (int trial = 0; trial < 3; ++trial) {
    EXPECT_EQ(yields_in_vain(p, 1001us), 1);
    for (int i = 0; i < polling::yield_trial; ++i) EXPECT_EQ(yields_in_vain(p, 1us), 0);
  }
  EXPECT_EQ(yields_in_vain(p, 1us), polling::most_yields);
}

TEST(Polling, LooksOnceMoreAfterASlowYield) {
  polling p;
  system::a_yield = 5ms;
  system::yields = 0;
  EXPECT_TRUE(p.until([] { return system::yields == 1; }));
}

/// What a thread does between two looks: the pauses, yields or sleep of one snooze.
struct snooze {
  unsigned pauses = 0;
  int yields = 0;
  std::chrono::microseconds sleep{};
  bool operator==(const snooze&) const = default;
};
using backoff = runnel::core::backoff<system>;

snooze next_of(backoff& b) {
  system::last_pause = 0;
  system::yields = 0;
  system::last_sleep = {};
  b.snooze();
  return {system::last_pause, system::yields, system::last_sleep};
}

TEST(Backoff, PausesThenYieldsThenSleeps) {
  backoff b;
  for (const unsigned pauses : {1U, 2U, 4U, 8U, 16U, 32U, 64U})
    EXPECT_EQ(next_of(b), snooze{.pauses = pauses});
  for (int i = 0; i < 64; ++i) EXPECT_EQ(next_of(b), snooze{.yields = 1});
  for (const auto sleep : {50us, 100us, 200us, 400us, 800us, 1000us, 1000us, 1000us})
    EXPECT_EQ(next_of(b), snooze{.sleep = sleep});
}

using stream_polling = runnel::core::stream_polling<system>;

/// How long a side pauses before it looks, once it has done `count` operations.
unsigned pauses_after(stream_polling& p, std::size_t count) {
  system::last_pause = 0;
  EXPECT_TRUE(p.pauses([] { return true; }, [count](auto peek) { return peek(count); }));
  return system::last_pause;
}

TEST(StreamPolling, DoesNotPauseInAConversation) {
  stream_polling p;
  for (std::size_t count = 0; count < 100; ++count) EXPECT_EQ(pauses_after(p, count), 0) << count;
  EXPECT_EQ(pauses_after(p, 99), 0);
}

TEST(StreamPolling, PausesTheLongerTheMoreHasBeenDone) {
  stream_polling p;
  EXPECT_EQ(pauses_after(p, 2), 4);
  EXPECT_EQ(pauses_after(p, 5), 8);
  EXPECT_EQ(pauses_after(p, 70), 256);
  EXPECT_EQ(pauses_after(p, 1'000'000), 256);
  EXPECT_EQ(pauses_after(p, 1'000'001), 0);
}

TEST(StreamPolling, CountsAcrossTheEndOfTheNumbers) {
  stream_polling p;
  EXPECT_EQ(pauses_after(p, SIZE_MAX), 0);
  EXPECT_EQ(pauses_after(p, 1), 4);
}

TEST(StreamPolling, PausesNoLongerForAnyCount) {
  stream_polling p;
  EXPECT_EQ(pauses_after(p, PTRDIFF_MAX), 256);
}

TEST(StreamPolling, DoesNotPauseForACountThatIsOlderThanTheLast) {
  stream_polling p;
  pauses_after(p, 10);
  EXPECT_EQ(pauses_after(p, 7), 0);
}

TEST(StreamPolling, DoesNotPauseWhilePausesDoNotPay) {
  stream_polling p;
  const auto count = [](std::size_t n) { return [n](auto peek) { return peek(n); }; };
  for (int failure = 0; failure < 5; ++failure)
    EXPECT_FALSE(p.pauses([] { return false; }, count(0)));
  system::last_pause = 0;
  EXPECT_TRUE(p.pauses([] { return true; }, count(100)));
  EXPECT_EQ(system::last_pause, 0);
  EXPECT_EQ(pauses_after(p, 200), 256);
}

using runnel::core::std_platform, runnel::core::shipped_geometry;

auto peek(const auto& a) { return std_platform::polling_system::peek(a); }

TEST(StreamPolling, AQueueCountsItsOperations) {
  runnel::core::ring<std_platform, int, shipped_geometry> ring(3);
  runnel::core::list<std_platform, int, shipped_geometry> list;
  const auto sends = [&] { return ring.count_sends([](const auto& a) { return peek(a); }); };
  const auto receives = [&](const auto& queue) {
    return queue.count_receives([](const auto& a) { return peek(a); });
  };
  for (std::size_t done = 0; done <= 2; ++done) {
    EXPECT_EQ(sends(), done);
    EXPECT_EQ(receives(ring), done);
    EXPECT_EQ(receives(list), done);
    int message = 0;
    (void)ring.try_send(message);
    (void)list.try_send(message);
    EXPECT_TRUE(ring.try_recv() && list.try_recv());
  }
}

/// Whether the next send and the next receive seem possible.
std::pair<bool, bool> glance(auto& queue) {
  const auto look = [](const auto& a) { return peek(a); };
  return {queue.seems_to_have_room(look), queue.seems_to_have_message(look)};
}
using outlooks = std::pair<bool, bool>;

TEST(Glance, TellsWhatAQueueHas) {
  runnel::core::ring<std_platform, int, shipped_geometry> ring(1);
  runnel::core::list<std_platform, int, shipped_geometry> list;
  runnel::core::sole_list<std_platform, int, shipped_geometry> sole_list;
  for (int lap = 0; lap < 300; ++lap) {  // beyond a block
    EXPECT_EQ(glance(ring), outlooks(true, false));
    EXPECT_EQ(glance(list), outlooks(true, false));
    EXPECT_EQ(glance(sole_list), outlooks(true, false));
    (void)ring.try_send(lap);
    (void)list.try_send(lap);
    (void)sole_list.try_send(lap);
    EXPECT_EQ(glance(ring), outlooks(false, true));
    EXPECT_EQ(glance(list), outlooks(true, true));
    EXPECT_EQ(glance(sole_list), outlooks(true, true));
    EXPECT_TRUE(ring.try_recv() && list.try_recv() && sole_list.try_recv());
  }
}

TEST(Glance, TakesASendThatWillBeRefusedForPossible) {
  runnel::core::ring<std_platform, int, shipped_geometry> ring(1);
  int message = 0;
  (void)ring.try_send(message);
  EXPECT_EQ(glance(ring), outlooks(false, true));
  ring.close();
  EXPECT_EQ(glance(ring), outlooks(true, true));
}

}  // namespace
}  // namespace unit

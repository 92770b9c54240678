// SPDX-License-Identifier: MIT
//
// How often a thread looks before it parks. No model sees this: it decides nothing but speed.
#include "support.hpp"

#include <runnel/core/polling.hpp>

namespace unit {
namespace {

using namespace std::chrono_literals;

/// A system whose clock a yield moves.
struct system {
  static inline std::chrono::microseconds time{};
  static inline std::chrono::microseconds a_yield = 1us;
  static inline int yields = 0;

  static void pause(unsigned) {}
  static void yield() {
    ++yields;
    time += a_yield;
  }
  static std::chrono::microseconds now() { return time; }
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
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(yields_in_vain(p, 999us), polling::yields);
}

TEST(Polling, DoesWithoutYieldsAfterASlowOne) {
  polling p;
  for (int trial = 0; trial < 3; ++trial) {
    EXPECT_EQ(yields_in_vain(p, 1001us), 1);
    for (int i = 0; i < polling::yield_trial; ++i) EXPECT_EQ(yields_in_vain(p, 1us), 0);
  }
  EXPECT_EQ(yields_in_vain(p, 1us), polling::yields);
}

TEST(Polling, LooksOnceMoreAfterASlowYield) {
  polling p;
  system::a_yield = 5ms;
  system::yields = 0;
  EXPECT_TRUE(p.until([] { return system::yields == 1; }));
}

}  // namespace
}  // namespace unit

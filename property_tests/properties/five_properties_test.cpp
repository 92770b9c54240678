// SPDX-License-Identifier: MIT
//
// The five properties of a channel: FIFO, no loss, exactly once, clean disconnect, no lost wake-up.
// Each by itself, on generated traffic of up to eight threads, and each seen to fail.
#include "five_properties.hpp"

#include "mistaken.hpp"
#include "platforms.hpp"
#include "unit/support.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>

namespace properties {
namespace {

template <class Api>
class FiveProperties : public testing::Test {};
struct sleepy_mpmc : channels_on<sleepy_platform, core::receivers::many> {
  static constexpr const char* name = "sleepy_mpmc";
};
struct api_names {
  template <class Api>
  static std::string GetName(int) {
    return Api::name;
  }
};
using kinds = testing::Types<unit::mpsc, unit::mpmc, sleepy_mpmc>;
TYPED_TEST_SUITE(FiveProperties, kinds, api_names);

TYPED_TEST(FiveProperties, Fifo) { EXPECT_TRUE(is_fifo<TypeParam>()); }
TYPED_TEST(FiveProperties, NoLoss) { EXPECT_TRUE(loses_nothing<TypeParam>()); }
TYPED_TEST(FiveProperties, ExactlyOnce) { EXPECT_TRUE(delivers_once<TypeParam>()); }
TYPED_TEST(FiveProperties, CleanDisconnect) { EXPECT_TRUE(disconnects_cleanly<TypeParam>()); }
TYPED_TEST(FiveProperties, NoLostWakeUp) { EXPECT_TRUE(wakes_whom_it_has_to<TypeParam>()); }

// ---- channels with a mistake, which a property must find ------------------------------------------

class FivePropertiesMistakes : public testing::Test {
 protected:
  FivePropertiesMistakes() { what_was_wrong.clear(); }
  ~FivePropertiesMistakes() override { mistaken::receiver<parcel>::leaked.clear(); }

  static void expect_wrong(const char* what) {
    EXPECT_NE(what_was_wrong.find(what), std::string::npos) << what_was_wrong;
  }
};

TEST_F(FivePropertiesMistakes, ASwapIsFoundByFifo) {
  planted_mistake = mistake::swaps;
  EXPECT_FALSE(is_fifo<mistaken>());
  expect_wrong("received after");
}
TEST_F(FivePropertiesMistakes, ALossIsFoundByNoLoss) {
  planted_mistake = mistake::loses;
  EXPECT_FALSE(loses_nothing<mistaken>());
  expect_wrong("sent and never received");
}
TEST_F(FivePropertiesMistakes, ADuplicateIsFoundByExactlyOnce) {
  planted_mistake = mistake::duplicates;
  EXPECT_FALSE(delivers_once<mistaken>());
  expect_wrong("received twice");
}
TEST_F(FivePropertiesMistakes, ALeakIsFoundByCleanDisconnect) {
  planted_mistake = mistake::leaks;
  EXPECT_FALSE(disconnects_cleanly<mistaken>());
  expect_wrong("messages left");
}

/// With a mistake that makes threads wait for ever.
template <class Property>
void run_with(mistake m, Property holds) {
  planted_mistake = m;
  hang_watch::patience = std::chrono::seconds(1);
  std::exit(holds() ? EXIT_SUCCESS : 2);
}

TEST(FivePropertiesDeathTest, AMissedWakeUpIsFoundByNoLostWakeUp) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_with(mistake::no_wake_up, wakes_whom_it_has_to<mistaken>),
              testing::ExitedWithCode(EXIT_FAILURE), "nothing goes on:\n  thread 0 is in");
}
TEST(FivePropertiesDeathTest, AMissedWakeUpInARendezvousIsFoundByNoLostWakeUp) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_with(mistake::no_wake_at_hand_off, wakes_whom_it_has_to<mistaken>),
              testing::ExitedWithCode(EXIT_FAILURE), "nothing goes on:\n  thread 0 is in");
}
TEST(FivePropertiesDeathTest, AMissedWakeUpAtTheEndIsFoundByCleanDisconnect) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_with(mistake::no_wake_at_end, disconnects_cleanly<mistaken>),
              testing::ExitedWithCode(EXIT_FAILURE), "nothing goes on:\n  thread 0 is in");
}

}  // namespace
}  // namespace properties

// SPDX-License-Identifier: MIT
//
// Contract violations that debug builds (RUNNEL_CHECK_MISUSE) report.
#include "support.hpp"

#include <iterator>

#if RUNNEL_CHECK_MISUSE

namespace unit {
namespace {

template <class Api>
class MisuseDeathTest : public testing::Test {
 protected:
  MisuseDeathTest() { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};
TYPED_TEST_SUITE(MisuseDeathTest, apis, api_names);

TYPED_TEST(MisuseDeathTest, UseOfASenderThatHoldsNoChannel) {
  auto [tx, rx] = TypeParam::template sync_channel<int>(1);
  const auto moved = std::move(tx);
  constexpr const char* says = "contract violation: a sender that holds no channel was used";
  const int copied = 1;
  EXPECT_DEATH((void)tx.send(1), says);
  EXPECT_DEATH((void)tx.send(copied), says);
  EXPECT_DEATH((void)tx.try_send(1), says);
  EXPECT_DEATH((void)tx.send_for(1, 1s), says);
  EXPECT_DEATH((void)tx.send_for(1, 0s), says);
  EXPECT_DEATH((void)tx.send_until(1, steady_clock::now()), says);
  EXPECT_DEATH((void)tx.size(), says);
  EXPECT_DEATH((void)tx.empty(), says);
  EXPECT_DEATH((void)tx.full(), says);
  EXPECT_DEATH((void)tx.capacity(), says);
  EXPECT_DEATH((void)tx.is_disconnected(), says);
  EXPECT_DEATH((void)typename TypeParam::template sender<int>().send(1), says);
}

TYPED_TEST(MisuseDeathTest, UseOfAReceiverThatHoldsNoChannel) {
  auto [tx, rx] = TypeParam::template channel<int>();
  rx.reset();
  constexpr const char* says = "contract violation: a receiver that holds no channel was used";
  EXPECT_DEATH((void)rx.recv(), says);
  EXPECT_DEATH((void)rx.try_recv(), says);
  EXPECT_DEATH((void)rx.recv_for(1s), says);
  EXPECT_DEATH((void)rx.recv_for(0s), says);
  EXPECT_DEATH((void)rx.recv_until(steady_clock::now()), says);
  EXPECT_DEATH((void)rx.begin(), says);
  EXPECT_DEATH((void)rx.try_iter().begin(), says);
  EXPECT_DEATH((void)rx.size(), says);
  EXPECT_DEATH((void)rx.empty(), says);
  EXPECT_DEATH((void)rx.full(), says);
  EXPECT_DEATH((void)rx.capacity(), says);
  EXPECT_DEATH((void)rx.is_disconnected(), says);
  EXPECT_DEATH((void)typename TypeParam::template receiver<int>().recv(), says);
}

TYPED_TEST(MisuseDeathTest, AnIteratorIsReadAtItsEnd) {
  auto [tx, rx] = TypeParam::template channel<int>();
  constexpr const char* says = "contract violation: an iterator was read at its end";
  EXPECT_DEATH((void)*rx.try_iter().begin(), says);
  ASSERT_TRUE(tx.send(1));
  EXPECT_DEATH((void)*std::ranges::next(rx.try_iter().begin(), 1), says);
  tx.reset();
  EXPECT_DEATH((void)*++rx.begin(), says);
}

// What is allowed with a handle that holds no channel is in Handles.AMovedFromOrResetHandleHoldsNothing
// and Handles.AnEmptyHandleCanBeAssignedToAndUsedAgain.

/// One thread is blocked in the receiver, or about to be, while another uses it.
template <class Use>
[[noreturn]] void receive_in_two_threads(Use use) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  const task other([&rx] { (void)rx.recv(); });
  for (;;) use(rx);
}

TEST(OneReceiverDeathTest, UseByTwoThreadsAtOnce) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  constexpr const char* says =
      "contract violation: one mpsc receiver was used by two threads at once";
  using receiver = runnel::mpsc::receiver<int>;
  EXPECT_DEATH(receive_in_two_threads([](const receiver& rx) { (void)rx.recv_for(1us); }), says);
  EXPECT_DEATH(receive_in_two_threads([](const receiver& rx) { (void)rx.try_recv(); }), says);
  EXPECT_DEATH(receive_in_two_threads(
                   [](const receiver& rx) { (void)rx.recv_until(steady_clock::now() + 1us); }),
               says);
  EXPECT_DEATH(receive_in_two_threads([](const receiver& rx) {
                 (void)(rx.try_iter().begin() == std::default_sentinel);
               }),
               says);
}

TEST(OneReceiverDeathTest, BlockingUseByTwoThreadsAtOnce) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const auto receive_in_both = [] {
    auto [tx, rx] = runnel::mpsc::channel<int>();
    const auto receive = [&rx] {
      for (int v : rx) (void)v;
    };
    const task one(receive);
    const task another(receive);
  };
  EXPECT_DEATH(receive_in_both(),
               "contract violation: one mpsc receiver was used by two threads at once");
}

// A receiver that is used by one thread after the other is in order.
TEST(OneReceiver, MayPassFromThreadToThread) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  for (int i = 0; i < 3; ++i) {
    task receiver([&rx, i] { EXPECT_EQ(rx.recv(), i); });
    EXPECT_TRUE(tx.send(i));
  }
}

}  // namespace
}  // namespace unit

#endif

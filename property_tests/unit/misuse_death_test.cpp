// SPDX-License-Identifier: MIT
//
// Contract violations that debug builds (RUNNEL_CHECK_MISUSE) report.
#include "support.hpp"

#if RUNNEL_CHECK_MISUSE

namespace unit {
namespace {

template <class Api>
class MisuseDeathTest : public testing::Test {
 protected:
  MisuseDeathTest() { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};
struct api_names {
  template <class Api>
  static std::string GetName(int) {
    return Api::name;
  }
};
using apis = testing::Types<mpsc, mpmc>;
TYPED_TEST_SUITE(MisuseDeathTest, apis, api_names);

TYPED_TEST(MisuseDeathTest, UseOfASenderThatHoldsNoChannel) {
  auto [tx, rx] = TypeParam::template sync_channel<int>(1);
  const auto moved = std::move(tx);
  constexpr const char* says = "contract violation: a sender that holds no channel was used";
  EXPECT_DEATH((void)tx.send(1), says);
  EXPECT_DEATH((void)tx.try_send(1), says);
  EXPECT_DEATH((void)tx.send_for(1, 1s), says);
  EXPECT_DEATH((void)tx.send_until(1, steady_clock::now()), says);
  EXPECT_DEATH((void)tx.size(), says);
  EXPECT_DEATH((void)tx.capacity(), says);
  EXPECT_DEATH((void)tx.is_disconnected(), says);
}

TYPED_TEST(MisuseDeathTest, UseOfAReceiverThatHoldsNoChannel) {
  auto [tx, rx] = TypeParam::template channel<int>();
  rx.reset();
  constexpr const char* says = "contract violation: a receiver that holds no channel was used";
  EXPECT_DEATH((void)rx.recv(), says);
  EXPECT_DEATH((void)rx.try_recv(), says);
  EXPECT_DEATH((void)rx.recv_for(1s), says);
  EXPECT_DEATH((void)rx.recv_until(steady_clock::now()), says);
  EXPECT_DEATH((void)rx.begin(), says);
  EXPECT_DEATH((void)rx.try_iter().begin(), says);
  EXPECT_DEATH((void)rx.size(), says);
  EXPECT_DEATH((void)rx.capacity(), says);
  EXPECT_DEATH((void)rx.is_disconnected(), says);
}

void receive_in_two_threads() {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  const task other([&rx] { (void)rx.recv(); });
  for (;;) (void)rx.try_recv();
}

TEST(OneReceiverDeathTest, UseByTwoThreadsAtOnce) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(receive_in_two_threads(),
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

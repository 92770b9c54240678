// SPDX-License-Identifier: MIT
//
// Deadlines by a clock that is set forward while threads wait: nobody is woken by that, so a timeout comes
// when the time that was left at the call has passed by the clock that threads wait on, and a message is taken
// even though its deadline has passed. A clock that is set back is in timed_test.cpp.
#include "support.hpp"

namespace unit {
namespace {

constexpr std::size_t three_kinds[] = {0, 1, no_bound};

/// A clock that stands still until a test sets it.
struct set_clock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<set_clock>;
  [[maybe_unused]] static constexpr bool is_steady = false;

  static inline std::atomic<rep> time{0};
  static time_point now() { return time_point(duration(time.load())); }
  static void set_forward(std::chrono::hours h) { time += duration(h).count(); }
};

TEST_ON(three_kinds, ClockThatIsSet, ForwardEndsNoWaitSoTheTimeoutComesLate) {
  auto [tx, rx] = k.template make<int>();
  const auto start = steady_clock::now();
  task receiver([&] {
    EXPECT_EQ(rx.recv_until(set_clock::now() + 50ms).error(), recv_errc::timeout);
    EXPECT_GE(steady_clock::now() - start, 50ms);
  });
  receiver.await_blocked();
  set_clock::set_forward(1h);
}

TEST_ON(three_kinds, ClockThatIsSet, ForwardLetsAMessageStillBeTaken) {
  auto [tx, rx] = k.template make<int>();
  task receiver([&] { EXPECT_EQ(rx.recv_until(set_clock::now() + 1h), 1); });
  receiver.await_blocked();
  set_clock::set_forward(2h);
  EXPECT_FALSE(receiver.done());
  EXPECT_TRUE(tx.send(1));
}

TEST_ON(three_kinds, ClockThatIsSet, ForwardLetsASendStillBeDone) {
  if (k.is_unbounded()) return;
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
  task sender([&] { EXPECT_TRUE(tx.send_until(k.room(), set_clock::now() + 1h)); });
  sender.await_blocked();
  set_clock::set_forward(2h);
  EXPECT_FALSE(sender.done());
  for (int i = 0; i <= k.room(); ++i) EXPECT_EQ(rx.recv(), i);
}

}  // namespace
}  // namespace unit

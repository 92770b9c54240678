// SPDX-License-Identifier: MIT
//
// Operations that meet another one in the middle of its step: between the claim of a place and its
// publication or release. They wait for that step, and in the end asleep: the other thread may be one
// that the system lets run only when this one does not.
#include "support.hpp"

#include <runnel/core/std_platform.hpp>

#include <utility>

#if defined(__linux__) && !defined(RUNNEL_NO_FUTEX)
#include <sys/mman.h>
#include <ctime>
#endif

namespace unit {
namespace {

/// Where the move of a message stops until a test lets it go on.
class gate {
 public:
  void close() { closed_ = true; }
  void pass() {
    if (!closed_.exchange(false)) return;
    reached_ = true;
    reached_.notify_all();
    open_.wait(false);
  }
  void await_reached() const { reached_.wait(false); }
  void open() {
    open_ = true;
    open_.notify_all();
  }

 private:
  std::atomic<bool> closed_{false};
  std::atomic<bool> reached_{false};
  std::atomic<bool> open_{false};
};

/// Returns when the thread has gone to sleep again and again, or has finished.
void await_sleeping([[maybe_unused]] const task& t) {
#if defined(__linux__)
  while (!t.done() && t.sleeps() < 5) std::this_thread::yield();
#endif
}

/// A message whose move goes through a gate, if it has one.
class gated {
 public:
  explicit gated(gate* g) : gate_(g) {}
  gated(gated&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {
    if (gate_ != nullptr) gate_->pass();
  }
  gated& operator=(gated&&) = delete;
  ~gated() = default;

 private:
  gate* gate_;
};

/// Whether `receive`, on a channel with a message that is just being sent, sleeps until it is there.
template <class Api, class Receive>
void sleeps_while_sending(const kind<Api>& k, Receive receive) {
  auto [tx, rx] = k.template make<gated>();
  gate g;
  g.close();
  task sender([&] { EXPECT_TRUE(tx.send(gated(&g))); });
  g.await_reached();
  task receiver([&] { EXPECT_TRUE(receive(rx)); });
  await_sleeping(receiver);
  EXPECT_FALSE(receiver.done());
  g.open();
}

TEST_ON(buffered, Steps, ReceiversSleepUntilAMessageThatIsBeingSentIsThere) {
  sleeps_while_sending(k, [](const auto& rx) { return rx.recv(); });
}

TEST_ON(buffered, Steps, TriesToReceiveSleepUntilAMessageThatIsBeingSentIsThere) {
  sleeps_while_sending(k, [](const auto& rx) { return rx.try_recv(); });
}

// A message has been sent before the receive, so it may not time out.
TEST_ON(buffered, Steps, ATimedReceiveTakesAMessageThatIsBeingSent) {
  sleeps_while_sending(k, [](const auto& rx) { return rx.recv_for(1us); });
}

TEST_ON(bounded, Steps, SendersSleepUntilAPlaceThatIsBeingLeftIsFree) {
  auto [tx, rx] = k.template make<gated>();
  gate g;
  EXPECT_TRUE(tx.send(gated(&g)));
  for (int i = 1; i < k.room(); ++i) EXPECT_TRUE(tx.send(gated(nullptr)));
  g.close();
  task receiver([&] { EXPECT_TRUE(rx.recv()); });
  g.await_reached();
  task sender([&] { EXPECT_TRUE(tx.try_send(gated(nullptr))); });
  await_sleeping(sender);
  EXPECT_FALSE(sender.done());
  g.open();
}

// ---- waiting on a word ----------------------------------------------------------------------------

using runnel::core::std_platform, runnel::core::system_wait, runnel::core::wait_result;

/// How often a thread that sleeps on a word looks again until its deadline, or until it is woken up for good.
class sleeper {
 public:
  int looks_until(steady_clock::time_point deadline) {
    int looks = 0;
    while (word_ == 0) {
      ++looks;
      if (system_wait(word_, 0, deadline) == wait_result::timed_out) break;
    }
    return looks;
  }
  void wake() {
    word_ = 1;
    runnel::core::system_wake(&word_, 1);
  }

 private:
  std::atomic<std::uint32_t> word_{0};
};

TEST(SystemWait, SleepsUntilItsDeadline) {
  for (const auto time : {1ms, 20ms, 50ms}) {
    const auto deadline = steady_clock::now() + time;
    EXPECT_LT(sleeper().looks_until(deadline), 10);
    EXPECT_GE(steady_clock::now(), deadline);
  }
}

TEST(SystemWait, SleepsForAnyTimeThatIsFar) {
  for (const int years : {1, 50, 69, 100, 137, 280}) {
    sleeper s;
    int looks = 0;
    task waiting([&] { looks = s.looks_until(steady_clock::now() + years * 365 * 24h); });
    waiting.await_blocked();
    (void)sleeper().looks_until(steady_clock::now() + 20ms);  // for so long nobody looks
    s.wake();
    waiting.join();
    EXPECT_LT(looks, 10) << years << " years";
  }
}

#if defined(__linux__) && !defined(RUNNEL_NO_FUTEX)
// The kernel cannot read a word of a page that may not be read, and says so.
TEST(SystemWait, DoesNotKeepTheProcessorBusyWhereTheSystemRefuses) {
  void* const page = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(page, MAP_FAILED);
  const auto& word = *static_cast<const std::atomic<std::uint32_t>*>(page);
  const auto deadline = steady_clock::now() + 20ms;
  int looks = 1;
  while (system_wait(word, 0, deadline) != wait_result::timed_out) ++looks;
  EXPECT_LT(looks, 50);
  EXPECT_GE(steady_clock::now(), deadline);
  EXPECT_EQ(munmap(page, 4096), 0);
}
#endif

}  // namespace
}  // namespace unit

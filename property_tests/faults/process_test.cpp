// SPDX-License-Identifier: MIT
//
// What a process may do to its threads: fork beside them, cancel them, end while they run.
#include "unit/support.hpp"

#if defined(__linux__)

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <type_traits>

namespace unit {
namespace {

/// Threads that use a channel of that kind all the time.
template <class Api>
class traffic {
 public:
  explicit traffic(const kind<Api>& k) : ends_(k.template make<int>()) {
    sender_ = std::thread([this] {
      while (!stop_) (void)ends_.first.send_for(1, 100us);
    });
    receiver_ = std::thread([this] {
      while (!stop_) (void)ends_.second.recv_for(100us);
    });
  }
  ~traffic() {
    stop_ = true;
    sender_.join();
    receiver_.join();
  }
  traffic(const traffic&) = delete;
  traffic& operator=(const traffic&) = delete;

 private:
  std::atomic<bool> stop_{false};
  decltype(std::declval<const kind<Api>&>().template make<int>()) ends_;
  std::thread sender_;
  std::thread receiver_;
};

/// A child's work with a channel that holds the messages 0 to n - 1; whether all is as it should be.
template <class Sender, class Receiver>
bool use_in_child(Sender tx, Receiver rx, int n) {
  bool ok = true;
  for (int i = 0; i < n; ++i) ok = ok && rx.recv() == i;
  ok = ok && rx.recv_for(1us) == std::unexpected(recv_errc::timeout);
  for (int i = 0; i < n; ++i) ok = ok && tx.send(i);
  for (int i = 0; i < n; ++i) ok = ok && rx.try_recv() == i;
  tx.reset();
  return ok && rx.recv() == std::unexpected(recv_errc::disconnected);
}

// Of the parent's channels it has copies. Others than these may be in use at that moment.
TEST_ON(all, Fork, AChildUsesChannelsThatNobodyElseWasUsing) {
  const traffic<Api> elsewhere(k);
  for (int round = 0; round < 5; ++round) {
    auto [tx, rx] = k.template make<int>();
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      alarm(30);
      const bool ok = use_in_child(std::move(tx), std::move(rx), k.room());
      auto [new_tx, new_rx] = k.template make<int>();
      _exit(ok && use_in_child(std::move(new_tx), std::move(new_rx), 0) ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    for (int i = 0; i < k.room(); ++i) ASSERT_EQ(rx.recv(), i) << "the parent has its own";
  }
}

#if !defined(RUNNEL_NO_FUTEX)
/// Cancels a thread that is blocked in a call, lets it go on, and sees where it ends.
template <class Call, class Release>
void expect_cancelled_after(Call call, Release release) {
  std::atomic<bool> returned{false};
  std::atomic<bool> went_on{false};
  std::atomic<bool> unwound{false};
  {
    task thread([&] {
      struct at_end {
        std::atomic<bool>& reached;
        ~at_end() { reached = true; }
      } const end{unwound};
      call();
      returned = true;
      pthread_testcancel();
      went_on = true;
    });
    thread.await_blocked();
    pthread_cancel(thread.thread().native_handle());
    thread.await_blocked();
    EXPECT_FALSE(returned);
    release();
  }
  EXPECT_TRUE(returned);
  EXPECT_TRUE(unwound);
  EXPECT_FALSE(went_on);
}

// No operation is a cancellation point: it ends as it would have ended, and the thread after it.
TEST_ON(all, Cancel, ABlockedReceiveIsNotLeft) {
  auto [tx, rx] = k.template make<int>();
  expect_cancelled_after([&] { EXPECT_EQ(rx.recv(), 1); }, [&] { EXPECT_TRUE(tx.send(1)); });
  expect_cancelled_after([&] { EXPECT_EQ(rx.recv_for(1h), 2); }, [&] { EXPECT_TRUE(tx.send(2)); });
}

TEST_ON(limited, Cancel, ABlockedSendIsNotLeft) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
  expect_cancelled_after([&] { EXPECT_TRUE(tx.send(k.room())); }, [&] { EXPECT_EQ(rx.recv(), 0); });
  for (int i = 1; i <= k.room(); ++i) EXPECT_EQ(rx.recv_for(1us).has_value(), !k.is_rendezvous());
}
#endif

/// Threads that nobody waits for go on with handles of their own while the program ends.
template <class Api>
[[noreturn]] void leave_threads_behind(const kind<Api>& k) {
  static auto ends = k.template make<int>();
  std::atomic<int> started{0};
  std::thread([tx = ends.first, &started] {
    ++started;
    while (tx.send(1)) {
    }
    for (;;) pause();
  }).detach();
  std::thread([rx = std::move(ends.second), &started] {
    ++started;
    for (;;) (void)rx.recv();
  }).detach();
  while (started < 2) std::this_thread::yield();
  alarm(30);
  std::exit(EXIT_SUCCESS);
}

TEST_ON(all, DetachedDeathTest, ThreadsGoOnWhileTheProgramEnds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(leave_threads_behind(k), testing::ExitedWithCode(EXIT_SUCCESS), "^$");
}

}  // namespace
}  // namespace unit

#endif

// SPDX-License-Identifier: MIT
//
// Contract violations that debug builds (RUNNEL_CHECK_MISUSE) report.
#include "support.hpp"

#include <runnel/select.hpp>

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

// ---- one receiver, two threads --------------------------------------------------------------------

constexpr const char* used_by_two =
    "contract violation: one mpsc receiver was used by two threads at once";
#ifndef __has_feature  // Clang has it
#define __has_feature(feature) 0
#endif
constexpr bool is_under_thread_sanitizer = __has_feature(thread_sanitizer);
constexpr std::size_t one_of_each_flavour[] = {0, 1, no_bound};

class OneReceiverDeathTest : public testing::Test {
 protected:
  OneReceiverDeathTest() { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};

/// Where nothing is reported, the child ends as well, in time.
void end_in_time() {
#if defined(__linux__)
  alarm(20);
#endif
}

/// One thread is blocked in the receiver while another uses it.
template <class Use>
[[noreturn]] void use_while_blocked(std::size_t capacity, Use use) {
  end_in_time();
  auto [tx, rx] = kind<mpsc>{capacity}.make<int>();
  const task other([&rx] { (void)rx.recv(); });
  other.await_blocked();
  for (int i = 0; i < 1000; ++i) use(rx);
  std::_Exit(EXIT_FAILURE);
}

TEST_F(OneReceiverDeathTest, UseWhileAnotherThreadIsBlocked) {
  using receiver = runnel::mpsc::receiver<int>;
  for (const std::size_t c : one_of_each_flavour) {
    EXPECT_DEATH(use_while_blocked(c, [](const receiver& rx) { (void)rx.recv(); }), used_by_two);
    EXPECT_DEATH(use_while_blocked(c, [](const receiver& rx) { (void)rx.try_recv(); }),
                 used_by_two);
    EXPECT_DEATH(use_while_blocked(c, [](const receiver& rx) { (void)rx.recv_for(1us); }),
                 used_by_two);
    EXPECT_DEATH(use_while_blocked(
                     c, [](const receiver& rx) { (void)rx.recv_until(steady_clock::now() + 1us); }),
                 used_by_two);
    EXPECT_DEATH(
        use_while_blocked(
            c, [](const receiver& rx) { (void)(rx.try_iter().begin() == std::default_sentinel); }),
        used_by_two);
  }
}

// The handle is another one, the receiver is the same. (The move is a race, so ThreadSanitizer reports it
// before we can.)
TEST_F(OneReceiverDeathTest, AMoveDoesNotHideAReceiveInProgress) {
  for (const std::size_t c : one_of_each_flavour) {
    EXPECT_DEATH(use_while_blocked(c,
                                   [](runnel::mpsc::receiver<int>& rx) {
                                     const auto moved = std::move(rx);
                                     (void)moved.try_recv();
                                   }),
                 is_under_thread_sanitizer ? "ThreadSanitizer: data race" : used_by_two);
  }
}

TEST_F(OneReceiverDeathTest, BlockingUseByTwoThreads) {
  const auto receive_in_both = [](std::size_t capacity) {
    end_in_time();
    auto [tx, rx] = kind<mpsc>{capacity}.make<int>();
    const auto receive = [&rx] {
      for (int v : rx) (void)v;
    };
    const task one(receive);
    const task another(receive);
  };
  for (const std::size_t c : one_of_each_flavour) EXPECT_DEATH(receive_in_both(c), used_by_two);
}

/// Two receives begin at the same moment: both find nobody, and neither ends before both have begun.
struct simultaneous_platform : runnel::core::std_platform {
  static inline start_line both_look{2};
  static inline start_line both_are_in{2};

  template <class T>
  class atomic : public std_platform::atomic<T> {
    using base = std_platform::atomic<T>;

   public:
    using base::base;
    template <runnel::core::site_name N>
    T load(runnel::core::at<N> site) const noexcept {
      if constexpr (N.view() == "misuse.see_own") both_are_in.arrive_and_wait();
      return base::load(site);
    }
    template <runnel::core::site_name N>
    void store(T value, runnel::core::at<N> site) noexcept {
      if constexpr (N.view() == "misuse.enter") both_look.arrive_and_wait();
      base::store(value, site);
    }
  };
};

template <class Receive>
[[noreturn]] void receive_at_the_same_moment(std::size_t capacity, Receive receive) {
  using namespace runnel::core;
  using parts = shipped_parts<simultaneous_platform>;
  using sender = basic_sender<int, simultaneous_platform, parts, receivers::one>;
  end_in_time();
  auto* const c = capacity == no_bound ? sender::channel_type::make_unbounded()
                                       : sender::channel_type::make_bounded(capacity);
  const sender tx(c);
  const basic_receiver<int, simultaneous_platform, parts, receivers::one> rx(c);
  in_threads(2, [&](int) { receive(rx); });
  std::_Exit(EXIT_FAILURE);
}

TEST_F(OneReceiverDeathTest, TwoThatBeginAtTheSameMomentAndWait) {
  for (const std::size_t c : one_of_each_flavour) {
    EXPECT_DEATH(receive_at_the_same_moment(c, [](const auto& rx) { (void)rx.recv(); }),
                 used_by_two);
  }
}

TEST_F(OneReceiverDeathTest, TwoThatBeginAtTheSameMomentAndDoNotWait) {
  for (const std::size_t c : one_of_each_flavour) {
    EXPECT_DEATH(receive_at_the_same_moment(c, [](const auto& rx) { (void)rx.try_recv(); }),
                 used_by_two);
  }
}

/// A message whose move receives from where it comes from, which it must not.
struct nosy {
  explicit nosy(const runnel::mpsc::receiver<nosy>& from) : from_(&from) {}
  nosy(nosy&& other) noexcept : from_(other.from_) {
    if (is_nosy) (void)from_->try_recv();
  }
  nosy& operator=(nosy&&) = delete;
  ~nosy() = default;

  static inline std::atomic<bool> is_nosy = false;

 private:
  const runnel::mpsc::receiver<nosy>* from_;
};

TEST_F(OneReceiverDeathTest, AMessageThatReceivesWhileItIsReceived) {
  const auto receive = [](std::size_t capacity) {
    end_in_time();
    auto [tx, rx] = kind<mpsc>{capacity}.make<nosy>();
    const task sender([&tx, &rx] { EXPECT_TRUE(tx.send(nosy(rx))); });
    sender.await_blocked();
    nosy::is_nosy = true;
    (void)rx.recv();
  };
  for (const std::size_t c : one_of_each_flavour)
    EXPECT_DEATH(receive(c), "or by a message that it was receiving");
}

// ---- select ---------------------------------------------------------------------------------------

TEST_F(OneReceiverDeathTest, ASelectWhileAnotherThreadIsBlocked) {
  using receiver = runnel::mpsc::receiver<int>;
  const auto ignore = [](const auto&) {};
  for (const std::size_t c : one_of_each_flavour) {
    EXPECT_DEATH(
        use_while_blocked(
            c, [&](const receiver& rx) { (void)runnel::try_select(runnel::on_recv(rx, ignore)); }),
        used_by_two);
    EXPECT_DEATH(use_while_blocked(c,
                                   [&](const receiver& rx) {
                                     (void)runnel::select_for(1us, runnel::on_recv(rx, ignore));
                                   }),
                 used_by_two);
  }
}

TEST_F(OneReceiverDeathTest, UseWhileAnotherThreadSelects) {
  const auto use = [](std::size_t capacity) {
    end_in_time();
    auto [tx, rx] = kind<mpsc>{capacity}.make<int>();
    auto [other_tx, other_rx] = kind<mpsc>{capacity}.make<int>();
    const task other([&] {
      runnel::select(runnel::on_recv(other_rx, [](const auto&) {}),
                     runnel::on_recv(rx, [](const auto&) {}));
    });
    other.await_blocked();
    for (int i = 0; i < 1000; ++i) (void)rx.try_recv();
    std::_Exit(EXIT_FAILURE);
  };
  for (const std::size_t c : one_of_each_flavour) EXPECT_DEATH(use(c), used_by_two);
}

// One select may have one receiver twice, also while it waits.
TEST_ON(all, OneReceiver, MayBeTwoCasesOfOneSelect) {
  auto [tx, rx] = k.template make<int>();
  int sum = 0;
  {
    task waits([&] {
      for (int i = 0; i < 2; ++i)
        runnel::select(runnel::on_recv(rx, [&](auto m) { sum += *m; }),
                       runnel::on_recv(rx, [&](auto m) { sum += *m; }));
    });
    waits.await_blocked();
    EXPECT_TRUE(tx.send(1));
    EXPECT_TRUE(tx.send(2));
  }
  EXPECT_EQ(sum, 3);
  EXPECT_EQ(rx.try_recv().error(), recv_errc::empty);
}

class SelectorDeathTest : public OneReceiverDeathTest {};

/// A receive and a send, each of which would wait in a list twice.
TEST_F(SelectorDeathTest, OneObjectAsTwoCases) {
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(1);
  auto [other_tx, other_rx] = runnel::mpsc::sync_channel<int>(0);
  int value = 1;
  auto receive = runnel::on_recv(rx, [](const auto&) {});
  auto send = runnel::on_send(other_tx, value, [](const auto&) {});
  constexpr const char* says = "contract violation: a case was used twice at once";
  EXPECT_DEATH((void)runnel::select_for(1s, receive, receive), says);
  auto another = runnel::on_recv(other_rx, [](const auto&) {});
  EXPECT_DEATH((void)runnel::select_for(1s, send, send), says);
  EXPECT_DEATH((void)runnel::select_for(1s, send, another, send), says);
}

TEST_F(SelectorDeathTest, UseByTwoThreads) {
  const auto use = [] {
    end_in_time();
    auto [tx, rx] = runnel::mpmc::channel<int>();
    runnel::selector s;
    std::optional<std::expected<int, recv_errc>> out;
    s.recv(rx, out);
    const task other([&s] { (void)s.select(); });
    other.await_blocked();
    (void)s.try_select();
    std::_Exit(EXIT_FAILURE);
  };
  EXPECT_DEATH(use(), "contract violation: one selector was used by two threads at once");
}

TEST_F(SelectorDeathTest, ANumberThatNoCaseHas) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  runnel::selector s;
  std::optional<std::expected<int, recv_errc>> out;
  const std::size_t first = s.recv(rx, out);
  constexpr const char* says = "contract violation: a selector has no case of that number";
  EXPECT_DEATH(s.erase(first + 1), says);
  s.erase(first);
  EXPECT_DEATH(s.erase(first), says);
  EXPECT_DEATH(s.enable(first, true), says);
}

TYPED_TEST(MisuseDeathTest, ACaseOfAHandleThatHoldsNoChannel) {
  const typename TypeParam::template sender<int> tx;
  const typename TypeParam::template receiver<int> rx;
  int value = 0;
  runnel::selector s;
  std::optional<std::expected<int, recv_errc>> out;
  std::optional<send_errc> error;
  constexpr const char* sends = "contract violation: a sender that holds no channel was used";
  constexpr const char* receives = "contract violation: a receiver that holds no channel was used";
  EXPECT_DEATH((void)runnel::on_send(tx, value, [](auto) {}), sends);
  EXPECT_DEATH((void)runnel::on_recv(rx, [](const auto&) {}), receives);
  EXPECT_DEATH((void)s.send(tx, value, error), sends);
  EXPECT_DEATH((void)s.recv(rx, out), receives);
}

// ---- one thread after the other -------------------------------------------------------------------

/// Receives a 7 in every way, and ends in every way, each in a thread of its own.
TEST_ON(all, OneReceiver, MayPassFromThreadToThread) {
  auto [tx, rx] = k.template make<int>();
  const auto in_a_thread = [&tx](auto receive) {
    const task receiver([receive] { EXPECT_EQ(receive(), 7); });
    EXPECT_TRUE(tx.send(7));
  };
  in_a_thread([&rx] { return rx.recv(); });
  in_a_thread([&rx] { return rx.recv_for(1h); });
  in_a_thread([&rx] { return rx.recv_until(steady_clock::now() + 1h); });
  in_a_thread([&rx] {
    auto tried = rx.try_recv();
    while (!tried) tried = rx.try_recv();
    return tried;
  });
  in_a_thread([&rx] {
    try {
      for (const int v : rx) throw v;
    } catch (int v) {
      return v;
    }
    return 0;
  });
  in_a_thread([&rx] {
    auto moved = std::move(rx);
    auto message = moved.recv();
    rx = std::move(moved);
    return message;
  });
  const auto fails = [](recv_errc why, auto receive) {
    task([why, receive] { EXPECT_EQ(receive(), std::unexpected(why)); }).join();
  };
  for (int twice = 0; twice < 2; ++twice) {
    fails(recv_errc::timeout, [&rx] { return rx.recv_for(1us); });
    fails(recv_errc::timeout, [&rx] { return rx.recv_for(0s); });
    fails(recv_errc::empty, [&rx] { return rx.try_recv(); });
  }
  tx.reset();
  for (int twice = 0; twice < 2; ++twice)
    fails(recv_errc::disconnected, [&rx] { return rx.recv(); });
}

// Whoever has the receiver takes a message and hands the receiver on, while messages come.
TEST_ON(all, OneReceiver, MayPassThroughAChannel) {
  constexpr int rounds = 200;
  auto [tx, rx] = k.template make<int>();
  auto [to_one, one] = Api::template sync_channel<typename Api::template receiver<int>>(1);
  auto [to_other, other] = Api::template sync_channel<typename Api::template receiver<int>>(0);
  const auto take_turns = [](auto& from, auto& to) {
    return [&from, &to] {
      for (int i = 0; i < rounds; ++i) {
        auto mine = from.recv();
        EXPECT_TRUE(mine && mine->recv());
        (void)to.send(*std::move(mine));  // at the end the other one has gone
      }
    };
  };
  const task sender([&tx] {
    for (int i = 0; i < 2 * rounds; ++i) EXPECT_TRUE(tx.send(i));
  });
  const task first(take_turns(one, to_other));
  const task second(take_turns(other, to_one));
  EXPECT_TRUE(to_one.send(std::move(rx)));
}

}  // namespace
}  // namespace unit

#endif

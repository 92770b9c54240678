// SPDX-License-Identifier: MIT
//
// Channels within a thread. What they share with the others stands in async_test.cpp.
#include "coroutines.hpp"

#include <runnel/select.hpp>

#include <array>
#include <concepts>
#include <coroutine>
#include <cstdint>
#include <expected>
#include <optional>
#include <random>
#include <ranges>
#include <thread>
#include <utility>
#include <vector>

namespace unit::coroutines {

using runnel::async_recv;
using runnel::async_send;

// ---- what there is --------------------------------------------------------------------------------

template <class Handle>
concept can_block =
    requires(Handle& h) { h.recv(); } || requires(Handle& h) { h.send(1); } ||
    requires(Handle& h) { h.recv_for(1s); } || requires(Handle& h) { h.send_for(1, 1s); } ||
    requires(Handle& h) { h.recv_until(steady_clock::now()); } ||
    requires(Handle& h) { h.send_until(1, steady_clock::now()); } ||
    requires(Handle& h) { h.closed(); } || requires(Handle& h) { h.closed_for(1s); } ||
    requires(Handle& h) { h.closed_until(steady_clock::now()); } || std::ranges::range<Handle>;

static_assert(can_block<runnel::mpmc::sender<int>> && can_block<runnel::mpmc::receiver<int>>);
static_assert(!can_block<runnel::local::sender<int>> && !can_block<runnel::local::receiver<int>>);
static_assert(std::copyable<runnel::local::sender<int>> &&
              std::copyable<runnel::local::receiver<int>>);

TEST(Local, OperationsThatDoNotBlock) {
  auto [tx, rx] = runnel::local::sync_channel<int>(2);
  EXPECT_TRUE(tx.try_send(1));
  EXPECT_TRUE(tx.try_send(2));
  EXPECT_EQ(tx.try_send(3).error(), send_errc::full);
  EXPECT_EQ(rx.size(), 2U);
  EXPECT_EQ(runnel::try_select(runnel::on_recv(rx, [](auto m) { return *m; })), 1);
  std::vector<int> left;
  for (const int i : rx.try_iter()) left.push_back(i);
  EXPECT_EQ(left, std::vector{2});
  auto other = tx;
  tx.reset();
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
  other.reset();
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::disconnected));
}

TEST(Local, ManyBlocksOfAnUnboundedOne) {
  auto [tx, rx] = runnel::local::channel<int>();
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(tx.try_send(i));
  tx.reset();
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(rx.try_recv(), i);
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::disconnected));
}

// ---- at random ------------------------------------------------------------------------------------

/// Three senders and three receivers on one channel, resumed in an order that is drawn. Two that are about to
/// be resumed are destroyed instead.
class crowd {
 public:
  crowd(std::size_t capacity, unsigned seed) : random_(seed) {
    auto [tx, rx] = kind<local>{capacity}.make<counted>();
    for (int s = 0; s < senders; ++s) send(executor_, tx, *this, s);
    for (int r = 0; r < senders; ++r) receive(executor_, rx, *this);
  }

  void run() {
    for (std::vector<std::coroutine_handle<>> ready;;) {
      while (const auto h = executor_.take()) ready.push_back(h);
      if (ready.empty()) return;
      const auto chosen = ready.begin() + static_cast<std::ptrdiff_t>(random_() % ready.size());
      const auto h = *chosen;
      ready.erase(chosen);
      if (to_destroy_ > 0 && random_() % 32 == 0) {
        --to_destroy_;
        h.destroy();
      } else {
        h.resume();
      }
    }
  }

  /// Nobody waits any more, and nothing was lost.
  void expect_all_have_ended() {
    EXPECT_EQ(running_, 0);
    EXPECT_EQ(all_.ended(), made_);
  }

 private:
  static constexpr int senders = 3;
  static constexpr int each = 40;

  /// Of a coroutine, until it ends.
  struct alive {
    explicit alive(crowd& c) : of(c) { ++of.running_; }
    ~alive() { --of.running_; }
    alive(const alive&) = delete;
    alive& operator=(const alive&) = delete;
    crowd& of;
  };

  static fire send(executor&, runnel::local::sender<counted> tx, crowd& c, int which) {
    const alive here(c);
    for (int i = 0; i < each; ++i) {
      ++c.made_;
      EXPECT_TRUE(co_await async_send(tx, counted(c.all_, which * each + i)));
    }
  }
  static fire receive(executor&, runnel::local::receiver<counted> rx, crowd& c) {
    const alive here(c);
    std::array<int, senders> last{-1, -1, -1};
    while (auto m = co_await async_recv(rx)) {
      int& before = last[static_cast<std::size_t>(m->id() / each)];
      EXPECT_GT(m->id(), before) << "those of one sender come in its order";
      before = m->id();
    }
  }

  ledger all_{senders * each};
  executor executor_;
  std::minstd_rand random_;
  int to_destroy_ = 2;
  int running_ = 0;
  int made_ = 0;
};

TEST(Local, CoroutinesInAnyOrder) {
  for (const std::size_t capacity : all) {
    for (unsigned seed = 1; seed <= 100; ++seed) {
      crowd c(capacity, seed);
      c.run();
      c.expect_all_have_ended();
      if (testing::Test::HasFailure()) {
        FAIL() << "capacity " << capacity << ", seed " << seed;
      }
    }
  }
}

#if RUNNEL_CHECK_MISUSE
/// A message whose move receives.
struct receives_when_moved {
  explicit receives_when_moved(const runnel::local::receiver<receives_when_moved>* from)
      : rx(from) {}
  receives_when_moved(receives_when_moved&& other) noexcept : rx(std::exchange(other.rx, nullptr)) {
    if (rx != nullptr) (void)rx->try_recv();
  }
  ~receives_when_moved() = default;
  receives_when_moved& operator=(receives_when_moved&&) = delete;
  const runnel::local::receiver<receives_when_moved>* rx;
};

TEST(LocalDeathTest, Misuse) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  constexpr auto other_thread =
      "contract violation: a local channel was used by another thread than the one that made it";
  const auto used_there = [] {
    auto [tx, rx] = runnel::local::channel<int>();
    std::thread([&to = tx] { (void)to.try_send(1); }).join();
  };
  EXPECT_DEATH(used_there(), other_thread);
  const auto ends_there = [] {
    auto [tx, rx] = runnel::local::sync_channel<int>(0);
    std::thread([from = std::move(rx)] {}).join();
  };
  EXPECT_DEATH(ends_there(), other_thread);
  const auto waits = [] {
    auto [tx, rx] = runnel::local::sync_channel<int>(1);
    runnel::select(runnel::on_recv(rx, [](auto) {}));
  };
  EXPECT_DEATH(waits(), "a thread waits for a local channel, which nobody else uses");
  const auto receives_meanwhile = [] {
    auto [tx, rx] = runnel::local::sync_channel<receives_when_moved>(1);
    (void)tx.try_send(receives_when_moved(&rx));
  };
  EXPECT_DEATH(receives_meanwhile(), "contract violation: the move of a message used its channel");
}
#endif

}  // namespace unit::coroutines

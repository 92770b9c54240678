// SPDX-License-Identifier: MIT
//
// Operations with completion tokens, under the real libraries: this is compiled with standalone Asio, and with
// Boost.Asio.
#include <runnel/asio.hpp>
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>

#include "on_capacities.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <expected>
#include <future>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#if RUNNEL_BOOST_ASIO
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#if RUNNEL_ASIO_CANCELS
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#endif
#else
#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/deferred.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#endif

namespace unit::with_asio {

namespace net = RUNNEL_ASIO_NAMESPACE;
using namespace std::chrono_literals;
using runnel::on_recv;
using runnel::on_send;
using runnel::recv_errc;
using runnel::select_errc;
using runnel::send_errc;
using runnel::asio::async_recv;
using runnel::asio::async_select;
using runnel::asio::async_send;

template <class T>
using received = std::expected<T, recv_errc>;
template <class T>
using sent = std::expected<void, runnel::send_error<T>>;
using number = std::unique_ptr<int>;  // it only moves

number make(int i) { return std::make_unique<int>(i); }

/// Keeps a result; runs in the context.
template <class Result>
auto keeping(net::io_context& on, std::optional<Result>& to) {
  return net::bind_executor(on, [&to](Result r) { to.emplace(std::move(r)); });
}
/// What is lost fails, and does not hang.
std::size_t run(net::io_context& c) {
  c.restart();
  return c.run_for(20s);
}

class AsioChannels : public properties::on_capacities {};
INSTANTIATE_TEST_SUITE_P(Capacities, AsioChannels, properties::any_capacity);

net::awaitable<void> send_numbers(runnel::mpmc::sender<number> tx, int n) {
  for (int i = 0; i < n; ++i) {
    const auto r = co_await async_send(tx, make(i), net::use_awaitable);
    EXPECT_TRUE(r);
  }
}
net::awaitable<void> receive_numbers(runnel::mpmc::receiver<number> rx, std::atomic<int>& sum) {
  while (const auto m = co_await async_recv(rx, net::use_awaitable)) sum += **m;
}

TEST_P(AsioChannels, TwoCoroutines) {
  net::io_context c;
  auto [tx, rx] = channel<number>();
  std::atomic<int> sum = 0;
  net::co_spawn(c, receive_numbers(std::move(rx), sum), net::detached);
  net::co_spawn(c, send_numbers(std::move(tx), 300), net::detached);
  run(c);
  EXPECT_EQ(sum, 300 * 299 / 2);
}

TEST_P(AsioChannels, ManyCoroutinesOfManyThreadsAndThreads) {
  auto [tx, rx] = channel<number>();
  std::atomic<int> sum = 0;
  {
    net::thread_pool pool(3);
    for (int i = 0; i < 3; ++i) {
      net::co_spawn(pool, receive_numbers(rx, sum), net::detached);
      net::co_spawn(pool, send_numbers(tx, 300), net::detached);
    }
    std::jthread receives([from = std::move(rx), &sum] {
      while (const auto m = from.recv()) sum += **m;
    });
    std::jthread sends([to = std::move(tx)] {
      for (int i = 0; i < 300; ++i) EXPECT_TRUE(to.send(make(i)));
    });
    sends.join();
    pool.join();
  }
  EXPECT_EQ(sum, 4 * (300 * 299 / 2));
}

TEST_P(AsioChannels, CompleteLaterAlsoIfTheyArePossible) {
  auto [tx, rx] = channel<int>();
  net::io_context c;
  std::optional<received<int>> got;
  std::optional<sent<int>> put;
  async_recv(rx, keeping(c, got));
  async_send(tx, 7, keeping(c, put));
  EXPECT_FALSE(got || put);
  EXPECT_NE(run(c), 0U);
  EXPECT_TRUE(got && *got == 7);
  EXPECT_TRUE(put && put->has_value());
}

TEST_P(AsioChannels, AreWorkUntilAThreadEndsThem) {
  auto [tx, rx] = channel<int>();
  net::io_context c;
  std::optional<received<int>> got;
  async_recv(rx, keeping(c, got));
  std::jthread sends([to = std::move(tx)] {
    std::this_thread::sleep_for(20ms);
    EXPECT_TRUE(to.send(3));
  });
  run(c);
  EXPECT_TRUE(got && *got == 3);
}

TEST_P(AsioChannels, EndWhenTheOtherSideGoes) {
  net::io_context c;
  std::optional<received<int>> got;
  {
    auto [tx, rx] = channel<int>();
    async_recv(rx, keeping(c, got));
    tx.reset();
    run(c);
  }
  EXPECT_TRUE(got && *got == std::unexpected(recv_errc::disconnected));
  auto [tx, rx] = channel<number>();
  for (int i = 0; i < GetParam(); ++i) ASSERT_TRUE(tx.send(nullptr));
  if (GetParam() < 0) rx.reset();
  std::optional<sent<number>> put;
  async_send(tx, make(5), keeping(c, put));
  rx.reset();
  run(c);
  ASSERT_TRUE(put && !put->has_value());
  EXPECT_EQ(put->error(), send_errc::disconnected);
  EXPECT_EQ(*put->error().value, 5);
}

TEST_P(AsioChannels, GiveFutures) {
  auto [tx, rx] = channel<number>();
  std::future<received<number>> got = async_recv(rx, net::use_future);
  std::future<sent<number>> put = async_send(tx, make(4), net::use_future);
  const auto m = got.get();
  ASSERT_TRUE(m);
  EXPECT_EQ(**m, 4);
  EXPECT_TRUE(put.get());
}

TEST(Asio, AStrandRunsOneHandlerAtATime) {
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(2);
  net::thread_pool pool(3);
  auto strand = net::make_strand(pool);
  int sum = 0;  // of the strand
  std::atomic<int> inside = 0;
  struct receives {
    runnel::mpsc::receiver<int> from;
    int& to;
    std::atomic<int>& others;
    decltype(strand) on;
    void next() {
      async_recv(from, net::bind_executor(on, [this](received<int> m) {
                   EXPECT_EQ(others++, 0);
                   if (m) to += *m;
                   --others;
                   if (m) next();
                 }));
    }
  } all{std::move(rx), sum, inside, strand};
  all.next();
  const auto work = [&] {
    EXPECT_EQ(inside++, 0);
    ++sum;
    --inside;
  };
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(tx.send(1));
    net::post(strand, work);
  }
  tx.reset();
  pool.join();
  EXPECT_EQ(sum, 400);
}

// ---- the end of a context -------------------------------------------------------------------------

TEST(AsioContext, EndsWhatWaitsAndPassesItOn) {
  auto [tx, rx] = runnel::mpmc::channel<int>();
  const auto last = std::make_shared<int>(0);
  net::io_context lives;
  std::optional<received<int>> got;
  {
    net::io_context ends;
    const auto handler = [last](received<int>) { ADD_FAILURE(); };
    async_recv(rx, net::bind_executor(ends, handler));  // is told
    async_recv(rx, keeping(lives, got));
    async_recv(rx, net::bind_executor(ends, handler));  // still waits
    ASSERT_TRUE(tx.send(1));
    EXPECT_EQ(last.use_count(), 4);
  }
  EXPECT_EQ(last.use_count(), 1);
  run(lives);
  EXPECT_TRUE(got && *got == 1);
}

TEST(AsioContext, EndsCoroutinesThatHaveTheChannel) {
  auto [tx, rx] = runnel::mpmc::sync_channel<number>(1);
  std::atomic<int> sum = 0;
  {
    net::io_context c;
    net::co_spawn(c, receive_numbers(rx, sum), net::detached);
    net::co_spawn(c, receive_numbers(std::move(rx), sum), net::detached);
    c.poll();
    EXPECT_FALSE(tx.is_disconnected());
    ASSERT_TRUE(tx.send(make(1)));
  }
  EXPECT_TRUE(tx.is_disconnected());
  EXPECT_EQ(sum, 0);
}

TEST(AsioContext, EndsTheHandlersWhenAllHaveLeftTheirChannels) {
  net::io_context c;
  auto channel = std::make_unique<decltype(runnel::mpmc::sync_channel<number>(1))>(
      runnel::mpmc::sync_channel<number>(1));
  const auto& rx = channel->second;
  async_recv(rx, net::bind_executor(c, [](received<number>) {}));
  async_recv(rx, net::bind_executor(c, [with = std::move(channel)](received<number>) {}));
  c.poll();
}

TEST(AsioContext, EndsWhileThreadsTellWhatWaits) {
  for (int round = 0; round < 200; ++round) {
    auto [tx, rx] = runnel::mpmc::channel<int>();
    int handled = 0;
    const int n = 8;
    std::jthread sends;
    {
      net::io_context c;
      for (int i = 0; i < n; ++i)
        async_recv(rx, net::bind_executor(c, [&](received<int> m) { handled += m ? 1 : 0; }));
      std::atomic<bool> begun = false;
      sends = std::jthread([&begun, to = tx] {
        begun = true;
        for (int i = 0; i < n; ++i) EXPECT_TRUE(to.send(i));
      });
      while (!begun) std::this_thread::yield();
      c.poll_one();
    }
    sends.join();
    int left = 0;
    while (rx.try_recv()) ++left;
    ASSERT_EQ(handled + left, n);
  }
}

// ---- memory ---------------------------------------------------------------------------------------

struct counts {
  int allocated = 0;
  int live = 0;
};
template <class T>
struct counting {
  using value_type = T;
  explicit counting(counts& c) noexcept : to(&c) {}
  template <class U>
  counting(const counting<U>& other) noexcept
      : to(other.to) {}  // NOLINT: implicit, as allocators are
  T* allocate(std::size_t n) {
    ++to->allocated;
    ++to->live;
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* p, std::size_t n) {
    --to->live;
    std::allocator<T>().deallocate(p, n);
  }
  template <class U>
  bool operator==(const counting<U>& other) const noexcept {
    return to == other.to;
  }
  counts* to;
};
/// A handler with its allocator and executor.
struct counted_handler {
  using allocator_type = counting<void>;
  using executor_type = net::io_context::executor_type;
  [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(*to); }
  [[nodiscard]] executor_type get_executor() const noexcept { return on; }
  void operator()(received<int> m) const {
    EXPECT_TRUE(m);
    EXPECT_EQ(to->live, 0) << "what was for the operation is free when the handler is called";
    ++*called;
  }
  executor_type on;
  counts* to;
  int* called;
};

TEST(AsioMemory, IsOneForTheOperationAndOneForEachPost) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  net::io_context c;
  counts n;
  int called = 0;
  async_recv(rx, counted_handler{c.get_executor(), &n, &called});
  EXPECT_EQ(n.allocated, 1) << "it waits";
  ASSERT_TRUE(tx.send(1));
  EXPECT_EQ(n.allocated, 2);
  run(c);
  ASSERT_TRUE(tx.send(1));
  async_recv(rx, counted_handler{c.get_executor(), &n, &called});
  run(c);
  EXPECT_EQ(n.allocated, 4);
  EXPECT_EQ(called, 2);
}

// ---- select ---------------------------------------------------------------------------------------

TEST(AsioSelect, DoesOneCase) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  auto [other_tx, other_rx] = runnel::mpsc::sync_channel<number>(1);
  net::io_context c;
  using chosen = std::expected<int, select_errc>;
  std::optional<chosen> r;
  const auto from_rx = [](received<int> m) { return *m; };
  number value = make(9);
  const auto value_sent = [](std::expected<void, send_errc> s) { return s ? -1 : -2; };

  ASSERT_TRUE(tx.send(1));
  async_select(keeping(c, r), runnel::biased, on_recv(rx, from_rx),
               on_send(other_tx, value, value_sent));
  EXPECT_FALSE(r) << "it completes later";
  run(c);
  EXPECT_TRUE(r && *r == 1);
  EXPECT_EQ(*value, 9) << "the other case was not done";

  async_select(keeping(c, r), on_recv(rx, from_rx), on_send(other_tx, value, value_sent));
  run(c);
  EXPECT_TRUE(r && *r == -1);
  EXPECT_FALSE(value);

  // It is full now: both wait.
  value = make(10);
  async_select(keeping(c, r), on_recv(rx, from_rx), on_send(other_tx, value, value_sent));
  c.restart();
  c.poll();
  std::jthread sends([&to = tx] { EXPECT_TRUE(to.send(2)); });
  run(c);
  EXPECT_TRUE(r && *r == 2);
  EXPECT_EQ(*value, 10);

  async_select(keeping(c, r), on_recv(rx, from_rx).when(false));
  run(c);
  EXPECT_TRUE(r && *r == std::unexpected(select_errc::no_case));
}

TEST(AsioSelect, AnExceptionOfACaseLeavesRun) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  net::io_context c;
  const auto last = std::make_shared<int>(0);
  async_select(net::bind_executor(c, [last](std::expected<void, select_errc>) { ADD_FAILURE(); }),
               on_recv(rx, [](received<int>) { throw std::runtime_error("of a case"); }));
  ASSERT_TRUE(tx.send(1));
  EXPECT_THROW(run(c), std::runtime_error);
  EXPECT_EQ(last.use_count(), 1);
}

TEST(AsioSelect, IsAwaited) {
  auto [tx, rx] = runnel::mpsc::channel<number>();
  net::io_context c;
  int got = 0;
  net::co_spawn(
      c,
      [](const auto& from, int& to) -> net::awaitable<void> {
        const auto r = co_await async_select(
            net::use_awaitable, on_recv(from, [&to](received<number> m) { to = **m; }));
        EXPECT_TRUE(r);
      }(rx, got),
      net::detached);
  c.poll();
  ASSERT_TRUE(tx.send(make(6)));
  run(c);
  EXPECT_EQ(got, 6);
}

// ---- cancellation ---------------------------------------------------------------------------------

#if RUNNEL_ASIO_CANCELS

#if RUNNEL_BOOST_ASIO
using net::deferred;
#else
using net::experimental::deferred;
#endif

template <class Result>
auto keeping(net::io_context& on, net::cancellation_signal& signal, std::optional<Result>& to) {
  return net::bind_cancellation_slot(signal.slot(), keeping(on, to));
}

TEST_P(AsioChannels, AreCancelledWhileTheyWait) {
  auto [tx, rx] = channel<int>();
  for (const auto type : {net::cancellation_type::terminal, net::cancellation_type::partial,
                          net::cancellation_type::total}) {
    net::io_context c;
    net::cancellation_signal signal;
    std::optional<received<int>> got;
    async_recv(rx, keeping(c, signal, got));
    signal.emit(type);
    EXPECT_FALSE(got) << "it completes in its executor";
    run(c);
    EXPECT_TRUE(got && *got == std::unexpected(recv_errc::stopped));
    signal.emit(type);  // of nothing
  }
  // They are in no list any more.
  net::io_context c;
  std::optional<received<int>> got;
  async_recv(rx, keeping(c, got));
  std::optional<sent<int>> put;
  async_send(tx, 3, keeping(c, put));
  run(c);
  EXPECT_TRUE(got && *got == 3);
}

TEST(AsioCancellation, AMessageThatWasToldOfStaysForOthers) {
  auto [tx, rx] = runnel::mpmc::channel<int>();
  net::io_context c;
  net::cancellation_signal signal;
  std::optional<received<int>> cancelled;
  std::optional<received<int>> next;
  async_recv(rx, keeping(c, signal, cancelled));
  async_recv(rx, keeping(c, next));
  ASSERT_TRUE(tx.send(8));
  signal.emit(net::cancellation_type::total);
  run(c);
  EXPECT_TRUE(cancelled && *cancelled == std::unexpected(recv_errc::stopped));
  EXPECT_TRUE(next && *next == 8);
}

TEST(AsioCancellation, AMessageThatIsThereStays) {
  auto [tx, rx] = runnel::mpmc::channel<int>();
  net::io_context c;
  net::cancellation_signal signal;
  std::optional<received<int>> cancelled;
  ASSERT_TRUE(tx.send(8));
  async_recv(rx, keeping(c, signal, cancelled));
  signal.emit(net::cancellation_type::total);
  run(c);
  EXPECT_TRUE(cancelled && *cancelled == std::unexpected(recv_errc::stopped));
  EXPECT_EQ(rx.try_recv(), 8);
}

TEST(AsioCancellation, ASendSaysWhetherItWasDone) {
  for (const bool is_served : {false, true}) {
    auto [tx, rx] = runnel::mpsc::sync_channel<number>(1);
    net::io_context c;
    net::cancellation_signal signal;
    std::optional<sent<number>> put;
    ASSERT_TRUE(tx.send(make(1)));
    async_send(tx, make(2), keeping(c, signal, put));
    if (is_served) {
      EXPECT_EQ(**rx.recv(), 1);
    }
    signal.emit(net::cancellation_type::terminal);
    run(c);
    ASSERT_TRUE(put);
    EXPECT_EQ(put->has_value(), is_served);
    if (is_served) {
      EXPECT_EQ(**rx.try_recv(), 2);
    } else {
      EXPECT_EQ(put->error(), send_errc::stopped);
      EXPECT_EQ(*put->error().value, 2);
    }
  }
}

TEST(AsioCancellation, IsOfNothingWhenTheOperationHasFailed) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  net::io_context c;
  net::cancellation_signal signal;
  ASSERT_TRUE(tx.send(1));
  std::optional<std::expected<void, select_errc>> r;
  async_select(keeping(c, signal, r),
               on_recv(rx, [](received<int>) { throw std::runtime_error("of a case"); }));
  EXPECT_THROW(run(c), std::runtime_error);
  signal.emit(net::cancellation_type::total);
  EXPECT_FALSE(r);
}

TEST(AsioCancellation, EndsASelect) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  net::io_context c;
  net::cancellation_signal signal;
  std::optional<std::expected<void, select_errc>> r;
  async_select(keeping(c, signal, r), on_recv(rx, [](received<int>) { ADD_FAILURE(); }));
  signal.emit(net::cancellation_type::partial);
  run(c);
  EXPECT_TRUE(r && *r == std::unexpected(select_errc::stopped));
}

TEST_P(AsioChannels, OrATimer) {
  using net::experimental::awaitable_operators::operator||;
  auto [tx, rx] = channel<number>();
  net::io_context c;
  const auto either = [](const auto& from, auto time) -> net::awaitable<int> {
    net::steady_timer timer(co_await net::this_coro::executor, time);
    const auto r =
        co_await (async_recv(from, net::use_awaitable) || timer.async_wait(net::use_awaitable));
    co_return r.index() == 0 ? *std::get<0>(r).value() : -1;
  };
  std::future<int> times_out = net::co_spawn(c, either(rx, 5ms), net::use_future);
  run(c);
  EXPECT_EQ(times_out.get(), -1);
  std::future<int> receives = net::co_spawn(c, either(rx, 60s), net::use_future);
  std::jthread sends([&to = tx] { EXPECT_TRUE(to.send(make(2))); });
  run(c);
  EXPECT_EQ(receives.get(), 2);
}

TEST(AsioCancellation, OrLosesNoMessageOfABuffer) {
  using net::experimental::awaitable_operators::operator||;
  auto [tx, rx] = runnel::mpsc::channel<int>();
  auto [other_tx, other_rx] = runnel::mpsc::channel<int>();
  net::io_context c;
  int got = 0;
  const auto receives = [](const auto& one, const auto& other, int& to) -> net::awaitable<void> {
    for (int i = 0; i < 200; ++i) {
      const auto r =
          co_await (async_recv(one, net::use_awaitable) || async_recv(other, net::use_awaitable));
      to += std::visit([](const auto& m) { return m.value(); }, r);
    }
  };
  net::co_spawn(c, receives(rx, other_rx, got), net::detached);
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE((i % 2 == 0 ? tx : other_tx).send(1));
    if (i % 3 == 0) c.poll();
  }
  run(c);
  EXPECT_EQ(got, 200);
}

TEST(Asio, Deferred) {
  auto [tx, rx] = runnel::mpsc::channel<number>();
  net::io_context c;
  ASSERT_TRUE(tx.send(make(1)));
  auto later = async_recv(rx, deferred);
  run(c);
  EXPECT_EQ(rx.size(), 1U) << "it has not begun";
  std::optional<received<number>> got;
  std::move(later)(keeping(c, got));
  run(c);
  EXPECT_TRUE(got && **got.value() == 1);
}

#endif

}  // namespace unit::with_asio

// SPDX-License-Identifier: MIT
//
// Coroutines at either end of a channel.
#include "coroutines.hpp"

#include <runnel/async.hpp>
#include <runnel/stop.hpp>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <deque>
#include <exception>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace unit::coroutines {

using runnel::async_closed;
using runnel::async_recv;
using runnel::async_select;
using runnel::async_send;
using runnel::on_closed;
using runnel::on_recv;
using runnel::on_send;
using runnel::send_error;

// ---- either end -----------------------------------------------------------------------------------

TEST_ALSO_LOCAL(TEST_ON, all, Async, TwoCoroutinesOfOneThread) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::vector<int> got;
  receive_all(e, rx, got);
  send_some(e, std::move(tx), 0, 100);
  e.run();
  EXPECT_EQ(got, numbers(100));
}

TEST_ON(all, Async, ACoroutineReceivesWhatAThreadSends) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::vector<int> got;
  [](executor& on, auto from, auto& to) -> fire {
    while (auto m = co_await async_recv(from)) to.push_back(*m);
    on.end();
  }(e, std::move(rx), got);
  task sends([to = std::move(tx)] {
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(to.send(i));
  });
  e.run_until_ended();
  EXPECT_EQ(got, numbers(500));
}

TEST_ON(all, Async, AThreadReceivesWhatACoroutineSends) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  task runs([&e] { e.run_until_ended(); });
  send_some(e, std::move(tx), 0, 500);
  std::vector<int> got;
  for (const int i : rx) got.push_back(i);
  e.end();
  EXPECT_EQ(got, numbers(500));
}

TEST_ALSO_LOCAL(TEST_ON, all, Async, ACloseEndsWhatWaits) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.try_send(i));
  std::optional<bool> sent;
  bool told = false;
  [](executor&, const auto& to, auto& s) -> fire {
    const auto r = co_await async_send(to, 7);
    s = r.has_value();
  }(e, tx, sent);
  [](executor&, const auto& to, auto& t) -> fire {
    co_await async_closed(to);
    t = true;
  }(e, tx, told);
  EXPECT_FALSE(told);
  rx.close();
  e.run();
  EXPECT_TRUE(told);
  EXPECT_EQ(sent, k.is_unbounded());
  std::vector<int> got;
  receive_all(e, rx, got);
  EXPECT_EQ(got.size(), static_cast<std::size_t>(k.room() + (k.is_unbounded() ? 1 : 0)));
}

TEST_ALSO_LOCAL(TEST_ON, all, Async, ACloseEndsAReceiveThatWaits) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::optional<std::expected<int, recv_errc>> got;
  int chosen = 0;
  [](executor&, const auto& from, auto& to) -> fire { to.emplace(co_await async_recv(from)); }(
                                                e, rx, got);
  [](executor&, const auto& to, auto& c) -> fire {
    c = co_await async_select(on_closed(to, [] { return 1; }));
  }(e, tx, chosen);
  EXPECT_FALSE(got);
  rx.close();
  e.run();
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, std::unexpected(recv_errc::disconnected));
  EXPECT_EQ(chosen, 1);
}

TEST_ON(all, Async, AWaitForTheCloseIsStopped) {
  for (const bool closes : {false, true}) {
    executor e;
    auto [tx, rx] = k.template make<int>();
    std::stop_source source;
    std::optional<bool> closed;
    [](executor&, const auto& to, auto stop, auto& c) -> fire {
      c = co_await async_closed(to, stop);
    }(e, tx, source.get_token(), closed);
    EXPECT_FALSE(closed);
    if (closes)
      rx.close();
    else
      source.request_stop();
    e.run();
    EXPECT_EQ(closed, closes);
  }
}

TEST_ALSO_LOCAL(TEST_ON, limited, Async, ASendHasItsValueBackWhenTheReceiverGoes) {
  executor e;
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.try_send(nullptr));
  std::optional<std::expected<void, send_error<std::unique_ptr<int>>>> result;
  [](executor&, const auto& to, auto& r) -> fire {
    r.emplace(co_await async_send(to, std::make_unique<int>(7)));
  }(e, tx, result);
  EXPECT_FALSE(result);
  rx.reset();
  e.run();
  ASSERT_TRUE(result);
  ASSERT_FALSE(*result);
  EXPECT_EQ(result->error().reason, send_errc::disconnected);
  EXPECT_EQ(*result->error().value, 7);
}

TEST_ALSO_LOCAL(TEST_ON, all, Async, AReceiveEndsWhenTheSenderGoes) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::optional<std::expected<int, recv_errc>> result;
  [](executor&, const auto& from, auto& r) -> fire { r.emplace(co_await async_recv(from)); }(
                                               e, rx, result);
  tx.reset();
  e.run();
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, std::unexpected(recv_errc::disconnected));
}

TEST_ALSO_LOCAL(TEST_ON_MPMC, all, Async, ThoseThatWaitAreServedInTheirOrder) {
  constexpr int n = 2'000;
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::vector<int> got;
  for (int i = 0; i < n; ++i) {
    [](executor&, const auto& from, int place, auto& to) -> fire {
      const auto m = co_await async_recv(from);
      if (m == place) to.push_back(place);
    }(e, rx, i, got);
  }
  for (int i = 0; i < n; ++i) {
    while (!tx.try_send(i)) e.run();
  }
  e.run();
  EXPECT_EQ(got, numbers(n));
}

/// What lies on the stack of a coroutine when it runs.
struct depth {
  std::uintptr_t least = std::numeric_limits<std::uintptr_t>::max();
  std::uintptr_t most = 0;
  [[gnu::noinline]] void look() {
    const auto at = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    least = std::min(least, at);
    most = std::max(most, at);
  }
};

TEST_ALSO_LOCAL(TEST_ON, all, Async, HandOffsDoNotGrowTheStack) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  const int n = 20'000;
  depth d;
  [](executor&, const auto& from, depth& look) -> fire {
    while (co_await async_recv(from)) look.look();
  }(e, rx, d);
  [](executor&, auto to, depth& look, int messages) -> fire {
    for (int i = 0; i < messages; ++i) {
      EXPECT_TRUE(co_await async_send(to, i));
      look.look();
    }
  }(e, std::move(tx), d, n);
  e.run();
  EXPECT_LT(d.most - d.least, 16'384U);
}

// ---- who resumes ----------------------------------------------------------------------------------

/// A coroutine whose promise says nothing.
struct plain_task {
  struct promise_type : fire::promise_base {
    static plain_task get_return_object() noexcept { return {}; }
  };
};

/// One whose promise others have written.
struct foreign_task {
  struct promise_type : fire::promise_base {
    template <class... Arguments>
    explicit promise_type(executor& e, const Arguments&...) noexcept : on(&e) {}
    static foreign_task get_return_object() noexcept { return {}; }
    executor* on;
  };
};

/// One that passes its environment to awaitables.
struct task_with_environment {
  struct environment {
    to_executor executor;
  };
  template <class Awaitable>
  struct with_environment {
    Awaitable& awaitable;
    const environment* e;
    bool await_ready() { return awaitable.await_ready(); }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> h) {
      return awaitable.await_suspend(h, e);
    }
    decltype(auto) await_resume() { return awaitable.await_resume(); }
  };
  struct promise_type : fire::promise_base {
    template <class... Arguments>
    explicit promise_type(executor& e, const Arguments&...) noexcept : env{{&e}} {}
    static task_with_environment get_return_object() noexcept { return {}; }
    template <class Awaitable>
    with_environment<Awaitable> await_transform(Awaitable&& a) noexcept {
      return {a, &env};
    }
    environment env;
  };
};

}  // namespace unit::coroutines

template <>
struct runnel::resume_traits<unit::coroutines::foreign_task::promise_type> {
  static auto resumer(unit::coroutines::foreign_task::promise_type& p) noexcept {
    return unit::coroutines::to_executor{p.on};
  }
};

namespace unit::coroutines {

template <class Task>
Task receive_one(executor&, const runnel::mpsc::receiver<int>& rx, int& got) {
  got = *co_await async_recv(rx);
}

template <class Task>
void expect_resumed_by_executor() {
  executor e;
  const auto [tx, rx] = runnel::mpsc::channel<int>();
  int got = 0;
  receive_one<Task>(e, rx, got);
  ASSERT_TRUE(tx.send(3));
  EXPECT_EQ(got, 0);
  EXPECT_EQ(e.size(), 1U);
  e.run();
  EXPECT_EQ(got, 3);
}

TEST(AsyncResumer, ComesFromThePromise) { expect_resumed_by_executor<fire>(); }
TEST(AsyncResumer, ComesFromATrait) { expect_resumed_by_executor<foreign_task>(); }
TEST(AsyncResumer, ComesFromTheEnvironment) { expect_resumed_by_executor<task_with_environment>(); }

TEST(AsyncResumer, AnArgumentGoesFirst) {
  executor unused;
  executor e;
  const auto [tx, rx] = runnel::mpsc::channel<int>();
  int got = 0;
  [](executor&, const auto& from, executor& on, int& to) -> fire {
    to = *co_await async_recv(from, to_executor{&on});
  }(unused, rx, e, got);
  ASSERT_TRUE(tx.send(3));
  EXPECT_EQ(unused.size(), 0U);
  e.run();
  EXPECT_EQ(got, 3);
}

TEST(AsyncResumer, InlineResumesWithinTheOperationThatNotifies) {
  const auto [tx, rx] = runnel::mpsc::sync_channel<int>(0);
  int got = 0;
  [](const auto& from, int& to) -> plain_task {
    for (int i = 0; i < 2; ++i) to = *co_await async_recv(from, runnel::inline_resumer());
  }(rx, got);
  ASSERT_TRUE(tx.send(3));
  EXPECT_EQ(got, 3);
  ASSERT_TRUE(tx.send(4));
  EXPECT_EQ(got, 4);
}

static_assert(runnel::resumer<runnel::inline_resumer>);
static_assert(runnel::resumer<to_executor>);
static_assert(!runnel::resumer<decltype([](std::coroutine_handle<>) {})>, "it may throw");

// ---- a stop ---------------------------------------------------------------------------------------

TEST_ON(all, AsyncStop, EndsAReceive) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::stop_source source;
  std::optional<std::expected<int, recv_errc>> result;
  [](executor&, const auto& from, std::stop_token stop, auto& r) -> fire {
    r.emplace(co_await async_recv(from, stop));
  }(e, rx, source.get_token(), result);
  e.run();
  EXPECT_FALSE(result);
  source.request_stop();
  EXPECT_FALSE(result) << "it is resumed by its executor";
  e.run();
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, std::unexpected(recv_errc::stopped));
  // And leaves nobody in the list.
  task sends([&tx] { EXPECT_TRUE(tx.send(1)); });
  EXPECT_EQ(rx.recv(), 1);
}

TEST_ALSO_LOCAL(TEST_ON, buffered, AsyncStop, RequestedBeforeItTriesOnce) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::stop_source source;
  source.request_stop();
  std::vector<std::expected<int, recv_errc>> results;
  ASSERT_TRUE(tx.try_send(1));
  [](executor& on, const auto& from, std::stop_token stop, auto& r) -> fire {
    r.push_back(co_await async_recv(from, to_executor{&on}, stop));
    r.push_back(co_await async_recv(from, stop));
  }(e, rx, source.get_token(), results);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0], 1);
  EXPECT_EQ(results[1], std::unexpected(recv_errc::stopped));
}

TEST_ALSO_LOCAL(TEST_ON, buffered, AsyncStop, AMessageThatIsThereGoesFirst) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::stop_source source;
  std::optional<std::expected<int, recv_errc>> result;
  [](executor&, const auto& from, std::stop_token stop, auto& r) -> fire {
    r.emplace(co_await async_recv(from, stop));
  }(e, rx, source.get_token(), result);
  ASSERT_TRUE(tx.try_send(1));
  source.request_stop();
  EXPECT_EQ(e.size(), 1U) << "it is resumed once";
  e.run();
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 1);
}

TEST_ON(limited, AsyncStop, ASendSaysWhetherItWasDone) {
  for (const bool is_received : {false, true}) {
    executor e;
    auto [tx, rx] = k.template make<int>();
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(0));
    std::stop_source source;
    std::optional<std::expected<void, send_error<int>>> result;
    [](executor&, const auto& to, std::stop_token stop, auto& r) -> fire {
      r.emplace(co_await async_send(to, 7, stop));
    }(e, tx, source.get_token(), result);
    if (is_received) {
      EXPECT_TRUE(rx.try_recv());
    }
    source.request_stop();
    e.run();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->has_value(), is_received);
    if (!is_received) {
      EXPECT_EQ(result->error().reason, send_errc::stopped);
      EXPECT_EQ(result->error().value, 7);
    }
  }
}

// ---- destruction ----------------------------------------------------------------------------------

TEST_ON(all, AsyncDestroyed, ItIsInNoList) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::vector<int> got;
  const fire f = receive_all(e, rx, got);
  f.handle.destroy();
  task sends([&tx] { EXPECT_TRUE(tx.send(1)); });
  EXPECT_EQ(rx.recv(), 1);
  EXPECT_EQ(e.size(), 0U);
}

TEST_ALSO_LOCAL(TEST_ON_MPMC, buffered, AsyncDestroyed, AMessageIsLeftToTheNext) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::vector<int> first;
  std::vector<int> second;
  receive_all(e, rx, first);
  const fire other = receive_all(e, rx, second);
  ASSERT_TRUE(tx.try_send(1));
  ASSERT_EQ(e.size(), 1U);
  e.take().destroy();
  EXPECT_EQ(e.size(), 1U) << "the next is notified";
  e.run();
  EXPECT_TRUE(first.empty());
  EXPECT_EQ(second, std::vector{1});
  other.handle.destroy();
}

TEST_ALSO_LOCAL(TEST_ON, rendezvous, AsyncDestroyed, AMessageThatWasHandedOverEnds) {
  executor e;
  ledger l(1);
  auto [tx, rx] = k.template make<counted>();
  [](executor&, const auto& from) -> fire { (void)co_await async_recv(from); }(e, rx);
  ASSERT_TRUE(tx.try_send(counted(l, 0)));
  EXPECT_EQ(l.ended(), 0);
  e.take().destroy();
  l.expect_each_ended_once();
}

TEST_ALSO_LOCAL(TEST_ON, limited, AsyncDestroyed, ASendThatWasToldOfTheEndIsOver) {
  executor e;
  ledger l(k.room() + 1);
  {
    auto [tx, rx] = k.template make<counted>();
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.try_send(counted(l, i)));
    [](executor&, const auto& to, counted m) -> fire {
      EXPECT_TRUE(co_await async_send(to, std::move(m)));
    }(e, tx, counted(l, k.room()));
    rx.reset();
    ASSERT_EQ(e.size(), 1U);
    e.take().destroy();
    EXPECT_TRUE(tx.is_disconnected());
  }
  l.expect_each_ended_once();
}

TEST_ALSO_LOCAL(TEST_ON, all, AsyncDestroyed, AReceiveThatWasToldOfTheEndIsOver) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::vector<int> got;
  receive_all(e, rx, got);
  tx.reset();
  ASSERT_EQ(e.size(), 1U);
  e.take().destroy();
  EXPECT_EQ(rx.try_recv().error(), runnel::recv_errc::disconnected);
  EXPECT_TRUE(got.empty());
}

TEST_ALSO_LOCAL(TEST_ON, bounded, AsyncDestroyed, ASendLeavesItsRoomToTheNext) {
  executor e;
  ledger l(k.room() + 2);
  {
    auto [tx, rx] = k.template make<counted>();
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.try_send(counted(l, i)));
    const auto send = [](executor&, const auto& to, counted m) -> fire {
      EXPECT_TRUE(co_await async_send(to, std::move(m)));
    };
    const fire first = send(e, tx, counted(l, k.room()));
    send(e, tx, counted(l, k.room() + 1));
    first.handle.destroy();
    EXPECT_EQ(l.ended(), 1) << "the value ends with its coroutine";
    ASSERT_TRUE(rx.try_recv());
    e.run();
    EXPECT_EQ(rx.size(), static_cast<std::size_t>(k.room()));
  }
  l.expect_each_ended_once();
}

// ---- select ---------------------------------------------------------------------------------------

TEST_ON(all, AsyncSelect, DoesOneOfTheCases) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  auto [ty, ry] = k.template make<std::string>();
  std::vector<std::string> got;
  [](executor&, const auto& ints, const auto& texts, auto& to) -> fire {
    bool more_ints = true;
    bool more_texts = true;
    while (more_ints || more_texts) {
      const bool was_int = co_await async_select(on_recv(ints,
                                                         [&](auto m) {
                                                           more_ints = m.has_value();
                                                           if (m) to.push_back(std::to_string(*m));
                                                           return true;
                                                         })
                                                     .when(more_ints),
                                                 on_recv(texts, [&](auto m) {
                                                   more_texts = m.has_value();
                                                   if (m) to.push_back(*m);
                                                   return false;
                                                 }).when(more_texts));
      (void)was_int;
    }
    to.push_back("end");
  }(e, rx, ry, got);
  task sends([to = std::move(tx)] { EXPECT_TRUE(to.send(1)); });
  task sends_text([to = std::move(ty)] { EXPECT_TRUE(to.send("two")); });
  while (got.empty() || got.back() != "end") e.run();
  std::ranges::sort(got);
  EXPECT_EQ(got, (std::vector<std::string>{"1", "end", "two"}));
}

TEST_ALSO_LOCAL(TEST_ON, limited, AsyncSelect, SendsWhereThereIsAPartner) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  auto [ty, ry] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.try_send(0));
  int value = 7;
  std::string done;
  [](executor&, const auto& to, const auto& from, int& v, std::string& d) -> fire {
    d = co_await async_select(runnel::biased,
                              on_send(to, v, [](auto r) { return r ? "sent" : "?"; }),
                              on_recv(from, [](auto) { return "received"; }));
  }(e, tx, ry, value, done);
  EXPECT_TRUE(rx.try_recv());
  e.run();
  EXPECT_EQ(done, "sent");
}

TEST_ON(all, AsyncSelect, IsStopped) {
  executor e;
  auto [tx, rx] = k.template make<int>();
  std::stop_source source;
  std::optional<bool> done;
  [](executor& on, const auto& from, std::stop_token stop, auto& d) -> fire {
    d = co_await async_select(to_executor{&on}, stop, on_recv(from, [](auto) {}));
  }(e, rx, source.get_token(), done);
  e.run();
  EXPECT_FALSE(done);
  source.request_stop();
  e.run();
  EXPECT_EQ(done, false);
}

TEST(AsyncSelect, WithoutACaseItThrows) {
  executor e;
  const auto [tx, rx] = runnel::mpsc::channel<int>();
  bool thrown = false;
  [](executor&, const auto& from, bool& t) -> fire {
    try {
      co_await async_select(on_recv(from, [](auto) {}).when(false));
    } catch (const std::logic_error&) {
      t = true;
    }
  }(e, rx, thrown);
  EXPECT_TRUE(thrown);
}

// ---- a pool of threads ----------------------------------------------------------------------------

TEST_ON_MPMC(all, AsyncOnAPool, EachMessageIsReceivedOnce) {
  executor e;
  constexpr int each = 300;
  ledger l(4 * each);
  std::atomic<int> running{8};
  {
    auto [tx, rx] = k.template make<counted>();
    const auto ends = [&e, &running] {
      if (--running == 0) e.end();
    };
    for (int s = 0; s < 4; ++s) {
      [](executor&, auto to, ledger& to_ledger, int first, auto end) -> fire {
        for (int i = first; i < first + each; ++i)
          EXPECT_TRUE(co_await async_send(to, counted(to_ledger, i)));
        end();
      }(e, tx, l, s * each, ends);
      [](executor&, auto from, auto end) -> fire {
        while (co_await async_recv(from)) {
        }
        from.reset();
        end();
      }(e, rx, ends);
    }
  }
  in_threads(2, [&e](int) { e.run_until_ended(); });
  l.expect_each_ended_once();
}

TEST_ON_MPMC(all, AsyncOnAPool, StopsAndThreadsInBetween) {
  executor e;
  constexpr int each = 200;
  ledger l(2 * each);
  std::atomic<int> running{4};
  std::stop_source source;
  {
    auto [tx, rx] = k.template make<counted>();
    const auto ends = [&e, &running] {
      if (--running == 0) e.end();
    };
    for (int s = 0; s < 2; ++s) {
      [](executor&, auto to, ledger& to_ledger, int first, auto end) -> fire {
        for (int i = first; i < first + each; ++i)
          EXPECT_TRUE(co_await async_send(to, counted(to_ledger, i)));
        end();
      }(e, tx, l, s * each, ends);
      // Each waits until it is stopped, then looks once more and begins anew.
      [](executor&, auto from, std::stop_source& all, auto end) -> fire {
        for (;;) {
          std::stop_source own;
          const std::stop_callback passes(all.get_token(), [&own] { own.request_stop(); });
          const auto m = co_await async_recv(from, own.get_token());
          if (!m && m.error() == recv_errc::disconnected) break;
          if (!m) continue;
        }
        from.reset();
        end();
      }(e, rx, source, ends);
    }
    task receives([from = std::move(rx)] {
      while (from.recv()) {
      }
    });
    tx.reset();
    in_threads(2, [&e](int) { e.run_until_ended(); });
  }
  l.expect_each_ended_once();
}

/// Coroutines that are notified and destroyed at the same moment, by their executor: it resumes none.
TEST_ON_MPMC(buffered, AsyncOnAPool, DestroyedWhileOthersNotify) {
  for (int round = 0; round < 50; ++round) {
    executor e;
    auto [tx, rx] = k.template make<int>();
    std::vector<std::vector<int>> got(4);
    std::vector<fire> waiting;
    for (auto& g : got) waiting.push_back(receive_all(e, rx, g));
    std::atomic<bool> go = false;
    task sends([&] {
      while (!go.load()) std::this_thread::yield();
      EXPECT_TRUE(tx.send(1));
    });
    std::expected<int, recv_errc> last = 0;
    task receives([&] { last = rx.recv(); });
    go = true;
    for (const fire& f : waiting) f.handle.destroy();
    receives.join();
    EXPECT_EQ(last, 1);
  }
}

// ---- misuse ---------------------------------------------------------------------------------------

#if RUNNEL_CHECK_MISUSE
TEST(AsyncDeathTest, Misuse) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  executor e;
  const auto [tx, rx] = runnel::mpsc::channel<int>();
  EXPECT_DEATH(
      {
        (void)tx.send(1);
        [](executor&, const auto& from) -> fire {
          auto a = async_recv(from);
          (void)co_await a;
          (void)co_await a;
        }(e, rx);
      },
      "contract violation: an awaitable is one operation, and was awaited twice");
  EXPECT_DEATH(
      {
        const fire f = [](executor&, const auto& from) -> fire { (void)co_await async_recv(from); }(
                                                           e, rx);
        f.handle.resume();
      },
      "contract violation: a coroutine that waits for a channel was resumed by hand");
  const runnel::mpsc::receiver<int> nothing;
  EXPECT_DEATH((void)async_recv(nothing), "a receiver that holds no channel was used");
  const runnel::mpsc::sender<int> no_sender;
  EXPECT_DEATH((void)async_send(no_sender, 1), "a sender that holds no channel was used");
}
#endif

}  // namespace unit::coroutines

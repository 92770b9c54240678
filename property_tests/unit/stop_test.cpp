// SPDX-License-Identifier: MIT
//
// Operations that a std::stop_token ends.
#include "support.hpp"

#include <runnel/select.hpp>
#include <runnel/stop.hpp>

#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace unit {
namespace {

using runnel::on_recv;
using runnel::on_send;
using runnel::on_time;
using runnel::select_errc;

const auto discard = [](const auto&) {};

/// Of a source that has been asked to stop.
std::stop_token stopped() {
  std::stop_source source;
  source.request_stop();
  return source.get_token();
}

template <class Sender>
void fill(const Sender& tx, int room) {
  for (int i = 0; i < room; ++i) ASSERT_TRUE(tx.send({}));
}

/// A stop that is requested while a callback is registered, after `happens`: the callback runs within its
/// constructor.
class stop_within {
 public:
  explicit stop_within(std::function<void()> happens = [] {}) : happens_(std::move(happens)) {}
  [[nodiscard]] bool stop_requested() const noexcept { return requested_; }
  [[nodiscard]] static bool stop_possible() noexcept { return true; }
  template <class F>
  struct callback_type {
    callback_type(const stop_within& stop, F f) noexcept {
      if (!stop.requested_) stop.happens_();
      stop.requested_ = true;
      f();
    }
  };

 private:
  std::function<void()> happens_;
  mutable bool requested_ = false;
};

// ---- receives -------------------------------------------------------------------------------------

TEST_ON(all, Stop, EndsAReceiveThatWaits) {
  auto [tx, rx] = k.template make<int>();
  std::stop_source source;
  std::expected<int, recv_errc> got = 0;
  task waits([&] { got = rx.recv(source.get_token()); });
  waits.await_blocked();
  EXPECT_FALSE(waits.done());
  EXPECT_TRUE(source.request_stop());
  waits.join();
  EXPECT_EQ(got, std::unexpected(recv_errc::stopped));
  // And leaves nobody in the list: the next message goes to whoever receives.
  task sends([&] { EXPECT_TRUE(tx.send(1)); });
  EXPECT_EQ(rx.recv(), 1);
}

TEST_ON(all, Stop, ThatCameBeforeEndsAReceiveAtOnce) {
  auto [tx, rx] = k.template make<int>();
  const auto t = steady_clock::now() + 1h;
  EXPECT_EQ(rx.recv(stopped()), std::unexpected(recv_errc::stopped));
  EXPECT_EQ(rx.recv_for(1h, stopped()), std::unexpected(recv_errc::stopped));
  EXPECT_EQ(rx.recv_until(t, stopped()), std::unexpected(recv_errc::stopped));
}

TEST_ON(buffered, Stop, ComesAfterAMessageThatIsThere) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
  for (int i = 0; i < k.room(); ++i) EXPECT_EQ(rx.recv(stopped()), i);
  EXPECT_EQ(rx.recv(stopped()), std::unexpected(recv_errc::stopped));
  tx.reset();
  EXPECT_EQ(rx.recv(stopped()), std::unexpected(recv_errc::disconnected));
}

TEST_ON(rendezvous, Stop, ComesAfterASenderThatWaits) {
  auto [tx, rx] = k.template make<int>();
  task sends([&] { EXPECT_TRUE(tx.send(7)); });
  sends.await_blocked();
  EXPECT_EQ(rx.recv(stopped()), 7);
}

TEST_ON(all, Stop, WithinTheRegistrationEndsAReceive) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_EQ(rx.recv(stop_within()), std::unexpected(recv_errc::stopped));
  EXPECT_EQ(rx.recv_for(1h, stop_within()), std::unexpected(recv_errc::stopped));
}

TEST_ON(buffered, Stop, WithinTheRegistrationComesAfterAMessage) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_EQ(rx.recv(stop_within([&] { EXPECT_TRUE(tx.send(1)); })), 1);
  EXPECT_EQ(rx.recv(stop_within([&] { tx.reset(); })), std::unexpected(recv_errc::disconnected));
}

/// A message comes at the moment in which the receive asks whether it has been stopped.
TEST_ON(buffered, Stop, IsAskedForBeforeTheLastAttempt) {
  auto [tx, rx] = k.template make<int>();
  struct stop : stop_within {
    std::function<void()> asked;
    [[nodiscard]] bool stop_requested() const noexcept {
      asked();
      return true;
    }
  } asks;
  asks.asked = [&] { EXPECT_TRUE(tx.send(1)); };
  EXPECT_EQ(rx.recv(asks), 1);
}

TEST_ON(all, Stop, OfATokenThatNobodyRequestsChangesNothing) {
  auto [tx, rx] = k.template make<int>();
  const std::stop_source source;
  for (const std::stop_token& token : {source.get_token(), std::stop_token()}) {
    task sends([&] { EXPECT_TRUE(tx.send(1, token)); });
    EXPECT_EQ(rx.recv(token), 1);
    const auto start = steady_clock::now();
    EXPECT_EQ(rx.recv_for(5ms, token), std::unexpected(recv_errc::timeout));
    EXPECT_GE(steady_clock::now() - start, 5ms);
    const auto t = system_clock::now() + 5ms;
    EXPECT_EQ(rx.recv_until(t, token), std::unexpected(recv_errc::timeout));
    EXPECT_GE(system_clock::now(), t);
    EXPECT_EQ(rx.recv_for(0ms, token), std::unexpected(recv_errc::timeout));
  }
  tx.reset();
  EXPECT_EQ(rx.recv(source.get_token()), std::unexpected(recv_errc::disconnected));
}

/// A loop whose waits are short must hear of it, too.
TEST_ON(all, Stop, ComesBeforeATimeout) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_EQ(rx.recv_for(-1s, stopped()), std::unexpected(recv_errc::stopped));
  EXPECT_EQ(rx.recv_until(steady_clock::now() - 1s, stopped()),
            std::unexpected(recv_errc::stopped));
  if (k.is_unbounded()) return;
  fill(tx, k.room());
  EXPECT_EQ(tx.send_for(1, 0s, stopped()), std::unexpected(send_errc::stopped));
  EXPECT_EQ(tx.send_until(1, steady_clock::now() - 1s, stopped()),
            std::unexpected(send_errc::stopped));
}

TEST_ON(all, Stop, ThatComesLaterIsForTheNextReceive) {
  auto [tx, rx] = k.template make<int>();
  std::stop_source source;
  task sends([&] { EXPECT_TRUE(tx.send(1)); });
  EXPECT_EQ(rx.recv(source.get_token()), 1);
  source.request_stop();
  EXPECT_EQ(rx.recv(source.get_token()), std::unexpected(recv_errc::stopped));
}

// ---- sends ----------------------------------------------------------------------------------------

TEST_ON(limited, Stop, EndsASendThatWaitsAndHandsTheValueBack) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  fill(tx, k.room());
  std::stop_source source;
  const auto expect_stopped = [&](auto send) {
    task waits([&] {
      auto r = send();
      ASSERT_FALSE(r);
      EXPECT_EQ(r.error(), send_errc::stopped);
      ASSERT_NE(r.error().value, nullptr);
      EXPECT_EQ(*r.error().value, 7);
    });
    waits.await_blocked();
    source.request_stop();
  };
  const auto value = [] { return std::make_unique<int>(7); };
  expect_stopped([&] { return tx.send(value(), source.get_token()); });
  source = std::stop_source();
  expect_stopped([&] { return tx.send_for(value(), 1h, source.get_token()); });
  source = std::stop_source();
  expect_stopped(
      [&] { return tx.send_until(value(), system_clock::now() + 1h, source.get_token()); });
  // Nothing of that was sent.
  for (int i = 0; i < k.room(); ++i) EXPECT_EQ(*rx.try_recv(), nullptr);
  EXPECT_FALSE(rx.try_recv());
}

TEST_ON(limited, Stop, LeavesACopiedValueAlone) {
  auto [tx, rx] = k.template make<std::string>();
  fill(tx, k.room());
  const std::string text = "too long to be stored within the string itself";
  const auto t = steady_clock::now() + 1h;
  EXPECT_EQ(tx.send(text, stopped()).error().value, text);
  EXPECT_EQ(tx.send_for(text, 1h, stopped()).error().value, text);
  EXPECT_EQ(tx.send_until(text, t, stopped()), std::unexpected(send_errc::stopped));
}

TEST_ON(buffered, Stop, ComesAfterRoom) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_TRUE(tx.send(1, stopped()));
  EXPECT_EQ(rx.recv(), 1);
  rx.reset();
  EXPECT_EQ(tx.send(1, stopped()), std::unexpected(send_errc::disconnected));
}

TEST_ON(limited, Stop, WithinTheRegistrationEndsASendUnlessThereIsRoom) {
  auto [tx, rx] = k.template make<int>();
  fill(tx, k.room());
  EXPECT_EQ(tx.send(1, stop_within()), std::unexpected(send_errc::stopped));
  if (k.is_rendezvous()) return;
  EXPECT_TRUE(tx.send(1, stop_within([&] { EXPECT_TRUE(rx.recv()); })));
}

TEST_ON(limited, Stop, OfNobodyLetsASendTimeOut) {
  auto [tx, rx] = k.template make<int>();
  fill(tx, k.room());
  EXPECT_EQ(tx.send_for(1, 2ms, std::stop_token()), std::unexpected(send_errc::timeout));
  EXPECT_EQ(tx.send_until(1, system_clock::now() + 2ms, std::stop_token()),
            std::unexpected(send_errc::timeout));
  rx.reset();
  EXPECT_EQ(tx.send(1, std::stop_token()), std::unexpected(send_errc::disconnected));
}

// ---- races ----------------------------------------------------------------------------------------

/// Each value ends once: it is received, or handed back, or still there; and what came before the request
/// is seen by whoever is stopped.
TEST_ON(all, Stop, RacesAMessage) {
  constexpr int rounds = 300;
  auto [tx, rx] = k.template make<int>();
  int received = 0;
  int sent = 0;
  for (int round = 0; round < rounds; ++round) {
    std::stop_source source;
    start_line start(3);
    int before = 0;
    std::thread sends([&] {
      start.arrive_and_wait();
      const auto r = tx.send(round, source.get_token());
      if (r) ++sent;
      EXPECT_TRUE(r || before == 1);
    });
    std::thread stops([&] {
      start.arrive_and_wait();
      before = 1;
      source.request_stop();
    });
    start.arrive_and_wait();
    const auto r = rx.recv(source.get_token());
    if (r) {
      ++received;
    } else {
      EXPECT_EQ(r.error(), recv_errc::stopped);
      EXPECT_EQ(before, 1);
    }
    sends.join();
    stops.join();
    if (!r && rx.try_recv()) ++received;
    ASSERT_EQ(received, sent) << "in round " << round;
  }
}

TEST_ON_MPMC(all, Stop, EndsAllThatWait) {
  auto [tx, rx] = k.template make<int>();
  auto [full_tx, full_rx] = k.template make<int>();
  std::stop_source source;
  in_threads(4, [&](int id) {
    const auto token = source.get_token();
    if (id == 0) {
      task waits([&] { EXPECT_EQ(rx.recv(token), std::unexpected(recv_errc::stopped)); });
      waits.await_blocked();
      source.request_stop();
    } else if (id == 1) {
      EXPECT_EQ(rx.recv_for(1h, token), std::unexpected(recv_errc::stopped));
    } else if (id == 2) {
      EXPECT_FALSE(runnel::select(token, on_recv(rx, discard), on_recv(full_rx, discard)));
    } else {
      EXPECT_EQ(rx.recv_until(system_clock::now() + 1h, token),
                std::unexpected(recv_errc::stopped));
    }
  });
}

TEST(Stop, ThatAThreadGetsWhenItIsDestroyed) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  ASSERT_TRUE(tx.send(1));
  std::vector<int> got;
  {
    const std::jthread receives([&rx, &got](const std::stop_token& stop) {
      while (const auto m = rx.recv(stop)) got.push_back(*m);
    });
  }
  EXPECT_EQ(got, std::vector{1}) << "what is there goes first";
}

// ---- selects --------------------------------------------------------------------------------------

TEST_ON(all, Stop, EndsASelect) {
  auto [tx, rx] = k.template make<int>();
  auto [other_tx, other_rx] = k.template make<int>();
  std::stop_source source;
  bool did = true;
  task waits([&] {
    did = runnel::select(source.get_token(), on_recv(rx, discard), on_recv(other_rx, discard));
  });
  waits.await_blocked();
  EXPECT_FALSE(waits.done());
  source.request_stop();
  waits.join();
  EXPECT_FALSE(did);
}

TEST_ON(all, Stop, StandsAfterTheTimeAndBeforeTheCases) {
  auto [tx, rx] = k.template make<int>();
  const std::stop_token stop = stopped();
  const auto t = steady_clock::now() + 1h;
  const auto one = [](const auto&) { return 1; };
  EXPECT_EQ(runnel::select(stop, on_recv(rx, one)), std::nullopt);
  EXPECT_EQ(runnel::select(runnel::biased, stop, on_recv(rx, one)), std::nullopt);
  EXPECT_EQ(runnel::select_for(1h, stop, on_recv(rx, one)), std::nullopt);
  EXPECT_EQ(runnel::select_for(runnel::biased, 1h, stop, on_recv(rx, one)), std::nullopt);
  EXPECT_EQ(runnel::select_until(t, stop, on_recv(rx, one)), std::nullopt);
  EXPECT_EQ(runnel::select_until(runnel::biased, t, stop, on_recv(rx, one)), std::nullopt);
  tx.reset();  // which is a result
  EXPECT_EQ(runnel::select(stop, on_recv(rx, one)), 1);
  EXPECT_EQ(runnel::select_for(1h, stop, on_recv(rx, one)), 1);
  EXPECT_EQ(runnel::select_until(t, stop, on_recv(rx, one)), 1);
}

TEST_ON(buffered, Stop, ComesAfterACaseThatIsReady) {
  auto [tx, rx] = k.template make<int>();
  auto [other_tx, other_rx] = k.template make<int>();
  ASSERT_TRUE(other_tx.send(1));
  const auto value = [](const auto& m) { return m.value_or(-1); };
  EXPECT_EQ(runnel::select(stopped(), on_recv(rx, value), on_recv(other_rx, value)), 1);
  const stop_within stop([&] { EXPECT_TRUE(tx.send(2)); });
  EXPECT_EQ(runnel::select(stop, on_recv(rx, value), on_recv(other_rx, value)), 2);
  EXPECT_EQ(runnel::select(stop_within(), on_recv(rx, value), on_recv(other_rx, value)),
            std::nullopt);
}

TEST_ON(limited, Stop, LeavesTheValuesOfASelect) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  fill(tx, k.room());
  auto value = std::make_unique<int>(1);
  std::stop_source source;
  {
    task waits([&] {
      EXPECT_FALSE(runnel::select_for(1h, source.get_token(), on_send(tx, value, discard),
                                      on_recv(rx, discard).when(false)));
    });
    waits.await_blocked();
    source.request_stop();
  }
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(*value, 1);
}

TEST(Stop, IsEnoughToWaitFor) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  std::stop_source source;
  {
    task waits([&] {
      EXPECT_FALSE(runnel::select(source.get_token(), on_recv(rx, discard).when(false)));
    });
    waits.await_blocked();
    EXPECT_FALSE(waits.done());
    source.request_stop();
  }
  EXPECT_FALSE(runnel::select(source.get_token(), on_recv(rx, discard).when(false)));
#ifdef __cpp_exceptions
  EXPECT_THROW((void)runnel::select(std::stop_token(), on_recv(rx, discard).when(false)),
               std::logic_error);
#endif
}

TEST(Stop, EndsASelectThatWaitsForATimer) {
  auto later = runnel::after(1h);
  std::stop_source source;
  task waits([&] { EXPECT_FALSE(runnel::select(source.get_token(), on_time(later, discard))); });
  waits.await_blocked();
  source.request_stop();
  waits.join();
  auto now = runnel::after(0s);
  EXPECT_TRUE(runnel::select(source.get_token(), on_time(now, discard)));
}

TEST_ON(all, Stop, EndsASelector) {
  auto [tx, rx] = k.template make<int>();
  std::optional<std::expected<int, recv_errc>> got;
  runnel::selector s;
  EXPECT_EQ(s.select(std::stop_token()), std::unexpected(select_errc::no_case));
  EXPECT_EQ(s.select(stopped()), std::unexpected(select_errc::stopped));
  const std::size_t receive = s.recv(rx, got);
  std::stop_source source;
  for (const auto wait :
       {+[](runnel::selector& x, const std::stop_token& t) { return x.select(t); },
        +[](runnel::selector& x, const std::stop_token& t) { return x.select_for(1h, t); },
        +[](runnel::selector& x, const std::stop_token& t) {
          return x.select_until(system_clock::now() + 1h, t);
        }}) {
    source = std::stop_source();
    task waits(
        [&] { EXPECT_EQ(wait(s, source.get_token()), std::unexpected(select_errc::stopped)); });
    waits.await_blocked();
    source.request_stop();
  }
  EXPECT_EQ(s.select_for(1ms, std::stop_token()), std::unexpected(select_errc::timeout));
  EXPECT_EQ(s.select_for(0s, source.get_token()), std::unexpected(select_errc::stopped));
  EXPECT_FALSE(got);
  task sends([&] { EXPECT_TRUE(tx.send(1)); });
  EXPECT_EQ(s.select(std::stop_token()), receive);
  EXPECT_EQ(got, 1);
}

}  // namespace
}  // namespace unit

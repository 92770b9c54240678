// SPDX-License-Identifier: MIT
//
// Senders, with the little of std::execution that is in minimal.hpp.
#include "minimal.hpp"

#define RUNNEL_EXECUTION_NAMESPACE ::minimal
#include <runnel/execution.hpp>
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>
#include <runnel/stop.hpp>

#include "on_capacities.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>

namespace unit::senders {

using runnel::recv_errc;
using runnel::send_errc;
using runnel::execution::recv;
using runnel::execution::send;
using number = std::unique_ptr<int>;  // it only moves

number make(int i) { return std::make_unique<int>(i); }

/// How an operation has completed.
struct outcome {
  int values = 0;
  int errors = 0;
  int stops = 0;
  number value;
  recv_errc recv_error{};
  send_errc send_error{};
  [[nodiscard]] int all() const { return values + errors + stops; }
};

struct env {
  minimal::loop* on;
  std::stop_token token;
  [[nodiscard]] auto scheduler() const noexcept { return on->get_scheduler(); }
  [[nodiscard]] std::stop_token stop_token() const noexcept { return token; }
};

struct keeps {
  using receiver_concept = minimal::receiver_t;
  void set_value() noexcept { ++to->values; }
  void set_value(number n) noexcept {
    ++to->values;
    to->value = std::move(n);
  }
  void set_error(recv_errc e) noexcept {
    ++to->errors;
    to->recv_error = e;
  }
  void set_error(send_errc e) noexcept {
    ++to->errors;
    to->send_error = e;
  }
  [[noreturn]] void set_error(const std::exception_ptr&) noexcept { std::terminate(); }
  void set_stopped() noexcept { ++to->stops; }
  [[nodiscard]] env get_env() const noexcept { return {on, token}; }

  outcome* to;
  minimal::loop* on;
  std::stop_token token = {};
};

using receiving = decltype(recv(std::declval<const runnel::mpsc::receiver<number>&>()));
static_assert(minimal::sender<receiving> && std::copy_constructible<receiving>);
static_assert(std::is_same_v<receiving::completion_signatures,
                             minimal::completion_signatures<minimal::set_value_t(number),
                                                            minimal::set_error_t(recv_errc),
                                                            minimal::set_stopped_t()>>);
static_assert(
    minimal::sender<decltype(send(std::declval<const runnel::mpsc::sender<number>&>(), number()))>);

class Senders : public properties::on_capacities {
 protected:
  minimal::loop loop_;
};
INSTANTIATE_TEST_SUITE_P(Capacities, Senders, properties::any_capacity);

TEST_P(Senders, AReceiveWaitsAndCompletesOnItsScheduler) {
  auto [tx, rx] = channel<number>();
  outcome o;
  auto op = minimal::connect(recv(rx), keeps{&o, &loop_});
  minimal::start(op);
  EXPECT_EQ(loop_.run(), 0U);
  ASSERT_TRUE(tx.send(make(3)));
  EXPECT_EQ(o.all(), 0) << "the sender of the message runs nothing";
  EXPECT_EQ(loop_.run(), 1U);
  EXPECT_EQ(o.values, 1);
  EXPECT_EQ(*o.value, 3);
}

TEST_P(Senders, WhatIsPossibleCompletesAtOnce) {
  auto [tx, rx] = channel<number>();
  outcome sent;
  outcome received;
  auto receives = minimal::connect(recv(rx), keeps{&received, &loop_});
  auto sends = minimal::connect(send(tx, make(4)), keeps{&sent, &loop_});
  if (GetParam() == 0) {
    minimal::start(receives);
    minimal::start(sends);
    EXPECT_EQ(sent.values, 1);
    EXPECT_EQ(received.all(), 0);
    loop_.run();
  } else {
    minimal::start(sends);
    minimal::start(receives);
    EXPECT_EQ(sent.values, 1);
  }
  EXPECT_EQ(received.values, 1);
  EXPECT_EQ(*received.value, 4);
}

TEST_P(Senders, EndWhenTheOtherSideGoes) {
  auto [tx, rx] = channel<number>();
  outcome o;
  auto receives = minimal::connect(recv(rx), keeps{&o, &loop_});
  minimal::start(receives);
  tx.reset();
  loop_.run();
  EXPECT_EQ(o.errors, 1);
  EXPECT_EQ(o.recv_error, recv_errc::disconnected);

  auto [to, from] = channel<number>();
  for (int i = 0; i < GetParam(); ++i) ASSERT_TRUE(to.send(nullptr));
  if (GetParam() < 0) from.reset();
  number value = make(5);
  auto sends = minimal::connect(send(to, std::ref(value)), keeps{&o, &loop_});
  minimal::start(sends);
  from.reset();
  loop_.run();
  EXPECT_EQ(o.errors, 2);
  EXPECT_EQ(o.send_error, send_errc::disconnected);
  EXPECT_EQ(*value, 5);
}

TEST_P(Senders, AreStoppedWhileTheyWait) {
  auto [tx, rx] = channel<number>();
  outcome o;
  std::stop_source source;
  auto op = minimal::connect(recv(rx), keeps{&o, &loop_, source.get_token()});
  minimal::start(op);
  source.request_stop();
  EXPECT_EQ(o.all(), 0);
  EXPECT_EQ(loop_.run(), 1U);
  EXPECT_EQ(o.stops, 1);
  // Nobody is in the list any more.
  outcome next;
  auto sends = minimal::connect(send(tx, make(6)), keeps{&next, &loop_});
  minimal::start(sends);
  EXPECT_EQ(**rx.recv(), 6);
  loop_.run();
  EXPECT_EQ(next.values, 1);
}

TEST(SendersStop, AMessageThatWasToldOfGoesToOthers) {
  auto [tx, rx] = runnel::mpmc::channel<number>();
  minimal::loop loop;
  std::stop_source source;
  outcome stopped;
  outcome next;
  auto first = minimal::connect(recv(rx), keeps{&stopped, &loop, source.get_token()});
  auto second = minimal::connect(recv(rx), keeps{&next, &loop});
  minimal::start(first);
  minimal::start(second);
  ASSERT_TRUE(tx.send(make(7)));
  source.request_stop();
  loop.run();
  EXPECT_EQ(stopped.stops, 1);
  EXPECT_EQ(next.values, 1);
}

TEST(SendersStop, ASchedulerThatStopsPassesOn) {
  auto [tx, rx] = runnel::mpmc::channel<number>();
  minimal::loop ends;
  minimal::loop loop;
  outcome stopped;
  outcome next;
  auto first = minimal::connect(recv(rx), keeps{&stopped, &ends});
  auto second = minimal::connect(recv(rx), keeps{&next, &loop});
  minimal::start(first);
  minimal::start(second);
  ASSERT_TRUE(tx.send(make(7)));
  ends.run(true);
  EXPECT_EQ(stopped.stops, 1);
  loop.run();
  EXPECT_EQ(next.values, 1);
}

TEST(Senders, AReceiveThatCameTooLateWaitsAgain) {
  auto [tx, rx] = runnel::mpmc::channel<number>();
  minimal::loop loop;
  outcome o;
  auto op = minimal::connect(recv(rx), keeps{&o, &loop});
  minimal::start(op);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(tx.send(make(i)));
    EXPECT_TRUE(rx.try_recv()) << "faster than the loop";
    EXPECT_EQ(loop.run(), 1U);
    EXPECT_EQ(o.all(), 0);
  }
  ASSERT_TRUE(tx.send(make(9)));
  loop.run();
  EXPECT_EQ(*o.value, 9);
}

/// Starts a receive again and again.
struct receives_all {
  struct again {
    using receiver_concept = minimal::receiver_t;
    void set_value(number n) noexcept { to->next(*n); }
    void set_error(recv_errc) noexcept { to->is_over = true; }
    void set_stopped() noexcept { std::terminate(); }
    [[nodiscard]] env get_env() const noexcept { return {to->on, {}}; }
    receives_all* to;
  };
  using operation = decltype(minimal::connect(
      recv(std::declval<const runnel::mpsc::receiver<number>&>()), again{}));
  struct made {
    explicit made(const runnel::mpsc::receiver<number>& rx, again a)
        : op(minimal::connect(recv(rx), a)) {}
    operation op;
  };

  void next(int i) {
    sum += i;
    ++received;
    start_next();
  }
  void start_next() {
    if (operations.size() > 1) operations.pop_front();  // not the one that completes
    minimal::start(operations.emplace_back(from, again{this}).op);
  }

  runnel::mpsc::receiver<number> from;
  minimal::loop* on;
  int sum = 0;
  int received = 0;
  bool is_over = false;
  std::deque<made> operations;
};

TEST(Senders, OfAThread) {
  auto [tx, rx] = runnel::mpsc::sync_channel<number>(2);
  minimal::loop loop;
  receives_all all{std::move(rx), &loop, 0, 0, false, {}};
  all.start_next();
  const std::jthread sends([to = std::move(tx)] {
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(to.send(make(i)));
  });
  loop.run_until([&] { return all.is_over; });
  EXPECT_EQ(all.sum, 500 * 499 / 2);
}

}  // namespace unit::senders

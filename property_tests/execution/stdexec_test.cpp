// SPDX-License-Identifier: MIT
//
// Senders, with stdexec.
#include <stdexec/execution.hpp>

#include <exec/static_thread_pool.hpp>
#include <exec/task.hpp>
#include <exec/when_any.hpp>

#include <runnel/execution.hpp>
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>

#include "on_capacities.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace unit::with_stdexec {

using namespace std::chrono_literals;
using runnel::execution::recv;
using runnel::execution::send;
using number = std::unique_ptr<int>;  // it only moves

using receiving = decltype(recv(std::declval<const runnel::mpsc::receiver<number>&>()));
using sending = decltype(send(std::declval<const runnel::mpsc::sender<number>&>(), number()));
static_assert(stdexec::sender_in<receiving, stdexec::env<>>);
static_assert(stdexec::sender_in<sending, stdexec::env<>>);

class Stdexec : public properties::on_capacities {};
INSTANTIATE_TEST_SUITE_P(Capacities, Stdexec, properties::any_capacity);

TEST_P(Stdexec, SyncWait) {
  auto [tx, rx] = channel<number>();
  const std::jthread sends([&to = tx] {
    std::this_thread::sleep_for(20ms);
    EXPECT_TRUE(to.send(std::make_unique<int>(5)));
  });
  auto got = stdexec::sync_wait(recv(rx));
  ASSERT_TRUE(got);
  EXPECT_EQ(*std::get<0>(*got), 5);
}

TEST_P(Stdexec, BothEndsOnAPool) {
  auto [tx, rx] = channel<number>();
  exec::static_thread_pool pool(2);
  for (int i = 0; i < 100; ++i) {
    int got = -1;
    ASSERT_TRUE(stdexec::sync_wait(stdexec::when_all(
        stdexec::starts_on(pool.get_scheduler(),
                           recv(rx) | stdexec::then([&got](number n) { got = *n; })),
        stdexec::starts_on(pool.get_scheduler(), send(tx, std::make_unique<int>(i))))));
    EXPECT_EQ(got, i);
  }
}

TEST_P(Stdexec, WhatLosesIsStopped) {
  auto [tx, rx] = channel<int>();
  auto [other_tx, other_rx] = runnel::mpsc::channel<int>();
  ASSERT_TRUE(other_tx.send(2));
  const auto got = stdexec::sync_wait(exec::when_any(recv(rx), recv(other_rx)));
  ASSERT_TRUE(got);
  EXPECT_EQ(std::get<0>(*got), 2);
  EXPECT_FALSE(rx.try_recv());
}

TEST_P(Stdexec, ErrorsAreThrown) {
  auto [tx, rx] = channel<int>();
  tx.reset();
  EXPECT_THROW(stdexec::sync_wait(recv(rx)), runnel::recv_errc);
}

exec::task<int> sum_of(const runnel::mpsc::receiver<int>& rx, int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) sum += co_await recv(rx);
  co_return sum;
}

TEST(StdexecTask, Awaits) {
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(1);
  const std::jthread sends([&to = tx] {
    for (int i = 0; i < 200; ++i) EXPECT_TRUE(to.send(1));
  });
  const auto got = stdexec::sync_wait(sum_of(rx, 200));
  ASSERT_TRUE(got);
  EXPECT_EQ(std::get<0>(*got), 200);
}

}  // namespace unit::with_stdexec

// SPDX-License-Identifier: MIT
//
// select over cases that are known when it is compiled: one operation, its handler, and nothing else.
#include "support.hpp"

#include <runnel/select.hpp>

#include <array>
#include <expected>
#include <memory>
#include <stdexcept>

namespace unit {
namespace {

using runnel::on_recv;
using runnel::on_send;
using runnel::on_time;

const auto ignore = [](const auto&) {};

TEST_ON(buffered, Select, ReceivesFromTheChannelThatHasAMessage) {
  auto [tx, rx] = k.template make<int>();
  auto [other_tx, other_rx] = k.template make<int>();
  ASSERT_TRUE(other_tx.send(7));
  const int got = runnel::select(on_recv(rx, [](auto m) { return m.value_or(-1); }),
                                 on_recv(other_rx, [](auto m) { return 10 * m.value_or(-1); }));
  EXPECT_EQ(got, 70);
  EXPECT_TRUE(other_rx.empty());
}

TEST_ON(all, Select, WaitsForAMessage) {
  auto [tx, rx] = k.template make<int>();
  auto [other_tx, other_rx] = k.template make<std::string>();
  std::string got;
  {
    task waits([&] {
      runnel::select(on_recv(rx, ignore),
                     on_recv(other_rx, [&](auto m) { got = m.value_or("nothing"); }));
    });
    waits.await_blocked();
    EXPECT_TRUE(other_tx.send("a message"));
  }
  EXPECT_EQ(got, "a message");
}

TEST_ON(all, Select, SaysThatAChannelIsDisconnected) {
  auto [tx, rx] = k.template make<int>();
  auto [other_tx, other_rx] = k.template make<int>();
  std::expected<int, recv_errc> got = 1;
  {
    task waits(
        [&] { runnel::select(on_recv(rx, ignore), on_recv(other_rx, [&](auto m) { got = m; })); });
    waits.await_blocked();
    other_tx.reset();
  }
  EXPECT_EQ(got.error(), recv_errc::disconnected);
  // And at once, for ever.
  EXPECT_TRUE(runnel::try_select(
      on_recv(other_rx, [](auto m) { EXPECT_EQ(m.error(), recv_errc::disconnected); })));
}

TEST_ON(limited, Select, SendsWhenThereIsRoomAndKeepsTheOtherValue) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  auto [other_tx, other_rx] = k.template make<std::unique_ptr<int>>();
  for (int i = 0; i < k.room(); ++i) {
    ASSERT_TRUE(tx.send(nullptr));
    ASSERT_TRUE(other_tx.send(nullptr));
  }
  auto value = std::make_unique<int>(1);
  auto other_value = std::make_unique<int>(2);
  int sent = 0;
  {
    task waits([&] {
      sent = runnel::select(on_send(tx, value, [](auto r) { return r ? 1 : -1; }),
                            on_send(other_tx, other_value, [](auto r) { return r ? 2 : -2; }));
    });
    waits.await_blocked();
    for (int i = 0; i < k.room() + 1; ++i) EXPECT_TRUE(other_rx.recv());
  }
  EXPECT_EQ(sent, 2);
  EXPECT_EQ(other_value, nullptr);
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(*value, 1);
}

TEST_ON(limited, Select, OneValueMayBeSentToEither) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  auto [other_tx, other_rx] = k.template make<std::unique_ptr<int>>();
  for (int i = 0; i < k.room(); ++i) {
    ASSERT_TRUE(tx.send(nullptr));
    ASSERT_TRUE(other_tx.send(nullptr));
  }
  auto value = std::make_unique<int>(1);
  task waits([&] { runnel::select(on_send(tx, value, ignore), on_send(other_tx, value, ignore)); });
  waits.await_blocked();
  for (int i = 0; i < k.room(); ++i) EXPECT_TRUE(rx.recv());
  const auto got = rx.recv();
  waits.join();
  EXPECT_EQ(value, nullptr);
  ASSERT_TRUE(got);
  EXPECT_EQ(**got, 1);
}

TEST_ON(limited, Select, ASendToNobodyKeepsItsValue) {
  auto [tx, rx] = k.template make<std::string>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(""));
  std::string value = "still mine, and too long to be stored within the string";
  const std::string before = value;
  {
    task waits([&] {
      runnel::select(
          on_send(tx, value, [](auto r) { EXPECT_EQ(r.error(), send_errc::disconnected); }));
    });
    waits.await_blocked();
    rx.reset();
  }
  EXPECT_EQ(value, before);
}

TEST_ON(all, Select, TriesOnce) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_FALSE(runnel::try_select(on_recv(rx, ignore)));
  EXPECT_EQ(runnel::try_select(on_recv(rx, [](const auto&) { return 1; })), std::nullopt);
  if (k.is_rendezvous()) return;
  ASSERT_TRUE(tx.send(3));
  EXPECT_EQ(runnel::try_select(on_recv(rx, [](auto m) { return *m; })), 3);
}

TEST_ON(all, Select, GivesUpAtItsDeadlineAndNotBefore) {
  auto [tx, rx] = k.template make<int>();
  auto [other_tx, other_rx] = k.template make<int>();
  const auto start = steady_clock::now();
  EXPECT_FALSE(runnel::select_for(10ms, on_recv(rx, ignore), on_recv(other_rx, ignore)));
  EXPECT_GE(steady_clock::now() - start, 10ms);
  const auto t = steady_clock::now() + 10ms;
  EXPECT_FALSE(runnel::select_until(t, on_recv(rx, ignore), on_recv(other_rx, ignore)));
  EXPECT_GE(steady_clock::now(), t);
  EXPECT_FALSE(runnel::select_for(-1s, on_recv(rx, ignore)));
  EXPECT_FALSE(runnel::select_until(system_clock::now() - 1h, on_recv(rx, ignore)));
  // Nobody is left in a list: the next messages go to whoever receives.
  task sender([&] { EXPECT_TRUE(tx.send(1)); });
  EXPECT_EQ(rx.recv(), 1);
}

TEST_ON_MPMC(rendezvous, Select, TwoSelectsMeetInEitherRole) {
  auto [tx, rx] = k.template make<int>();
  std::array<int, 2> sends{};
  std::array<int, 2> receives{};
  constexpr int rounds = 2000;
  in_threads(2, [&](int id) {
    const auto me = static_cast<std::size_t>(id);
    for (int i = 0; i < rounds; ++i) {
      int value = i;
      runnel::select(on_send(tx, value, [&](auto r) { sends[me] += r ? 1 : 0; }),
                     on_recv(rx, [&](auto m) { receives[me] += m ? 1 : 0; }));
    }
  });
  EXPECT_EQ(sends[0], receives[1]);
  EXPECT_EQ(sends[1], receives[0]);
  EXPECT_EQ(sends[0] + receives[0], rounds);
}

TEST_ON(buffered, Select, OnAnEmptyChannelTheSendIsDone) {
  auto [tx, rx] = k.template make<int>();
  int value = 1;
  EXPECT_EQ(runnel::select(on_recv(rx, [](const auto&) { return 1; }),
                           on_send(tx, value, [](auto) { return 2; })),
            2);
  EXPECT_EQ(rx.try_recv(), 1);
}

TEST(Select, ADisabledCaseTakesNoPart) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  auto [other_tx, other_rx] = runnel::mpsc::channel<int>();
  ASSERT_TRUE(tx.send(1));
  ASSERT_TRUE(other_tx.send(2));
  for (int i = 0; i < 20; ++i)
    EXPECT_FALSE(
        runnel::try_select(on_recv(rx, ignore).when(false), on_recv(other_rx, ignore).when(false)));
  EXPECT_EQ(runnel::select(on_recv(rx, [](auto m) { return *m; }).when(false),
                           on_recv(other_rx, [](auto m) { return *m; }).when(true)),
            2);
}

#ifdef __cpp_exceptions
TEST(Select, WithoutACaseItThrowsInsteadOfWaitingForEver) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  auto none = runnel::never();
  EXPECT_THROW(runnel::select(on_recv(rx, ignore).when(false)), std::logic_error);
  EXPECT_THROW(runnel::select(on_recv(rx, ignore).when(false), on_time(none, ignore)),
               std::logic_error);
  const auto start = steady_clock::now();
  EXPECT_FALSE(runnel::select_for(5ms, on_recv(rx, ignore).when(false)));
  EXPECT_GE(steady_clock::now() - start, 5ms);
}

TEST(Select, AHandlerMayThrowAndTheChannelsAreIntact) {
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(1);
  auto [other_tx, other_rx] = runnel::mpsc::sync_channel<int>(0);
  ASSERT_TRUE(tx.send(1));
  EXPECT_THROW(runnel::select(on_recv(rx, [](auto) { throw std::runtime_error("mine"); }),
                              on_recv(other_rx, ignore)),
               std::runtime_error);
  EXPECT_FALSE(runnel::try_select(on_recv(rx, ignore), on_recv(other_rx, ignore)));
  ASSERT_TRUE(tx.send(2));
  EXPECT_EQ(rx.recv(), 2);
}
#endif

#ifdef __cpp_exceptions
TEST_ON(limited, Select, AHandlerMayThrowAfterAWait) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  auto [other_tx, other_rx] = Api::template sync_channel<std::unique_ptr<int>>(0);
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(std::make_unique<int>(0)));
  auto value = std::make_unique<int>(1);
  auto other_value = std::make_unique<int>(2);
  {
    task waits([&] {
      EXPECT_THROW(
          runnel::select(on_send(tx, value, [](auto) { throw std::runtime_error("mine"); }),
                         on_send(other_tx, other_value, ignore)),
          std::runtime_error);
    });
    waits.await_blocked();
    for (int i = 0; i < k.room(); ++i) EXPECT_EQ(**rx.recv(), 0);
    EXPECT_EQ(**rx.recv(), 1);
  }
  // What was done stays done, and nobody waits in either channel any more.
  EXPECT_EQ(value, nullptr);
  ASSERT_NE(other_value, nullptr);
  EXPECT_EQ(*other_value, 2);
  EXPECT_EQ(rx.try_recv().error(), recv_errc::empty);
  EXPECT_EQ(other_rx.try_recv().error(), recv_errc::empty);
}
#endif

TEST(Select, AHandlerMayUseTheSameChannel) {
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(0);
  int sum = 0;
  task sender([&] {
    for (int i = 1; i <= 3; ++i) EXPECT_TRUE(tx.send(i));
  });
  runnel::select(on_recv(rx, [&](auto first) {
    sum += *first;
    runnel::select(on_recv(rx, [&](auto second) { sum += 10 * *second; }));
    sum += 100 * *rx.recv();
  }));
  EXPECT_EQ(sum, 321);
}

TEST(Select, ACaseMayBeUsedAgain) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  int sum = 0;
  auto receive = on_recv(rx, [&](auto m) { sum += m.value_or(0); });
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(tx.send(i));
    runnel::select(receive);
  }
  EXPECT_EQ(sum, 6);
}

/// How often each of four cases that are always ready is chosen.
template <class Select>
std::array<int, 4> shares(int rounds, Select select) {
  std::array<int, 4> chosen{};
  auto [tx, rx] = runnel::mpmc::channel<int>();
  const std::array<runnel::mpmc::receiver<int>, 4> receivers{rx, rx, rx, rx};
  for (int i = 0; i < rounds; ++i) {
    EXPECT_TRUE(tx.send(i));
    const auto count = [&](std::size_t n) { return [&chosen, n](const auto&) { ++chosen[n]; }; };
    select(on_recv(receivers[0], count(0)), on_recv(receivers[1], count(1)),
           on_recv(receivers[2], count(2)), on_recv(receivers[3], count(3)));
  }
  return chosen;
}

TEST(Select, IsFairAmongWhatIsReady) {
  constexpr int rounds = 40000;
  const auto chosen = shares(rounds, [](auto&&... cases) { runnel::select(cases...); });
  // Each has 10000 on average, with a standard deviation of 87: six of these.
  for (const int n : chosen) EXPECT_NEAR(n, rounds / 4, 520);
}

/// A message that is always there, beside a case that is possible, too, for another reason; how often that is
/// chosen in 1000 rounds. On average it is 500 times, with a standard deviation of 16.
template <class Other>
void expect_half(Other other) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  int chosen = 0;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(tx.send(i));
    chosen += runnel::select(on_recv(rx, [](const auto&) { return 0; }), other()) != 0 ? 1 : 0;
    while (rx.try_recv()) {
    }
  }
  EXPECT_NEAR(chosen, 500, 96);
}

TEST_ON(all, Select, IsFairToWhatIsDisconnected) {
  auto [tx, rx] = k.template make<int>();
  tx.reset();
  expect_half([&] { return on_recv(rx, [](const auto& m) { return m ? 0 : 1; }); });
}

TEST(Select, IsFairToATimer) {
  std::unique_ptr<runnel::timer> due;
  expect_half([&] {
    due.reset(new runnel::timer(runnel::after(0s)));
    return on_time(*due, [](auto) { return 1; });
  });
}

TEST(Select, IsFairToASendWithRoom) {
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(1000);
  int value = 0;
  expect_half([&] { return on_send(tx, value, [](const auto& r) { return r ? 1 : 0; }); });
}

TEST(Select, PassesNoPartnerForEver) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  auto [meets, partner] = runnel::mpsc::sync_channel<int>(0);
  task sender([&] { EXPECT_TRUE(meets.send(1)); });
  for (bool met = false; !met;) {
    EXPECT_TRUE(tx.send(0));
    met = runnel::select(on_recv(rx, [](const auto&) { return false; }),
                         on_recv(partner, [](const auto&) { return true; }));
  }
}

TEST(Select, TakesTheFirstThatIsReadyIfItIsBiased) {
  const auto chosen =
      shares(100, [](auto&&... cases) { runnel::select(runnel::biased, cases...); });
  EXPECT_EQ(chosen[0], 100);
}

TEST_ON(all, Select, ServesEveryChannelUnderLoad) {
  constexpr int messages = 3000;
  auto [a, from_a] = k.template make<int>();
  auto [b, from_b] = Api::template sync_channel<int>(0);
  auto [to_c, c] = Api::template sync_channel<int>(1);
  std::array<int, 3> next{};
  std::thread sends_a([tx = std::move(a)] {
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(i));
  });
  std::thread sends_b([tx = std::move(b)] {
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(i));
  });
  std::thread receives_c([rx = std::move(c)] {
    for (int i = 0; i < messages; ++i) ASSERT_EQ(rx.recv(), i);
  });
  bool open_a = true;
  bool open_b = true;
  while (open_a || open_b || next[2] < messages) {
    int value = next[2];
    runnel::select(
        on_recv(from_a, [&](auto m) { open_a = m && *m == next[0]++; }).when(open_a),
        on_recv(from_b, [&](auto m) { open_b = m && *m == next[1]++; }).when(open_b),
        on_send(to_c, value, [&](auto r) { next[2] += r ? 1 : 0; }).when(next[2] < messages));
  }
  sends_a.join();
  sends_b.join();
  receives_c.join();
  EXPECT_EQ(next, (std::array{messages, messages, messages}));
}

TEST(Select, MessagesAreNeitherLostNorCopied) {
  ledger l(3);
  {
    auto [tx, rx] = runnel::mpsc::sync_channel<counted>(0);
    auto [other_tx, other_rx] = runnel::mpsc::channel<counted>();
    task sender([&] {
      EXPECT_TRUE(tx.send(counted(l, 0)));
      EXPECT_TRUE(other_tx.send(counted(l, 1)));
    });
    for (int i = 0; i < 2; ++i) runnel::select(on_recv(rx, ignore), on_recv(other_rx, ignore));
    sender.join();
    counted kept(l, 2);
    EXPECT_FALSE(runnel::select_for(1ms, on_send(tx, kept, ignore)));
    EXPECT_EQ(kept.id(), 2);
  }
  l.expect_each_ended_once();
}

// ---- selector -------------------------------------------------------------------------------------

TEST_ON(all, Selector, ReceivesSendsAndKeepsItsCases) {
  auto [tx, rx] = k.template make<int>();
  auto [other_tx, other_rx] = Api::template channel<std::string>();
  runnel::selector s;
  std::optional<std::expected<int, recv_errc>> number;
  std::optional<std::expected<std::string, recv_errc>> text;
  const std::size_t numbers = s.recv(rx, number);
  const std::size_t texts = s.recv(other_rx, text);
  for (int i = 0; i < 3; ++i) {
    {
      task sender([&, i] { EXPECT_TRUE(tx.send(i)); });
      EXPECT_EQ(s.select(), numbers);
    }
    EXPECT_EQ(number, i);
    ASSERT_TRUE(other_tx.send(std::to_string(i)));
    EXPECT_EQ(s.select(), texts);
    EXPECT_EQ(text, std::to_string(i));
  }
  EXPECT_EQ(s.try_select().error(), runnel::select_errc::none_ready);
  EXPECT_EQ(s.select_for(1ms).error(), runnel::select_errc::timeout);
  EXPECT_EQ(s.select_until(steady_clock::now() + 1ms).error(), runnel::select_errc::timeout);
}

TEST(Selector, SendsWhatTheValueIsWhenItIsCalled) {
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(1);
  runnel::selector s;
  int value = 0;
  std::optional<send_errc> error;
  const std::size_t send = s.send(tx, value, error);
  for (value = 1; value < 4; ++value) {
    EXPECT_EQ(s.select(), send);
    EXPECT_FALSE(error);
    EXPECT_EQ(s.try_select().error(), runnel::select_errc::none_ready);
    EXPECT_EQ(rx.recv(), value);
  }
  rx.reset();
  EXPECT_EQ(s.select(), send);
  EXPECT_EQ(error, send_errc::disconnected);
}

TEST(Selector, HasNoCaseAtFirstAndWhenAllAreDisabled) {
  runnel::selector s;
  EXPECT_EQ(s.select().error(), runnel::select_errc::no_case);
  auto [tx, rx] = runnel::mpsc::channel<int>();
  std::optional<std::expected<int, recv_errc>> out;
  const std::size_t first = s.recv(rx, out);
  ASSERT_TRUE(tx.send(1));
  s.enable(first, false);
  EXPECT_EQ(s.select().error(), runnel::select_errc::no_case);
  s.enable(first, true);
  EXPECT_EQ(s.select(), first);
  s.erase(first);
  EXPECT_EQ(s.select().error(), runnel::select_errc::no_case);
  EXPECT_EQ(s.recv(rx, out), first);  // numbers are given again
}

TEST_ON(all, Selector, IsFairAmongWhatIsReadyOrDisconnected) {
  auto [tx, rx] = runnel::mpmc::channel<int>();
  auto [closed_tx, closed_rx] = k.template make<int>();
  closed_tx.reset();
  runnel::selector s;
  std::optional<std::expected<int, recv_errc>> out;
  std::array<int, 6> chosen{};
  for (int i = 0; i < 5; ++i) s.recv(rx, out);
  s.recv(closed_rx, out);
  s.enable(1, false);
  s.erase(3);
  for (int i = 0; i < 4000; ++i) {
    ASSERT_TRUE(tx.send(i));
    ++chosen[s.select().value()];
    while (rx.try_recv()) {
    }
  }
  // Each of four has 1000 on average, with a standard deviation of 27: six of these.
  for (const std::size_t i : {0U, 2U, 4U, 5U}) EXPECT_NEAR(chosen[i], 1000, 164);
  EXPECT_EQ(chosen[1] + chosen[3], 0);
}

TEST(Selector, GivesEachNumberAgain) {
  auto [tx, rx] = runnel::mpmc::channel<int>();
  std::array<std::optional<std::expected<int, recv_errc>>, 5> out;
  runnel::selector s;
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(s.recv(rx, out[i]), i);
  s.erase(1);
  s.erase(2);
  EXPECT_EQ(s.recv(rx, out[1]), 1U);
  EXPECT_EQ(s.recv(rx, out[2]), 2U);
  EXPECT_EQ(s.recv(rx, out[4]), 4U);
  s.erase(0);
  EXPECT_EQ(s.recv(rx, out[0]), 0U);
}

TEST(Selector, MayHaveOneCaseTwice) {
  auto [tx, rx] = runnel::mpsc::sync_channel<int>(1);
  runnel::selector s;
  int value = 1;
  std::optional<std::expected<int, recv_errc>> got;
  std::optional<send_errc> error;
  for (int i = 0; i < 2; ++i) {
    EXPECT_LT(s.recv(rx, got), 4U);
    EXPECT_LT(s.send(tx, value, error), 4U);
  }
  for (int i = 0; i < 20; ++i) {  // sent and received in turn
    EXPECT_TRUE(s.select());
    EXPECT_EQ(rx.size(), static_cast<std::size_t>((i + 1) % 2));
  }
  EXPECT_EQ(got, 1);
}

TEST(Selector, RefusesMoreCasesThanItCanNumber) {
  constexpr std::size_t most = 65'535;
  auto [tx, rx] = runnel::mpsc::channel<int>();
  std::optional<std::expected<int, recv_errc>> out;
  runnel::selector s;
  for (std::size_t i = 0; i < most; ++i) ASSERT_EQ(s.recv(rx, out), i);
#ifdef __cpp_exceptions
  EXPECT_THROW((void)s.recv(rx, out), std::length_error);
#endif
  // It is as before.
  ASSERT_TRUE(tx.send(1));
  EXPECT_TRUE(s.try_select());
  EXPECT_EQ(out, 1);
  s.erase(most - 1);
  EXPECT_EQ(s.recv(rx, out), most - 1);
  // The last one can be chosen, also after a wait.
  for (std::size_t i = 0; i + 1 < most; ++i) s.enable(i, false);
  task sender([&, &sender = tx] { EXPECT_TRUE(sender.send(2)); });
  EXPECT_EQ(s.select(), most - 1);
  EXPECT_EQ(out, 2);
}

TEST(Selector, WaitsInManyChannels) {
  constexpr std::size_t n = 500;
  std::vector<runnel::mpmc::sender<int>> senders(n);
  std::vector<runnel::mpmc::receiver<int>> receivers(n);
  std::vector<std::optional<std::expected<int, recv_errc>>> out(n);
  runnel::selector s;
  for (std::size_t i = 0; i < n; ++i) {
    std::tie(senders[i], receivers[i]) = runnel::mpmc::sync_channel<int>(i % 3);
    EXPECT_EQ(s.recv(receivers[i], out[i]), i);
  }
  task sender([&] {
    for (std::size_t i = 0; i < n; i += 7) EXPECT_TRUE(senders[i].send(static_cast<int>(i)));
  });
  std::size_t sum = 0;
  for (std::size_t i = 0; i < n; i += 7) {
    const std::size_t chosen = s.select().value();
    EXPECT_EQ(out[chosen], static_cast<int>(chosen));
    sum += chosen;
  }
  EXPECT_EQ(sum, 7U * (71 * 72 / 2));
}

// ---- timers ---------------------------------------------------------------------------------------

TEST(Timer, FiresOnceAndNotBeforeItIsDue) {
  const auto start = steady_clock::now();
  auto t = runnel::after(5ms);
  const auto due = t.recv();
  ASSERT_TRUE(due);
  EXPECT_GE(*due, start + 5ms);
  EXPECT_GE(steady_clock::now(), *due);
  EXPECT_EQ(t.try_recv().error(), recv_errc::disconnected);
  EXPECT_EQ(t.recv().error(), recv_errc::disconnected);
}

TEST(Timer, IsNotEarly) {
  auto t = runnel::after(1h);
  EXPECT_EQ(t.try_recv().error(), recv_errc::empty);
  EXPECT_TRUE(runnel::after(0s).try_recv());
  EXPECT_TRUE(runnel::after(-1s).try_recv());
  EXPECT_TRUE(runnel::at(system_clock::now() - 1s).try_recv());
  auto later = runnel::at(steady_clock::now() + 2ms);
  EXPECT_TRUE(later.recv());
}

TEST(Timer, WhatCannotBeCountedIsNever) {
  EXPECT_EQ(runnel::never().try_recv().error(), recv_errc::disconnected);
  EXPECT_EQ(runnel::never().recv().error(), recv_errc::disconnected);
  EXPECT_EQ(runnel::after(std::chrono::years(1000000)).due(), steady_clock::time_point::max());
  EXPECT_EQ(runnel::tick(std::chrono::hours::max()).due(), steady_clock::time_point::max());
}

TEST(Timer, TicksDoNotDriftAndAreNotMadeUpFor) {
  constexpr auto period = 2ms;
  auto t = runnel::tick(period);
  const auto first = t.due();
  EXPECT_EQ(t.recv(), first);
  std::this_thread::sleep_until(first + 5 * period);
  const auto missed = t.try_recv();
  EXPECT_EQ(missed, first + period);       // one is pending
  EXPECT_GE(t.due(), first + 6 * period);  // the others were left out
  EXPECT_EQ((t.due() - first) % period, steady_clock::duration::zero());
}

TEST(Timer, OfTwoThreadsOneHasIt) {
  for (int round = 0; round < 20; ++round) {
    auto t = runnel::after(100us);
    std::atomic<int> fired{0};
    in_threads(3, [&](int) { fired += t.recv().has_value() ? 1 : 0; });
    EXPECT_EQ(fired.load(), 1);
  }
}

TEST(Timer, IsACaseOfASelect) {
  auto [tx, rx] = runnel::mpsc::channel<int>();
  auto soon = runnel::after(3ms);
  auto late = runnel::after(1h);
  EXPECT_EQ(
      runnel::select(on_time(late, [](auto) { return 1; }), on_time(soon, [](auto) { return 2; }),
                     on_recv(rx, [](const auto&) { return 3; })),
      2);
  // It is over: only the other two are left.
  ASSERT_TRUE(tx.send(1));
  EXPECT_EQ(
      runnel::select(on_time(late, [](auto) { return 1; }), on_time(soon, [](auto) { return 2; }),
                     on_recv(rx, [](const auto&) { return 3; })),
      3);
  auto tick = runnel::tick(1ms);
  int ticks = 0;
  auto end = runnel::after(20ms);
  for (bool over = false; !over;)
    runnel::select(on_time(tick, [&](auto) { ++ticks; }), on_time(end, [&](auto) { over = true; }),
                   on_recv(rx, ignore));
  EXPECT_GE(ticks, 1);
  EXPECT_LE(ticks, 20);
}

TEST(Timer, TheDeadlineOfASelectAndATimerAreApart) {
  auto late = runnel::after(1h);
  EXPECT_FALSE(runnel::select_for(2ms, on_time(late, ignore)));
  auto soon = runnel::after(2ms);
  EXPECT_TRUE(runnel::select_for(1h, on_time(soon, ignore)));
}

TEST(Timer, IsACaseOfASelector) {
  runnel::selector s;
  auto t = runnel::after(2ms);
  const std::size_t timer = s.time(t);
  EXPECT_EQ(s.select(), timer);
  EXPECT_EQ(s.select().error(), runnel::select_errc::no_case);
}

}  // namespace
}  // namespace unit

// SPDX-License-Identifier: MIT
//
// Handles and whole channels that come and go at a high rate, in many threads, while messages flow;
// and threads that end in other ways than by dropping their handles.
#include "unit/support.hpp"

#include <pthread.h>

#include <memory>
#include <stdexcept>
#include <type_traits>

namespace unit {
namespace {

template <class Receiver>
int receive_with_passing_handles(Receiver rx) {
  int received = 0;
  for (;;) {
    Receiver passing = [&rx] {
      if constexpr (std::is_copy_constructible_v<Receiver>)
        return rx;
      else
        return std::move(rx);
    }();
    const auto message = passing.recv();
    rx = std::move(passing);
    if (!message) return received;
    ++received;
  }
}

TEST_ON(all, Churn, HandlesComeAndGoWhileMessagesFlow) {
  constexpr int senders = 3;
  constexpr int each = 500;
  constexpr int receivers = std::is_same_v<Api, mpmc> ? 3 : 1;
  ledger l(senders * each);
  std::atomic<int> received{0};
  auto [tx, rx] = k.template make<counted>();
  std::vector<std::thread> threads;
  for (int s = 0; s < senders; ++s) {
    threads.emplace_back([&l, s, mine = tx] {
      for (int i = 0; i < each; ++i) {
        auto copy = mine;
        auto passing = copy;
        copy.reset();
        copy = std::move(passing);
        EXPECT_TRUE(copy.send(counted(l, s * each + i)));
      }
    });
  }
  tx.reset();
  if constexpr (receivers > 1) {
    for (int r = 1; r < receivers; ++r)
      threads.emplace_back([&, mine = rx] { received += receive_with_passing_handles(mine); });
  }
  received += receive_with_passing_handles(std::move(rx));
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(received, senders * each);
  l.expect_each_ended_once();
}

// One thread makes channels and sends on them; another gets their receivers, through a channel, and
// drops them after a few messages.
TEST_ON(all, Churn, ChannelsComeAndGo) {
  constexpr int channels = 200;
  constexpr int each = 6;
  ledger l(channels * each);
  using receiver = typename Api::template receiver<counted>;
  auto [carrier, from_carrier] = k.template make<receiver>();
  task other([&, rx = std::move(from_carrier)] {
    int messages = 0;
    for (receiver r : rx) {
      for (int i = 0; i < messages; ++i) EXPECT_TRUE(r.recv());
      messages = (messages + 1) % 4;
    }
  });
  for (int c = 0; c < channels; ++c) {
    auto [tx, rx] = k.template make<counted>();
    ASSERT_TRUE(carrier.send(std::move(rx)));
    for (int i = 0; i < each; ++i) {
      const auto r = tx.send(counted(l, c * each + i));
      EXPECT_TRUE(r || r.error().reason == send_errc::disconnected);
    }
  }
  carrier.reset();
  other.join();
  l.expect_each_ended_once();
}

// A thread that ends leaves alone what others own.
TEST_ON(all, EndOfAThread, HandlesThatItSharedGoOn) {
  auto [tx, rx] = k.template make<int>();
  auto shared = std::make_shared<decltype(tx)>(std::move(tx));
  for (int i = 0; i < 3; ++i) {
    task sender([mine = shared, i] { EXPECT_TRUE(mine->send(i)); });
    EXPECT_EQ(rx.recv(), i);
    sender.join();
    EXPECT_FALSE(rx.is_disconnected());
  }
  task last([mine = std::exchange(shared, nullptr)]() mutable { mine.reset(); });
  EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
}

TEST_ON(all, EndOfAThread, AnExceptionDropsItsHandles) {
  auto [tx, rx] = k.template make<int>();
  task sender([&tx] {
    EXPECT_THROW(
        {
          const auto mine = std::move(tx);
          EXPECT_TRUE(mine.send(1));
          throw std::runtime_error("enough");
        },
        std::runtime_error);
  });
  EXPECT_EQ(rx.recv(), 1);
  EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
}

TEST_ON(all, EndOfAThread, PthreadExitDropsItsHandles) {
  auto [tx, rx] = k.template make<int>();
  pthread_t thread{};
  using sender = std::remove_reference_t<decltype(tx)>;
  const auto run = [](void* from) -> void* {
    const sender mine = std::move(*static_cast<sender*>(from));
    EXPECT_TRUE(mine.send(1));
    pthread_exit(nullptr);
  };
  ASSERT_EQ(pthread_create(&thread, nullptr, run, &tx), 0);
  EXPECT_EQ(rx.recv(), 1);
  EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
  pthread_join(thread, nullptr);
}

}  // namespace
}  // namespace unit

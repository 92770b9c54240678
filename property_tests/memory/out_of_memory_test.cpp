// SPDX-License-Identifier: MIT
//
// What happens when there is no memory: an exception, and nothing else.
#include "heap.hpp"
#include "unit/support.hpp"

#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace unit {
namespace {

using heap::failing, heap::failing_once, heap::live;

/// Sends until memory is needed for a block, by one of the ways to send. The value that was not
/// sent is still the caller's. Returns how many were sent.
template <class Sender, class Send>
int send_until_out_of_memory(const Sender& tx, Send send) {
  for (int i = 0; i < 1000; ++i) {
    auto value = std::make_unique<int>(i);
    try {
      const failing no_memory(0);
      EXPECT_TRUE(send(tx, std::move(value)));
    } catch (const std::bad_alloc&) {
      if (!value) ADD_FAILURE() << "the value is gone";
      EXPECT_EQ(tx.size(), static_cast<std::size_t>(i));
      EXPECT_TRUE(tx.send(std::move(value)));
      return i + 1;
    }
    EXPECT_EQ(value, nullptr);
  }
  ADD_FAILURE() << "no memory was needed";
  return 1000;
}

TEST_ON(unbounded, OutOfMemory, ASendWithoutMemoryThrowsAndChangesNothing) {
  using message = std::unique_ptr<int>;
  using sender = typename Api::template sender<message>;
  const auto check = [&](auto send) {
    auto [tx, rx] = k.template make<message>();
    const int sent = send_until_out_of_memory(tx, send);
    for (int i = 0; i < sent; ++i) ASSERT_EQ(*rx.try_recv().value(), i);
    EXPECT_EQ(rx.try_recv().error(), recv_errc::empty);
  };
  check([](const sender& tx, message&& m) { return tx.send(std::move(m)); });
  check([](const sender& tx, message&& m) { return tx.try_send(std::move(m)); });
  check([](const sender& tx, message&& m) { return tx.send_for(std::move(m), 1h); });
  check([](const sender& tx, message&& m) {
    return tx.send_until(std::move(m), steady_clock::now() + 1h);
  });
}

/// Does f until it finds memory; how often it did not.
template <class F>
int until_there_is_memory(F f) {
  for (int failures = 0;; ++failures) {
    try {
      f();
      return failures;
    } catch (const std::bad_alloc&) {
    }
  }
}

/// A channel is made, filled in all ways to send, and emptied; one allocation fails, the one after the
/// first n. Returns whether so many were made that it did.
template <class Api>
bool use_with_a_failure(const kind<Api>& k, long n) {
  ledger l(k.room());
  const long before = live;
  int failures = 0;
  bool ok = true;
  {
    const failing_once allocation(n);
    std::optional<decltype(k.template make<counted>())> ends;
    failures += until_there_is_memory([&] { ends.emplace(k.template make<counted>()); });
    auto& [tx, rx] = *ends;
    for (int i = 0; i < k.room(); ++i) {
      counted message(l, i);
      failures += until_there_is_memory([&] {
        ok = ok && message.id() == i && tx.size() == static_cast<std::size_t>(i);
        switch (i % 4) {
          case 0: ok = tx.send(std::move(message)) && ok; break;
          case 1: ok = tx.try_send(std::move(message)) && ok; break;
          case 2: ok = tx.send_for(std::move(message), 1h) && ok; break;
          default: ok = tx.send_until(std::move(message), steady_clock::now() + 1h) && ok;
        }
      });
    }
    for (int i = 0; i < k.room(); ++i) ok = ok && rx.recv().value().id() == i;
    ok = ok && rx.try_recv().error() == recv_errc::empty;
  }
  EXPECT_TRUE(ok) << "after " << n << " allocations";
  EXPECT_LE(failures, 1);
  EXPECT_EQ(live, before);
  l.expect_each_ended_once();
  return failures != 0;
}

TEST_ON(all, OutOfMemory, AnyOneAllocationMayFail) {
  long n = 0;
  while (use_with_a_failure(k, n)) ++n;
  // A channel; its ring; the first block of the list, and the one after it for 200 messages.
  EXPECT_EQ(n, k.is_rendezvous() ? 1 : k.is_unbounded() ? 3 : 2);
}

// Each first attempt to send finds no memory, in all senders, and no receive ever does.
TEST_ON(unbounded, OutOfMemory, SendersWithoutMemoryTryAgainAndLoseNothing) {
  constexpr int senders = 3;
  constexpr int each = 1000;
  ledger l(senders * each);
  auto [tx, rx] = k.template make<counted>();
  std::atomic<int> failures{0};
  std::atomic<int> wrong{0};
  in_threads(senders + 1, [&](int thread) {
    if (thread == senders) {
      const failing no_memory(0);
      for (int i = 0; i < senders * each; ++i) wrong += rx.recv() ? 0 : 1;
      return;
    }
    for (int i = 0; i < each; ++i) {
      counted message(l, thread * each + i);
      try {
        const failing no_memory(0);
        wrong += tx.send(std::move(message)) ? 0 : 1;
      } catch (const std::bad_alloc&) {
        ++failures;
        wrong += message.id() == thread * each + i ? 0 : 1;
        wrong += tx.send(std::move(message)) ? 0 : 1;
      }
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(failures, 1);
  l.expect_each_ended_once();
}

// Copies share the channel: they take no memory, and neither does anything that ends.
TEST_ON(all, OutOfMemory, HandlesAndTheEndOfAChannelNeedNoMemory) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
  bool ok = true;
  {
    const failing no_memory(0);
    auto copy = tx;
    auto other = std::move(copy);
    copy = other;
    ok = ok && copy.same_channel(tx);
    if constexpr (std::is_same_v<Api, mpmc>) {
      auto receiver = rx;
      receiver = rx;
      ok = ok && receiver.same_channel(rx);
    }
    for (int i = 0; i < k.room() / 2; ++i) ok = ok && rx.recv() == i;
    rx.reset();
    ok = ok && copy.send(0).error().reason == send_errc::disconnected;
    tx.reset();
  }
  EXPECT_TRUE(ok);
}

}  // namespace
}  // namespace unit

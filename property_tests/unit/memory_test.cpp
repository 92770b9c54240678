// SPDX-License-Identifier: MIT
//
// What memory a channel takes, and what happens when there is none. A program of its own, because
// it replaces the global allocation functions.
#include "support.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <new>

namespace {

/// Allocations by all threads that have not been freed.
std::atomic<long> live{0};
/// Allocations by this thread so far, and their bytes.
thread_local long made = 0;
thread_local std::size_t made_bytes = 0;
/// How many allocations of this thread succeed until one fails; negative: all do.
thread_local long until_failure = -1;

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (until_failure == 0) throw std::bad_alloc();
  if (until_failure > 0) --until_failure;
  void* p = nullptr;
  if (posix_memalign(&p, alignment < sizeof(void*) ? sizeof(void*) : alignment, bytes) != 0)
    throw std::bad_alloc();
  ++made;
  made_bytes += bytes;
  ++live;
  return p;
}

void deallocate(void* p) noexcept {
  if (p == nullptr) return;
  --live;
  std::free(p);
}

/// While it lives, this thread's allocations fail after the first n.
class failing {
 public:
  explicit failing(long n) { until_failure = n; }
  ~failing() { until_failure = -1; }
  failing(const failing&) = delete;
  failing& operator=(const failing&) = delete;
};

}  // namespace

void* operator new(std::size_t n) { return allocate(n, alignof(std::max_align_t)); }
void* operator new(std::size_t n, std::align_val_t a) {
  return allocate(n, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { deallocate(p); }
void operator delete(void* p, std::size_t) noexcept { deallocate(p); }
void operator delete(void* p, std::align_val_t) noexcept { deallocate(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { deallocate(p); }

namespace unit {
namespace {

TEST_ON(limited, Memory, AChannelTakesLessThanAKibibyteBesideItsBuffer) {
  const std::size_t before = made_bytes;
  auto [tx, rx] = k.template make<std::uint64_t>();
  EXPECT_LT(made_bytes - before - k.capacity * 2 * sizeof(std::uint64_t), 1024);
}

TEST_ON(unbounded, Memory, AMessageTakesTwoBytesBesideItsValue) {
  auto [tx, rx] = k.template make<std::uint64_t>();
  constexpr std::size_t messages = 100'000;
  const std::size_t before = made_bytes;
  for (std::uint64_t i = 0; i < messages; ++i) (void)tx.send(i);
  EXPECT_LT(made_bytes - before, messages * (sizeof(std::uint64_t) + 2));
}

TEST_ON(limited, Memory, NothingIsAllocatedAfterTheConstruction) {
  auto [tx, rx] = k.template make<int>();
  const long before = made;
  bool ok = true;
  for (int lap = 0; lap < 3; ++lap) {
    for (int i = 0; i < k.room(); ++i) ok = ok && tx.send(i);
    ok = ok && !tx.try_send(0) && !tx.send_for(0, 10us);
    for (int i = 0; i < k.room(); ++i) ok = ok && rx.recv() == i;
    ok = ok && !rx.try_recv() && !rx.recv_for(10us);
  }
  {
    const auto copy = tx;
    for (const int v : rx.try_iter()) ok = ok && v == 0;
  }
  EXPECT_EQ(made - before, 0);
  EXPECT_TRUE(ok);
}

// Blocked sends, with one thread that sleeps while the other makes room for it.
TEST_ON(limited, Memory, ABlockedSendAllocatesNothing) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
  task sender([&] {
    const long before = made;
    const bool ok = tx.send(1) && tx.send_for(2, 1h);
    EXPECT_EQ(made - before, 0);
    EXPECT_TRUE(ok);
  });
  for (int i = 0; i < k.room() + 2; ++i) {
    sender.await_blocked();
    ASSERT_TRUE(rx.recv());
  }
}

TEST_ON(all, Memory, ABlockedReceiveAllocatesNothing) {
  auto [tx, rx] = k.template make<int>();
  task receiver([&] {
    const long before = made;
    const bool ok = rx.recv() == 1 && rx.recv_for(1h) == 2;
    EXPECT_EQ(made - before, 0);
    EXPECT_TRUE(ok);
  });
  for (int i = 1; i <= 2; ++i) {
    receiver.await_blocked();
    ASSERT_TRUE(tx.send(i));
  }
}

// An unbounded channel keeps the block that it works in and one to spare.
TEST_ON(unbounded, Memory, ABurstLeavesTwoBlocks) {
  const long outside = live;
  {
    auto [tx, rx] = k.template make<int>();
    const long before = live;
    for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(tx.send(i));
    EXPECT_GT(live, before + 1000);
    for (int i = 0; i < 100'000; ++i) ASSERT_EQ(rx.recv(), i);
    EXPECT_LE(live - before, 1);
  }
  EXPECT_EQ(live, outside);
}

// A stream through an unbounded channel that stays short reuses its blocks.
TEST_ON(unbounded, Memory, ASteadyStreamAllocatesNothing) {
  auto [tx, rx] = k.template make<int>();
  const auto stream = [&] {
    bool ok = true;
    for (int i = 0; i < 1000; ++i) ok = ok && tx.send(i) && tx.send(i) && rx.recv() && rx.recv();
    return ok;
  };
  EXPECT_TRUE(stream());
  const long before = made;
  EXPECT_TRUE(stream());
  EXPECT_EQ(made - before, 0);
}

TEST_ON(unbounded, Memory, TheLastReceiverFreesTheBlocksWhileSendersLive) {
  auto [tx, rx] = k.template make<int>();
  const long before = live;
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(tx.send(i));
  rx.reset();
  EXPECT_LE(live - before, 1);
}

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

TEST_ON(unbounded, Memory, ASendWithoutMemoryThrowsAndChangesNothing) {
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

TEST_ON(all, Memory, AConstructionWithoutMemoryThrowsAndLeaksNothing) {
  const long before = live;
  int failures = 0;
  for (long n = 0;; ++n) {
    try {
      const failing after(n);
      auto ends = k.template make<int>();
      break;
    } catch (const std::bad_alloc&) {
      ++failures;
    }
    ASSERT_EQ(live, before);
  }
  EXPECT_EQ(live, before);
  EXPECT_GE(failures, 1);
}

// A refused capacity leaks nothing either.
TEST(Memory, AnAbsurdCapacityLeaksNothing) {
  const long before = live;
  bool refused = false;
  try {
    (void)runnel::mpsc::sync_channel<int>(no_bound);
  } catch (const std::length_error&) {
    refused = true;
  }
  EXPECT_TRUE(refused);
  EXPECT_EQ(live, before);
}

// Whatever is left in it: a channel frees all that it took.
TEST_ON(all, Memory, AChannelFreesAllItsMemory) {
  const long before = live;
  for (const bool receiver_first : {true, false}) {
    auto [tx, rx] = k.template make<std::unique_ptr<int>>();
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(std::make_unique<int>(i)));
    if (receiver_first) rx.reset();
    tx.reset();
  }
  EXPECT_EQ(live, before);
}

}  // namespace
}  // namespace unit

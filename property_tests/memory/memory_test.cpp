// SPDX-License-Identifier: MIT
//
// What memory a channel takes.
#include "heap.hpp"
#include "unit/support.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <type_traits>

namespace unit {
namespace {

using heap::live, heap::live_bytes, heap::made, heap::made_bytes;

TEST_ON(limited, Memory, AChannelTakesLessThanAKibibyteBesideItsBuffer) {
  const long before = made_bytes;
  auto [tx, rx] = k.template make<std::uint64_t>();
  const auto buffer = static_cast<long>(k.capacity * 2 * sizeof(std::uint64_t));
  EXPECT_LT(made_bytes - before, buffer + 1024);
}

// By the mark of the receive in progress, which finds two threads in one receiver.
TEST(Memory, AChannelForOneReceiverTakesNoMore) {
  const auto bytes_of = [](auto make) {
    const long before = made_bytes;
    const auto ends = make();
    return made_bytes - before;
  };
  for (const std::size_t c : {0u, 1u, 600u}) {
    EXPECT_EQ(bytes_of([c] { return mpsc::sync_channel<std::uint64_t>(c); }),
              bytes_of([c] { return mpmc::sync_channel<std::uint64_t>(c); }))
        << c;
  }
  EXPECT_EQ(bytes_of(&mpsc::channel<std::uint64_t>), bytes_of(&mpmc::channel<std::uint64_t>));
}

/// How many cache lines the mutex, the list and the seat of a rendezvous take.
struct rendezvous_layout : runnel::core::rendezvous<runnel::core::std_platform, std::uint64_t> {
  [[nodiscard]] static std::ptrdiff_t lines() {
    const rendezvous_layout r;
    const auto line = [](const void* p) {
      return std::bit_cast<std::uintptr_t>(p) / runnel::core::cache_line;
    };
    return static_cast<std::ptrdiff_t>(line(std::end(r.seat_) - 1) - line(&r.mutex_) + 1);
  }
};

TEST(Memory, TheSeatOfARendezvousSharesTheLineOfItsMutex) {
  EXPECT_EQ(rendezvous_layout::lines(), 1);
}

TEST_ON(unbounded, Memory, AMessageTakesTwoBytesBesideItsValue) {
  auto [tx, rx] = k.template make<std::uint64_t>();
  constexpr long messages = 100'000;
  const long before = made_bytes;
  for (long i = 0; i < messages; ++i) (void)tx.send(0);
  EXPECT_LT(made_bytes - before, messages * (8 + 2));
}

/// A message of that size and alignment.
template <std::size_t Size, std::size_t Alignment>
struct alignas(Alignment) blob {
  char bytes[Size];
};

constexpr std::size_t rounded_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }

/// What a place of a bounded channel takes, as README.md says.
constexpr std::size_t place_bytes(std::size_t size, std::size_t alignment) {
  const std::size_t a = std::max<std::size_t>(8, alignment);
  return a + rounded_up(size, a);
}
/// What an unbounded channel takes for so many messages, and that number, as README.md says.
struct block_formula {
  std::size_t messages;
  std::size_t bytes;
};
constexpr block_formula block_of(std::size_t size, std::size_t a) {
  std::size_t n = 1;
  while (rounded_up(n + 1, a) + (n + 1) * size <= 64) ++n;
  const std::size_t group = rounded_up(n, a) + n * size;
  const std::size_t messages = std::clamp<std::size_t>(16384 / (group / n), 3, 126);
  const std::size_t groups = (messages + n - 1) / n;
  const std::size_t head = rounded_up(sizeof(void*) + 4, a);
  return {messages, rounded_up(head + groups * group, std::max<std::size_t>(alignof(void*), a))};
}
static_assert(place_bytes(4, 4) == 16 && place_bytes(8, 8) == 16 && place_bytes(64, 64) == 128);
static_assert(block_of(8, 8).messages == 126 &&
              block_of(8, 8).bytes == 126 / 7 * 64 + sizeof(void*) * 2);

/// What 500 places and ten blocks took, and what they should.
struct bytes_taken {
  std::size_t size;
  long places;
  long expected_places;
  long blocks;
  long expected_blocks;
};

// Each message is a whole channel to compile: no more is done with it than the formula is about.
template <class Api, std::size_t Size, std::size_t Alignment>
bytes_taken measured() {
  using message = blob<Size, Alignment>;
  static_assert(sizeof(message) == Size && alignof(message) == Alignment);
  const auto bytes_of = [](std::size_t capacity) {
    const long before = made_bytes;
    const auto ends = Api::template sync_channel<message>(capacity);
    return made_bytes - before;
  };
  constexpr block_formula block = block_of(Size, Alignment);
  const auto ends = Api::template channel<message>();
  const long before = made_bytes;
  for (std::size_t i = 0; i < 10 * block.messages; ++i) (void)ends.first.try_send(message{});
  const long blocks = made_bytes - before;
  return {.size = Size,
          .places = bytes_of(600) - bytes_of(100),
          .expected_places = 500 * static_cast<long>(place_bytes(Size, Alignment)),
          .blocks = blocks,
          .expected_blocks = static_cast<long>(10 * block.bytes)};
}

TEST_ON(unbounded, Memory, MessagesOfAnySizeTakeWhatTheFormulaSays) {
  for (const bytes_taken& taken : {
           measured<Api, 1, 1>(),
           measured<Api, 2, 2>(),
           measured<Api, 3, 1>(),
           measured<Api, 4, 4>(),
           measured<Api, 6, 2>(),
           measured<Api, 8, 8>(),
           measured<Api, 9, 1>(),
           measured<Api, 12, 4>(),
           measured<Api, 16, 16>(),
           measured<Api, 24, 8>(),
           measured<Api, 31, 1>(),
           measured<Api, 32, 8>(),
           measured<Api, 64, 64>(),
           measured<Api, 122, 2>(),
           measured<Api, 128, 128>(),
           measured<Api, 256, 8>(),
           measured<Api, 5000, 8>(),
       }) {
    EXPECT_EQ(taken.places, taken.expected_places) << taken.size << " bytes";
    EXPECT_EQ(taken.blocks, taken.expected_blocks) << taken.size << " bytes";
  }
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

/// A block of 126 messages of eight bytes: seven in a cache line, and sixteen bytes for itself.
constexpr long block_bytes = 126 / 7 * 64 + 16;

// However long the burst, what stays is the block that the channel works in and one to spare.
TEST_ON(unbounded, Memory, ABurstOfAMillionMessagesLeavesTwoBlocks) {
  constexpr std::uint64_t messages = 1'000'000;
  const long outside = live_bytes;
  {
    auto [tx, rx] = k.template make<std::uint64_t>();
    for (std::uint64_t i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(i));
    EXPECT_GT(live_bytes - outside, 9'000'000);
    for (std::uint64_t i = 0; i < messages; ++i) ASSERT_EQ(rx.recv(), i);
    EXPECT_LT(live_bytes - outside, 1024 + 2 * block_bytes);
  }
  EXPECT_EQ(live_bytes, outside);
}

TEST_ON(unbounded, Memory, ABurstOfSeveralThreadsLeavesTwoBlocks) {
  constexpr int threads = 3;
  constexpr int each = 20'000;
  constexpr int receivers = std::is_same_v<Api, mpmc> ? threads : 1;
  const long outside = live_bytes;
  auto [tx, rx] = k.template make<std::uint64_t>();
  std::atomic<int> failed{0};
  in_threads(threads, [&](int) {
    for (int i = 0; i < each; ++i) failed += tx.send(1) ? 0 : 1;
  });
  EXPECT_GT(live_bytes - outside, 9 * threads * each);
  in_threads(receivers, [&](int) {
    for (int i = 0; i < threads * each / receivers; ++i) failed += rx.recv() ? 0 : 1;
  });
  EXPECT_EQ(failed, 0);
  EXPECT_LT(live_bytes - outside, 1024 + 2 * block_bytes);
}

template <std::size_t Words>
void expect_one_allocation_a_block(const auto& k, int messages_a_block) {
  using message = std::array<std::uint64_t, Words>;
  auto [tx, rx] = k.template make<message>();
  constexpr int blocks = 50;
  const long before = made;
  bool ok = true;
  for (int i = 0; i < blocks * messages_a_block; ++i) ok = ok && tx.send(message{});
  EXPECT_EQ(made - before, blocks);
  EXPECT_TRUE(ok);
}

TEST_ON(unbounded, Memory, AnUnboundedSendAllocatesOnceABlock) {
  expect_one_allocation_a_block<1>(k, 126);
  expect_one_allocation_a_block<63>(k, 32);
  expect_one_allocation_a_block<600>(k, 3);
}

// Several threads, so that operations lose races, block and are woken up.
TEST_ON(limited, Memory, NothingIsAllocatedWhileThreadsSendAndReceive) {
  constexpr int each = 500;
  constexpr int receivers = std::is_same_v<Api, mpmc> ? 2 : 1;
  auto [tx, rx] = k.template make<int>();
  std::atomic<long> allocations{0};
  std::atomic<int> failed{0};
  in_threads(2 + receivers, [&](int thread) {
    const long before = made;
    int wrong = 0;
    if (thread < 2) {
      for (int i = 0; i < each; ++i) wrong += tx.send_for(i, 1h) ? 0 : 1;
    } else {
      for (int i = 0; i < 2 * each / receivers; ++i) wrong += rx.recv_for(1h) ? 0 : 1;
    }
    allocations += made - before;
    failed += wrong;
  });
  EXPECT_EQ(allocations, 0);
  EXPECT_EQ(failed, 0);
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

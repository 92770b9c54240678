// SPDX-License-Identifier: MIT
//
// The handles themselves: copies, moves, reset, and sharing one by reference. Numbers in comments
// are rows of the list of behaviours, see README.md.
#include "support.hpp"

#include <concepts>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace unit {
namespace {

// What handles can do, at compile time, with a message that can do as little as possible (row 7).
struct least {
  explicit least(int) {}
  least(least&&) noexcept {}
  least& operator=(least&&) = delete;
};

template <class Tx>
concept sends = requires(const Tx& tx, typename Tx::value_type v, steady_clock::time_point t) {
  { tx.send(std::move(v)) } -> std::same_as<std::expected<void, runnel::send_error<least>>>;
  { tx.try_send(std::move(v)) } -> std::same_as<std::expected<void, runnel::send_error<least>>>;
  { tx.send_for(std::move(v), 1s) } -> std::same_as<std::expected<void, runnel::send_error<least>>>;
  {
    tx.send_until(std::move(v), t)
  } -> std::same_as<std::expected<void, runnel::send_error<least>>>;
};
template <class Rx>
concept receives = requires(const Rx& rx, steady_clock::time_point t) {
  { rx.recv() } -> std::same_as<std::expected<least, recv_errc>>;
  { rx.try_recv() } -> std::same_as<std::expected<least, recv_errc>>;
  { rx.recv_for(1s) } -> std::same_as<std::expected<least, recv_errc>>;
  { rx.recv_until(t) } -> std::same_as<std::expected<least, recv_errc>>;
  rx.begin();
  rx.end();
  rx.try_iter();
};
template <class Handle>
concept can_be_looked_at = requires(const Handle& h) {
  { h.size() } -> std::same_as<std::size_t>;
  { h.empty() } -> std::same_as<bool>;
  { h.full() } -> std::same_as<bool>;
  { h.capacity() } -> std::same_as<std::optional<std::size_t>>;
  { h.is_disconnected() } -> std::same_as<bool>;
  { h.same_channel(h) } -> std::same_as<bool>;
  { static_cast<bool>(h) } -> std::same_as<bool>;
};

template <class Api>
constexpr bool check_traits() {
  using tx = typename Api::template sender<least>;
  using rx = typename Api::template receiver<least>;
  static_assert(sends<tx> && can_be_looked_at<tx>);
  static_assert(receives<rx> && can_be_looked_at<rx>);
  static_assert(std::is_copy_constructible_v<tx> && std::is_copy_assignable_v<tx>);
  static_assert(std::is_nothrow_move_constructible_v<tx> && std::is_nothrow_move_assignable_v<tx>);
  static_assert(std::is_nothrow_move_constructible_v<rx> && std::is_nothrow_move_assignable_v<rx>);
  static_assert(std::is_nothrow_destructible_v<tx> && std::is_nothrow_destructible_v<rx>);
  static_assert(std::is_nothrow_default_constructible_v<tx>);
  static_assert(std::is_nothrow_default_constructible_v<rx>);
  static_assert(!std::is_convertible_v<std::nullptr_t, tx>);
  static_assert(!std::is_convertible_v<tx, bool> && !std::is_convertible_v<rx, bool>);
  constexpr bool shared = std::is_same_v<Api, mpmc>;
  static_assert(std::is_copy_constructible_v<rx> == shared);
  static_assert(std::is_copy_assignable_v<rx> == shared);
  static_assert(sizeof(tx) == sizeof(void*) && sizeof(rx) == sizeof(void*));
  return true;
}
static_assert(check_traits<mpsc>() && check_traits<mpmc>());

// A value that cannot be copied can only be sent from an rvalue.
template <class T>
concept sends_lvalues = requires(const runnel::mpsc::sender<T>& tx, const T& v) { tx.send(v); };
static_assert(sends_lvalues<int> && !sends_lvalues<std::unique_ptr<int>>);

TEST_ON(all, Handles, AMovedFromOrResetHandleHoldsNothing) {
  auto [tx, rx] = k.template make<int>();
  EXPECT_TRUE(tx);
  EXPECT_TRUE(rx);
  auto tx2 = std::move(tx);
  auto rx2 = std::move(rx);
  EXPECT_FALSE(tx);
  EXPECT_FALSE(rx);
  EXPECT_TRUE(tx2);
  EXPECT_TRUE(rx2);
  tx.reset();
  rx.reset();
  EXPECT_EQ(rx2.try_recv(), std::unexpected(recv_errc::empty)) << "a second reset counted";
  EXPECT_FALSE(tx2.is_disconnected());
  tx2.reset();
  EXPECT_FALSE(tx2);
  EXPECT_TRUE(rx2.is_disconnected());
}

TEST_ON(all, Handles, AnEmptyHandleCanBeAssignedToAndUsedAgain) {
  auto [tx, rx] = k.template make<int>();
  auto kept_tx = std::move(tx);
  auto kept_rx = std::move(rx);
  tx = kept_tx;
  rx = std::move(kept_rx);
  EXPECT_TRUE(tx.same_channel(kept_tx));
  task sender([&] { EXPECT_TRUE(tx.send(1)); });
  EXPECT_EQ(rx.recv(), 1);
  sender.join();
  auto empty = std::move(kept_tx);
  kept_tx = std::move(tx);
  auto& tx_again = tx;
  tx = tx_again;
  EXPECT_FALSE(tx);
  empty.reset();
  kept_tx = empty;
  EXPECT_TRUE(rx.is_disconnected());
}

TEST_ON(all, Handles, SelfAssignmentChangesNothing) {
  auto [tx, rx] = k.template make<int>();
  auto& tx_again = tx;
  auto& rx_again = rx;
  tx = tx_again;
  tx = std::move(tx_again);
  rx = std::move(rx_again);
  EXPECT_TRUE(tx);
  EXPECT_TRUE(rx);
  EXPECT_FALSE(tx.is_disconnected());
  EXPECT_FALSE(rx.is_disconnected());
  if constexpr (std::is_same_v<Api, mpmc>) {
    rx = rx_again;
    EXPECT_FALSE(tx.is_disconnected());
  }
  tx.reset();
  EXPECT_TRUE(rx.is_disconnected()) << "an assignment to itself counted";
}

TEST_ON(all, Handles, AssignmentLetsGoOfTheOldChannel) {
  auto [tx_a, rx_a] = k.template make<int>();
  auto [tx_b, rx_b] = k.template make<int>();
  tx_a = tx_b;
  EXPECT_TRUE(rx_a.is_disconnected());
  EXPECT_FALSE(rx_b.is_disconnected());
  EXPECT_TRUE(tx_a.same_channel(tx_b));
  tx_b.reset();
  EXPECT_FALSE(rx_b.is_disconnected());
  rx_b = std::move(rx_a);
  EXPECT_TRUE(tx_a.is_disconnected());
  EXPECT_FALSE(rx_a);
  std::swap(tx_a, tx_b);
  EXPECT_TRUE(tx_b);
  EXPECT_FALSE(tx_a);
}

TEST_ON(all, Handles, AnEmptyHandleIsAsOneThatWasMovedFrom) {
  auto [tx, rx] = k.template make<int>();
  typename Api::template sender<int> to;
  typename Api::template receiver<int> from;
  EXPECT_FALSE(to);
  EXPECT_FALSE(from);
  EXPECT_FALSE(to.same_channel(tx));
  to.reset();
  from.reset();
  const auto copy = to;
  EXPECT_TRUE(copy.same_channel(to));

  std::tie(to, from) = std::pair(std::move(tx), std::move(rx));
  EXPECT_TRUE(to);
  EXPECT_FALSE(from.is_disconnected());
  task sending([&to] { EXPECT_TRUE(to.send(1)); });
  EXPECT_EQ(from.recv(), 1);
  sending.join();

  std::vector<typename Api::template sender<int>> many;
  many.resize(2);
  many[1] = to;
  to = {};
  EXPECT_FALSE(from.is_disconnected());
  many.resize(1);
  EXPECT_TRUE(from.is_disconnected());
  from = {};
  EXPECT_FALSE(from);
}

/// Initialised before any code runs: other static objects may have handles at any time.
constinit runnel::mpsc::sender<int> at_start;
constinit runnel::mpmc::receiver<int> at_start_too;

TEST(Handles, AnEmptyHandleOfAStaticObjectIsThereFromTheStart) {
  EXPECT_FALSE(at_start);
  EXPECT_FALSE(at_start_too);
}

/// A node whose handle is moved out while an assignment destroys the node.
struct node {
  std::unique_ptr<runnel::mpsc::receiver<node>> rx;
};

// The right side of an assignment may live in the channel that the left side lets go of.
TEST(Handles, AssignmentFromAHandleThatItsOwnDropDestroys) {
  auto [tx, rx] = runnel::mpsc::channel<node>();
  auto [inner_tx, inner_rx] = runnel::mpsc::channel<node>();
  auto owned = std::make_unique<runnel::mpsc::receiver<node>>(std::move(inner_rx));
  auto& inside = *owned;
  ASSERT_TRUE(tx.send(node{std::move(owned)}));
  rx = std::move(inside);
  EXPECT_TRUE(rx);
  EXPECT_TRUE(tx.is_disconnected());
  EXPECT_FALSE(inner_tx.is_disconnected());
  ASSERT_TRUE(inner_tx.send(node{}));
  EXPECT_TRUE(rx.try_recv());
}

// Row 5.
TEST_ON(all, Handles, ManyClonesShareTheChannel) {
  auto [tx, rx] = k.template make<int>();
  {
    std::vector clones(10'000, tx);
    for (const auto& c : clones) ASSERT_TRUE(c.same_channel(tx));
    tx.reset();
    while (clones.size() > 1) {
      clones.pop_back();
      ASSERT_FALSE(rx.is_disconnected());
    }
    task sender([&] { EXPECT_TRUE(clones.back().send(1)); });
    EXPECT_EQ(rx.recv(), 1);
  }
  EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
}

// Row 5, for receivers.
TEST_ON_MPMC(all, Handles, ManyReceiversShareTheChannel) {
  auto [tx, rx] = k.template make<int>();
  {
    std::vector clones(10'000, rx);
    rx.reset();
    while (clones.size() > 1) {
      clones.pop_back();
      ASSERT_FALSE(tx.is_disconnected());
    }
    task receiver([&] { EXPECT_EQ(clones.back().recv(), 1); });
    EXPECT_TRUE(tx.send(1));
  }
  EXPECT_TRUE(tx.is_disconnected());
}

// Row 5: copies are made and dropped in several threads at once.
TEST_ON(all, Handles, ClonesMayBeMadeAndDroppedInManyThreads) {
  auto [tx, rx] = k.template make<int>();
  in_threads(3, [&tx](int) {
    for (int i = 0; i < 500; ++i) {
      auto a = tx;
      auto b = a;
      a.reset();
      a = std::move(b);
    }
  });
  EXPECT_FALSE(rx.is_disconnected());
  tx.reset();
  EXPECT_TRUE(rx.is_disconnected());
}

// Row 6.
TEST_ON(all, Handles, OneSenderMayBeSharedByReference) {
  constexpr int threads = 3;
  constexpr int each = 200;
  auto [tx, rx] = k.template make<int>();
  task sending([&] {
    const auto& shared = tx;
    in_threads(threads, [&shared](int) {
      for (int i = 0; i < each; ++i) ASSERT_TRUE(shared.send(1));
    });
  });
  int sum = 0;
  for (int i = 0; i < threads * each; ++i) sum += rx.recv().value();
  EXPECT_EQ(sum, threads * each);
}

// Row 6, for receivers.
TEST_ON_MPMC(all, Handles, OneReceiverMayBeSharedByReference) {
  constexpr int messages = 600;
  auto [tx, rx] = k.template make<int>();
  std::atomic<int> sum{0};
  task receiving([&] {
    const auto& shared = rx;
    in_threads(3, [&](int) {
      for (const int v : shared) sum += v;
    });
  });
  for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(1));
  tx.reset();
  receiving.join();
  EXPECT_EQ(sum, messages);
}

#if defined(__linux__)
/// Moved into memory that can only be read.
template <class T>
class read_only {
 public:
  explicit read_only(T&& value)
      : value_(::new(mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                          -1, 0)) T(std::move(value))) {
    mprotect(value_, sizeof(T), PROT_READ);
  }
  ~read_only() {
    mprotect(value_, sizeof(T), PROT_READ | PROT_WRITE);
    value_->~T();
    munmap(value_, sizeof(T));
  }
  read_only(const read_only&) = delete;
  read_only& operator=(const read_only&) = delete;
  const T& operator*() const { return *value_; }

 private:
  T* value_;
};

// Handles of several threads may lie in one cache line: nobody takes it away from the others.
TEST_ON(all, Handles, OperationsWriteNothingInThem) {
  const read_only ends(k.template make<int>());
  const auto& tx = (*ends).first;
  const auto& rx = (*ends).second;
  const task sender([&tx] {
    EXPECT_TRUE(tx.send(1));
    EXPECT_TRUE(tx.send_for(2, 1h));
    EXPECT_TRUE(tx.send_until(3, steady_clock::now() + 1h));
    while (!tx.try_send(4)) std::this_thread::yield();
    EXPECT_TRUE(tx.send(5));
    const auto copy = tx;
    EXPECT_TRUE(copy.send(6));
  });
  EXPECT_EQ(rx.recv(), 1);
  EXPECT_EQ(rx.recv_for(1h), 2);
  EXPECT_EQ(rx.recv_until(steady_clock::now() + 1h), 3);
  EXPECT_EQ(*rx.begin(), 4);
  for (int received = 0; received == 0;) {
    for (const int v : rx.try_iter() | std::views::take(1)) received = v;
  }
  auto last = rx.try_recv();
  while (!last) last = rx.try_recv();
  EXPECT_EQ(last, 6);
  EXPECT_EQ(rx.recv_for(1us), std::unexpected(recv_errc::timeout));
  EXPECT_TRUE(tx.empty() && rx.empty() && tx.full() == rx.full() && tx.size() == rx.size());
  EXPECT_TRUE(tx.capacity() == rx.capacity() && !tx.is_disconnected() && !rx.is_disconnected());
  EXPECT_TRUE(tx && rx && tx.same_channel(tx) && rx.same_channel(rx));
}
#endif

// Row 8. A channel cannot be filled with 2^31 handles here, so the counter is tested by itself.
TEST(Handles, ACountOfHandlesThatIsTooLargeIsRefused) {
  runnel::core::handle_count<runnel::core::std_platform> count(1);
  count.add(3);
  count.add(3);
  EXPECT_THROW(count.add(3), std::length_error);
  EXPECT_THROW(count.add(3), std::length_error);
  EXPECT_FALSE(count.drop());
  EXPECT_FALSE(count.drop());
  EXPECT_TRUE(count.drop());
}

// Row 8: threads that try it all the time have never more than the limit in their hands.
TEST(Handles, ACountOfHandlesKeepsItsLimitAmongThreads) {
  constexpr std::uint32_t limit = 3;
  runnel::core::handle_count<runnel::core::std_platform> count(1);
  std::atomic<std::uint32_t> held{1};
  std::atomic<std::uint32_t> most{0};
  in_threads(4, [&](int) {
    for (int i = 0; i < 2000; ++i) {
      try {
        count.add(limit);
      } catch (const std::length_error&) {
        continue;
      }
      const std::uint32_t now = ++held;
      for (std::uint32_t m = most; now > m && !most.compare_exchange_weak(m, now);) {
      }
      --held;
      EXPECT_FALSE(count.drop());
    }
  });
  EXPECT_LE(most, limit);
  EXPECT_TRUE(count.drop());
}

/// Channels that refuse a fourth handle on one side.
struct few_handles : runnel::core::shipped_parts<runnel::core::std_platform> {
  struct handle_count : runnel::core::handle_count<runnel::core::std_platform> {
    using runnel::core::handle_count<runnel::core::std_platform>::handle_count;
    void add() { runnel::core::handle_count<runnel::core::std_platform>::add(3); }
  };
};

/// The handle is the one that its side has: copies beyond the limit throw, and change nothing.
template <class Handle>
void expect_a_limit_of_three(const Handle& only) {
  const Handle second = only;
  {
    Handle third = only;
    EXPECT_THROW({ const Handle fourth = only; }, std::length_error);
    Handle empty = std::move(third);
    EXPECT_THROW(third = only, std::length_error);
    EXPECT_FALSE(third);
    EXPECT_TRUE(empty.same_channel(only));
  }
  EXPECT_TRUE(Handle(only).same_channel(second));
}

// Row 8, through the handles.
TEST(Handles, ACopyBeyondTheLimitThrowsAndChangesNothing) {
  using namespace runnel::core;
  using sender = basic_sender<int, std_platform, few_handles, receivers::many>;
  using receiver = basic_receiver<int, std_platform, few_handles, receivers::many>;
  for (const std::size_t capacity : {0u, 1u}) {
    auto* const c = sender::channel_type::make_bounded(capacity);
    sender tx(c);
    receiver rx(c);
    expect_a_limit_of_three(tx);
    expect_a_limit_of_three(rx);
    task other([&tx] { EXPECT_TRUE(tx.send(1)); });
    EXPECT_EQ(rx.recv(), 1);
    other.join();
    tx.reset();
    EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
  }
}

}  // namespace
}  // namespace unit

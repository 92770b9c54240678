// SPDX-License-Identifier: MIT
//
// Receiving by iteration. Numbers in comments are rows of the list of behaviours, see README.md.
#include "support.hpp"

#include <algorithm>
#include <concepts>
#include <functional>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace unit {
namespace {

/// An input range of one pass and no more, whose messages can be moved out.
template <class R, class T>
concept range_of_messages =
    std::ranges::input_range<R> && !std::ranges::forward_range<R> &&
    std::ranges::viewable_range<R> && std::indirectly_readable<std::ranges::iterator_t<R>> &&
    std::same_as<std::ranges::range_reference_t<R>, T&&> &&
    std::same_as<std::ranges::range_rvalue_reference_t<R>, T&&> &&
    std::same_as<std::ranges::range_value_t<R>, T> && std::movable<std::ranges::iterator_t<R>> &&
    std::sentinel_for<std::default_sentinel_t, std::ranges::iterator_t<R>> &&
    // What is there now is not all that will come.
    !std::ranges::sized_range<R> &&
    // A view of a receiver that has gone would dangle, and an iterator is not copied.
    !std::ranges::borrowed_range<std::remove_cvref_t<R>> &&
    !std::copyable<std::ranges::iterator_t<R>>;

template <class Receiver, class T = typename Receiver::value_type>
constexpr bool can_be_iterated = [] {
  using there = decltype(std::declval<const Receiver&>().try_iter());
  static_assert(range_of_messages<Receiver&, T> && range_of_messages<const Receiver&, T>);
  static_assert(range_of_messages<Receiver, T>, "a view may own it");
  static_assert(range_of_messages<there&, T> && range_of_messages<there, T>);
  static_assert(std::ranges::view<std::views::all_t<Receiver&>>);
  static_assert(std::ranges::view<std::views::all_t<Receiver>>);
  static_assert(std::ranges::view<std::views::all_t<there>>);
  return true;
}();
static_assert(can_be_iterated<runnel::mpsc::receiver<int>>);
static_assert(can_be_iterated<runnel::mpmc::receiver<int>>);
static_assert(can_be_iterated<runnel::mpsc::receiver<std::unique_ptr<int>>>);
static_assert(can_be_iterated<runnel::mpmc::receiver<std::unique_ptr<int>>>);
static_assert(can_be_iterated<runnel::mpsc::receiver<counted>>);
static_assert(can_be_iterated<runnel::mpmc::receiver<counted>>);

// Row 66: it blocks for each message, ends at the disconnect, exactly there, and stays ended.
TEST_ON(all, Iterate, ForReceivesUntilTheDisconnect) {
  constexpr int messages = 100;
  auto [tx, rx] = k.template make<int>();
  task sender([&tx] {
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(i));
    tx.reset();
  });
  int next = 0;
  for (const int v : rx) ASSERT_EQ(v, next++);
  EXPECT_EQ(next, messages);
  for ([[maybe_unused]] const int v : rx) ADD_FAILURE() << "it went on after its end";
  EXPECT_EQ(rx.recv(), std::unexpected(recv_errc::disconnected));
}

// Row 66, with nothing ever sent: the body does not run once.
TEST_ON(all, Iterate, ForEndsAtOnceIfThereIsNothingAndNoSender) {
  auto [tx, rx] = k.template make<int>();
  task sender([&tx] { tx.reset(); });
  for ([[maybe_unused]] const int v : rx) ADD_FAILURE();
}

// Row 68.
TEST_ON(all, Iterate, AnEarlyBreakLosesNothing) {
  constexpr int messages = 30;
  ledger l(messages);
  auto [tx, rx] = k.template make<counted>();
  task sender([&] {
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(counted(l, i)));
    tx.reset();
  });
  int next = 0;
  for (const counted& m : rx) {
    ASSERT_EQ(m.id(), next++);
    if (next == 5) break;
  }
  EXPECT_EQ(rx.recv().value().id(), next++);
  for (counted m : rx) {
    ASSERT_EQ(m.id(), next++);
    if (next == 20) break;
  }
  for (auto&& m : rx) ASSERT_EQ(m.id(), next++);
  EXPECT_EQ(next, messages);
  l.expect_each_ended_once();
}

// Row 68: by value, by forwarding reference and by const reference, with a move-only message.
TEST_ON(buffered, Iterate, MoveOnlyMessagesCanBeMovedOut) {
  auto [tx, rx] = k.template make<std::unique_ptr<int>>();
  std::vector<std::unique_ptr<int>> got;
  const auto send = [&](int i) { ASSERT_TRUE(tx.send(std::make_unique<int>(i))); };
  send(0);
  for (std::unique_ptr<int> m : rx.try_iter()) got.push_back(std::move(m));
  send(1);
  for (auto&& m : rx.try_iter()) got.push_back(std::move(m));
  send(2);
  for (const auto& m : rx.try_iter()) EXPECT_EQ(*m, 2);
  send(3);
  tx.reset();
  for (auto&& m : rx) got.push_back(std::move(m));
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(*got[0], 0);
  EXPECT_EQ(*got[1], 1);
  EXPECT_EQ(*got[2], 3);
}

// Row 67.
TEST_ON(all, Iterate, TryIterEndsAtEmptyAndAtDisconnected) {
  auto [tx, rx] = k.template make<int>();
  for ([[maybe_unused]] const int v : rx.try_iter()) ADD_FAILURE();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < k.room(); ++i) ASSERT_TRUE(tx.send(i));
    int next = 0;
    for (const int v : rx.try_iter()) ASSERT_EQ(v, next++);
    EXPECT_EQ(next, k.room());
  }
  tx.reset();
  for ([[maybe_unused]] const int v : rx.try_iter()) ADD_FAILURE();
}

// ---- when it receives ------------------------------------------------------------------------------

inline constexpr std::size_t roomy[] = {1024, no_bound};
using ints = std::vector<int>;

/// What a range has, in a vector.
template <class Range>
ints read(Range&& range) {
  ints all;
  for (const int v : range) all.push_back(v);
  return all;
}

/// Calls f with the messages 1 to 6, as a receiver and as what it has at once; each time f is to
/// receive so many of them, and nothing more.
template <class Api, class F>
void on_six(const kind<Api>& k, int received, F f) {
  for (const bool blocking : {true, false}) {
    auto [tx, rx] = k.template make<int>();
    for (int i = 1; i <= 6; ++i) ASSERT_TRUE(tx.send(i));
    if (blocking) {
      f(rx);
    } else {
      auto there = rx.try_iter();
      f(there);
    }
    EXPECT_EQ(rx.size(), static_cast<std::size_t>(6 - received)) << (blocking ? "all" : "try_iter");
    if (received < 6) {
      EXPECT_EQ(rx.try_recv(), received + 1) << (blocking ? "all" : "try_iter");
    }
  }
}

TEST_ON(roomy, IterateLazily, BeginAndStepsReceiveNothing) {
  on_six(k, 0, [](auto& r) {
    auto i = r.begin();
    ++i;
    i++;
    auto j = std::move(i);
    ++j;
    (void)r.begin();
  });
}

TEST_ON(roomy, IterateLazily, AComparisonOrAReadReceivesOnce) {
  on_six(k, 1, [](auto& r) {
    auto i = r.begin();
    EXPECT_TRUE(i != r.end());
    EXPECT_FALSE(r.end() == i);
    EXPECT_EQ(*i, 1);
    EXPECT_EQ(*i, 1);
    ++i;
  });
  on_six(k, 2, [](auto& r) {
    auto i = r.begin();
    EXPECT_EQ(*i, 1);
    EXPECT_TRUE(i != r.end());
    i++;
    EXPECT_EQ(*i, 2);
    auto j = std::move(i);
    EXPECT_EQ(*j, 2);
    EXPECT_FALSE(j == r.end());
  });
}

TEST_ON(roomy, IterateLazily, WhatIsPassedOverIsReceivedWhenTheNextIsAskedFor) {
  on_six(k, 3, [](auto& r) {
    auto i = r.begin();
    ++i;
    ++i;
    EXPECT_EQ(*i, 3);
  });
  on_six(k, 4, [](auto& r) {
    auto i = std::ranges::next(r.begin(), 2);
    EXPECT_TRUE(i != r.end());
    EXPECT_EQ(*i, 3);
    std::ranges::advance(i, 1);
    EXPECT_EQ(*i, 4);
  });
}

// The end may lie among what is passed over; it stays the end.
TEST_ON(roomy, IterateLazily, PassingOverEndsAtTheEnd) {
  auto [tx, rx] = k.template make<int>();
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(tx.send(i));
  auto there = rx.try_iter();
  auto i = std::ranges::next(there.begin(), 5);
  EXPECT_TRUE(i == std::default_sentinel);
  ASSERT_TRUE(tx.send(4));
  EXPECT_TRUE(i == std::default_sentinel);
  EXPECT_EQ(rx.recv(), 4);
  ASSERT_TRUE(tx.send(5));
  tx.reset();
  EXPECT_TRUE(std::ranges::next(rx.begin(), 2) == std::default_sentinel);
  EXPECT_TRUE(rx.begin() == std::default_sentinel);
}

TEST_ON(roomy, IterateLazily, CountedAlgorithmsAndViewsReceiveTheirCount) {
  on_six(k, 3, [](auto& r) { EXPECT_EQ(read(r | std::views::take(3)), (ints{1, 2, 3})); });
  on_six(k, 0, [](auto& r) { EXPECT_EQ(read(r | std::views::take(0)), ints{}); });
  on_six(k, 6, [](auto& r) { EXPECT_EQ(read(r | std::views::take(6)).size(), 6u); });
  on_six(k, 3, [](auto& r) {
    ints out;
    auto rest = std::ranges::copy_n(r.begin(), 2, std::back_inserter(out)).in;
    EXPECT_EQ(out, (ints{1, 2}));
    EXPECT_EQ(*rest, 3);
  });
  on_six(k, 3, [](auto& r) {
    ints out(3);
    std::ranges::copy(std::counted_iterator(r.begin(), 3), std::default_sentinel, out.begin());
    EXPECT_EQ(out, (ints{1, 2, 3}));
  });
  on_six(k, 2, [](auto& r) { EXPECT_EQ(read(std::views::counted(r.begin(), 2)), (ints{1, 2})); });
  on_six(k, 3, [](auto& r) {
    int sum = 0;
    std::ranges::for_each_n(std::counted_iterator(r.begin(), 6), 3, [&](int v) { sum += v; });
    EXPECT_EQ(sum, 6);
  });
  on_six(k, 4, [](auto& r) { EXPECT_EQ(std::ranges::distance(r | std::views::take(4)), 4); });
  on_six(k, 3,
         [](auto& r) { EXPECT_TRUE(std::ranges::equal(r | std::views::take(3), ints{1, 2, 3})); });
}

TEST_ON(roomy, IterateLazily, ViewsReceiveWhatTheyShow) {
  on_six(k, 4, [](auto& r) {
    EXPECT_EQ(read(r | std::views::drop(2) | std::views::take(2)), (ints{3, 4}));
  });
  on_six(k, 3, [](auto& r) {
    EXPECT_EQ(read(r | std::views::take(3) | std::views::drop(1)), (ints{2, 3}));
  });
  // A filter that is stepped looks for its next one: here 5.
  on_six(k, 5, [](auto& r) {
    const auto odd = [](const int& v) { return v % 2 == 1; };
    EXPECT_EQ(read(r | std::views::filter(odd) | std::views::take(2)), (ints{1, 3}));
  });
  on_six(k, 4, [](auto& r) {
    const auto odd = [](const int& v) { return v % 2 == 1; };
    EXPECT_EQ(read(r | std::views::take(4) | std::views::filter(odd)), (ints{1, 3}));
  });
  on_six(k, 3, [](auto& r) {
    int calls = 0;
    const auto squared = [&calls](int v) { return ++calls, v * v; };
    EXPECT_EQ(read(r | std::views::transform(squared) | std::views::take(3)), (ints{1, 4, 9}));
    EXPECT_EQ(calls, 3);
  });
  // It looks at the one that ends it, which is lost: the one, and no more.
  on_six(k, 3, [](auto& r) {
    EXPECT_EQ(read(r | std::views::take_while([](int v) { return v < 3; })), (ints{1, 2}));
  });
  on_six(k, 4, [](auto& r) {
    const auto small = [](int v) { return v < 3; };
    EXPECT_EQ(read(r | std::views::drop_while(small) | std::views::take(2)), (ints{3, 4}));
  });
  on_six(k, 3, [](auto& r) {
    const auto i = std::ranges::find(r.begin(), std::default_sentinel, 3);
    EXPECT_EQ(*i, 3);
  });
}

#if defined(__cpp_lib_ranges_zip) || defined(_LIBCPP_VERSION)
// Without the take it may ask for one more: libc++ compares all the iterators.
TEST_ON(roomy, IterateLazily, AZipReceivesAsManyAsAreTaken) {
  on_six(k, 2, [](auto& r) {
    ints sums;
    for (auto&& [a, b] : std::views::zip(ints{10, 20}, r | std::views::take(2)))
      sums.push_back(a + b);
    EXPECT_EQ(sums, (ints{11, 22}));
  });
}
#endif
#ifdef __cpp_lib_ranges_enumerate
TEST_ON(roomy, IterateLazily, EnumerateReceivesWhatItShows) {
  on_six(k, 2, [](auto& r) {
    for (auto&& [i, v] : r | std::views::enumerate | std::views::take(2)) EXPECT_EQ(v, i + 1);
  });
}
#endif
#ifdef __cpp_lib_ranges_chunk
TEST_ON(roomy, IterateLazily, ChunksReceiveWhatTheyShow) {
  on_six(k, 4, [](auto& r) {
    ints sums;
    for (auto&& two : r | std::views::chunk(2) | std::views::take(2))
      sums.push_back(std::ranges::fold_left(two, 0, std::plus{}));
    EXPECT_EQ(sums, (ints{3, 7}));
  });
}
#endif
#ifdef __cpp_lib_ranges_to_container
TEST_ON(roomy, IterateLazily, ToAContainer) {
  on_six(k, 3, [](auto& r) {
    EXPECT_EQ(r | std::views::take(3) | std::ranges::to<std::vector>(), (ints{1, 2, 3}));
  });
}
#endif

// All that there will be for a while: a message too many would be waited for.
TEST_ON(all, IterateLazily, TakeDoesNotWaitForOneMore) {
  auto [tx, rx] = k.template make<int>();
  task sender([&tx] {
    for (int i = 1; i <= 3; ++i) ASSERT_TRUE(tx.send(i));
  });
  EXPECT_EQ(read(rx | std::views::take(3)), (ints{1, 2, 3}));
  EXPECT_EQ(rx.try_recv(), std::unexpected(recv_errc::empty));
}

TEST_ON(buffered, IterateLazily, ATryIterOfATemporaryAndOfAMovedReceiver) {
  auto [tx, rx] = k.template make<int>();
  ASSERT_TRUE(tx.send(1));
  EXPECT_EQ(read(rx.try_iter() | std::views::take(1)), ints{1});
  ASSERT_TRUE(tx.send(2));
  auto there = std::as_const(rx).try_iter() | std::views::transform([](int v) { return 10 * v; });
  EXPECT_EQ(read(there), ints{20});
  ASSERT_TRUE(tx.send(3));
  tx.reset();
  auto owner = std::move(rx) | std::views::transform([](int v) { return 10 * v; });
  auto moved = std::move(owner);
  EXPECT_EQ(read(moved), ints{30});
}

TEST_ON(roomy, IterateLazily, TwoIteratorsShareTheMessages) {
  on_six(k, 4, [](auto& r) {
    auto a = r.begin();
    auto b = r.begin();
    EXPECT_EQ(*b, 1);
    EXPECT_EQ(*a, 2);
    EXPECT_EQ(*b, 1);
    a = std::move(b);
    EXPECT_EQ(*a, 1);
    EXPECT_EQ(*++a, 3);
    auto c = r.begin();
    ++a;
    EXPECT_EQ(*c, 4);
  });
}

// With a type that has nothing but its move: each ends once, whatever the iterator has of it.
TEST_ON(roomy, IterateLazily, EachMessageEndsOnce) {
  constexpr int messages = 12;
  ledger l(messages);
  auto [tx, rx] = k.template make<counted>();
  for (int i = 0; i < messages; ++i) ASSERT_TRUE(tx.send(counted(l, i)));
  for (counted m : rx | std::views::take(2)) EXPECT_LT(m.id(), 2);
  EXPECT_EQ(l.ended(), 2);
  {
    auto i = std::ranges::next(rx.begin(), 2);
    EXPECT_EQ(l.ended(), 2);
    EXPECT_EQ((*i).id(), 4);
    EXPECT_EQ(l.ended(), 4);
    auto j = rx.begin();
    EXPECT_TRUE(j != rx.end());
    i = std::move(j);
    EXPECT_EQ(l.ended(), 5);
    const counted taken = *i;
    EXPECT_EQ(taken.id(), 5);
    EXPECT_EQ((*i).id(), -1) << "what the move left";
    ++i;
    EXPECT_TRUE(i != rx.end());
  }
  EXPECT_EQ(l.ended(), 7) << "the one that was asked for goes with its iterator";
  const auto odd = [](const counted& m) { return m.id() % 2 == 1; };
  for (counted m : rx.try_iter() | std::views::filter(odd)) EXPECT_EQ(m.id() % 2, 1);
  l.expect_each_ended_once();
}

// A loop moves the message out of the iterator; what reads it twice gets the same.
TEST_ON(roomy, IterateLazily, AMessageIsReadTwice) {
  auto [tx, rx] = k.template make<std::string>();
  const std::string text(100, 'a');
  ASSERT_TRUE(tx.send(text) && tx.send("") && tx.send(text));
  tx.reset();
  const auto is_long = [](const std::string& s) { return s.size() > 1; };
  int seen = 0;
  for (std::string s : rx | std::views::filter(is_long)) {
    EXPECT_EQ(s, text);
    s.clear();
    ++seen;
  }
  EXPECT_EQ(seen, 2);
}

// A filter reads the transformed message again, and so the message.
TEST_ON(roomy, IterateLazily, AMessageIsTransformedTwice) {
  on_six(k, 6, [](auto& r) {
    int calls = 0;
    const auto negated = [&calls](const int& v) { return ++calls, -v; };
    const auto odd = [](int v) { return v % 2 != 0; };
    EXPECT_EQ(
        read(r | std::views::take(6) | std::views::transform(negated) | std::views::filter(odd)),
        (ints{-1, -3, -5}));
    EXPECT_EQ(calls, 6 + 3);
  });
}

TEST_ON(buffered, Iterate, ViewsWorkOnAReceiver) {
  auto [tx, rx] = k.template make<int>();
  task sender([&tx] {
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(tx.send(i));
    tx.reset();
  });
  int sum = 0;
  for (const int v : rx | std::views::filter([](int i) { return i % 2 == 0; })) sum += v;
  EXPECT_EQ(sum, 2450);
}

}  // namespace
}  // namespace unit

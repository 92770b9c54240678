// SPDX-License-Identifier: MIT
//
// The handles as types: what they convert to, what can be written with their names, and messages that
// are not complete yet.

// They can be declared without the headers.
namespace runnel::mpsc {
template <class T>
class sender;
template <class T>
class receiver;
}  // namespace runnel::mpsc
namespace runnel::mpmc {
template <class T>
class sender;
template <class T>
class receiver;
}  // namespace runnel::mpmc

#include "support.hpp"

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace unit {
namespace {

// ---- Conversions

template <class T, class P, class Parts, runnel::core::receivers R>
runnel::core::basic_sender<T, P, Parts, R> core_of(runnel::core::basic_sender<T, P, Parts, R>&&);
template <class T, class P, class Parts, runnel::core::receivers R>
runnel::core::basic_receiver<T, P, Parts, R> core_of(
    runnel::core::basic_receiver<T, P, Parts, R>&&);
/// The handle of the core that a public one derives from.
template <class Handle>
using core_handle = decltype(core_of(std::declval<Handle>()));

template <class To, class From>
constexpr bool unrelated =
    !std::is_constructible_v<To, From> && !std::is_constructible_v<To, From&> &&
    !std::is_assignable_v<To&, From> && !std::is_assignable_v<To&, From&>;

template <template <class> class Handle, template <class> class... Others>
constexpr bool check_conversions() {
  using handle = Handle<int>;
  static_assert((unrelated<handle, Others<int>> && ...));
  static_assert(unrelated<handle, Handle<long>> && unrelated<handle, int>);
  // Nor does one of the core become a public one, or the names cost anything.
  static_assert(unrelated<handle, core_handle<handle>>);
  static_assert(sizeof(handle) == sizeof(core_handle<handle>));
  static_assert(std::is_standard_layout_v<handle>);
  static_assert(!std::is_convertible_v<typename handle::channel_type*, handle>);
  static_assert(!std::is_assignable_v<handle&, typename handle::channel_type*>);
  static_assert(std::same_as<typename handle::value_type, int>);
  return true;
}
static_assert(check_conversions<runnel::mpsc::sender, runnel::mpsc::receiver, runnel::mpmc::sender,
                                runnel::mpmc::receiver>());
static_assert(check_conversions<runnel::mpsc::receiver, runnel::mpsc::sender, runnel::mpmc::sender,
                                runnel::mpmc::receiver>());
static_assert(check_conversions<runnel::mpmc::sender, runnel::mpsc::sender, runnel::mpsc::receiver,
                                runnel::mpmc::receiver>());
static_assert(check_conversions<runnel::mpmc::receiver, runnel::mpsc::sender,
                                runnel::mpsc::receiver, runnel::mpmc::sender>());

// ---- Ranges

template <class Receiver>
constexpr bool is_single_pass =
    std::ranges::input_range<Receiver> && !std::ranges::forward_range<Receiver> &&
    !std::ranges::sized_range<Receiver> && !std::ranges::view<Receiver> &&
    !std::ranges::borrowed_range<Receiver>;
static_assert(is_single_pass<runnel::mpsc::receiver<int>>);
static_assert(is_single_pass<const runnel::mpsc::receiver<int>>);
static_assert(is_single_pass<runnel::mpmc::receiver<int>>);
static_assert(is_single_pass<const runnel::mpmc::receiver<int>>);

// ---- Names

template <class T>
std::size_t size_of_message(const runnel::mpsc::sender<T>&) {
  return sizeof(T);
}
template <class T>
std::size_t size_of_message(const runnel::mpmc::receiver<T>&) {
  return sizeof(T);
}
template <template <class> class Sender, template <class> class Receiver>
struct both_ends {
  Sender<short> tx;
  Receiver<short> rx;
};

TEST(HandleTypes, CanBeDeducedAndPassedAsTemplates) {
  const std::pair<runnel::mpsc::sender<char>, runnel::mpsc::receiver<char>> pair =
      runnel::mpsc::channel<char>();
  EXPECT_EQ(size_of_message(pair.first), 1);

  both_ends<runnel::mpmc::sender, runnel::mpmc::receiver> ends;
  std::tie(ends.tx, ends.rx) = runnel::mpmc::sync_channel<short>(1);
  EXPECT_EQ(size_of_message(ends.rx), 2);
  const runnel::mpmc::sender copy = ends.tx;
  static_assert(std::same_as<decltype(copy), const runnel::mpmc::sender<short>>);
  EXPECT_TRUE(copy.same_channel(ends.tx));
  const core_handle<runnel::mpmc::sender<short>> inner = copy;
  EXPECT_TRUE(copy.same_channel(inner) && inner.same_channel(copy));
}

TEST(HandleTypes, StandBesideEachOther) {
  using either = std::variant<runnel::mpsc::sender<int>, runnel::mpmc::sender<int>>;
  auto [tx, rx] = runnel::mpmc::channel<int>();
  const either chosen = tx;
  EXPECT_EQ(chosen.index(), 1);
  std::optional<runnel::mpmc::receiver<int>> maybe = std::move(rx);
  std::swap(*maybe, rx);
  EXPECT_FALSE(*maybe);
  EXPECT_FALSE(rx.is_disconnected());
}

// ---- Messages that hold handles of their own channel

struct letter;
struct desk {
  std::vector<runnel::mpsc::sender<letter>> senders;
  std::unique_ptr<runnel::mpsc::receiver<letter>> receiver;
  std::optional<runnel::mpmc::sender<letter>> (*makes)() = nullptr;
};
struct letter {
  runnel::mpsc::sender<letter> answer_to;
  runnel::mpsc::receiver<letter> rest;
  std::vector<runnel::mpmc::receiver<letter>> others;
  std::optional<runnel::mpmc::sender<letter>> maybe;
  desk from;
};

TEST(HandleTypes, AMessageMayHoldHandlesOfItsOwnKind) {
  auto [tx, rx] = runnel::mpsc::channel<letter>();
  letter sent;
  sent.answer_to = tx;
  sent.from.senders.resize(2);
  ASSERT_TRUE(tx.send(std::move(sent)));
  const auto received = rx.recv();
  ASSERT_TRUE(received);
  EXPECT_TRUE(received->answer_to.same_channel(tx));
  EXPECT_EQ(received->from.senders.size(), 2);
}

}  // namespace
}  // namespace unit

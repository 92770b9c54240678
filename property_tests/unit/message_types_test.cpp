// SPDX-License-Identifier: MIT
//
// What can be a message. Numbers in comments are rows of the list of behaviours, see README.md.
#include "support.hpp"

#include <pthread.h>
#include <any>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace unit {
namespace {

template <class Kind>
class TypesAll : public suite<Kind> {};
TYPED_TEST_SUITE(TypesAll, all_kinds, kind_names);
// Where the flavour matters, but not the capacity.
using few_kinds = testing::Types<kind<mpsc, 0>, kind<mpsc, 3>, kind<mpsc, no_bound>, kind<mpmc, 0>,
                                 kind<mpmc, 3>, kind<mpmc, no_bound>>;
template <class Kind>
class Types : public suite<Kind> {};
TYPED_TEST_SUITE(Types, few_kinds, kind_names);

/// Sends a few messages through every kind of send and receive, and one back in an error.
template <class Kind, class T, class Make, class Check>
void pass_through(Make make, Check check) {
  constexpr int messages = 150;  // more than a block of the list
  auto [tx, rx] = Kind::template make<T>();
  task sender([&] {
    for (int i = 0; i < messages; ++i) {
      switch (i % 3) {
        case 0: ASSERT_TRUE(tx.send(make(i))); break;
        case 1: ASSERT_TRUE(tx.send_for(make(i), 1h)); break;
        default:
          while (!tx.try_send(make(i))) std::this_thread::yield();
      }
    }
  });
  // On a rendezvous a try_ needs a partner who waits, so the two sides try in turn.
  for (int i = 0; i < messages; ++i) {
    if (i % 3 == 1) {
      auto m = rx.recv_for(1h);
      ASSERT_TRUE(m);
      check(*m, i);
    } else if (i % 3 == 2) {
      auto m = rx.recv();
      ASSERT_TRUE(m);
      check(*m, i);
    } else {
      for (;;) {
        auto m = rx.try_recv();
        if (m) {
          check(*m, i);
          break;
        }
        std::this_thread::yield();
      }
    }
  }
  sender.join();
  rx.reset();
  auto result = tx.send(make(5));
  ASSERT_FALSE(result);
  check(result.error().value, 5);
}

struct empty {};

// Row 55.
TYPED_TEST(TypesAll, Empty) {
  pass_through<TypeParam, empty>([](int) { return empty{}; }, [](const empty&, int) {});
}

TYPED_TEST(Types, MoveOnly) {
  pass_through<TypeParam, std::unique_ptr<int>>(
      [](int i) { return std::make_unique<int>(i); },
      [](const std::unique_ptr<int>& m, int i) { EXPECT_EQ(*m, i); });
}

struct alignas(128) over_aligned {
  explicit over_aligned(int v) : value(v) { expect_aligned(); }
  // Every place that the library moves a message to passes here: slots, waiters, results.
  over_aligned(over_aligned&& other) noexcept : value(other.value) { expect_aligned(); }
  over_aligned& operator=(over_aligned&&) = delete;
  ~over_aligned() { expect_aligned(); }
  void expect_aligned() const { EXPECT_EQ(reinterpret_cast<std::uintptr_t>(this) % 128, 0u); }
  int value;
};

TYPED_TEST(TypesAll, OverAligned) {
  pass_through<TypeParam, over_aligned>([](int i) { return over_aligned(i); },
                                        [](const over_aligned& m, int i) {
                                          m.expect_aligned();
                                          EXPECT_EQ(m.value, i);
                                        });
}

/// Neither default constructible nor assignable, for it has a const member.
struct constant_number {
  explicit constant_number(int v) : value(v) {}
  const int value;
};

TYPED_TEST(Types, NeitherAssignableNorDefaultConstructible) {
  pass_through<TypeParam, constant_number>(
      [](int i) { return constant_number(i); },
      [](const constant_number& m, int i) { EXPECT_EQ(m.value, i); });
}

/// With an operator& that must not be used for its address.
struct strange_address {
  int value;
  strange_address* operator&() const { return nullptr; }  // NOLINT
};

TYPED_TEST(Types, WithAnAddressOperatorOfItsOwn) {
  pass_through<TypeParam, strange_address>(
      [](int i) { return strange_address{i}; },
      [](const strange_address& m, int i) { EXPECT_EQ(m.value, i); });
}

// Types that convert from or to nearly everything must not be mistaken for a result.
TYPED_TEST(Types, ThatConvertFromAndToMuch) {
  pass_through<TypeParam, bool>([](int i) { return i % 2 == 0; },
                                [](bool m, int i) { EXPECT_EQ(m, i % 2 == 0); });
  pass_through<TypeParam, recv_errc>([](int) { return recv_errc::empty; },
                                     [](recv_errc m, int) { EXPECT_EQ(m, recv_errc::empty); });
  pass_through<TypeParam, std::any>(
      [](int i) { return std::any(i); },
      [](const std::any& m, int i) { EXPECT_EQ(std::any_cast<int>(m), i); });
  pass_through<TypeParam, std::optional<int>>(
      [](int i) { return i % 2 == 0 ? std::optional(i) : std::nullopt; },
      [](const std::optional<int>& m, int i) { EXPECT_EQ(m.has_value(), i % 2 == 0); });
  pass_through<TypeParam, std::expected<int, recv_errc>>(
      [](int i) -> std::expected<int, recv_errc> {
        if (i % 2 == 0) return i;
        return std::unexpected(recv_errc::timeout);
      },
      [](const std::expected<int, recv_errc>& m, int i) { EXPECT_EQ(m.has_value(), i % 2 == 0); });
  pass_through<TypeParam, std::move_only_function<int()>>(
      [](int i) { return [i] { return i; }; },
      [](std::move_only_function<int()>& m, int i) { EXPECT_EQ(m(), i); });
}

template <std::size_t Bytes>
struct large {
  std::array<unsigned char, Bytes> bytes;
};

/// Runs f in a thread with a stack of so many bytes.
template <class F>
void with_stack(std::size_t bytes, F f) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, bytes), 0);
  pthread_t thread{};
  const auto run = [](void* f_of_thread) -> void* {
    (*static_cast<F*>(f_of_thread))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &f), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

/// One thread sends and another receives a few large messages, each with a stack of its own.
template <class Kind, std::size_t Bytes>
void pass_large(std::size_t stack) {
  constexpr int messages = 8;  // more than a block of the list, which has 3 of these
  auto [tx, rx] = Kind::template make<large<Bytes>>();
  task sender([&] {
    with_stack(stack, [&] {
      auto m = std::make_unique<large<Bytes>>();
      for (int i = 0; i < messages; ++i) {
        m->bytes.front() = m->bytes.back() = static_cast<unsigned char>(i);
        ASSERT_TRUE(tx.send(std::move(*m)));
      }
    });
  });
  with_stack(stack, [&] {
    for (int i = 0; i < messages; ++i) {
      const auto m = rx.recv();
      ASSERT_TRUE(m);
      ASSERT_EQ(m->bytes.front(), i);
      ASSERT_EQ(m->bytes.back(), i);
    }
  });
}

// Row 15: messages are on the stack where they are arguments and results, buffers never are.
TYPED_TEST(Types, Of64KiB) { pass_large<TypeParam, 64 * 1024>(2 * 1024 * 1024); }
TYPED_TEST(Types, Of1MiB) { pass_large<TypeParam, 1024 * 1024>(64 * 1024 * 1024); }

// Row 15: a buffer of 64 MiB and a block of 3 MiB are made by a thread with a stack of 256 KiB.
// (The last receiver to go moves what is left out, one message after the other: that takes stack.)
TEST(TypesOfMessages, BuffersAreNeverBuiltOnTheStack) {
  using kib = large<64 * 1024>;
  using mib = large<1024 * 1024>;
  std::optional<std::pair<runnel::mpsc::sender<kib>, runnel::mpsc::receiver<kib>>> bounded;
  std::optional<std::pair<runnel::mpsc::sender<mib>, runnel::mpsc::receiver<mib>>> unbounded;
  with_stack(256 * 1024, [&] {
    bounded.emplace(runnel::mpsc::sync_channel<kib>(1024));
    unbounded.emplace(runnel::mpsc::channel<mib>());
    EXPECT_EQ(bounded->first.capacity(), 1024u);
    EXPECT_TRUE(unbounded->second.empty());
  });
  with_stack(64 * 1024 * 1024, [&] {
    bounded.reset();
    unbounded.reset();
  });
}

}  // namespace
}  // namespace unit

// SPDX-License-Identifier: MIT
//
// What can be a message. Numbers in comments are rows of the list of behaviours, see README.md.
#include "support.hpp"

#include <pthread.h>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace unit {
namespace {

// Where the flavour matters, but not the capacity.
constexpr std::size_t few[] = {0, 3, no_bound};

/// Sends a few messages through every kind of send and receive, and one back in an error.
template <class T, class Api, class Make, class Check>
void pass_through(const kind<Api>& k, Make make, Check check) {
  constexpr int messages = 150;  // more than a block of the list
  auto [tx, rx] = k.template make<T>();
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
TEST_ON(all, Types, Empty) {
  pass_through<empty>(k, [](int) { return empty{}; }, [](const empty&, int) {});
}

TEST_ON(few, Types, MoveOnly) {
  pass_through<std::unique_ptr<int>>(
      k, [](int i) { return std::make_unique<int>(i); },
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

TEST_ON(all, Types, OverAligned) {
  pass_through<over_aligned>(
      k, [](int i) { return over_aligned(i); },
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

TEST_ON(few, Types, NeitherAssignableNorDefaultConstructible) {
  pass_through<constant_number>(
      k, [](int i) { return constant_number(i); },
      [](const constant_number& m, int i) { EXPECT_EQ(m.value, i); });
}

/// With an operator& that must not be used for its address.
struct strange_address {
  int value;
  strange_address* operator&() const { return nullptr; }  // NOLINT
};

TEST_ON(few, Types, WithAnAddressOperatorOfItsOwn) {
  pass_through<strange_address>(
      k, [](int i) { return strange_address{i}; },
      [](const strange_address& m, int i) { EXPECT_EQ(m.value, i); });
}

/// Converts to whatever is asked for, as types for JSON do.
struct chameleon {
  int value;
  template <class X>
  operator X() const {  // NOLINT
    ADD_FAILURE();
    return X();
  }
};

// Types that convert from or to nearly everything must not be mistaken for a result.
TEST_ON(few, Types, ThatConvertFromAndToMuch) {
  pass_through<bool>(
      k, [](int i) { return i % 2 == 0; }, [](bool m, int i) { EXPECT_EQ(m, i % 2 == 0); });
  pass_through<recv_errc>(
      k, [](int) { return recv_errc::empty; },
      [](recv_errc m, int) { EXPECT_EQ(m, recv_errc::empty); });
  pass_through<std::optional<int>>(
      k, [](int i) { return i % 2 == 0 ? std::optional(i) : std::nullopt; },
      [](const std::optional<int>& m, int i) { EXPECT_EQ(m.has_value(), i % 2 == 0); });
  pass_through<std::expected<int, recv_errc>>(
      k,
      [](int i) -> std::expected<int, recv_errc> {
        if (i % 2 == 0) return i;
        return std::unexpected(recv_errc::timeout);
      },
      [](const std::expected<int, recv_errc>& m, int i) { EXPECT_EQ(m.has_value(), i % 2 == 0); });
  pass_through<chameleon>(
      k, [](int i) { return chameleon{i}; },
      [](const chameleon& m, int i) { EXPECT_EQ(m.value, i); });
#ifdef __cpp_lib_move_only_function  // libc++ 19 has none
  pass_through<std::move_only_function<int()>>(
      k, [](int i) { return [i] { return i; }; },
      [](std::move_only_function<int()>& m, int i) { EXPECT_EQ(m(), i); });
#endif
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
template <std::size_t Bytes, class Api>
void pass_large(const kind<Api>& k, std::size_t stack) {
  constexpr int messages = 8;  // more than a block of the list, which has 3 of these
  auto [tx, rx] = k.template make<large<Bytes>>();
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
TEST_ON(few, Types, Of64KiB) { pass_large<64 * 1024>(k, 2 * 1024 * 1024); }
TEST_ON(few, Types, Of1MiB) { pass_large<1024 * 1024>(k, 64 * 1024 * 1024); }

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

// SPDX-License-Identifier: MIT
//
// What the explorer of unmodified code does not see, it refuses: code that is linked in without being compiled for
// it, inline assembly, what the C++ library asks of the C library. Unless it is allowed, or nobody observes it.
#include "plain_library.hpp"

#include <runnel/model/native.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using runnel::model::end_of_search;
using runnel::model::explore_native;
using runnel::model::explore_result;
using runnel::model::unobserved;

std::atomic<int> counter{0};
int sum = 0;

void expect_passes(const explore_result& r) {
  EXPECT_EQ(r.end, end_of_search::exhausted) << r.failure << ": " << r.message << '\n' << r.history;
}
void expect_refuses(const explore_result& r, const std::string& words) {
  ASSERT_EQ(r.end, end_of_search::failed);
  EXPECT_EQ(r.failure, "unsupported") << r.message << '\n' << r.history;
  EXPECT_NE(r.message.find(words), std::string::npos) << r.message << '\n' << r.history;
}

/// A program of which a thread does so, at the same time as main does something.
template <class Body>
auto in_a_thread(Body body) {
  return [body] {
    std::thread t(body);
    counter.fetch_add(1, std::memory_order::relaxed);
    t.join();
  };
}

/// The program is refused with these words, is visited once the function is allowed, and is refused again.
void expect_refuses_until_allowed(const std::function<void()>& main, const std::string& words,
                                  const std::string& function) {
  SCOPED_TRACE(words);
  expect_refuses(explore_native(main), words);
  expect_passes(explore_native(main, {}, {.allowed_functions = {"nothing", function}}));
  expect_refuses(explore_native(main), words);
}

// ---- Functions that are not compiled for the explorer

TEST(Unseen, RefusesFunctionsThatAreNotCompiledForIt) {
  const auto adds = in_a_thread([] { plain::add(counter, 1); });
  expect_refuses_until_allowed(adds, "plain::add() is called at unseen_test.cpp:", "plain::add");
  expect_refuses_until_allowed(adds, "plain::add()", "plain::*");
  expect_refuses_until_allowed(in_a_thread([] { sum = plain::same(3); }), "plain::same<int>()",
                               "plain::same<*>");
  expect_passes(explore_native([] { sum = counter; }));
}

TEST(Unseen, KnowsFunctionsByAllOfTheirNames) {
  const auto applies = in_a_thread([] { sum = plain::apply(plain::next_of, 1); });
  expect_refuses(explore_native(applies), "plain::apply()");
  expect_refuses(explore_native(applies, {}, {.allowed_functions = {"plain::apply"}}),
                 "plain::next_of() is called at plain::apply");
  expect_passes(
      explore_native(applies, {}, {.allowed_functions = {"plain::apply", "plain::next_*"}}));
  for (const char* const other : {"plain::app", "apply", "plain::apply*x", "*::applyy", ""})
    expect_refuses(explore_native(applies, {}, {.allowed_functions = {other}}), "plain::apply()");
}

TEST(Unseen, RefusesWhatTestFrameworksDo) {
  expect_refuses(explore_native(in_a_thread([] { EXPECT_EQ(sum, 0); })), "() is called at ");
  expect_refuses(explore_native([] { EXPECT_EQ(sum, 0); }), "testing::");
  expect_passes(
      explore_native([] { EXPECT_EQ(sum, 0); }, {}, {.allowed_functions = {"testing::*"}}));
}

TEST(Unseen, RefusesTheSameInReplaysAndInOtherProcesses) {
  const auto adds = in_a_thread([] {
    if (counter.load(std::memory_order::relaxed) == 1) plain::add(counter, 1);
  });
  const explore_result r = explore_native(adds);
  expect_refuses(r, "plain::add()");
  const explore_result again = explore_native(adds, {.replay = r.replay});
  EXPECT_EQ(again.message, r.message);
  EXPECT_EQ(again.history, r.history);
  const explore_result shared = explore_native(adds, {.jobs = 2});
  EXPECT_EQ(shared.message, r.message);
  EXPECT_EQ(explore_native(adds, {.jobs = 2}, {.allowed_functions = {"*"}}).end,
            end_of_search::exhausted);
}

unsigned char first_byte_of(int (*f)(int)) { return *reinterpret_cast<unsigned char*>(f); }

TEST(Unseen, LetsUnobservedFunctionsDoAnything) {
  int called = 0;
  const auto calls = [&] {
    unobserved([&] {
      called += plain::apply(plain::next_of, 0);
      called += plain::next_of(0);
      std::random_device device;
      (void)device();
    });
    counter.fetch_add(1);
  };
  expect_passes(explore_native(in_a_thread(calls)));
  EXPECT_EQ(called, 2 * 3);
  // It is refused for that only where nobody observes it.
  expect_refuses(explore_native([&] {
                   calls();
                   sum = plain::next_of(1);
                 }),
                 "plain::next_of()");
}

TEST(Unseen, LeavesTheCodeAsItWas) {
  const unsigned char before = first_byte_of(plain::next_of);
  unsigned char meanwhile = 0;
  const auto looks = [&] {
    unobserved([&] { meanwhile = first_byte_of(plain::next_of); });
    counter = plain::next_of(1);
  };
  expect_refuses(explore_native(looks), "plain::next_of()");
  EXPECT_NE(meanwhile, before);
  EXPECT_EQ(first_byte_of(plain::next_of), before);
  EXPECT_THROW(explore_native(looks, {.replay = "nonsense"}), std::invalid_argument);
  EXPECT_EQ(first_byte_of(plain::next_of), before);
  EXPECT_EQ(plain::next_of(4), 5);
  EXPECT_EQ(plain::apply(plain::next_of, 1), 3);
}

TEST(Unseen, SaysInTheVerdictWhatIsAllowed) {
  const auto said = [](std::vector<const char*> arguments) {
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    arguments.insert(arguments.begin(), "check");
    (void)runnel::model::check_native(
        "sum", [] { counter = plain::next_of(1); }, static_cast<int>(arguments.size()),
        arguments.data());
    return testing::internal::GetCapturedStderr() + testing::internal::GetCapturedStdout();
  };
  const auto has = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(said({}), "unsupported: plain::next_of() is called at unseen_test.cpp:");
  has(said({"--allow-call", "plain::next_of"}), "sum (plain::next_of() not looked into): passed");
  has(said({"--allow-call", "plain::*"}), "sum (plain::* not looked into): passed");
}

// ---- Instructions

[[gnu::noinline]] void add_by_assembly(std::uint32_t& n) {
  asm volatile("lock incl %0" : "+m"(n) : : "memory");
}
[[gnu::noinline]] void exchange_by_assembly(std::uint32_t& n) {
  std::uint32_t one = 1;
  asm volatile("xchgl %0, %1" : "+m"(n), "+r"(one) : : "memory");
}
[[gnu::noinline]] void fence_by_assembly() { asm volatile("mfence" : : : "memory"); }
[[gnu::noinline]] long ask_for_process() {
  constexpr long getpid_number = 39;
  long result = getpid_number;
  asm volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
  return result;
}
[[gnu::noinline]] unsigned ticks() { return static_cast<unsigned>(__builtin_ia32_rdtsc()); }

TEST(Unseen, RefusesInlineAssembly) {
  static std::uint32_t n = 0;
  expect_refuses_until_allowed(
      in_a_thread([] { add_by_assembly(n); }),
      "lock inc in add_by_assembly() at unseen_test.cpp:", "add_by_assembly");
  expect_refuses_until_allowed(in_a_thread([] { exchange_by_assembly(n); }),
                               "xchg in exchange_by_assembly() at ", "exchange_by_*");
  expect_refuses_until_allowed(in_a_thread(fence_by_assembly), "mfence in fence_by_assembly() at ",
                               "fence_by_assembly");
  expect_refuses_until_allowed(in_a_thread(ask_for_process), "syscall in ask_for_process() at ",
                               "ask_for_process");
  expect_refuses(explore_native(in_a_thread([] { (void)ticks(); })), "rdtsc in ticks() at ");
}

TEST(Unseen, LetsUnobservedFunctionsDoInlineAssembly) {
  std::uint32_t n = 0;
  long process = 0;
  expect_passes(explore_native(in_a_thread([&] {
    unobserved([&] {
      add_by_assembly(n);
      fence_by_assembly();
      process = ask_for_process();
    });
    counter.fetch_add(1);
  })));
  EXPECT_EQ(n, 2U);
  EXPECT_GT(process, 0);
}

__attribute__((noinline, no_sanitize("thread"))) int count_unseen(std::atomic<int>& n) {
  return n.fetch_add(1, std::memory_order::relaxed);
}

// Clang leaves atomic operations of such functions as they are in others.
TEST(Unseen, RefusesWhatNobodySanitizes) {
  const auto counts = in_a_thread([] { (void)count_unseen(counter); });
#ifdef __clang__
  expect_passes(explore_native(counts));
#else
  expect_refuses_until_allowed(counts, "lock ", "count_unseen");
  expect_refuses(explore_native(counts), " in count_unseen() at unseen_test.cpp:");
#endif
}

// ---- What the C++ library asks of the C library

TEST(Unseen, RefusesWhatTheLibraryAsksOfTheSystem) {
  expect_refuses(explore_native(in_a_thread([] {
                   std::random_device device;
                   counter = static_cast<int>(device() % 2);
                 })),
                 "std::random_device::_M_");
  expect_refuses(
      explore_native(in_a_thread([] { counter = std::filesystem::exists("/") ? 1 : 0; })),
      "of libc.so.6 is called at std::filesystem::");
  expect_refuses(explore_native(in_a_thread([] { std::ifstream("/dev/null").get(); })),
                 "of libc.so.6 is called at ");
}

TEST(Unseen, KnowsWhatTheLibraryDoesWithoutAsking) {
  expect_passes(explore_native(in_a_thread([] {
    std::ostringstream text;
    text << 1.5 << ' ' << std::string(100, 'x') << std::hex << 255 << std::boolalpha << true;
    counter = static_cast<int>(text.str().size());
    std::cout << "" << std::flush;
    try {
      (void)std::stoi("no number");
    } catch (const std::invalid_argument&) {
      counter.fetch_add(1);
    }
  })));
}

/// In a variable, and not in the table of what the program calls.
int (*roll)() = std::rand;

TEST(Unseen, RefusesCallsByVariablesThatAreThereBefore) {
  expect_refuses_until_allowed(in_a_thread([] { counter = roll() >= 0 ? 1 : 0; }), "rand() of libc",
                               "rand");
  EXPECT_EQ(roll, &std::rand);
}

// ---- What compilers add is no code of the program

struct first_base {
  first_base() = default;
  first_base(const first_base&) = delete;
  first_base& operator=(const first_base&) = delete;
  virtual ~first_base() = default;
  virtual int first() = 0;
};
struct second_base {
  second_base() = default;
  second_base(const second_base&) = delete;
  second_base& operator=(const second_base&) = delete;
  virtual ~second_base() = default;
  virtual int second() = 0;
  virtual second_base* self() = 0;
};
struct both : first_base, virtual second_base {
  int first() override { return 1; }
  int second() override { return first() + 1; }
  both* self() override { return this; }
};

__extension__ using wide = unsigned __int128;
[[gnu::noinline]] unsigned divided(wide a, unsigned b) { return static_cast<unsigned>(a / b); }

void throw_one() { throw 1; }

TEST(Unseen, KnowsWhatCompilersAdd) {
  expect_passes(explore_native(in_a_thread([] {
    thread_local std::string text = "of each thread";
    const both object;
    second_base& as_second = const_cast<both&>(object);
    counter = as_second.second() + as_second.self()->second() + static_cast<int>(text.size()) +
              static_cast<int>(divided(100, 7));
    (void)std::atexit([] {});
  })));
  testing::internal::CaptureStderr();
  const explore_result r = explore_native([] { []() noexcept { throw_one(); }(); });
  (void)testing::internal::GetCapturedStderr();
  EXPECT_EQ(r.failure, "crash") << r.message;
}

}  // namespace

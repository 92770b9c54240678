// SPDX-License-Identifier: MIT
//
// Code as it ships under the explorer: std::atomic, std::thread and what there is besides, compiled by this compiler.
#include "exploring.hpp"

#include <runnel/mpsc.hpp>

#include <gtest/gtest.h>

#include <pthread.h>

#include <atomic>
#include <barrier>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace native_tests;

// ---- Atomics and plain data

std::atomic<int> flag{0};
int data = 0;

void pass_message(order how) {
  in_threads(
      [how] {
        data = 1;
        flag.store(1, how);
      },
      [] {
        if (flag.load(order::acquire) == 1) demand(data == 1, "the message is there");
      });
}

TEST(Native, SeesAllExecutionsOfAMessage) {
  const explore_result r = explore_native([] { pass_message(order::release); });
  expect_passes(r);
  EXPECT_EQ(r.complete, 2U);
}

TEST(Native, NamesTheDataOfARaceAndTheOrderThatIsMissing) {
  const explore_result r = explore_native([] { pass_message(order::relaxed); });
  expect_fails(r, "data race", "data");
  EXPECT_NE(r.message.find("native_test.cpp:"), std::string::npos) << r.message;
  EXPECT_NE(r.history.find("store flag = 1 (relaxed)"), std::string::npos) << r.history;
}

TEST(Native, RepeatsAnExecutionByItsName) {
  const auto body = [] { pass_message(order::relaxed); };
  const explore_result r = explore_native(body);
  const explore_result again = explore_native(body, {.replay = r.replay});
  EXPECT_EQ(again.failure, r.failure);
  EXPECT_EQ(again.history, r.history);
}

TEST(Native, BeginsEachExecutionWithTheSameVariables) {
  static int runs = 5;
  static std::atomic<int> sum{0};
  const explore_result r = explore_native([] {
    demand(++runs == 6, "what an earlier execution has done is not there");
    in_threads([] { sum.fetch_add(1, order::relaxed); }, [] { sum.fetch_add(2, order::relaxed); });
    demand(sum.load() == 3, "nothing is lost");
  });
  expect_passes(r);
  EXPECT_EQ(r.complete, 2U);
  EXPECT_EQ(runs, 5);
  EXPECT_EQ(sum, 0);
}

/// Far down the stack, where nothing of it is seen.
__attribute__((noinline, no_sanitize("thread"))) void leave_something() {
  constexpr std::size_t many = 8192;
  auto* const bytes = static_cast<volatile unsigned char*>(__builtin_alloca(many));
  for (std::size_t i = 0; i < many; ++i) bytes[i] = 1;
}
[[gnu::noinline]] unsigned sum_of(const volatile unsigned char* bytes, std::size_t n) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += bytes[i];
  return sum;
}
[[gnu::noinline]] unsigned sum_of_what_is_left() {
  constexpr std::size_t many = 4096;
  return sum_of(static_cast<volatile unsigned char*>(__builtin_alloca(many)), many);
}

TEST(Native, BeginsEachExecutionWithCleanStacks) {
  for (const int first : {0, 1}) {
    const explore_result r = explore_native([first] {
      in_threads([] { flag.store(1); },
                 [first] {
                   if (flag.load() == first) return leave_something();
                   demand(sum_of_what_is_left() == 0, "nothing of an earlier execution is there");
                 });
    });
    expect_passes(r);
    EXPECT_EQ(r.complete, 2U);
  }
}

TEST(Native, SharesTheSearchAmongProcesses) {
  const auto body = [] {
    in_threads([] { flag.fetch_add(1); }, [] { flag.fetch_add(1); }, [] { flag.fetch_add(1); },
               [] { flag.fetch_add(1); });
  };
  const explore_result alone = explore_native(body);
  const explore_result shared = explore_native(body, {.jobs = 2});
  expect_passes(alone);
  expect_passes(shared);
  EXPECT_EQ(alone.complete, 24U);
  EXPECT_EQ(shared.complete, 24U);
}

TEST(Native, FindsPlainReadsAndWritesOfAtomicsThatRace) {
  static std::atomic<int> a{0};
  const auto bytes = [] {
    int copy = 0;
    std::memcpy(&copy, static_cast<const void*>(&a), sizeof copy);
    volatile int sink = copy;
    (void)sink;
  };
  expect_fails(explore_native([&] { in_threads(bytes, [] { a.store(1, order::relaxed); }); }),
               "data race", "");
  expect_passes(explore_native([&] {
    in_threads([] { a.store(1, order::relaxed); }, [] { a.store(2, order::relaxed); });
    bytes();
  }));
}

TEST(Native, LetsMemoryOfAnAtomicBeUsedAnew) {
  expect_passes(explore_native([] {
    alignas(std::atomic<int>) std::array<std::byte, sizeof(std::atomic<int>)> place{};
    for (int i = 0; i < 2; ++i) {
      auto* const a = new (place.data()) std::atomic<int>(i);
      in_threads([a] { a->fetch_add(1); }, [a] { a->fetch_add(1); });
      demand(*a == i + 2, "it begins with its own value");
    }
  }));
}

// ---- Memory

TEST(Native, FindsUseAfterFree) {
  expect_fails(explore_native([] {
                 auto* const p = new std::atomic<int>(0);
                 std::thread t([p] { p->store(1); });
                 delete p;
                 t.join();
               }),
               "use after free", "freed at native_test.cpp:");
  expect_fails(explore_native([] {
                 int* volatile p = new int(1);
                 delete p;
                 std::thread t([p] { ++*p; });
                 t.join();
                 flag = 1;
               }),
               "use after free", "heap");
}

TEST(Native, FindsMemoryThatIsFreedTwice) {
  expect_fails(explore_native([] {
                 void* volatile p = std::malloc(8);
                 std::free(p);
                 std::free(p);
               }),
               "use after free", "freed at");
}

TEST(Native, KnowsAccessesToManyBytes) {
  static std::array<char, 1000> from{};
  static std::array<char, 1000> to{};
  static volatile std::size_t size = 600;
  const auto copy = [] { std::memcpy(to.data(), from.data() + 100, size); };
  expect_passes(explore_native([&] {
    in_threads(copy,
               [] { demand(from[650] == 0 && to[700] == 0, "it is elsewhere, or read too"); });
    copy();
    flag = 1;
    in_threads([] { flag = 2; });
  }));
  expect_fails(explore_native([&] { in_threads(copy, [] { to[599] = 1; }); }), "data race",
               "to+599");
  expect_fails(explore_native([&] { in_threads([] { from[699] = 1; }, copy); }), "data race",
               "from+");
  expect_fails(explore_native([&] {
                 volatile char* volatile block = new char[1000]();
                 delete[] block;
                 block[700] = 1;
               }),
               "use after free", "freed at");
}

// ---- Locks that spin: the loops are found

class ticket_lock {
 public:
  void lock() {
    const unsigned mine = next_.fetch_add(1, order::relaxed);
    while (serving_.load(order::acquire) != mine) {
    }
  }
  void unlock() { serving_.store(serving_.load(order::relaxed) + 1, order::release); }

 private:
  std::atomic<unsigned> next_{0};
  std::atomic<unsigned> serving_{0};
};

class flag_lock {
 public:
  void lock() {
    while (taken_.exchange(true, order::acquire)) {
    }
  }
  void unlock() { taken_.store(false, order::release); }

 private:
  std::atomic<bool> taken_{false};
};

template <class Lock>
explore_result count_under() {
  static Lock lock;
  static int count = 0;
  const auto add = [] {
    const std::lock_guard guard(lock);
    ++count;
  };
  return explore_native([&] {
    in_threads(add, add, add);
    demand(count == 3, "nothing is lost");
  });
}

TEST(Native, EndsLoopsThatWait) {
  const explore_result ticket = count_under<ticket_lock>();
  expect_passes(ticket);
  EXPECT_EQ(ticket.complete, 6U);
  expect_passes(count_under<flag_lock>());
  const explore_result mutex = count_under<std::mutex>();
  expect_passes(mutex);
  EXPECT_EQ(mutex.complete, 6U);
}

TEST(Native, FindsALoopThatWaitsForEver) {
  expect_fails(explore_native([] {
                 in_threads(
                     [] {
                       while (flag.load() == 0) {
                       }
                     },
                     [] { data = 1; });
               }),
               "livelock", "flag");
}

TEST(Native, CutsPollsThatAreCounted) {
  const auto poll = [] {
    for (int i = 0; i < 1000; ++i) {
      if (flag.load(order::acquire) != 0) return;
    }
  };
  const auto body = [&] { in_threads(poll, [] { flag.store(1, order::release); }); };
  const explore_result cut = explore_native(body, {}, {.cuts_polls = true});
  expect_passes(cut);
  EXPECT_EQ(cut.complete, 2U);
  const explore_result full = explore_native(body);
  expect_passes(full);
  EXPECT_EQ(full.complete, 1001U);
}

// ---- What threads wait with

TEST(Native, KnowsMutexesAndConditionVariables) {
  static std::mutex m;
  static std::condition_variable c;
  static std::optional<std::string> message;
  expect_passes(explore_native([] {
    in_threads(
        [] {
          const std::lock_guard guard(m);
          message = "a text that is too long to be in the string itself";
          c.notify_one();
        },
        [] {
          std::unique_lock lock(m);
          c.wait(lock, [] { return message.has_value(); });
        });
  }));
  expect_fails(explore_native([] {
                 in_threads([] { c.notify_one(); },
                            [] {
                              std::unique_lock lock(m);
                              c.wait(lock);
                            });
               }),
               "deadlock", "condition variable");
}

TEST(Native, FindsMisusesOfMutexes) {
  static std::mutex a;
  static std::mutex b;
  const auto lock_both = [](std::mutex& first, std::mutex& second) {
    const std::lock_guard outer(first);
    const std::lock_guard inner(second);
  };
  expect_fails(
      explore_native([&] { in_threads([&] { lock_both(a, b); }, [&] { lock_both(b, a); }); }),
      "deadlock", "mutex");
  expect_fails(explore_native([] {
                 a.lock();
                 in_threads([] { a.unlock(); });
               }),
               "assertion", "does not hold");
  expect_fails(explore_native([] {
                 a.lock();
                 a.lock();
               }),
               "deadlock", "again");
  expect_fails(explore_native([] {
                 pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
                 pthread_mutex_lock(&m);
                 in_threads([&] { pthread_mutex_destroy(&m); });
               }),
               "assertion", "destroyed while");
}

TEST(Native, KnowsMutexesThatAreLockedAgainOrForATime) {
  static std::recursive_mutex r;
  static std::timed_mutex t;
  static int sum = 0;
  const auto add = [] {
    const std::lock_guard outer(r);
    const std::lock_guard inner(r);
    ++sum;
    const std::unique_lock timed(t, std::chrono::milliseconds(1));
  };
  expect_passes(explore_native([&] {
    in_threads(add, add);
    demand(sum == 2, "nothing is lost");
  }));
}

TEST(Native, KnowsWhatTheStandardLibraryBuildsOnFutexes) {
  static int made = 0;
  expect_passes(explore_native([] {
    std::counting_semaphore<> semaphore(0);
    std::thread t([&] {
      made = 1;
      semaphore.release();
    });
    semaphore.acquire();
    demand(made == 1, "the release happens before");
    t.join();
  }));
  expect_passes(explore_native([] {
    std::barrier barrier(2);
    std::thread t([&] {
      made = 1;
      barrier.arrive_and_wait();
    });
    barrier.arrive_and_wait();
    demand(made == 1, "the arrival happens before");
    t.join();
  }));
}

TEST(Native, KnowsFuturesAndWhatIsDoneOnce) {
  static std::once_flag once;
  static int times = 0;
  const auto value = [] {
    static const int known = [] { return ++times; }();
    return known;
  };
  expect_passes(explore_native([&] {
    std::promise<int> promise;
    std::thread t([&] { promise.set_value(3); });
    demand(promise.get_future().get() == 3, "the value is there");
    t.join();
  }));
  expect_passes(explore_native([&] {
    const auto both = [&] {
      demand(value() == 1, "it is made once");
      std::call_once(once, [] { ++times; });
    };
    in_threads(both, both);
    demand(times == 2, "each is done once");
  }));
}

TEST(Native, LetsTimePassAtOnce) {
  static std::mutex m;
  static std::condition_variable c;
  static bool ready = false;
  const explore_result r = explore_native([] {
    in_threads(
        [] {
          const auto begin = std::chrono::steady_clock::now();
          std::unique_lock lock(m);
          const bool came = c.wait_for(lock, std::chrono::hours(1), [] { return ready; });
          const auto waited = std::chrono::steady_clock::now() - begin;
          demand(came || waited >= std::chrono::hours(1), "it waits as long as it says");
        },
        [] {
          std::this_thread::sleep_for(std::chrono::hours(1));
          const std::lock_guard guard(m);
          ready = true;
          c.notify_one();
        });
  });
  expect_passes(r);
  EXPECT_LT(r.time, 60);
}

// ---- Variables of each thread

thread_local int own = 5;
std::atomic<int> ended{0};
struct counts_ends {
  ~counts_ends() { ended.fetch_add(1); }
  std::string text = "a text that is too long to be in the string itself";
};
thread_local counts_ends counted;

TEST(Native, HasVariablesOfEachThread) {
  own = 7;
  static std::atomic<const int*> first{nullptr};
  expect_passes(explore_native([] {
    demand(own == 7, "main has what it had before the search");
    const auto use = [] {
      demand(own == 5, "each thread has its own");
      own = 6;
      demand(first.exchange(&own) != &own, "in a place of its own");
      demand(!counted.text.empty(), "it is constructed");
    };
    in_threads(use, use);
    demand(own == 7, "the others have theirs");
    demand(ended == 2, "and are destroyed with their threads");
  }));
  expect_fails(explore_native([] {
                 std::atomic<int*> shared{nullptr};
                 in_threads(
                     [&] {
                       shared.store(&own, order::relaxed);
                       own = 1;
                     },
                     [&] {
                       if (int* const p = shared.load(order::relaxed)) *p = 2;
                     });
               }),
               "data race", "own of thread 0");
}

// The defects of GCC's library are of this version.
#if defined(_GLIBCXX_RELEASE) && _GLIBCXX_RELEASE == 12
TEST(Native, FindsTheLostWakeUpOfALatch) {
  expect_fails(explore_native([] {
                 std::latch latch(1);
                 std::thread t([&] { latch.count_down(); });
                 latch.wait();
                 t.join();
               }),
               "lost wake-up", "sleeps on");
}

TEST(Native, FindsTheRaceOfAnAtomicSharedPointer) {
  static std::atomic<std::shared_ptr<int>> p;
  expect_fails(explore_native([] {
                 in_threads([] { p.store(std::make_shared<int>(1)); },
                            [] {
                              if (const auto held = p.load()) demand(*held == 1, "it is whole");
                            });
               }),
               "data race", "::p by thread");
}
#endif

// ---- How executions end

TEST(Native, TellsHowAProgramEnds) {
  expect_fails(
      explore_native([] { in_threads([] { throw std::runtime_error("nobody catches it"); }); }),
      "assertion", "an exception left a thread");
  expect_fails(explore_native([] {
                 in_threads([] {
                   volatile int* volatile p = nullptr;
                   *p = 1;
                 });
               }),
               "crash", "signal 11");
  expect_fails(explore_native([] { in_threads([] { std::exit(3); }); }), "exit", "exit(3)");
#ifndef NDEBUG
  expect_fails(explore_native([] { in_threads([] { assert(data == 1); }); }), "assertion",
               "data == 1 does not hold (native_test.cpp:");
#endif
}

// ---- What is not known is refused

TEST(Native, RefusesCallsOfWhatItDoesNotKnow) {
  const auto body = [] { in_threads([] { flag = std::rand() > 0 ? 1 : 1; }, [] { flag = 2; }); };
  expect_fails(explore_native(body), "unsupported", "rand() of libc");
}

TEST(Native, RefusesAtomicsOfTwoSizes) {
  expect_fails(explore_native([] {
                 const auto wide = std::make_unique<std::atomic<std::uint64_t>>(0);
                 in_threads([&] { wide->fetch_add(1); },
                            [&] {
                              auto* const half = reinterpret_cast<std::uint32_t*>(wide.get());
                              __atomic_store_n(half, 1U, __ATOMIC_RELEASE);
                            });
               }),
               "unsupported", "is used as one of");
}

TEST(Native, RefusesAtomicsThatAreNotAligned) {
  expect_fails(explore_native([] {
                 alignas(8) std::array<char, 16> bytes{};
                 in_threads([&] {
                   auto* const p = reinterpret_cast<std::uint32_t*>(bytes.data() + 2);
                   __atomic_store_n(p, 1U, __ATOMIC_RELEASE);
                 });
               }),
               "unsupported", "is not aligned");
}

TEST(Native, SaysInItsVerdictWhatIsLeftOut) {
  static order how = order::release;
  const auto said = [](std::vector<const char*> arguments) {
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    arguments.insert(arguments.begin(), "check");
    const int status = runnel::model::check_native(
        "message", [] { pass_message(how); }, static_cast<int>(arguments.size()), arguments.data());
    return std::to_string(status) + testing::internal::GetCapturedStderr() +
           testing::internal::GetCapturedStdout();
  };
  const auto has = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(said({}), "0message: passed: every execution was visited: 2 executions");
  has(said({"--cut-polls"}), "visited, but for those in which what is polled changes");
  has(said({"--allow-call", "rand"}), "message (rand() not looked into): passed");
  has(said({"--allow-leaks"}), "message (leaks allowed): passed");
  has(said({"--tolerate-races", "*"}), "message (data races of * tolerated): passed");
  has(said({"--help"}), "--allow-call NAME");
  how = order::relaxed;
  has(said({"--cut-polls"}), " --cut-polls\n");
  has(said({"--tolerate-races", "other"}), "1message (data races of other() tolerated): FAILED");
  has(said({"--allow-call"}), "2");
}

TEST(Native, RefusesAnAtomicNand) {
  static unsigned bits = 0;
  expect_fails(explore_native([] {
                 in_threads([] { (void)__atomic_fetch_nand(&bits, 1U, __ATOMIC_RELAXED); });
               }),
               "unsupported", "nand");
}

TEST(Native, AllowsCallsInOneSearchAlone) {
  const auto body = [] {
    in_threads([] { flag = std::labs(std::rand()) >= 0 ? 1 : 0; }, [] { flag = 2; });
  };
  expect_passes(explore_native(body, {}, {.allowed_functions = {"rand"}}));
  expect_fails(explore_native(body), "unsupported", "rand() of libc");
}

int hits = 0;
void count_roughly() {
  flag.fetch_add(1, order::relaxed);  // what they share but for the count
  ++hits;
}
[[gnu::noinline]] int read_roughly() { return hits; }

TEST(Native, ToleratesRacesOfFunctionsAlone) {
  const auto counts = [] { in_threads(count_roughly, count_roughly); };
  expect_fails(explore_native(counts), "data race", "hits");
  const explore_result r = explore_native(counts, {}, {.tolerated_races = {"count_roughly"}});
  expect_passes(r);
  EXPECT_EQ(r.complete, 2U);
  expect_passes(explore_native(counts, {}, {.tolerated_races = {"count_*"}}));
  expect_fails(explore_native(counts, {}, {.tolerated_races = {"read_roughly"}}), "data race",
               "hits");
  // One of the two is enough.
  const auto reads = [] {
    in_threads(count_roughly, [] { demand(flag + read_roughly() >= 0, "they are read"); });
  };
  expect_fails(explore_native(reads), "data race", "hits");
  expect_passes(explore_native(reads, {}, {.tolerated_races = {"read_roughly"}}));
}

[[gnu::noinline]] int read_plainly() { return *reinterpret_cast<const volatile int*>(&flag); }

TEST(Native, ToleratesPlainReadsOfAtomics) {
  const auto reads = [] {
    in_threads([] { flag.store(1); }, [] { demand(read_plainly() + flag >= 0, "it is read"); });
  };
  expect_fails(explore_native(reads), "data race", "flag");
  expect_passes(explore_native(reads, {}, {.tolerated_races = {"read_plainly"}}));
}

TEST(Native, RefusesWritesToWhatDoesNotBeginAnew) {
  std::atomic<int> outside{0};
  expect_fails(explore_native([&] { in_threads([&] { outside = 1; }, [&] { outside = 2; }); }),
               "unsupported", "was there before the search");
  expect_fails(explore_native([&] { in_threads([&] { outside.fetch_add(1); }); }), "unsupported",
               "was there before the search");
  const auto before = std::make_unique<int>(0);
  expect_fails(explore_native([&] { in_threads([&] { *before = 1; }); }), "unsupported",
               "was there before the search");
  static std::string text = "a text that is too long to be in the string itself";
  expect_fails(explore_native([] { std::string().swap(text); }), "unsupported",
               "was there before the search");
  sem_t semaphore{};
  expect_fails(explore_native([&] { in_threads([&] { sem_init(&semaphore, 0, 1); }); }),
               "unsupported", "was there before the search");
  pthread_mutex_t mutex{};
  expect_fails(explore_native([&] { in_threads([&] { pthread_mutex_init(&mutex, nullptr); }); }),
               "unsupported", "was there before the search");
  EXPECT_EQ(outside, 0);
  EXPECT_EQ(*before, 0);
}

TEST(Native, KeepsWhatAnUnobservedFunctionFinds) {
  std::set<std::pair<int, int>> outcomes;
  unsigned executions = 0;
  expect_passes(explore_native([&] {
    std::atomic<int> x{0};
    std::atomic<int> y{0};
    int a = 0;
    int b = 0;
    in_threads(
        [&] {
          x.store(1, order::release);
          a = y.load(order::acquire);
        },
        [&] {
          y.store(1, order::release);
          b = x.load(order::acquire);
        });
    unobserved([&] {
      ++executions;
      outcomes.emplace(a, b);
    });
  }));
  EXPECT_EQ(executions, 4);
  EXPECT_EQ(outcomes.size(), 4);
}

[[gnu::noinline]] void writes_it() { data = 1; }
[[gnu::noinline]] void calls_what_writes() {
  writes_it();
  flag.store(2, order::relaxed);  // so that the call is not the last thing it does
}

TEST(Native, TellsWhoHasCalledWhatFails) {
  const explore_result r = explore_native([] { in_threads(calls_what_writes, calls_what_writes); });
  expect_fails(r, "data race", "data");
  const std::size_t fails = r.history.find("fails: data race\nthread ");
  const std::size_t caller = r.history.find("called by calls_what_writes()\n");
  EXPECT_LT(fails, caller) << r.history;
  EXPECT_NE(caller, std::string::npos) << r.history;
  EXPECT_EQ(r.history.find("called by std::"), std::string::npos) << r.history;
}

TEST(Native, KnowsHowAnObjectWasMade) {
  void (*const give_back)(void*) = [](void* p) { ::operator delete(p); };
  expect_fails(explore_native(
                   [=] { in_threads([=] { give_back(::operator new[](8)); }, [] { flag = 1; }); }),
               "bad free", "delete");
  void (*const give_back_less)(void*) = [](void* p) { ::operator delete(p, std::size_t{4}); };
  expect_fails(explore_native([=] {
                 in_threads([=] { give_back_less(::operator new(8)); }, [] { flag = 1; });
               }),
               "bad free", "4");
  expect_passes(explore_native([=] {
    in_threads([=] { give_back(::operator new(8)); }, [] { flag = 1; }, [] { flag = 2; });
    struct alignas(64) line {
      int n;
    };
    delete new line();
    delete[] new line[2];
  }));
}

TEST(Native, NamesAnObjectByTheLineThatMakesIt) {
  const explore_result r = explore_native([] {
    struct pair {
      int first;
      std::atomic<int> second;
    };
    const auto p = std::make_unique<pair>();
    in_threads([&] { p->second = 1; }, [&] { p->first = 1; }, [&] { p->first = 2; });
  });
  expect_fails(r, "data race", "a write to heap(native_test.cpp:");
  EXPECT_NE(r.history.find(")+4 = 1 (seq_cst)"), std::string::npos) << r.history;
}

/// No register keeps the count from one call to the next.
[[gnu::noinline]] bool counts_on(const std::atomic<int*>& turns) { return ++*turns.load() < 4; }

TEST(Native, KnowsALoopWhoseCountOthersWrite) {
  const explore_result r = explore_native([] {
    int count = 0;
    std::atomic<int*> turns{&count};
    std::thread t([&] {
      *turns.load() = 1;
      flag = 1;
    });
    while (flag.load() == 0) {
    }
    while (counts_on(turns)) {
    }
    demand(count == 4, "it counts");
    t.join();
  });
  expect_passes(r);
  EXPECT_GT(r.complete, 0U);
}

TEST(Native, RefusesAnotherSearchWithinOne) {
  expect_fails(explore_native([] { (void)explore_native([] { flag = 1; }); }), "assertion",
               "an exception left");
  EXPECT_THROW(explore_native([] { flag = 1; }, {.replay = "nonsense"}), std::invalid_argument);
}

// ---- The channel as it ships: its own platform, its futexes

// Two threads, of which the receiver does not wait. (That one waits for the other takes thousands of executions.)
TEST(Native, SeesAllExecutionsOfTheChannelThatShips) {
  const auto body = [] {
    auto [tx, rx] = runnel::mpsc::channel<int>();
    std::thread t([&sender = tx] { demand(sender.send(1).has_value(), "it is sent"); });
    auto v = rx.try_recv();
    t.join();
    if (!v) v = rx.try_recv();
    demand(v.has_value() && *v == 1, "it arrives");
  };
  const explore_result all = explore_native(body);
  expect_passes(all);
  EXPECT_GT(all.complete, 10U);
  const explore_result cut = explore_native(body, {}, {.cuts_polls = true});
  expect_passes(cut);
  EXPECT_LT(cut.complete, all.complete);
}

}  // namespace

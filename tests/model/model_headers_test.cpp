// SPDX-License-Identifier: MIT
//
// What programs that are explored are written with: each kind of mistake is found, and no other.
#include <runnel/model/check.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <string>

namespace runnel::model {
namespace {

/// The kind of failure; empty if every execution was visited and none failed.
template <class State, class... Bodies>
std::string failure(Bodies... bodies) {
  const explore_result r = explore<State>({}, bodies...);
  EXPECT_EQ(r.end == end_of_search::failed, !r.failure.empty());
  EXPECT_NE(r.end, end_of_search::cut);
  return r.failure;
}

// ---- Plain variables

struct plain {
  var<int> value{0};
  var<int> uninitialised;
  var<int*> pointer;
  var<std::string> text;
};

TEST(Var, IsUsedAsWhatItHolds) {
  EXPECT_EQ(failure<plain>([](plain& p) {
              p.value += 3;
              ++p.value;
              p.value--;
              p.value = p.value + 1;
              require(p.value == 4, "operators");
              p.uninitialised = p.value;
              require(p.uninitialised.get() == 4, "assignment");
              p.text.write([](std::string& s) { s += "a text that is too long for the object"; });
              require(p.text.read([](const std::string& s) { return s.size(); }) == 38,
                      "callbacks");
            }),
            "");
}

TEST(Var, WithoutAnInitialiserHoldsNothing) {
  EXPECT_EQ(failure<plain>([](plain& p) { (void)p.uninitialised.get(); }), "uninitialised access");
  EXPECT_EQ(failure<plain>([](plain& p) { ++p.uninitialised; }), "uninitialised access");
  EXPECT_EQ(failure<plain>([](plain& p) { (void)p.pointer.get(); }), "uninitialised access");
  EXPECT_EQ(failure<plain>([](plain& p) { (void)p.text.get(); }), "");
}

TEST(Var, IsCheckedForRaces) {
  const auto reads = [](plain& p) { (void)p.value.get(); };
  const auto writes = [](plain& p) { p.value = 1; };
  EXPECT_EQ(failure<plain>(reads, reads), "");
  EXPECT_EQ(failure<plain>(reads, writes), "data race");
  EXPECT_EQ(failure<plain>(writes, writes), "data race");
}

// ---- Storage

struct slot {
  cell<std::unique_ptr<int>> storage;
};

TEST(Cell, HoldsOneValueAtATime) {
  EXPECT_EQ(failure<slot>([](slot& s) {
              s.storage.construct(std::make_unique<int>(1));
              require(*s.storage.take() == 1, "value");
            }),
            "");
  EXPECT_EQ(failure<slot>([](slot& s) {
              s.storage.construct(nullptr);
              s.storage.construct(nullptr);
            }),
            "lost value");
  EXPECT_EQ(failure<slot>([](slot& s) { (void)s.storage.take(); }), "uninitialised access");
  EXPECT_EQ(failure<slot>([](slot& s) { s.storage.construct(nullptr); }), "leak");
}

// ---- Memory

struct published {
  atomic<var<int>*> p{nullptr};
  ~published() { delete p.load(); }
};

TEST(Memory, BelongsToTheExecution) {
  EXPECT_EQ(failure<published>([](published& s) { s.p = new var<int>(1); },
                               [](published& s) {
                                 if (auto* const v = s.p.load()) require(*v == 1, "value");
                               }),
            "");
}

TEST(Memory, OfWhichAPartIsNotFreedLeaks) {
  EXPECT_EQ(failure<published>([](published& s) {
              s.p = new var<int>(1);
              s.p = nullptr;
            }),
            "leak");
}

TEST(Memory, IsNotUsedAfterItWasFreed) {
  EXPECT_EQ(failure<published>([](published&) {
              auto* const v = new var<int>(1);
              delete v;
              (void)v->get();
            }),
            "use after free");
  EXPECT_EQ(failure<published>([](published& s) {
              s.p = new var<int>(1);
              delete s.p.load();
            }),
            "use after free");
}

/// The compiler may not take the pair of a new and a delete away.
void* volatile passed_on = nullptr;
template <class T>
T* pass(T* p) {
  passed_on = p;
  return static_cast<T*>(passed_on);
}

struct base {
  int number = 1;
};
struct derived : base {
  long more = 2;
};
struct alignas(64) aligned {
  int number = 1;
};
struct nothing {};

template <class F>
explore_result explored(F frees) {
  return explore<nothing>({}, [&](nothing&) { frees(); });
}

TEST(Memory, IsFreedAsItWasAllocated) {
  EXPECT_EQ(explored([] {
              delete pass(new int(1));
              delete[] pass(new int[4]);
              delete[] pass(new std::string[4]);
              delete pass(new aligned);
              delete[] pass(new aligned[2]);
              delete pass(static_cast<int*>(nullptr));
              ::operator delete(pass(::operator new(8, std::nothrow)), std::nothrow);
              ::operator delete[](pass(::operator new[](8, std::nothrow)), std::nothrow);
              ::operator delete(pass(::operator new(8)), std::size_t{8});
            }).failure,
            "");
  const auto message = [](auto frees) {
    const explore_result r = explored(frees);
    EXPECT_EQ(r.failure, "bad free") << r.message;
    return r.message;
  };
  EXPECT_EQ(message([] { delete pass(new int[4]); }), "memory of new[] is freed by delete");
  EXPECT_EQ(message([] { delete[] pass(new int(4)); }), "memory of new is freed by delete[]");
  EXPECT_EQ(message([] { ::operator delete(pass(::operator new(8)), std::size_t{16}); }),
            "a block whose size is 8 bytes is freed as one of 16");
  EXPECT_EQ(message([] { ::operator delete[](pass(::operator new[](8)), std::size_t{4}); }),
            "a block whose size is 8 bytes is freed as one of 4");
  EXPECT_EQ(message([] { ::operator delete(pass<void>(new aligned)); }),
            "a block whose alignment is 64 bytes is freed as one of 16");
  EXPECT_EQ(message([] { ::operator delete(pass(::operator new(8)), std::align_val_t{64}); }),
            "a block whose alignment is 16 bytes is freed as one of 64");
  EXPECT_EQ(message([] {
              int* const p = new int(4);
              delete pass(p);
              delete pass(p);
            }),
            "a block of 4 bytes is freed twice");
  EXPECT_EQ(message([] { delete pass(new int[4] + 1); }),
            "what is freed is no block, but lies in one of 16 bytes, 4 after its begin");
}

TEST(Memory, OfSomebodyElseIsNotFreed) {
  const auto failure = [](auto frees) { return explored(frees).failure; };
  const auto before = std::make_unique<int>(1);
  int on_the_stack = 1;
  EXPECT_EQ(failure([&] { delete pass(before.get()); }), "bad free");
  EXPECT_EQ(failure([&] { delete pass(&on_the_stack); }), "bad free");
  void* const from_malloc = std::malloc(8);
  EXPECT_EQ(failure([&] { ::operator delete(pass(from_malloc)); }), "bad free");
  std::free(from_malloc);
  // The C library notices.
  EXPECT_EQ(failure([&] { std::free(pass(::operator new(8))); }), "crash");
}

#ifdef __cpp_sized_deallocation
TEST(Memory, OfADerivedClassIsNotFreedAsThatOfItsBase) {
  EXPECT_EQ(explored([] { delete pass<base>(new derived); }).failure, "bad free");
}
#endif

struct pointers {
  atomic<int*> first{nullptr};
  atomic<int*> newest{nullptr};
};

/// Recording must not move the memory of the program: addresses are values that it stores. Fails in
/// an execution that has many of them before the alternative that is taken.
TEST(Memory, IsAtTheSamePlaceWhenAFailureIsShown) {
  const explore_result r = explore<pointers>(
      {},
      [](pointers& s) {
        for (int i = 0; i < 3; ++i) {
          const auto made = std::make_unique<int>(i);
          if (i == 1) s.first = made.get();
          s.newest = made.get();
        }
      },
      [](pointers& s) {
        int* const seen = s.newest.load();
        require(seen == nullptr || seen != s.first.load(), "the second is seen");
      });
  EXPECT_EQ(r.failure, "assertion");
  EXPECT_EQ(r.history.find("does not do"), std::string::npos) << r.history;
  EXPECT_NE(r.history.find("model_headers_test.cpp:"), std::string::npos) << r.history;
  EXPECT_NE(r.history.find(" = heap+"), std::string::npos) << r.history;
}

// ---- Atomics

struct counters {
  atomic<std::uint8_t> small{250};
  atomic<int> number{0};
};

TEST(Atomic, CountsAsOfTheStandardLibrary) {
  EXPECT_EQ(failure<counters>([](counters& c) {
              require((c.small += 10) == 4, "wraps around");
              require(c.small-- == 4 && --c.small == 2, "decrements");
              require(c.number++ == 0 && ++c.number == 2, "increments");
              require((c.number = 7) == 7 && c.number == 7, "assigns");
              c.number -= 3;
              require(c.number == 4, "subtracts");
            }),
            "");
}

TEST(Atomic, SleepersAreWokenByWhoNotifiesThem) {
  const auto sleeps = [](counters& c) { c.number.wait(0, std::memory_order::acquire); };
  EXPECT_EQ(failure<counters>(sleeps,
                              [](counters& c) {
                                c.number.store(1, std::memory_order::release);
                                c.number.notify_one();
                              }),
            "");
  EXPECT_EQ(failure<counters>(sleeps,
                              [](counters& c) {
                                c.number.notify_one();
                                c.number.store(1, std::memory_order::release);
                              }),
            "lost wake-up");
  EXPECT_EQ(failure<counters>(sleeps, sleeps,
                              [](counters& c) {
                                c.number.store(1, std::memory_order::release);
                                c.number.notify_all();
                              }),
            "");
}

TEST(Atomic, AwaitExchangeTakesTurns) {
  EXPECT_EQ(failure<counters>([](counters& c) { c.number.await_exchange(1, 2); },
                              [](counters& c) { c.number.await_exchange(0, 1); }),
            "");
  EXPECT_EQ(failure<counters>([](counters& c) { c.number.await_exchange(1, 2); }), "livelock");
}

// ---- The mutex

struct locked {
  std::array<mutex, 2> locks;
  var<int> value{0};

  void after() const { require(value <= 2, "value"); }
};

struct handed_over {
  mutex lock;
  atomic<int> turn{0};
};
struct kept {
  kept() { lock.lock(); }
  void after() { lock.unlock(); }
  mutex lock;
};

TEST(Mutex, Excludes) {
  const auto adds = [](locked& s) {
    const std::lock_guard guard(s.locks[0]);
    ++s.value;
  };
  const auto adds_under_another = [](locked& s) {
    const std::lock_guard guard(s.locks[1]);
    ++s.value;
  };
  const auto tries = [](locked& s) {
    if (const std::unique_lock guard(s.locks[0], std::try_to_lock); guard) ++s.value;
  };
  EXPECT_EQ(failure<locked>(adds, adds), "");
  EXPECT_EQ(failure<locked>(adds, tries), "");
  EXPECT_EQ(failure<locked>(adds, adds_under_another), "data race");
  EXPECT_EQ(failure<locked>(adds, adds, adds), "assertion");
}

TEST(Mutex, InTwoOrdersIsADeadlock) {
  const auto locks = [](std::size_t first) {
    return [first](locked& s) {
      const std::lock_guard one(s.locks[first]);
      const std::lock_guard other(s.locks[1 - first]);
    };
  };
  EXPECT_EQ(failure<locked>(locks(0), locks(0)), "");
  EXPECT_EQ(failure<locked>(locks(0), locks(1)), "deadlock");
}

TEST(Mutex, IsUnlockedByWhoLockedIt) {
  const auto unlocks = [](locked& s) { s.locks[0].unlock(); };
  const auto locks = [](locked& s) { s.locks[0].lock(); };
  EXPECT_EQ(failure<locked>(unlocks), "assertion");
  EXPECT_EQ(failure<locked>([](locked& s) {
              s.locks[0].lock();
              s.locks[0].unlock();
              s.locks[0].unlock();
            }),
            "assertion");
  const explore_result r = explore<handed_over>(
      {},
      [](handed_over& s) {
        s.lock.lock();
        s.turn = 1;
      },
      [](handed_over& s) {
        s.turn.await([](int t) { return t == 1; });
        s.lock.unlock();
      });
  EXPECT_EQ(r.failure, "assertion");
  EXPECT_EQ(r.message, "thread 1 unlocks a mutex that thread 0 holds");
  EXPECT_EQ(failure<locked>(locks, unlocks), "assertion");
}

TEST(Mutex, IsUnlockedWhenItIsDestroyed) {
  const explore_result r = explore<locked>({}, [](locked& s) { s.locks[1].lock(); });
  EXPECT_EQ(r.failure, "assertion");
  EXPECT_EQ(r.message, "a mutex is destroyed while thread 0 holds it");
  EXPECT_EQ(failure<locked>([](locked& s) {
              if (s.locks[1].try_lock()) s.value = 1;
            }),
            "assertion");
  // Somebody may keep it for those who come after the threads.
  EXPECT_EQ(failure<kept>([](kept&) {}), "");
}

TEST(Mutex, IsNotLockedTwiceByOneThread) {
  const auto locks_twice = [](locked& s) {
    s.locks[0].lock();
    s.locks[0].lock();
  };
  // That another thread goes on, or waits for a time, does not hide it.
  const explore_result r = explore<locked>({}, locks_twice, [](locked& s) { s.value = 1; });
  EXPECT_EQ(r.failure, "deadlock");
  EXPECT_EQ(r.message, "thread 0 locks a mutex again that it holds");
  EXPECT_EQ(failure<locked>([](locked& s) {
              require(s.locks[0].try_lock(), "it is free");
              s.locks[0].lock();
            }),
            "deadlock");
}

// ---- Checks and their exit status

struct sometimes_fails {
  static constexpr unsigned threads = 2;

  void thread(unsigned index) {
    if (index == 0) {
      number = 1;
    } else {
      seen = number;
    }
  }
  void after() const { require(seen == 0, "the one thread sees the other"); }

  atomic<int> number{0};
  var<int> seen{0};
};

template <class... Arguments>
int status(Arguments... arguments) {
  const std::array<const char*, sizeof...(arguments) + 1> argv{"program", arguments...};
  return check<sometimes_fails>("name", static_cast<int>(argv.size()), argv.data());
}

TEST(Check, HasAnExitStatus) {
  const std::array<const char*, 1> alone{"program"};
  EXPECT_EQ(check<counters>("name", 1, alone.data(), [](counters&) {}), 0);
  EXPECT_EQ(status(), 1);
  EXPECT_EQ(status("--expect-failure", "assertion"), 0);
  EXPECT_EQ(status("--expect-failure", "data race"), 1);
  EXPECT_EQ(status("--limit", "1"), 1);
  EXPECT_EQ(status("--unknown"), 2);
  EXPECT_EQ(status("--replay", "nothing"), 2);
  testing::internal::CaptureStdout();
  EXPECT_EQ(status("--help"), 0);
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_NE(help.find("\nExamples:\n  program --timeout 60\n"), help.npos) << help;
  testing::internal::CaptureStderr();
  EXPECT_EQ(status("--timeot", "60"), 2);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_NE(told.find("--timeot; did you mean '--timeout'?"), told.npos) << told;
}

struct fails_in_its_own_way {
  static constexpr unsigned threads = 2;
  fails_in_its_own_way() {}
  void thread(unsigned) { n.fetch_add(1); }
  void after() { fail("own kind", "it always does"); }
  atomic<int> n{0};
};

template <class... Arguments>
int own_status(Arguments... arguments) {
  const std::array<const char*, sizeof...(arguments) + 1> argv{"program", arguments...};
  return check<fails_in_its_own_way>("name", static_cast<int>(argv.size()), argv.data());
}

TEST(Check, RefusesAKindThatThereIsNot) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(status("--expect-failure", "data rase"), 2);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_NE(told.find("\"data rase\" is no kind of failure: --list has them all"), told.npos)
      << told;
  EXPECT_EQ(own_status("--expect-failure", "own kind"), 2);
  EXPECT_EQ(own_status("--expect-own-failure", "own kind"), 0);
  EXPECT_EQ(own_status("--expect-own-failure", "another kind"), 1);
  EXPECT_EQ(own_status("--expect-own-failure", "own kind", "--expect-failure", "leak"), 2);
}

TEST(Check, ListsTheKinds) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(status("--list"), 0);
  const std::string told = testing::internal::GetCapturedStdout();
  for (const char* const kind : {"data race", "deadlock", "nothing is shared", "use after free"})
    EXPECT_NE(told.find(kind), told.npos) << told;
}

/// The first execution that fails has more events.
struct fails_small_and_large {
  static constexpr unsigned threads = 2;
  fails_small_and_large() {}
  void thread(unsigned index) {
    if (index == 0) return n.store(1);
    if (n.load() == 1)
      for (int i = 0; i < 5; ++i) n.load();
    fail("assertion", "in any case");
  }
  atomic<int> n{0};
};

TEST(Check, ShowsTheSmallestFailure) {
  const auto told = [](const char* n) {
    const std::array<const char*, 3> argv{"program", "--smallest", n};
    testing::internal::CaptureStderr();
    EXPECT_EQ(check<fails_small_and_large>("name", n == nullptr ? 1 : 3, argv.data()), 1);
    return testing::internal::GetCapturedStderr();
  };
  const std::string smallest = told(nullptr);
  EXPECT_NE(smallest.find("(the smallest of "), smallest.npos) << smallest;
  const std::string first = told("0");
  EXPECT_EQ(first.find("(the smallest of "), first.npos) << first;
  EXPECT_LT(smallest.size(), first.size());
}

TEST(Check, RepeatsTheExecutionThatFailed) {
  explore_options how;
  how.replay = explore<sometimes_fails>().replay;
  EXPECT_EQ(status("--replay", how.replay.c_str()), 1);
  EXPECT_EQ(explore<sometimes_fails>(how).failure, "assertion");
}

}  // namespace
}  // namespace runnel::model

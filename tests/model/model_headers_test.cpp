// SPDX-License-Identifier: MIT
//
// What programs that are explored are written with: each kind of mistake is found, and no other.
#include <runnel/model/check.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
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
  EXPECT_EQ(failure<locked>([](locked& s) { s.locks[0].unlock(); }), "assertion");
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
  EXPECT_EQ(status("--help"), 0);
}

TEST(Check, RepeatsTheExecutionThatFailed) {
  explore_options how;
  how.replay = explore<sometimes_fails>().replay;
  EXPECT_EQ(status("--replay", how.replay.c_str()), 1);
  EXPECT_EQ(explore<sometimes_fails>(how).failure, "assertion");
}

}  // namespace
}  // namespace runnel::model

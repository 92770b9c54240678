// SPDX-License-Identifier: MIT
//
// Semaphores, latches and barriers of programs that are explored: how many executions they take, what
// happens before what, and nothing else; and how misuse is told.
#include "outcome.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>

namespace runnel::model {
namespace {

constexpr auto relaxed = std::memory_order::relaxed;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// Something to count with, data, and a signal that orders nothing.
template <class Counter, std::ptrdiff_t Begin>
struct counted {
  Counter counter{Begin};
  var<int> value{0};
  std::array<var<int>, 3> values;
  atomic<int> signal{0};
};

/// Each thread does its part after the one before, which nothing but the parts themselves orders.
template <class State, class... Parts>
std::string in_turn(Parts... parts) {
  int n = 0;
  const auto at = [&n](auto part) {
    return [when = n++, part](State& s) {
      if (s.signal.load(relaxed) != when) return;
      part(s);
      s.signal.store(when + 1, relaxed);
    };
  };
  // In braces they are numbered from left to right.
  return std::apply([](auto... bodies) { return failure<State>(bodies...); },
                    std::tuple{at(parts)...});
}

// ---- Semaphores

template <std::ptrdiff_t Begin>
using counting = counted<counting_semaphore<>, Begin>;
template <std::ptrdiff_t Begin>
using binary = counted<binary_semaphore, Begin>;

const auto adds = [](auto& s) {
  s.counter.acquire();
  ++s.value;
  s.counter.release();
};
const auto acquires = [](auto& s) { s.counter.acquire(); };
const auto tries = [](auto& s) { return s.counter.try_acquire(); };
const auto tries_for_a_time = [](auto& s) { return s.counter.try_acquire_for(seconds(1)); };
const auto tries_until = [](auto& s) {
  return s.counter.try_acquire_until(steady_clock::time_point());
};

TEST(Semaphore, OfOneExcludes) {
  EXPECT_EQ(outcome<binary<1>>(adds, adds), "2 executions");
  EXPECT_EQ(outcome<counting<1>>(adds, adds, adds), "6 executions");
  EXPECT_EQ(outcome<counting<2>>(adds, adds), "data race");
}

TEST(Semaphore, LetsInAsManyAsItCounts) {
  EXPECT_EQ(outcome<counting<2>>(acquires, acquires), "2 executions");
  EXPECT_EQ(outcome<counting<2>>(acquires, acquires, acquires), "deadlock");
  EXPECT_NE(message<binary<0>>(acquires).find("at semaphore acquire, whose value is 0"),
            std::string::npos);
  EXPECT_EQ(outcome<counting<0>>(acquires, acquires, [](auto& s) { s.counter.release(2); }),
            "2 executions");
  EXPECT_EQ(outcome<counting<0>>(acquires, acquires, [](auto& s) { s.counter.release(1); }),
            "deadlock");
}

const auto hands_over = [](auto& s) {
  s.value = 1;
  s.counter.release();
};
const auto when = [](auto acquired) {
  return [acquired](auto& s) {
    if (acquired(s)) (void)s.value.get();
  };
};

TEST(Semaphore, OrdersAReleaseWithWhoAcquires) {
  EXPECT_EQ(outcome<binary<0>>(hands_over,
                               [](auto& s) {
                                 s.counter.acquire();
                                 (void)s.value.get();
                               }),
            "1 executions");
  EXPECT_EQ(outcome<binary<0>>(hands_over, when(tries)), "2 executions");
  EXPECT_EQ(outcome<binary<0>>(hands_over, when(tries_for_a_time)), "2 executions");
  EXPECT_EQ(outcome<binary<0>>(hands_over, when(tries_until)), "2 executions");
  // Also if others have released and acquired in between.
  EXPECT_EQ((in_turn<counting<0>>(
                hands_over, [](auto& s) { s.counter.release(2); },
                [](auto& s) {
                  s.counter.acquire();
                  s.counter.acquire();
                  (void)s.value.get();
                })),
            no_failure);
}

TEST(Semaphore, OrdersNothingElse) {
  const auto acquires_after = [](auto& s) {
    s.value = 1;
    s.counter.acquire();
  };
  const auto acquires_before = [](auto& s) {
    s.counter.acquire();
    (void)s.value.get();
  };
  // Who acquires gives nothing to who acquires later, or releases.
  EXPECT_EQ((in_turn<counting<2>>(acquires_after, acquires_before)), "data race");
  EXPECT_EQ((in_turn<counting<1>>(hands_over,
                                  [](auto& s) {
                                    s.counter.release();
                                    (void)s.value.get();
                                  })),
            "data race");
  // Who does not acquire has nothing from who has.
  EXPECT_EQ(outcome<binary<1>>(acquires_after,
                               [](auto& s) {
                                 if (!s.counter.try_acquire()) (void)s.value.get();
                               }),
            "data race");
}

TEST(Semaphore, IsMissedWithoutAReasonOrInTime) {
  const auto succeeds = [](auto attempt) {
    return [attempt](auto& s) { require(attempt(s), "it is free"); };
  };
  EXPECT_EQ(outcome<binary<1>>(succeeds(tries)), "1 executions");
  EXPECT_EQ(outcome_with<binary<1>>({.weak_failures = 1}, succeeds(tries)), "assertion");
  EXPECT_EQ(outcome<binary<1>>(succeeds(tries_for_a_time)), "assertion");
  EXPECT_EQ(outcome<binary<1>>(tries_for_a_time), "2 executions");
  EXPECT_EQ(outcome<binary<0>>(tries_until), "1 executions");
}

template <std::ptrdiff_t Max, std::ptrdiff_t Begin>
struct limited {
  counting_semaphore<Max> counter{Begin};
};

TEST(Semaphore, IsMisusedInTheseWays) {
  EXPECT_EQ((message<limited<3, 4>>([](auto&) {})),
            "a semaphore begins with 4, and may have 0 to 3");
  EXPECT_EQ((message<limited<3, -1>>([](auto&) {})),
            "a semaphore begins with -1, and may have 0 to 3");
  EXPECT_EQ((message<limited<3, 2>>([](auto& s) { s.counter.release(2); })),
            "a semaphore is released beyond its maximum of 3");
  EXPECT_EQ((message<limited<3, 0>>([](auto& s) { s.counter.release(-1); })),
            "a semaphore is released -1 times");
  EXPECT_EQ((outcome<limited<3, 1>>([](auto& s) { s.counter.release(2); },
                                    [](auto& s) { s.counter.release(0); })),
            "2 executions");
  EXPECT_EQ((outcome<limited<1, 0>>([](auto& s) { s.counter.release(); },
                                    [](auto& s) { s.counter.release(); })),
            "assertion");
}

// ---- Latches

template <std::ptrdiff_t Begin>
using latched = counted<latch, Begin>;

const auto counts_down = [](auto& s) { s.counter.count_down(); };
const auto waits = [](auto& s) { s.counter.wait(); };
const auto meets = [](auto& s) { s.counter.arrive_and_wait(); };

/// Each writes before it meets the others, and then reads what they have written.
template <std::size_t Threads>
const auto exchanges = [](std::size_t me) {
  return [me](auto& s) {
    s.values[me] = 1;
    s.counter.arrive_and_wait();
    for (std::size_t i = 0; i < Threads; ++i) require(s.values[i] == 1, "written before");
  };
};

TEST(Latch, OrdersAllWithAllWhoWait) {
  EXPECT_EQ(outcome<latched<2>>(exchanges<2>(0), exchanges<2>(1)), "2 executions");
  EXPECT_EQ(outcome<latched<3>>(exchanges<3>(0), exchanges<3>(1), exchanges<3>(2)), "6 executions");
  EXPECT_EQ(outcome<latched<1>>(
                [](auto& s) {
                  s.value = 1;
                  s.counter.count_down();
                },
                [](auto& s) {
                  s.counter.wait();
                  (void)s.value.get();
                }),
            "1 executions");
  EXPECT_EQ(outcome<latched<1>>(
                [](auto& s) {
                  s.value = 1;
                  s.counter.count_down();
                },
                [](auto& s) {
                  if (s.counter.try_wait()) (void)s.value.get();
                }),
            "2 executions");
}

TEST(Latch, OrdersNothingForWhoDoesNotWait) {
  const auto counts_after = [](auto& s) {
    s.value = 1;
    s.counter.count_down();
  };
  const auto counts_before = [](auto& s) {
    s.counter.count_down();
    (void)s.value.get();
  };
  EXPECT_EQ((in_turn<latched<2>>(counts_after, counts_before)), "data race");
  EXPECT_EQ((in_turn<latched<2>>(counts_after,
                                 [](auto& s) {
                                   require(!s.counter.try_wait(), "one is left");
                                   (void)s.value.get();
                                 })),
            "data race");
  // Nor for what is done after the count.
  EXPECT_EQ((outcome<latched<1>>(
                [](auto& s) {
                  s.counter.count_down();
                  s.value = 1;
                },
                [](auto& s) {
                  s.counter.wait();
                  (void)s.value.get();
                })),
            "data race");
}

TEST(Latch, CountsWhatItIsTold) {
  EXPECT_EQ(outcome<latched<3>>([](auto& s) { s.counter.count_down(2); },
                                [](auto& s) { s.counter.arrive_and_wait(1); }),
            "2 executions");
  EXPECT_EQ(outcome<latched<0>>(waits), "1 executions");
  EXPECT_EQ(outcome<latched<2>>(counts_down, waits), "deadlock");
  EXPECT_NE(message<latched<2>>(counts_down, waits)
                .find("at latch wait, whose value is 1, written by thread 0 at latch count_down"),
            std::string::npos);
  EXPECT_EQ(message<latched<1>>([](auto& s) { s.counter.count_down(2); }),
            "a latch is counted down by 2 when 1 are left");
  EXPECT_EQ(outcome<latched<1>>(counts_down, meets), "assertion");
  EXPECT_EQ(message<latched<1>>([](auto& s) { s.counter.count_down(-1); }),
            "a latch is counted down by -1");
  EXPECT_EQ(message<latched<-1>>(waits), "a latch begins with -1");
}

// ---- Barriers

template <std::ptrdiff_t Begin>
using barred = counted<barrier<>, Begin>;

TEST(Barrier, OrdersAllWithAllInEachPhase) {
  EXPECT_EQ(outcome<barred<2>>(exchanges<2>(0), exchanges<2>(1)), "2 executions");
  EXPECT_EQ(outcome<barred<3>>(exchanges<3>(0), exchanges<3>(1), exchanges<3>(2)), "6 executions");
  const auto takes_turns = [](int me) {
    return [me](auto& s) {
      for (int round = 0; round < 3; ++round) {
        if (round % 2 == me) ++s.value;
        s.counter.arrive_and_wait();
      }
    };
  };
  EXPECT_EQ(outcome<barred<2>>(takes_turns(0), takes_turns(1)), "8 executions");
  EXPECT_EQ(outcome<barred<2>>(takes_turns(0), takes_turns(0)), "data race");
}

TEST(Barrier, OrdersNothingElse) {
  // Who arrives has nothing from who has arrived before.
  EXPECT_EQ((in_turn<barred<3>>(
                [](auto& s) {
                  s.value = 1;
                  (void)s.counter.arrive();
                },
                [](auto& s) {
                  (void)s.counter.arrive();
                  (void)s.value.get();
                })),
            "data race");
  // Nobody has to have waited for a phase who arrives in the next one.
  EXPECT_EQ((in_turn<barred<1>>(meets, meets, meets)), no_failure);
  // Who waits has nothing from the phase that follows.
  EXPECT_EQ((outcome<barred<2>>(
                [](auto& s) {
                  s.counter.arrive_and_wait();
                  s.value = 1;
                  (void)s.counter.arrive();
                },
                [](auto& s) {
                  s.counter.arrive_and_wait();
                  (void)s.value.get();
                })),
            "data race");
}

/// What the completion function is to do is in the state, which begins before it.
struct completing {
  struct completion {
    completing* s;
    void operator()() const noexcept {
      ++s->phases;
      for (var<int>& v : s->values) v = v + 1;
    }
  };
  var<int> phases{0};
  std::array<var<int>, 2> values{var<int>(0), var<int>(0)};
  barrier<completion> counter{2, completion{this}};
};

TEST(Barrier, CompletesEachPhaseOnceBetweenTheArrivalsAndTheWaits) {
  const auto body = [](std::size_t me) {
    return [me](completing& s) {
      s.values[me] = 10;
      s.counter.arrive_and_wait();
      require(s.phases == 1 && s.values[0] == 11 && s.values[1] == 11, "completed once");
      s.counter.arrive_and_wait();
      require(s.phases == 2, "completed twice");
    };
  };
  EXPECT_EQ(outcome<completing>(body(0), body(1)), "4 executions");
  EXPECT_EQ(outcome<completing>([](completing& s) { (void)s.counter.arrive(); },
                                [](completing& s) {
                                  (void)s.counter.arrive();
                                  (void)s.phases.get();
                                }),
            "data race");
}

TEST(Barrier, LetsSomeLeave) {
  EXPECT_EQ(outcome<barred<2>>([](auto& s) { s.counter.arrive_and_drop(); },
                               [](auto& s) {
                                 s.counter.arrive_and_wait();
                                 s.counter.arrive_and_wait();
                               }),
            "2 executions");
  EXPECT_EQ(outcome<barred<2>>([](auto& s) { (void)s.counter.arrive(); },
                               [](auto& s) {
                                 s.counter.arrive_and_wait();
                                 s.counter.arrive_and_wait();
                               }),
            "deadlock");
  EXPECT_NE(message<barred<2>>(meets).find("at barrier wait, whose value is 0"), std::string::npos);
}

TEST(Barrier, IsArrivedAtFirstAndWaitedForLater) {
  EXPECT_EQ(outcome<barred<2>>(
                [](auto& s) {
                  auto token = s.counter.arrive();
                  auto moved = std::move(token);
                  s.counter.wait(std::move(moved));
                },
                [](auto& s) { s.counter.wait(s.counter.arrive()); }),
            "2 executions");
  EXPECT_EQ(outcome<barred<3>>([](auto& s) { s.counter.wait(s.counter.arrive(3)); }),
            "1 executions");
}

TEST(Barrier, IsMisusedInTheseWays) {
  EXPECT_EQ(outcome<barred<1>>(meets, meets), "assertion");
  EXPECT_EQ(message<barred<1>>([](auto& s) { (void)s.counter.arrive(2); }),
            "2 arrive at a barrier when 1 are expected");
  EXPECT_EQ(message<barred<1>>([](auto& s) { (void)s.counter.arrive(0); }),
            "0 arrive at a barrier at once");
  EXPECT_EQ(message<barred<-1>>([](auto&) {}), "a barrier expects -1");
  EXPECT_EQ(message<barred<barrier<>::max() + 1>>([](auto&) {}), "a barrier expects 65536");
  EXPECT_EQ(message<barred<1>>([](auto& s) {
              s.counter.arrive_and_drop();
              (void)s.counter.arrive();
            }),
            "1 arrive at a barrier when 0 are expected");
  const auto waits_for = [](auto which) {
    return [which](auto& s) {
      auto first = s.counter.arrive();
      auto second = s.counter.arrive();
      s.counter.wait(std::move(which == 0 ? first : second));
    };
  };
  EXPECT_EQ(outcome<barred<1>>(waits_for(1)), "1 executions");
  EXPECT_EQ(message<barred<1>>(waits_for(0)),
            "a thread waits for a phase of a barrier before the preceding one");
}

}  // namespace
}  // namespace runnel::model

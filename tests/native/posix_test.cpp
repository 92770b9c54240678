// SPDX-License-Identifier: MIT
//
// POSIX threads and those of C as they ship: how many executions each primitive takes, what happens before what,
// and nothing else; and how misuse is told.
#include "exploring.hpp"

#include <limits.h>
#include <pthread.h>
#include <threads.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <thread>
#include <utility>

namespace {

using namespace native_tests;

int value = 0;
std::atomic<int> sign{0};  // orders nothing

/// As the tests of the model have it: "2 executions", or the kind of failure.
template <class... Bodies>
std::string outcome(Bodies... bodies) {
  const explore_result r = explore_native([&] { in_threads(bodies...); });
  EXPECT_NE(r.end, end_of_search::cut);
  return r.failure.empty() ? std::to_string(r.complete) + " executions" : r.failure;
}
template <class... Bodies>
std::string failure(Bodies... bodies) {
  const explore_result r = explore_native([&] { in_threads(bodies...); });
  EXPECT_NE(r.end, end_of_search::cut);
  return r.failure;
}
constexpr const char* no_failure = "";

/// The one does its part, then the other one, which nothing but the parts themselves orders.
template <class First, class Second>
std::string in_turn(First first, Second second) {
  return failure(
      [first] {
        first();
        sign.store(1, order::relaxed);
      },
      [second] {
        if (sign.load(order::relaxed) == 1) second();
      });
}

constexpr timespec soon{.tv_sec = 1'000'001, .tv_nsec = 0};

void add() { ++value; }
void look() { demand(value >= 0, "it is read"); }

// ---- Read-write locks. The numbers are those of model::shared_mutex in tests/model/locks_test.cpp.

pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

/// Does it if the lock is had, which ends then.
void in(int error, void (*does)()) {
  if (error != 0) {
    demand(error == EBUSY || error == ETIMEDOUT, "somebody else has it");
    return;
  }
  does();
  demand(pthread_rwlock_unlock(&rwlock) == 0, "it is unlocked, however it was held");
}
const auto adds = [] { in(pthread_rwlock_wrlock(&rwlock), add); };
const auto tries = [] { in(pthread_rwlock_trywrlock(&rwlock), add); };
const auto adds_soon = [] { in(pthread_rwlock_timedwrlock(&rwlock, &soon), add); };
const auto adds_by_clock = [] {
  in(pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &soon), add);
};
const auto reads = [] { in(pthread_rwlock_rdlock(&rwlock), look); };
const auto tries_to_read = [] { in(pthread_rwlock_tryrdlock(&rwlock), look); };
const auto reads_soon = [] { in(pthread_rwlock_timedrdlock(&rwlock, &soon), look); };
const auto reads_by_clock = [] {
  in(pthread_rwlock_clockrdlock(&rwlock, CLOCK_MONOTONIC, &soon), look);
};
const auto writes_shared = [] { in(pthread_rwlock_rdlock(&rwlock), add); };

TEST(NativeRwlock, HasTheExecutionsOfTheModel) {
  EXPECT_EQ(outcome(adds, adds), "2 executions");
  EXPECT_EQ(outcome(adds, adds, adds), "6 executions");
  EXPECT_EQ(outcome(adds, reads), "2 executions");
  // To begin and to end to share are steps that have an order, as two each of two threads have six.
  EXPECT_EQ(outcome(reads, reads), "6 executions");
  // Before, after, or while the other one holds it.
  EXPECT_EQ(outcome(adds, tries), "3 executions");
  EXPECT_EQ(outcome(adds, tries_to_read), "3 executions");
  // Or the time is over, at once.
  EXPECT_EQ(outcome(adds_soon), "2 executions");
  EXPECT_EQ(outcome(adds_by_clock), "2 executions");
  EXPECT_EQ(outcome(adds, reads_soon), "3 executions");
  EXPECT_EQ(outcome(adds, reads_by_clock), "3 executions");
}

TEST(NativeRwlock, OrdersReadersWithWritersAlone) {
  EXPECT_EQ(in_turn(adds, reads), no_failure);
  EXPECT_EQ(in_turn(adds, tries_to_read), no_failure);
  EXPECT_EQ(in_turn(adds, reads_soon), no_failure);
  EXPECT_EQ(in_turn(reads, adds), no_failure);
  EXPECT_EQ(in_turn(reads, tries), no_failure);
  EXPECT_EQ(in_turn(reads, adds_by_clock), no_failure);
  EXPECT_EQ(in_turn(writes_shared, reads), "data race");
  EXPECT_EQ(in_turn(writes_shared, tries_to_read), "data race");
  EXPECT_EQ(in_turn(writes_shared, reads_soon), "data race");
  EXPECT_EQ(outcome(adds, add), "data race");
}

TEST(NativeRwlock, OrdersReadersWithAllWritersBefore) {
  const auto at = [](int when, auto does) {
    return [when, does] {
      if (sign.load(order::relaxed) != when) return;
      does();
      sign.store(when + 1, order::relaxed);
    };
  };
  EXPECT_EQ(failure(at(0, adds), at(1, reads), at(2, reads)), no_failure);
  EXPECT_EQ(failure(at(0, adds), at(1, adds), at(2, reads)), no_failure);
  EXPECT_EQ(failure(at(0, reads), at(1, reads), at(2, adds)), no_failure);
}

TEST(NativeRwlock, IsSharedAgainByWhoSharesIt) {
  const auto reads_twice = [] {
    demand(pthread_rwlock_rdlock(&rwlock) == 0, "it is shared");
    reads();
    tries_to_read();
    look();
    demand(pthread_rwlock_trywrlock(&rwlock) == EBUSY, "it is shared still");
    demand(pthread_rwlock_unlock(&rwlock) == 0, "and no longer");
  };
  EXPECT_EQ(outcome(reads_twice, adds), "2 executions");
  EXPECT_EQ(in_turn(reads_twice, adds), no_failure);
  EXPECT_EQ(
      outcome([] { demand(pthread_rwlock_rdlock(&rwlock) == 0, "it is shared"); }, [] { adds(); }),
      "deadlock");
}

TEST(NativeRwlock, IsMisusedInTheseWays) {
  const auto says = [](auto body, const char* kind, const char* words) {
    expect_fails(explore_native([&] { in_threads(body); }), kind, words);
  };
  says([] { pthread_rwlock_unlock(&rwlock); }, "assertion", "unlocks a read-write lock that it");
  says(
      [] {
        adds();
        pthread_rwlock_unlock(&rwlock);
      },
      "assertion", "does not hold");
  for (const bool alone : {false, true}) {
    const auto locks = [alone] {
      alone ? pthread_rwlock_wrlock(&rwlock) : pthread_rwlock_rdlock(&rwlock);
    };
    says(
        [locks] {
          locks();
          pthread_rwlock_wrlock(&rwlock);
        },
        "deadlock", "locks a read-write lock again that it holds");
    says(
        [locks] {
          locks();
          pthread_rwlock_destroy(&rwlock);
        },
        "assertion", "destroys a read-write lock that thread 0 holds");
  }
  says(
      [] {
        pthread_rwlock_wrlock(&rwlock);
        pthread_rwlock_rdlock(&rwlock);
      },
      "deadlock", "locks a read-write lock again that it holds");
  says(
      [] {
        pthread_rwlock_destroy(&rwlock);
        adds();
      },
      "assertion", "uses a read-write lock after its end");
  EXPECT_EQ(failure(adds, [] { pthread_rwlock_destroy(&rwlock); }), "data race");
}

TEST(NativeRwlock, BeginsAnew) {
  expect_passes(explore_native([] {
    for (int i = 0; i < 2; ++i) {
      demand(pthread_rwlock_init(&rwlock, nullptr) == 0, "it begins");
      in_threads(adds, reads);
      demand(pthread_rwlock_destroy(&rwlock) == 0, "it ends");
    }
  }));
}

TEST(NativeRwlock, IsWhatTheStandardLibraryHas) {
  const auto with = [](auto& mutex) {
    const auto writes = [&] {
      const std::lock_guard guard(mutex);
      add();
    };
    const auto shares = [&] {
      const std::shared_lock guard(mutex);
      look();
    };
    EXPECT_EQ(outcome(writes, shares), "2 executions");
    EXPECT_EQ(outcome(shares, shares), "6 executions");
    EXPECT_EQ(in_turn(shares, writes), no_failure);
  };
  static std::shared_mutex simple;
  static std::shared_timed_mutex timed;
  with(simple);
  with(timed);
  using std::chrono::seconds;
  EXPECT_EQ(outcome([] { const std::unique_lock guard(timed, seconds(1)); }), "2 executions");
  EXPECT_EQ(outcome([] { const std::shared_lock guard(timed, seconds(1)); }), "2 executions");
}

// ---- Barriers. The numbers are those of model::barrier in tests/model/counters_test.cpp.

pthread_barrier_t barrier;
std::array<int, 3> given{};

/// Explored with a barrier for so many.
template <class... Bodies>
explore_result at_barrier(unsigned expected, Bodies... bodies) {
  return explore_native([&] {
    demand(pthread_barrier_init(&barrier, nullptr, expected) == 0, "it begins");
    in_threads(bodies...);
    demand(pthread_barrier_destroy(&barrier) == 0, "it ends");
  });
}
void meet() { (void)pthread_barrier_wait(&barrier); }

TEST(NativeBarrier, OrdersAllWithAllInEachRound) {
  const auto exchanges = [](unsigned me, unsigned n) {
    return [me, n] {
      given.at(me) = 1;
      meet();
      for (unsigned i = 0; i < n; ++i) demand(given.at(i) == 1, "all have come");
    };
  };
  // Who comes when: each order is one execution.
  const explore_result two = at_barrier(2, exchanges(0, 2), exchanges(1, 2));
  expect_passes(two);
  EXPECT_EQ(two.complete, 2U);
  const explore_result three = at_barrier(3, exchanges(0, 3), exchanges(1, 3), exchanges(2, 3));
  expect_passes(three);
  EXPECT_EQ(three.complete, 6U);
  const auto takes_turns = [](int me) {
    return [me] {
      for (int round = 0; round < 3; ++round) {
        if (round % 2 == me) add();
        meet();
      }
    };
  };
  const explore_result rounds = at_barrier(2, takes_turns(0), takes_turns(1));
  expect_passes(rounds);
  EXPECT_EQ(rounds.complete, 8U);
  expect_fails(at_barrier(2, takes_turns(0), takes_turns(0)), "data race", "value");
}

TEST(NativeBarrier, OrdersNothingElse) {
  // Rounds of others.
  expect_fails(at_barrier(
                   1,
                   [] {
                     add();
                     meet();
                     sign.store(1, order::relaxed);
                   },
                   [] {
                     if (sign.load(order::relaxed) == 0) return;
                     meet();
                     look();
                   }),
               "data race", "value");
  // Who waits has nothing from the round that follows.
  expect_fails(at_barrier(
                   2,
                   [] {
                     meet();
                     add();
                     meet();
                   },
                   [] {
                     meet();
                     look();
                     meet();
                   }),
               "data race", "value");
}

TEST(NativeBarrier, TellsOneThreadOfEachRound) {
  static std::array<bool, 2> is_serial;
  std::set<int> told;
  const auto waits = [](unsigned me) {
    return [me] {
      for (int round = 0; round < 2; ++round) {
        const int result = pthread_barrier_wait(&barrier);
        demand(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD, "no error");
        is_serial.at(me) = result != 0;
        meet();
        demand(is_serial[0] != is_serial[1], "one of them");
      }
    };
  };
  expect_passes(explore_native([&] {
    pthread_barrier_init(&barrier, nullptr, 2);
    in_threads(waits(0), waits(1));
    unobserved([&] { told.insert(is_serial[0] ? 0 : 1); });
  }));
  EXPECT_EQ(told.size(), 2U);
}

TEST(NativeBarrier, MayBeUsedByMoreThreadsThanARoundHas) {
  expect_passes(at_barrier(2, meet, meet, meet, meet));
  expect_fails(at_barrier(2, meet, meet, meet), "deadlock", "barrier");
}

TEST(NativeBarrier, MayBeDestroyedByWhoLeavesIt) {
  const auto waits = [] {
    if (pthread_barrier_wait(&barrier) != 0) pthread_barrier_destroy(&barrier);
  };
  expect_passes(explore_native([&] {
    pthread_barrier_init(&barrier, nullptr, 2);
    in_threads(waits, waits);
  }));
}

TEST(NativeBarrier, IsMisusedInTheseWays) {
  expect_fails(explore_native([] { in_threads(meet); }), "assertion",
               "uses a barrier that is not initialized");
  expect_fails(at_barrier(1, [] { pthread_barrier_destroy(&barrier); }), "assertion",
               "uses a barrier that is not initialized");
  expect_fails(at_barrier(2, meet, [] { pthread_barrier_destroy(&barrier); }), "data race",
               "barrier");
  expect_passes(explore_native(
      [] { demand(pthread_barrier_init(&barrier, nullptr, 0) == EINVAL, "nobody would come"); }));
}

// ---- Locks that spin: as many executions as of a mutex

pthread_spinlock_t spinlock;

template <class... Bodies>
std::string with_spinlock(Bodies... bodies) {
  const explore_result r = explore_native([&] {
    pthread_spin_init(&spinlock, PTHREAD_PROCESS_PRIVATE);
    in_threads(bodies...);
    pthread_spin_destroy(&spinlock);
  });
  return r.failure.empty() ? std::to_string(r.complete) + " executions" : r.failure;
}

TEST(NativeSpinlock, ExcludesAndOrders) {
  const auto spins = [] {
    pthread_spin_lock(&spinlock);
    add();
    pthread_spin_unlock(&spinlock);
  };
  const auto tries_once = [] {
    if (pthread_spin_trylock(&spinlock) != 0) return;
    add();
    pthread_spin_unlock(&spinlock);
  };
  EXPECT_EQ(with_spinlock(spins, spins), "2 executions");
  EXPECT_EQ(with_spinlock(spins, spins, spins), "6 executions");
  EXPECT_EQ(with_spinlock(spins, tries_once), "3 executions");
  EXPECT_EQ(with_spinlock(spins, add), "data race");
}

TEST(NativeSpinlock, IsMisusedInTheseWays) {
  const auto locks = [] { pthread_spin_lock(&spinlock); };
  EXPECT_EQ(outcome(locks), "assertion");
  EXPECT_EQ(with_spinlock(locks), "assertion");  // it is held as it is destroyed
  EXPECT_EQ(with_spinlock([=] {
              locks();
              locks();
            }),
            "deadlock");
  EXPECT_EQ(with_spinlock(locks, locks), "livelock");
  EXPECT_EQ(with_spinlock([] { pthread_spin_unlock(&spinlock); }), "assertion");
  expect_fails(explore_native([] {
                 pthread_spin_init(&spinlock, PTHREAD_PROCESS_PRIVATE);
                 pthread_spin_destroy(&spinlock);
                 pthread_spin_trylock(&spinlock);
               }),
               "assertion", "uses a spin lock that is not initialized");
}

// ---- Threads of C

mtx_t c_mutex;
cnd_t c_condition;

TEST(NativeC11, HasThreads) {
  expect_passes(explore_native([] {
    thrd_t first{};
    const auto body = [](void* p) {
      auto* const out = static_cast<thrd_t*>(p);
      *out = thrd_current();
      sign.store(1);
      return -7;
    };
    thrd_t seen{};
    demand(thrd_create(&first, body, &seen) == thrd_success, "it is started");
    int result = 0;
    demand(thrd_join(first, &result) == thrd_success && result == -7, "it has returned this");
    demand(thrd_equal(first, seen) != 0 && thrd_equal(first, thrd_current()) == 0,
           "it knows itself");
    thrd_t second{};
    thrd_create(&second, [](void*) -> int { thrd_exit(3); }, nullptr);
    demand(thrd_join(second, &result) == thrd_success && result == 3, "it has exited with this");
    thrd_t third{};
    thrd_create(&third, [](void*) { return 0; }, nullptr);
    demand(thrd_detach(third) == thrd_success, "it may be detached");
    thrd_yield();
    const timespec long_time{.tv_sec = 3600, .tv_nsec = 0};
    demand(thrd_sleep(&long_time, nullptr) == 0, "and time passes");
    demand(sign.load() == 1, "this happens before");
  }));
}

TEST(NativeC11, HasMutexesAndConditionVariables) {
  const auto locks = [] {
    mtx_lock(&c_mutex);
    add();
    mtx_unlock(&c_mutex);
  };
  const auto with_mutex = [](int type, auto... bodies) {
    return explore_native([&] {
      demand(mtx_init(&c_mutex, type) == thrd_success, "it begins");
      demand(cnd_init(&c_condition) == thrd_success, "it begins");
      in_threads(bodies...);
      mtx_destroy(&c_mutex);
      cnd_destroy(&c_condition);
    });
  };
  EXPECT_EQ(with_mutex(mtx_plain, locks, locks, locks).complete, 6U);
  // Before, after, or while the other one holds it.
  const auto tries_once = [] {
    const int result = mtx_trylock(&c_mutex);
    demand(result == thrd_success || result == thrd_busy, "no error");
    if (result == thrd_success) mtx_unlock(&c_mutex);
  };
  EXPECT_EQ(with_mutex(mtx_plain, locks, tries_once).complete, 3U);
  const auto waits_soon = [] {
    const int result = mtx_timedlock(&c_mutex, &soon);
    demand(result == thrd_success || result == thrd_timedout, "no error");
    if (result == thrd_success) mtx_unlock(&c_mutex);
  };
  EXPECT_EQ(with_mutex(mtx_timed, waits_soon).complete, 2U);
  const auto locks_twice = [] {
    mtx_lock(&c_mutex);
    mtx_lock(&c_mutex);
    mtx_unlock(&c_mutex);
    mtx_unlock(&c_mutex);
  };
  expect_passes(with_mutex(static_cast<int>(mtx_plain) | static_cast<int>(mtx_recursive),
                           locks_twice, locks_twice));
  expect_fails(with_mutex(mtx_plain, locks_twice), "deadlock", "again");
  const auto waits = [] {
    mtx_lock(&c_mutex);
    while (value == 0) cnd_wait(&c_condition, &c_mutex);
    mtx_unlock(&c_mutex);
  };
  const auto wakes = [locks] {
    locks();
    cnd_signal(&c_condition);
  };
  const auto wakes_all = [locks] {
    locks();
    cnd_broadcast(&c_condition);
  };
  expect_passes(with_mutex(mtx_plain, waits, wakes));
  expect_passes(with_mutex(mtx_plain, waits, waits, wakes_all));
  expect_fails(with_mutex(mtx_plain, waits), "deadlock", "condition variable");
  expect_passes(with_mutex(mtx_plain, [] {
    mtx_lock(&c_mutex);
    demand(cnd_timedwait(&c_condition, &c_mutex, &soon) == thrd_timedout, "nobody wakes it");
    mtx_unlock(&c_mutex);
  }));
}

once_flag c_once = ONCE_FLAG_INIT;

TEST(NativeC11, CallsOnceAndOthersWait) {
  const auto begins = [] {
    call_once(&c_once, add);
    demand(value == 1, "it is done");
  };
  EXPECT_EQ(outcome(begins), "1 executions");
  EXPECT_EQ(outcome(begins, begins), "2 executions");  // as of model::call_once
  EXPECT_EQ(outcome(begins, look), "data race");
}

// ---- Keys

pthread_key_t key;
int destroyed = 0;
std::atomic<int> destroyed_by_all{0};

TEST(NativeKeys, HoldAValueOfEachThread) {
  // Nothing of it is a step that another thread could see, but for what is counted.
  const explore_result r = explore_native([] {
    demand(
        pthread_key_create(&key, [](void*) { destroyed_by_all.fetch_add(1, order::relaxed); }) == 0,
        "it is made");
    int of_main = 0;
    pthread_setspecific(key, &of_main);
    const auto uses = [] {
      demand(pthread_getspecific(key) == nullptr, "nothing is there yet");
      int mine = 0;
      demand(pthread_setspecific(key, &mine) == 0, "it is kept");
      demand(pthread_getspecific(key) == &mine, "each has its own");
    };
    in_threads(uses, uses, [] { pthread_setspecific(key, nullptr); });
    demand(pthread_getspecific(key) == &of_main, "main too");
    demand(destroyed_by_all == 2, "once for each that has left something");
    demand(pthread_key_delete(key) == 0, "it ends");
  });
  expect_passes(r);
  EXPECT_EQ(r.complete, 2U);
}

TEST(NativeKeys, AreDestroyedInRounds) {
  static pthread_key_t other;
  expect_passes(explore_native([] {
    pthread_key_create(&key, [](void* p) {
      ++destroyed;
      demand(pthread_getspecific(key) == nullptr, "it holds nothing any more");
      pthread_setspecific(key, p);
    });
    pthread_key_create(&other, nullptr);
    in_threads([] {
      pthread_setspecific(key, &destroyed);
      pthread_setspecific(other, &destroyed);
    });
    demand(destroyed == PTHREAD_DESTRUCTOR_ITERATIONS, "so often, and no more");
  }));
  expect_passes(explore_native([] {
    pthread_key_create(&key, [](void*) { ++destroyed; });
    pthread_key_create(&other, [](void* p) {
      if (destroyed == 1) pthread_setspecific(key, p);
    });
    in_threads([] {
      pthread_setspecific(key, &destroyed);
      pthread_setspecific(other, &destroyed);
    });
    demand(destroyed == 2, "what a destructor leaves, another round finds");
  }));
}

TEST(NativeKeys, AreMisusedInTheseWays) {
  expect_fails(explore_native([] {
                 pthread_key_create(&key, nullptr);
                 pthread_key_delete(key);
                 pthread_setspecific(key, &value);
               }),
               "assertion", "uses a key that was deleted");
  expect_fails(explore_native([] { (void)pthread_getspecific(PTHREAD_KEYS_MAX - 1); }), "assertion",
               "uses a key that was never created");
  static std::atomic<pthread_key_t> shared{1000};
  expect_fails(explore_native([] {
                 in_threads(
                     [] {
                       pthread_key_t k = 0;
                       pthread_key_create(&k, nullptr);
                       shared.store(k, order::relaxed);
                     },
                     [] {
                       const pthread_key_t k = shared.load(order::relaxed);
                       if (k != 1000) (void)pthread_getspecific(k);
                     });
               }),
               "data race", "key ");
}

TEST(NativeKeys, AreThoseOfCToo) {
  static tss_t c_key;
  expect_passes(explore_native([] {
    demand(tss_create(&c_key, [](void*) { ++destroyed; }) == thrd_success, "it is made");
    in_threads([] {
      demand(tss_get(c_key) == nullptr, "nothing is there");
      demand(tss_set(c_key, &value) == thrd_success, "it is kept");
      demand(tss_get(c_key) == &value, "it is there");
    });
    demand(destroyed == 1, "it was destroyed");
    tss_delete(c_key);
  }));
}

/// The C++ library has a key of its own for that, which it makes once in the process.
TEST(NativeKeys, LetOthersBeNotifiedAtTheEndOfAThread) {
  static std::mutex mutex;
  static std::condition_variable condition;
  const auto body = [] {
    std::thread t([] {
      std::unique_lock lock(mutex);
      add();
      std::notify_all_at_thread_exit(condition, std::move(lock));
    });
    {
      std::unique_lock lock(mutex);
      condition.wait(lock, [] { return value == 1; });
    }
    t.join();
  };
  const explore_result r = explore_native(body);
  expect_passes(r);
  EXPECT_EQ(r.complete, 2U);  // who is the first to have the mutex
  expect_passes(explore_native(body));
}

// ---- The end of threads

struct counts_down {
  counts_down() = default;
  counts_down(const counts_down&) = delete;
  counts_down& operator=(const counts_down&) = delete;
  ~counts_down() { ++destroyed; }
};

[[gnu::noinline]] void exit_within(void* result) {
  const counts_down inner;
  pthread_exit(result);
}

TEST(NativeThreads, ExitFromWithin) {
  expect_passes(explore_native([] {
    pthread_t t{};
    const auto body = [](void*) -> void* {
      const counts_down outer;
      sign.store(1);
      try {
        exit_within(&value);
      } catch (...) {
        ++destroyed;
        throw;
      }
      return nullptr;
    };
    demand(pthread_create(&t, nullptr, body, nullptr) == 0, "it is started");
    void* result = nullptr;
    demand(pthread_join(t, &result) == 0 && result == &value, "this is its result");
    demand(destroyed == 3 && sign.load() == 1, "all that it has left was destroyed");
    in_threads([] { pthread_exit(nullptr); });
  }));
  expect_fails(explore_native([] {
                 in_threads([] {
                   try {
                     pthread_exit(nullptr);
                   } catch (...) {
                     add();
                   }
                 });
               }),
               "assertion", "does not rethrow");
}

void throw_and_catch() {
  try {
    throw value;
  } catch (const int n) {
    demand(n >= 0, "it is caught");
  }
}

/// What the libraries behind them do once they have done before, in the process.
TEST(NativeThreads, ThrowWithoutOrder) {
  const auto throws = [] {
    throw_and_catch();
    sign.load(order::relaxed);
  };
  EXPECT_EQ(outcome(throws, throws), "1 executions");
  EXPECT_EQ(in_turn(
                [] {
                  add();
                  throw_and_catch();
                },
                throw_and_catch),
            "data race");
}

TEST(NativeThreads, StopWhereTheyAreWhenAnExecutionEnds) {
  const auto body = [] {
    in_threads([] {
      try {
        throw 1;
      } catch (int) {
        demand(false, "this is where it ends");
      }
    });
  };
  expect_fails(explore_native(body), "assertion", "this is where it ends");
  expect_passes(
      explore_native([] { in_threads([] { demand(std::uncaught_exceptions() == 0, "none"); }); }));
  expect_passes(explore_native(
      [] { in_threads([] { demand(std::current_exception() == nullptr, "none is handled"); }); }));
}

TEST(NativeThreads, GoOnWhenMainExits) {
  const explore_result r = explore_native([] {
    const counts_down outer;
    pthread_key_create(&key, [](void*) { ++destroyed; });
    pthread_setspecific(key, &value);
    std::thread([] { sign.store(1, order::release); }).detach();
    std::thread([] {
      if (sign.load(order::acquire) == 1) add();
    }).detach();
    pthread_exit(nullptr);
  });
  expect_passes(r);
  EXPECT_EQ(r.complete, 2U);
  expect_fails(explore_native([] {
                 std::thread([] { demand(sign != 0, "nobody has set it"); }).detach();
                 pthread_exit(nullptr);
               }),
               "assertion", "nobody has set it");
  expect_fails(explore_native([] {
                 std::thread([] { demand(destroyed == 0, "main has not ended"); }).detach();
                 const counts_down outer;
                 pthread_exit(nullptr);
               }),
               "data race", "destroyed");
}

void* nothing(void* p) { return p; }

TEST(NativeThreads, AreDetachedOrJoined) {
  expect_passes(explore_native([] {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 1 << 20);
    pthread_t t{};
    pthread_create(&t, &attributes, nothing, nullptr);
    pthread_attr_destroy(&attributes);
    demand(pthread_join(t, nullptr) == EINVAL, "it is detached");
  }));
  expect_fails(explore_native([] {
                 pthread_t t{};
                 pthread_create(&t, nullptr, nothing, nullptr);
                 pthread_join(t, nullptr);
                 pthread_join(t, nullptr);
               }),
               "assertion", "is joined already");
  expect_fails(explore_native([] {
                 static pthread_t of_main;
                 of_main = pthread_self();
                 in_threads([] { pthread_join(of_main, nullptr); });
               }),
               "unsupported", "main is joined");
}

TEST(NativeThreads, AreJoinedForATime) {
  // Each wait has its two ends.
  const auto waits = [](auto join) {
    const explore_result r = explore_native([&] {
      pthread_t t{};
      pthread_create(&t, nullptr, nothing, &value);
      void* result = nullptr;
      const int error = join(t, &result);
      demand(error == EBUSY || error == ETIMEDOUT || (error == 0 && result == &value), "no other");
      if (error != 0)
        demand(pthread_join(t, &result) == 0 && result == &value, "it is still there");
    });
    expect_passes(r);
    EXPECT_EQ(r.complete, 2U);
  };
  waits([](pthread_t t, void** result) { return pthread_tryjoin_np(t, result); });
  waits([](pthread_t t, void** result) { return pthread_timedjoin_np(t, result, &soon); });
  waits([](pthread_t t, void** result) {
    return pthread_clockjoin_np(t, result, CLOCK_MONOTONIC, &soon);
  });
  // That one waits in vain is no failure, as the time ends.
  const explore_result r = explore_native([] {
    pthread_t t{};
    const auto body = [](void*) -> void* {
      while (sign.load() == 0) {
      }
      return nullptr;
    };
    pthread_create(&t, nullptr, body, nullptr);
    demand(pthread_timedjoin_np(t, nullptr, &soon) == ETIMEDOUT, "it does not end by itself");
    sign = 1;
    pthread_join(t, nullptr);
  });
  expect_passes(r);
}

TEST(NativeThreads, TellWhatTheyWereGiven) {
  expect_passes(explore_native([] {
    std::array<char, 16> name{"before"};
    demand(pthread_setname_np(pthread_self(), "worker") == 0, "it is called so");
    demand(pthread_setname_np(pthread_self(), "a name of more letters") == ERANGE,
           "that is too long");
    demand(pthread_getname_np(pthread_self(), name.data(), name.size()) == 0, "it has a name");
    demand(std::string(name.data()) == "worker", "this one");
    cpu_set_t processors;
    demand(pthread_getaffinity_np(pthread_self(), sizeof processors, &processors) == 0, "known");
    demand(pthread_setaffinity_np(pthread_self(), sizeof processors, &processors) == 0, "set");
    sched_param p{.sched_priority = 3};
    int policy = -1;
    demand(pthread_setschedparam(pthread_self(), SCHED_FIFO, &p) == 0, "set");
    p.sched_priority = 0;
    demand(pthread_getschedparam(pthread_self(), &policy, &p) == 0, "known");
    demand(policy == SCHED_FIFO && p.sched_priority == 3, "as they were set");
    int old = -1;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    demand(old == PTHREAD_CANCEL_ENABLE, "as each thread begins");
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
    demand(old == PTHREAD_CANCEL_DISABLE, "as it was set");
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
    demand(old == PTHREAD_CANCEL_DEFERRED, "as each thread begins");
    pthread_testcancel();
    demand(pthread_equal(pthread_self(), pthread_self()) != 0, "it is itself");
  }));
}

TEST(NativeThreads, AreNotCancelled) {
  expect_fails(explore_native([] {
                 pthread_t t{};
                 pthread_create(&t, nullptr, nothing, nullptr);
                 pthread_cancel(t);
                 pthread_join(t, nullptr);
               }),
               "unsupported", "pthread_cancel() of libc");
}

// ---- What was destroyed

TEST(NativeEnd, OfWhatThreadsWaitWithIsKnown) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  static sem_t semaphore;
  const auto after = [](auto ends, auto uses) {
    return explore_native([=] {
      in_threads([] { sign.store(1); }, [] { (void)sign.load(); });
      ends();
      uses();
    });
  };
  const auto end_mutex = [] { pthread_mutex_destroy(&mutex); };
  const auto lock = [] { pthread_mutex_lock(&mutex); };
  expect_fails(after(end_mutex, lock), "assertion", "uses a mutex after its end");
  expect_fails(after(end_mutex, [] { pthread_mutex_trylock(&mutex); }), "assertion", "its end");
  expect_fails(after(end_mutex, end_mutex), "assertion", "uses a mutex after its end");
  const auto end_condition = [] { pthread_cond_destroy(&condition); };
  const auto wake = [] { pthread_cond_signal(&condition); };
  expect_fails(after(end_condition, wake), "assertion", "uses a condition variable after its end");
  expect_fails(after(end_condition, end_condition), "assertion", "its end");
  const auto end_semaphore = [] {
    sem_init(&semaphore, 0, 1);
    sem_destroy(&semaphore);
  };
  const auto post = [] { sem_post(&semaphore); };
  expect_fails(after(end_semaphore, post), "assertion", "uses a semaphore after its end");
  expect_fails(after(end_semaphore, [] { sem_destroy(&semaphore); }), "assertion", "its end");
  // It may begin anew.
  expect_passes(after(
      [=] {
        end_mutex();
        end_condition();
        end_semaphore();
      },
      [=] {
        mutex = PTHREAD_MUTEX_INITIALIZER;
        pthread_cond_init(&condition, nullptr);
        sem_init(&semaphore, 0, 0);
        lock();
        pthread_mutex_unlock(&mutex);
        wake();
        post();
        sem_wait(&semaphore);
      }));
}

// ---- The end of the process

TEST(NativeExit, IsAGoodEndOfAProgram) {
  const native_options program{.may_exit = true};
  const auto ends = [](auto body, const native_options& how) {
    const explore_result r = explore_native(body, {}, how);
    return r.failure.empty() ? std::to_string(r.complete) + " executions" : r.failure;
  };
  const auto main_exits = [] {
    std::thread([] { sign.store(1); }).detach();
    if (sign.load() == 1) add();
    std::exit(0);
  };
  // What the others do may come before, or not.
  EXPECT_EQ(ends(main_exits, program), "2 executions");
  EXPECT_EQ(ends(main_exits, {}), "exit");
  // Whoever waits then is no failure.
  EXPECT_EQ(ends(
                [] {
                  std::thread t([] { std::quick_exit(0); });
                  t.join();
                },
                program),
            "1 executions");
  EXPECT_EQ(ends([] { _exit(3); }, program), "exit");
  // A mistake that another thread comes to is found, whether the process ends first or not.
  EXPECT_EQ(ends(
                [] {
                  std::thread([] { demand(sign.load() == 0, "nobody sets it"); }).detach();
                  sign.store(1);
                  _exit(0);
                },
                program),
            "assertion");
  EXPECT_EQ(ends(
                [] {
                  in_threads([] { pthread_rwlock_wrlock(&rwlock); }, [] { add(); });
                  adds();
                },
                program),
            "deadlock");
}

}  // namespace

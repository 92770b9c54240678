// SPDX-License-Identifier: MIT
//
// Mutexes, condition variables and call_once of programs that are explored: how many executions they take,
// what happens before what, and nothing else; and how misuse is told.
#include "outcome.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>

namespace runnel::model {
namespace {

constexpr auto relaxed = std::memory_order::relaxed;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// Data, a lock that may guard it, and a signal that orders nothing.
template <class Lock>
struct guarded {
  Lock lock;
  var<int> value{0};
  atomic<int> signal{0};
};

const auto adds = [](auto& s) {
  const std::lock_guard guard(s.lock);
  ++s.value;
};
const auto tries = [](auto& s) {
  if (const std::unique_lock guard(s.lock, std::try_to_lock); guard) ++s.value;
};
const auto tries_for_a_time = [](auto& s) {
  if (const std::unique_lock guard(s.lock, seconds(1)); guard) ++s.value;
};
const auto tries_until = [](auto& s) {
  if (const std::unique_lock guard(s.lock, steady_clock::time_point()); guard) ++s.value;
};
const auto reads = [](auto& s) {
  const std::shared_lock guard(s.lock);
  (void)s.value.get();
};

/// The one thread does its part, then the other one, which nothing but the parts themselves orders.
template <class Lock, class First, class Second>
std::string in_turn(First first, Second second) {
  return failure<guarded<Lock>>(
      [first](guarded<Lock>& s) {
        first(s);
        s.signal.store(1, relaxed);
      },
      [second](guarded<Lock>& s) {
        if (s.signal.load(relaxed) == 1) second(s);
      });
}

// ---- What all of them are

template <class Lock>
class Locks : public ::testing::Test {};
using all_locks = ::testing::Types<mutex, timed_mutex, recursive_mutex, recursive_timed_mutex,
                                   shared_mutex, shared_timed_mutex>;
TYPED_TEST_SUITE(Locks, all_locks);

TYPED_TEST(Locks, ExcludeInAsManyExecutionsAsThereAreOrders) {
  using state = guarded<TypeParam>;
  EXPECT_EQ(outcome<state>(adds, adds), "2 executions");
  EXPECT_EQ(outcome<state>(adds, adds, adds), "6 executions");
  EXPECT_EQ(outcome<state>(adds, [](state& s) { ++s.value; }), "data race");
  // Before, after, or while the other one holds it.
  EXPECT_EQ(outcome<state>(adds, tries), "3 executions");
}

TYPED_TEST(Locks, OrderWhoHoldsThemInTurn) {
  EXPECT_EQ((in_turn<TypeParam>(adds, adds)), no_failure);
  EXPECT_EQ((in_turn<TypeParam>(adds, tries)), no_failure);
  EXPECT_EQ((in_turn<TypeParam>(tries, adds)), no_failure);
  EXPECT_EQ((in_turn<TypeParam>([](auto& s) { ++s.value; }, adds)), "data race");
}

TYPED_TEST(Locks, OrderNothingForWhoDoesNotGetThem) {
  EXPECT_EQ(failure<guarded<TypeParam>>(
                [](auto& s) {
                  s.value = 1;
                  const std::lock_guard guard(s.lock);
                },
                [](auto& s) {
                  if (const std::unique_lock guard(s.lock, std::try_to_lock); !guard)
                    (void)s.value.get();
                }),
            "data race");
}

TYPED_TEST(Locks, MayBeMissedWithoutAReason) {
  using state = guarded<TypeParam>;
  const auto always_succeeds = [](state& s) {
    const std::unique_lock guard(s.lock, std::try_to_lock);
    require(guard.owns_lock(), "it is free");
  };
  EXPECT_EQ(outcome<state>(always_succeeds), "1 executions");
  EXPECT_EQ(outcome_with<state>({.weak_failures = 1}, always_succeeds), "assertion");
}

TYPED_TEST(Locks, AreHeldByWhoUnlocksThem) {
  using state = guarded<TypeParam>;
  EXPECT_EQ(outcome<state>([](state& s) { s.lock.unlock(); }), "assertion");
  EXPECT_EQ(outcome<state>([](state& s) {
              s.lock.lock();
              s.lock.unlock();
              s.lock.unlock();
            }),
            "assertion");
  EXPECT_EQ(
      (in_turn<TypeParam>([](state& s) { s.lock.lock(); }, [](state& s) { s.lock.unlock(); })),
      "assertion");
}

TYPED_TEST(Locks, AreFreeWhenTheyEnd) {
  EXPECT_EQ(outcome<guarded<TypeParam>>([](auto& s) { s.lock.lock(); }), "assertion");
  EXPECT_NE(message<guarded<TypeParam>>([](auto& s) {
              s.lock.lock();
            }).find("mutex is destroyed while thread 0 holds it"),
            std::string::npos);
}

template <class Lock>
struct pair_of {
  std::array<Lock, 2> locks;
};

TYPED_TEST(Locks, InTwoOrdersAreADeadlock) {
  const auto locks = [](std::size_t first) {
    return [first](auto& s) {
      const std::lock_guard one(s.locks[first]);
      const std::lock_guard other(s.locks[1 - first]);
    };
  };
  EXPECT_EQ(outcome<pair_of<TypeParam>>(locks(0), locks(0)), "2 executions");
  EXPECT_EQ(outcome<pair_of<TypeParam>>(locks(0), locks(1)), "deadlock");
  EXPECT_NE(message<pair_of<TypeParam>>(locks(0), locks(1)).find("mutex lock, whose value"),
            std::string::npos);
  const auto locks_both = [](auto& s) { const std::scoped_lock both(s.locks[0], s.locks[1]); };
  EXPECT_EQ(failure<pair_of<TypeParam>>(locks_both), no_failure);
}

// ---- For a time

template <class Lock>
class TimedLocks : public ::testing::Test {};
using timed_locks = ::testing::Types<timed_mutex, recursive_timed_mutex, shared_timed_mutex>;
TYPED_TEST_SUITE(TimedLocks, timed_locks);

/// A lock that is never free for the threads.
template <class Lock>
struct kept {
  kept() { lock.lock(); }
  void after() { lock.unlock(); }
  Lock lock;
  var<int> value{0};
};

TYPED_TEST(TimedLocks, AreHadOrTheTimeIsOver) {
  using state = guarded<TypeParam>;
  EXPECT_EQ(outcome<state>(tries_for_a_time), "2 executions");
  EXPECT_EQ(outcome<state>(tries_until), "2 executions");
  EXPECT_EQ(outcome<state>(adds, tries_for_a_time), "3 executions");
  EXPECT_EQ((in_turn<TypeParam>(adds, tries_for_a_time)), no_failure);
  EXPECT_EQ((in_turn<TypeParam>(tries_until, adds)), no_failure);
}

TYPED_TEST(TimedLocks, AreNotWaitedForForEver) {
  EXPECT_EQ(outcome<kept<TypeParam>>(tries_for_a_time), "1 executions");
  EXPECT_EQ(outcome<kept<TypeParam>>(adds), "deadlock");
}

// ---- That are not locked twice

template <class Lock>
class SimpleLocks : public ::testing::Test {};
using simple_locks = ::testing::Types<mutex, timed_mutex, shared_mutex, shared_timed_mutex>;
TYPED_TEST_SUITE(SimpleLocks, simple_locks);

TYPED_TEST(SimpleLocks, AreNotLockedTwiceByOneThread) {
  const auto locks_twice = [](auto& s) {
    s.lock.lock();
    s.lock.lock();
  };
  EXPECT_EQ(outcome<guarded<TypeParam>>(locks_twice, [](auto&) {}), "deadlock");
  EXPECT_NE(message<guarded<TypeParam>>(locks_twice).find("mutex again that it holds"),
            std::string::npos);
}

TEST(RecursiveMutex, IsLockedAgainByWhoHoldsIt) {
  using state = guarded<recursive_timed_mutex>;
  const auto locks_thrice = [](state& s) {
    const std::lock_guard one(s.lock);
    const std::lock_guard two(s.lock);
    require(s.lock.try_lock(), "a thread that holds it gets it");
    s.lock.unlock();
    ++s.value;
  };
  EXPECT_EQ(outcome<state>(locks_thrice, locks_thrice), "2 executions");
  EXPECT_EQ(outcome<state>(locks_thrice, adds), "2 executions");
  EXPECT_EQ(outcome<state>([](state& s) {
              const std::lock_guard one(s.lock);
              if (s.lock.try_lock_for(seconds(1))) s.lock.unlock();
            }),
            "2 executions");
  // It is free only when it is unlocked as often as it was locked.
  const auto keeps = [](state& s) {
    s.lock.lock();
    s.lock.lock();
    s.lock.unlock();
    ++s.value;
    s.lock.unlock();
  };
  EXPECT_EQ(outcome<state>(keeps, adds), "2 executions");
  const auto unlocks_once = [](state& s) {
    s.lock.lock();
    s.lock.lock();
    s.lock.unlock();
  };
  EXPECT_EQ(outcome<state>(unlocks_once), "assertion");
  EXPECT_EQ(message<state>(unlocks_once), "a recursive_mutex is destroyed while thread 0 holds it");
  EXPECT_EQ(message<state>([](state& s) { s.lock.unlock(); }),
            "thread 0 unlocks a recursive_mutex that it does not hold");
}

// ---- Sharing

using sharing = guarded<shared_mutex>;
using sharing_for_a_time = guarded<shared_timed_mutex>;

TEST(SharedMutex, IsSharedOrHeldAlone) {
  EXPECT_EQ(outcome<sharing>(adds, reads), "2 executions");
  // To begin and to end to share are steps that have an order, as two each of two threads have six.
  EXPECT_EQ(outcome<sharing>(reads, reads), "6 executions");
  EXPECT_EQ(failure<sharing>(adds, reads, reads), no_failure);
  EXPECT_EQ(outcome<sharing>(reads,
                             [](sharing& s) {
                               const std::shared_lock guard(s.lock);
                               s.value = 1;
                             }),
            "data race");
  // Shared by two at once, which need each other.
  EXPECT_EQ(failure<sharing>(
                [](sharing& s) {
                  const std::shared_lock guard(s.lock);
                  s.signal = 1;
                },
                [](sharing& s) {
                  const std::shared_lock guard(s.lock);
                  (void)s.signal.await([](int n) { return n == 1; });
                }),
            no_failure);
}

const auto tries_to_read = [](auto& s) {
  if (const std::shared_lock guard(s.lock, std::try_to_lock); guard) (void)s.value.get();
};
const auto reads_for_a_time = [](auto& s) {
  if (const std::shared_lock guard(s.lock, seconds(1)); guard) (void)s.value.get();
};
const auto reads_until = [](auto& s) {
  if (const std::shared_lock guard(s.lock, steady_clock::time_point()); guard) (void)s.value.get();
};

TEST(SharedMutex, OrdersSharersWithWhoHoldsItAlone) {
  EXPECT_EQ(in_turn<shared_mutex>(adds, reads), no_failure);
  EXPECT_EQ(in_turn<shared_mutex>(adds, tries_to_read), no_failure);
  EXPECT_EQ(in_turn<shared_timed_mutex>(adds, reads_for_a_time), no_failure);
  EXPECT_EQ(in_turn<shared_timed_mutex>(adds, reads_until), no_failure);
  EXPECT_EQ(in_turn<shared_mutex>(reads, adds), no_failure);
  EXPECT_EQ(in_turn<shared_mutex>(reads, tries), no_failure);
  EXPECT_EQ(in_turn<shared_timed_mutex>(reads_for_a_time, tries_until), no_failure);
  EXPECT_EQ(outcome<sharing>(adds, tries_to_read), "3 executions");
  EXPECT_EQ(outcome<sharing_for_a_time>(adds, reads_for_a_time), "3 executions");
}

/// Even if somebody has shared it in between, or held it alone before.
TEST(SharedMutex, OrdersSharersWithAllWhoHeldItAlone) {
  const auto at = [](int when, auto does) {
    return [when, does](sharing& s) {
      if (s.signal.load(relaxed) != when) return;
      does(s);
      s.signal.store(when + 1, relaxed);
    };
  };
  EXPECT_EQ(failure<sharing>(at(0, adds), at(1, reads), at(2, reads)), no_failure);
  EXPECT_EQ(failure<sharing>(at(0, adds), at(1, adds), at(2, reads)), no_failure);
  EXPECT_EQ(failure<sharing>(at(0, reads), at(1, reads), at(2, adds)), no_failure);
}

/// Who is before the threads is a holder like others.
TEST(SharedMutex, IsSharedByWhoIsBeforeTheThreads) {
  struct kept_shared {
    kept_shared() { lock.lock_shared(); }
    void after() { lock.unlock_shared(); }
    shared_mutex lock;
    var<int> value{0};
  };
  EXPECT_EQ(outcome<kept_shared>(reads), "1 executions");
  EXPECT_EQ(outcome<kept_shared>(adds), "deadlock");
}

TEST(SharedMutex, DoesNotOrderSharers) {
  const auto writes_shared = [](auto& s) {
    const std::shared_lock guard(s.lock);
    s.value = 1;
  };
  EXPECT_EQ(in_turn<shared_mutex>(writes_shared, reads), "data race");
  EXPECT_EQ(in_turn<shared_mutex>(writes_shared, tries_to_read), "data race");
  EXPECT_EQ(in_turn<shared_timed_mutex>(writes_shared, reads_for_a_time), "data race");
  // Nor whoever finds it locked with who has locked it.
  EXPECT_EQ(failure<sharing>(
                [](sharing& s) {
                  s.value = 1;
                  const std::lock_guard guard(s.lock);
                },
                [](sharing& s) {
                  if (const std::shared_lock guard(s.lock, std::try_to_lock); !guard)
                    (void)s.value.get();
                }),
            "data race");
}

TEST(SharedMutex, IsMisusedInTheseWays) {
  const auto message_of = [](auto body) { return message<sharing>(body); };
  EXPECT_EQ(message_of([](sharing& s) { s.lock.unlock_shared(); }),
            "thread 0 unlocks a shared_mutex that it does not share");
  EXPECT_EQ(message_of([](sharing& s) {
              s.lock.lock();
              s.lock.unlock_shared();
            }),
            "thread 0 unlocks a shared_mutex as shared that it holds alone");
  EXPECT_EQ(message_of([](sharing& s) {
              s.lock.lock_shared();
              s.lock.unlock();
            }),
            "thread 0 unlocks a shared_mutex that it shares");
  EXPECT_EQ(message_of([](sharing& s) { s.lock.unlock(); }),
            "thread 0 unlocks a shared_mutex that it does not hold");
  EXPECT_EQ(message_of([](sharing& s) { s.lock.lock_shared(); }),
            "a shared_mutex is destroyed while thread 0 holds it");
  for (const auto& again :
       {+[](sharing& s) { s.lock.lock(); }, +[](sharing& s) { s.lock.lock_shared(); }}) {
    EXPECT_EQ(message_of([again](sharing& s) {
                s.lock.lock_shared();
                again(s);
              }),
              "thread 0 locks a shared_mutex again that it holds");
  }
}

TEST(SharedMutex, IsWaitedForInVainByWhoSharesAnother) {
  const auto upgrades = [](std::size_t first) {
    return [first](pair_of<shared_mutex>& s) {
      const std::shared_lock one(s.locks[first]);
      const std::lock_guard other(s.locks[1 - first]);
    };
  };
  EXPECT_EQ(outcome<pair_of<shared_mutex>>(upgrades(0), upgrades(1)), "deadlock");
}

// ---- Condition variables

struct mailbox {
  mutex lock;
  condition_variable arrived;
  var<int> messages{0};
  var<int> other{0};
};
const auto any_message = [](mailbox& m) { return [&m] { return m.messages > 0; }; };
const auto takes = [](mailbox& m) {
  std::unique_lock guard(m.lock);
  m.arrived.wait(guard, any_message(m));
  --m.messages;
};
const auto puts = [](mailbox& m) {
  const std::lock_guard guard(m.lock);
  ++m.messages;
};
const auto sends = [](mailbox& m) {
  puts(m);
  m.arrived.notify_one();
};

TEST(ConditionVariable, WakesWhoWaits) {
  EXPECT_EQ(outcome<mailbox>(takes, sends), "2 executions");
  EXPECT_EQ(outcome<mailbox>(takes,
                             [](mailbox& m) {
                               const std::lock_guard guard(m.lock);
                               ++m.messages;
                               m.arrived.notify_all();
                             }),
            "2 executions");
  EXPECT_EQ(failure<mailbox>(takes, takes, sends, sends), no_failure);
}

TEST(ConditionVariable, ThatIsNotifiedTooEarlyOrNeverIsADeadlock) {
  EXPECT_EQ(outcome<mailbox>(takes, puts), "deadlock");
  EXPECT_EQ(outcome<mailbox>(takes,
                             [](mailbox& m) {
                               m.arrived.notify_one();
                               puts(m);
                             }),
            "deadlock");
  EXPECT_NE(message<mailbox>(takes, puts).find("sleeps on atomic 1 at condition_variable wait"),
            std::string::npos);
  // Who waits without asking first misses what has come before.
  const auto waits_blindly = [](mailbox& m) {
    std::unique_lock guard(m.lock);
    m.arrived.wait(guard);
  };
  EXPECT_EQ(outcome<mailbox>(waits_blindly, sends), "deadlock");
  EXPECT_NE(history<mailbox>(waits_blindly, sends).find("notifies nobody"), std::string::npos);
}

struct signalled {
  mutex lock;
  condition_variable changed;
  atomic<int> value{0};
};

/// Such a change falls between the question and the sleep.
TEST(ConditionVariable, MissesAChangeThatIsMadeWithoutTheLock) {
  const auto waits = [](signalled& s) {
    std::unique_lock guard(s.lock);
    s.changed.wait(guard, [&s] { return s.value == 1; });
  };
  EXPECT_EQ(outcome<signalled>(waits,
                               [](signalled& s) {
                                 s.value = 1;
                                 s.changed.notify_one();
                               }),
            "deadlock");
  EXPECT_EQ(failure<signalled>(waits,
                               [](signalled& s) {
                                 s.value = 1;
                                 {
                                   const std::lock_guard guard(s.lock);
                                 }
                                 s.changed.notify_one();
                               }),
            no_failure);
}

TEST(ConditionVariable, WakesOneOrAll) {
  const auto reads_the_message = [](mailbox& m) {
    std::unique_lock guard(m.lock);
    m.arrived.wait(guard, any_message(m));
  };
  EXPECT_EQ(outcome<mailbox>(reads_the_message, reads_the_message, sends), "deadlock");
  const auto broadcasts = [](mailbox& m) {
    puts(m);
    m.arrived.notify_all();
  };
  EXPECT_EQ(failure<mailbox>(reads_the_message, reads_the_message, broadcasts), no_failure);
  // Who is woken asks again: another may have taken the message.
  const auto takes_without_asking_again = [](mailbox& m) {
    std::unique_lock guard(m.lock);
    if (m.messages == 0 && m.arrived.wait_for(guard, seconds(1)) == std::cv_status::timeout) return;
    require(m.messages > 0, "the message is there");
    --m.messages;
  };
  EXPECT_EQ(outcome<mailbox>(takes_without_asking_again, takes_without_asking_again, broadcasts),
            "assertion");
}

TEST(ConditionVariable, MayWakeAnyOfThoseWhoWait) {
  struct two {
    mutex lock;
    condition_variable c;
    var<int> waiting{0};
    var<int> woken{-1};
  };
  const auto waits = [](int me) {
    return [me](two& s) {
      std::unique_lock guard(s.lock);
      ++s.waiting;
      if (s.c.wait_for(guard, seconds(1)) == std::cv_status::no_timeout) s.woken = me;
    };
  };
  const auto woken = [&](int who) {
    return failure<two>(waits(0), waits(1), [who](two& s) {
      {
        const std::lock_guard guard(s.lock);
        if (s.waiting == 2) s.c.notify_one();
      }
      const std::lock_guard guard(s.lock);
      require(s.woken != who, "this one is woken");
    });
  };
  EXPECT_EQ(woken(0), "assertion");
  EXPECT_EQ(woken(1), "assertion");
  EXPECT_EQ(woken(2), no_failure);
}

TEST(ConditionVariable, IsWaitedForForATime) {
  const auto waits_for_a_time = [](mailbox& m) {
    std::unique_lock guard(m.lock);
    const std::cv_status s = m.arrived.wait_for(guard, seconds(1));
    require(guard.owns_lock(), "it is locked again");
    if (s == std::cv_status::timeout) m.other = 1;
  };
  EXPECT_EQ(outcome<mailbox>(waits_for_a_time), "1 executions");
  const auto takes_if_any = [](mailbox& m) {
    std::unique_lock guard(m.lock);
    if (m.arrived.wait_until(guard, steady_clock::time_point(), any_message(m)))
      --m.messages;
    else
      require(m.messages == 0, "there is none");
  };
  EXPECT_EQ(outcome<mailbox>(takes_if_any), "1 executions");
  // The message comes before; or is waited for, until it comes; or the time is over before or after.
  EXPECT_EQ(outcome<mailbox>(takes_if_any, sends), "4 executions");
  EXPECT_EQ(outcome<mailbox>(takes_if_any, puts), "3 executions");
}

TEST(ConditionVariable, WakesWithoutAReason) {
  EXPECT_EQ(outcome_with<mailbox>({.spurious_wakes = 1}, takes, sends), "4 executions");
  const auto asks_once = [](mailbox& m) {
    std::unique_lock guard(m.lock);
    if (m.messages == 0) m.arrived.wait(guard);
    require(m.messages > 0, "the message is there");
  };
  EXPECT_EQ(outcome<mailbox>(asks_once, sends), "2 executions");
  EXPECT_EQ(outcome_with<mailbox>({.spurious_wakes = 1}, asks_once, sends), "assertion");
}

TEST(ConditionVariable, OrdersNothing) {
  EXPECT_EQ(outcome<mailbox>(
                [](mailbox& m) {
                  std::unique_lock guard(m.lock);
                  if (m.arrived.wait_for(guard, seconds(1)) == std::cv_status::no_timeout)
                    (void)m.other.get();
                },
                [](mailbox& m) {
                  m.other = 1;
                  m.arrived.notify_one();
                }),
            "data race");
}

TEST(ConditionVariable, IsWaitedForWithTheLock) {
  const auto waits_without = [](mailbox& m) {
    std::unique_lock guard(m.lock, std::defer_lock);
    m.arrived.wait(guard);
  };
  EXPECT_EQ(outcome<mailbox>(waits_without), "assertion");
  EXPECT_EQ(message<mailbox>(waits_without),
            "thread 0 waits for a condition variable with a mutex that it does not hold");
}

TEST(ConditionVariable, OutlivesWhoWaits) {
  struct ended {
    mutex lock;
    condition_variable* c = new condition_variable;
    var<bool> waits{false};
  };
  const auto waits = [](ended& s) {
    std::unique_lock guard(s.lock);
    s.waits = true;
    s.c->wait(guard);
  };
  const auto ends = [](ended& s) {
    const std::lock_guard guard(s.lock);
    if (s.waits) delete s.c;
  };
  EXPECT_EQ(message<ended>(waits, ends),
            "a condition variable is destroyed while thread 0 waits for it");
}

TEST(ConditionVariableAny, TakesAnyLock) {
  struct state {
    shared_mutex lock;
    condition_variable_any changed;
    var<int> value{0};
  };
  const auto waits_shared = [](state& s) {
    std::shared_lock guard(s.lock);
    s.changed.wait(guard, [&s] { return s.value == 1; });
  };
  const auto sets = [](state& s) {
    {
      const std::lock_guard guard(s.lock);
      s.value = 1;
    }
    s.changed.notify_all();
  };
  EXPECT_EQ(outcome<state>(waits_shared, sets), "2 executions");
  EXPECT_EQ(failure<state>(waits_shared, waits_shared, sets), no_failure);
  EXPECT_EQ(failure<state>(
                [](state& s) {
                  s.lock.lock();
                  (void)s.changed.wait_for(s.lock, seconds(1), [&s] { return s.value == 1; });
                  s.lock.unlock();
                },
                sets),
            no_failure);
}

// ---- Once

struct lazily {
  once_flag flag;
  var<int> value{0};
  atomic<int> calls{0};
};
const auto initialises = [](lazily& s) {
  call_once(s.flag, [&s](int n) { s.value = n; }, 7);
  require(s.value == 7, "it is done");
};

TEST(CallOnce, CallsOnceAndOthersWait) {
  EXPECT_EQ(outcome<lazily>(initialises), "1 executions");
  EXPECT_EQ(outcome<lazily>(initialises, initialises), "2 executions");
  EXPECT_EQ(failure<lazily>(initialises, initialises, initialises), no_failure);
  EXPECT_EQ(outcome<lazily>(initialises, [](lazily& s) { (void)s.value.get(); }), "data race");
}

TEST(CallOnce, CallsAgainAfterAnException) {
  const auto fails_first = [](lazily& s) {
    try {
      call_once(s.flag, [&s] {
        ++s.value;
        if (s.calls.fetch_add(1) == 0) throw std::runtime_error("not yet");
      });
      require(s.value == 2, "the second has done it");
    } catch (const std::runtime_error& e) {
      require(std::string(e.what()) == "not yet", "it is the caller's");
    }
  };
  EXPECT_EQ(outcome<lazily>(fails_first, fails_first), "2 executions");
}

TEST(CallOnce, DoesNotCallItself) {
  const auto calls_itself = [](lazily& s) {
    call_once(s.flag, [&s] { call_once(s.flag, [] {}); });
  };
  EXPECT_EQ(outcome<lazily>(calls_itself, initialises), "deadlock");
  EXPECT_EQ(message<lazily>(calls_itself), "thread 0 calls call_once in its own function");
}

TEST(Yield, IsNoWayToWait) {
  EXPECT_EQ(outcome<lazily>([](lazily& s) {
              while (s.calls == 0) yield();
            }),
            "livelock");
}

}  // namespace
}  // namespace runnel::model

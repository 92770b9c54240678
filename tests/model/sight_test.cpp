// SPDX-License-Identifier: MIT
//
// A check that does not see what its threads share fails: nothing passes because it was not looked at.
#include <runnel/model/check.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

namespace runnel::model {
namespace {

using order = std::memory_order;

constexpr const char* memory_changed = "plain memory changed outside of the model";
constexpr const char* nothing_shared = "nothing is shared";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Alone, shared by two processes, and repeated.
template <class State, class... Bodies>
explore_result expect_failure(const std::string& kind, Bodies... bodies) {
  explore_result alone = explore<State>({}, bodies...);
  EXPECT_EQ(alone.end, end_of_search::failed);
  EXPECT_EQ(alone.failure, kind) << alone.message << '\n' << alone.history;
  explore_options how;
  how.jobs = 2;
  const explore_result divided = explore<State>(how, bodies...);
  EXPECT_EQ(divided.failure, kind) << divided.message;
  EXPECT_EQ(divided.message, alone.message);
  if (alone.replay.empty()) return alone;
  how = {};
  how.replay = alone.replay;
  const explore_result again = explore<State>(how, bodies...);
  EXPECT_EQ(again.failure, kind) << again.history;
  EXPECT_EQ(again.message, alone.message);
  EXPECT_EQ(again.history, alone.history);
  return alone;
}

template <class State, class... Bodies>
explore_result expect_pass(Bodies... bodies) {
  explore_result r = explore<State>({}, bodies...);
  EXPECT_EQ(r.failure, "") << r.message << '\n' << r.history;
  EXPECT_EQ(r.end, end_of_search::exhausted);
  return r;
}

// ---- Nothing is shared

struct std_atomics {
  std::atomic<int> n{0};
  atomic<int> unused{0};
};
void add(std_atomics& s) { s.n.fetch_add(1); }

TEST(Sight, StdAtomicsAreNotSeen) {
  const explore_result r = expect_failure<std_atomics>(nothing_shared, add, add);
  EXPECT_TRUE(contains(r.message, memory_changed)) << r.message;
  EXPECT_TRUE(contains(r.message, "of the state")) << r.message;
}

struct apart {
  atomic<int> first{0};
  atomic<int> second{0};
  void after() { require(first == 1 && second == 1, "an operation is lost"); }
};
struct apart_on_purpose : apart {
  static constexpr bool shares_nothing = true;
};

TEST(Sight, ThreadsThatShareNothingMustSaySo) {
  const explore_result r = expect_failure<apart>(
      nothing_shared, [](apart& s) { s.first = 1; }, [](apart& s) { s.second = 1; });
  EXPECT_EQ(r.complete, 1U);
  expect_pass<apart_on_purpose>([](apart& s) { s.first = 1; }, [](apart& s) { s.second = 1; });
  expect_pass<apart>([](apart& s) { s.first = s.second = 1; });  // one thread
}

TEST(Sight, AnyObjectOfTheModelMayBeWhatIsShared) {
  struct state {
    var<int> plain{0};
    mutex m;
    cell<int> storage;
  };
  const auto reads = [](state& s) { require(s.plain == 0, "it was changed"); };
  expect_pass<state>(reads, reads);
  const auto locks = [](state& s) { const std::lock_guard guard(s.m); };
  expect_pass<state>(locks, locks);
}

// ---- Plain memory

struct counted {
  atomic<int> flag{0};
  int n = 0;
};

TEST(PlainMemory, ThatTwoThreadsChangeAtOnceIsReported) {
  const explore_result r = expect_failure<counted>(
      memory_changed,
      [](counted& s) {
        ++s.n;
        s.flag = 1;
      },
      [](counted& s) {
        (void)s.flag.load();
        ++s.n;
      });
  EXPECT_TRUE(contains(r.message, "thread 1 changes ")) << r.message;
  EXPECT_TRUE(contains(r.message, "after the begin of the state, which thread 0 has changed"))
      << r.message;
}

struct letter {
  int text = 0;
  atomic<bool> sent{false};
};
template <order Publish>
void send(letter& l) {
  l.text = 42;
  l.sent.store(true, Publish);
}
void receive(letter& l) {
  if (l.sent.load(order::acquire)) require(l.text == 42, "the text is lost");
}

TEST(PlainMemory, ThatIsReadWithoutOrderIsReported) {
  EXPECT_EQ(expect_pass<letter>(send<order::release>, receive).complete, 2U);
  const explore_result r = expect_failure<letter>(memory_changed, send<order::relaxed>, receive);
  EXPECT_TRUE(contains(r.message, "the text is lost")) << r.message;
  EXPECT_TRUE(contains(r.message, "which thread 0 has changed after its start")) << r.message;
}

/// Each thread has its own, and what comes after has all.
struct results {
  atomic<int> x{0};
  atomic<int> y{0};
  std::array<int, 2> seen{-1, -1};
  std::unique_ptr<std::array<int, 2>> in_the_heap = std::make_unique<std::array<int, 2>>();
  void after() {
    require(seen[0] + seen[1] > 0, "nobody has seen anything");
    require(*in_the_heap == seen, "a result is lost");
  }
};

TEST(PlainMemory, OfOneThreadAndOfWhatComesAfterIsNotReported) {
  const auto body = [](int mine, atomic<int> results::* to, atomic<int> results::* from) {
    return [=](results& s) {
      const auto i = static_cast<std::size_t>(mine);
      (s.*to).store(1);
      s.seen[i] = 0;
      s.seen[i] = (s.*from).load();
      (*s.in_the_heap)[i] = s.seen[i];
    };
  };
  EXPECT_EQ(
      expect_pass<results>(body(0, &results::x, &results::y), body(1, &results::y, &results::x))
          .complete,
      3U);
}

struct guarded {
  mutex m;
  std::deque<int> numbers;
  void after() { require(numbers.size() == 3, "a number is lost"); }
};
void append(guarded& s) {
  const std::lock_guard guard(s.m);
  s.numbers.push_back(1);
}

TEST(PlainMemory, ThatAMutexGuardsIsNotReported) {
  EXPECT_EQ(expect_pass<guarded>(append, append, append).complete, 6U);
  expect_failure<guarded>(memory_changed, append, [](guarded& s) {
    append(s);
    s.numbers.push_back(2);
  });
}

struct handed_over {
  atomic<std::vector<int>*> box{nullptr};
};
template <order Publish>
void fill(handed_over& s) {
  s.box.store(new std::vector<int>{1, 2, 3}, Publish);
}
void empty(handed_over& s) {
  const std::unique_ptr<std::vector<int>> v(
      s.box.await([](const auto* p) { return p != nullptr; }));
  require(v->at(2) == 3, "what is in it is lost");
  v->at(2) = 4;
  v->push_back(5);
}

TEST(PlainMemory, OfTheHeapIsHandedOver) {
  expect_pass<handed_over>(fill<order::release>, empty);
  expect_failure<handed_over>(memory_changed, fill<order::relaxed>, empty);
}

/// What lies between is not the explorer's.
TEST(PlainMemory, IsNotWatchedIfOneSaysSo) {
  explore_options how;
  how.watches_memory = false;
  const explore_result r = explore<letter>(how, send<order::relaxed>, receive);
  EXPECT_EQ(r.failure, "") << r.history;
  EXPECT_EQ(r.complete, 2U);
}

struct blocks {
  atomic<int> turn{0};
  var<std::vector<int>> numbers{{1, 2, 3}};
};

TEST(PlainMemory, OfAVariableOfTheModelIsItsOwn) {
  const auto pushes = [](int turn) {
    return [turn](blocks& s) {
      s.turn.await([turn](int n) { return n == turn; }, order::acquire);
      s.numbers.write([&](std::vector<int>& v) {
        v[0] = turn;
        s.turn.fetch_add(0, order::relaxed);  // in the middle of the access
        v.push_back(turn);
      });
      s.turn.store(turn + 1, order::release);
    };
  };
  expect_pass<blocks>(pushes(0), pushes(1), pushes(2));
}

/// What is in the middle of an access is nothing that another thread finds later.
TEST(PlainMemory, OfAVariableIsAsItsLastAccessHasLeftIt) {
  struct state {
    atomic<int> turn{0};
    var<std::array<int, 2>> numbers{std::array{0, 0}};
    void after() {
      require(numbers.get() == std::array{12, 12}, "what the last access has left is lost");
    }
  };
  const auto writes = [](int turn) {
    return [turn](state& s) {
      s.turn.await([turn](int n) { return n == turn; }, order::acquire);
      s.numbers.write([&](std::array<int, 2>& n) {
        require(n == std::array{9 + turn, 9 + turn} || turn == 0, "the access before is lost");
        n[0] = turn;
        (void)s.turn.load(order::relaxed);
        n = {10 + turn, 10 + turn};
      });
      s.turn.store(turn + 1, order::release);
    };
  };
  expect_pass<state>(writes(2), writes(1), writes(0));
}

// ---- What of the standard library waits

constexpr const char* outside = "synchronization outside of the model";

template <class Mutex>
struct with {
  Mutex m;
  atomic<int> n{0};
};
template <class Mutex>
void lock(with<Mutex>& s) {
  s.n.load();
  const std::lock_guard guard(s.m);
  s.n.load();
}

TEST(Sight, MutexesOfTheStandardLibraryAreNamed) {
  for (const explore_result& r : {
           expect_failure<with<std::mutex>>(outside, lock<std::mutex>, lock<std::mutex>),
           expect_failure<with<std::recursive_mutex>>(outside, lock<std::recursive_mutex>,
                                                      lock<std::recursive_mutex>),
           expect_failure<with<std::timed_mutex>>(
               outside, [](auto& s) { (void)s.m.try_lock_for(std::chrono::seconds(1)); },
               lock<std::timed_mutex>),
           expect_failure<with<std::mutex>>(
               outside, [](auto& s) { (void)s.m.try_lock(); }, [](auto& s) { s.n = 1; }),
       }) {
    EXPECT_TRUE(contains(r.message, "std::mutex")) << r.message;
    EXPECT_TRUE(contains(r.message, "() was called in thread 0, after ")) << r.message;
  }
  const explore_result r = expect_failure<with<std::shared_mutex>>(outside, lock<std::shared_mutex>,
                                                                   lock<std::shared_mutex>);
  EXPECT_TRUE(contains(r.message, "std::shared_mutex")) << r.message;
}

TEST(Sight, AConditionVariableOfTheStandardLibraryIsNamed) {
  struct state {
    std::condition_variable changed;
    atomic<int> n{0};
  };
  const explore_result r = expect_failure<state>(
      outside, [](state& s) { s.changed.notify_one(); }, [](state& s) { s.n = 1; });
  EXPECT_TRUE(contains(r.message, "std::condition_variable")) << r.message;
}

/// Outside of the program they are what they are.
TEST(Sight, MutexesAroundACheckAreNotOfIt) {
  std::mutex m;
  const std::lock_guard guard(m);
  std::condition_variable changed;
  changed.notify_all();
  EXPECT_FALSE(m.try_lock());
}

// ---- What differs from run to run

/// A write that the failed execution had read from is not made again: there is nothing to draw an arrow to.
TEST(Sight, AnExecutionThatIsAnotherWhenItIsShownIsNondeterminism) {
  struct state {
    atomic<int> a{0};
  };
  const explore_result r = explore<state>(
      {}, [](state& s) { require(s.a.load() == 0, "it was written"); },
      [](state& s) {
        if (recording()) (void)s.a.load();
        s.a = 1;
      });
  EXPECT_EQ(r.failure, "nondeterminism");
  EXPECT_TRUE(contains(r.message, "it was written")) << r.message;
  EXPECT_TRUE(contains(r.message, "fails otherwise")) << r.message;
}

}  // namespace
}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// Threads that programs which are explored start themselves: they take no other executions than threads of the check
// do, what happens before what, and how misuse is told.
#include "outcome.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace runnel::model {
namespace {

using order = std::memory_order;

void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text;
}

struct shared {
  atomic<int> x{0, "x"};
  atomic<int> y{0, "y"};
  var<int> value{0, "value"};
};

// ---- The same executions

/// Programs of threads that do the same: as threads of the check, started by one, and started by each other.
template <class... Bodies>
explore_result by_check(const explore_options& how, Bodies... bodies) {
  return explore<shared>(how, bodies...);
}
template <class... Bodies>
explore_result by_one(const explore_options& how, Bodies... bodies) {
  return explore<shared>(how, [=](shared& s) {
    std::array<thread, sizeof...(bodies)> all{thread([&s, bodies] { bodies(s); })...};
    for (thread& t : all) t.join();
  });
}
/// The last one runs in who starts the others.
template <class First, class Second>
explore_result by_each_other(const explore_options& how, First first, Second second) {
  return explore<shared>(how, [=](shared& s) {
    thread t([&] { first(s); });
    second(s);
    t.join();
  });
}

void expect_same(const explore_result& a, const explore_result& b) {
  EXPECT_EQ(a.end, b.end);
  EXPECT_EQ(a.failure, b.failure);
  EXPECT_EQ(a.complete, b.complete);
  EXPECT_EQ(a.blocked, b.blocked);
}

template <class First, class Second>
void expect_same_executions(std::uint64_t complete, First first, Second second) {
  for (const unsigned jobs : {1U, 2U}) {
    explore_options how;
    how.jobs = jobs;
    const explore_result expected = by_check(how, first, second);
    EXPECT_EQ(expected.complete, complete);
    expect_same(by_one(how, first, second), expected);
    expect_same(by_each_other(how, first, second), expected);
  }
}

TEST(Threads, StartedOnesHaveTheExecutionsOfThoseOfTheCheck) {
  const auto crossing = [](atomic<int> shared::* to, atomic<int> shared::* from, order o) {
    return [=](shared& s) {
      (s.*to).store(1, o);
      (void)(s.*from).load(o);
    };
  };
  expect_same_executions(4, crossing(&shared::x, &shared::y, order::relaxed),
                         crossing(&shared::y, &shared::x, order::relaxed));
  expect_same_executions(3, crossing(&shared::x, &shared::y, order::seq_cst),
                         crossing(&shared::y, &shared::x, order::seq_cst));
  const auto adds = [](shared& s) { s.x.fetch_add(1, order::relaxed); };
  const auto adds_twice = [](shared& s) {
    s.x.fetch_add(1, order::relaxed);
    s.x.fetch_add(1, order::relaxed);
  };
  expect_same_executions(2, adds, adds);
  expect_same_executions(6, adds_twice, adds_twice);
  const auto waits = [](shared& s) {
    (void)s.y.await([](int v) { return v == 1; });
    s.x.store(2);
  };
  const auto wakes = [](shared& s) {
    s.x.store(1);
    s.y.store(1);
    (void)s.x.load();
  };
  expect_same_executions(2, waits, wakes);
  expect_same_executions(2, wakes, waits);
}

TEST(Threads, ThreeThatAddHaveTheirOrders) {
  const auto adds = [](shared& s) { s.x.fetch_add(1, order::relaxed); };
  for (const unsigned jobs : {1U, 2U}) {
    explore_options how;
    how.jobs = jobs;
    EXPECT_EQ(by_one(how, adds, adds, adds).complete, 6U);
    EXPECT_EQ(by_one(how, adds, adds, adds, adds).complete, 24U);
  }
}

void expect_complete(std::uint64_t complete, auto body) {
  for (const unsigned jobs : {1U, 2U}) {
    explore_options how;
    how.jobs = jobs;
    const explore_result r = explore<shared>(how, body, body);
    EXPECT_EQ(r.failure, "");
    EXPECT_EQ(r.complete, complete);
  }
}

/// Whoever starts its thread first: each has a number of its own.
TEST(Threads, ManyMayStartSome) {
  const auto starts_one = [](shared& s) {
    s.x.fetch_add(1, order::relaxed);
    thread t([&s] { s.y.fetch_add(1, order::relaxed); });
    s.x.fetch_add(1, order::relaxed);
    t.join();
  };
  expect_complete(6U * 2U, starts_one);
}

/// Only in some executions, and in others another one.
TEST(Threads, OneMayBeStartedOnlySometimes) {
  const auto first_starts = [](shared& s) {
    std::optional<thread> t;
    if (s.x.fetch_add(1, order::relaxed) == 0)
      t.emplace([&s] { s.y.fetch_add(1, order::relaxed); });
    s.y.fetch_add(1, order::relaxed);
    if (t) t->join();
  };
  expect_complete(2U * 6U, first_starts);
  // Whoever was not the first to start one gets a number later, in one process of the search or another.
  explore_options how;
  const explore_result alone = explore<shared>(how, first_starts, first_starts, first_starts);
  EXPECT_EQ(alone.complete, 6U * 24U);
  for (how.jobs = 2; how.jobs <= 4; ++how.jobs)
    expect_same(explore<shared>(how, first_starts, first_starts, first_starts), alone);
}

TEST(Threads, WhoIsJoinedGoesBeforeThoseFurtherBack) {
  // The joined thread and the one further back both write what the joining one then reads.
  const explore_result r = explore<shared>(
      {},
      [](shared& s) {
        thread t([&s] {
          s.x.store(1, order::relaxed);
          (void)s.y.load(order::relaxed);
        });
        t.join();
        (void)s.x.load(order::relaxed);
        s.y.store(1, order::relaxed);
      },
      [](shared& s) {
        s.x.store(2, order::relaxed);
        (void)s.y.await([](int v) { return v != 0; }, order::relaxed);
        s.x.store(3, order::relaxed);
      });
  EXPECT_EQ(r.failure, "");
  // mo of x: 1 among 2 and 3 in that order; 3 after the await of y, so after the join: 1 before 3, or at the end
  // where nothing orders them. The last load reads 1, or what is behind it.
  const explore_result same = explore<shared>(
      {},
      [](shared& s) {
        s.x.store(1, order::relaxed);
        (void)s.y.load(order::relaxed);
        (void)s.x.load(order::relaxed);
        s.y.store(1, order::relaxed);
      },
      [](shared& s) {
        s.x.store(2, order::relaxed);
        (void)s.y.await([](int v) { return v != 0; }, order::relaxed);
        s.x.store(3, order::relaxed);
      });
  EXPECT_EQ(r.complete, same.complete);
  EXPECT_EQ(r.blocked, same.blocked);
}

// ---- What happens before what

TEST(Threads, TheStartAndTheEndAreOrdered) {
  EXPECT_EQ(outcome<shared>([](shared& s) {
              s.value = 1;
              thread t([&s] {
                require(s.value == 1, "the start is not seen");
                s.value = 2;
              });
              t.join();
              require(s.value == 2, "the end is not seen");
            }),
            "1 executions");
}

TEST(Threads, NothingElseIsOrdered) {
  const auto after_start = [](shared& s) {
    thread t([&s] { s.value = 1; });
    s.value = 2;
    t.join();
  };
  EXPECT_EQ(failure<shared>(after_start), "data race");
  const auto without_join = [](shared& s) {
    thread t([&s] {
      s.value = 1;
      s.x.store(1, order::release);
    });
    t.detach();
    (void)s.value.get();
    (void)s.x.await([](int x) { return x == 1; }, order::acquire);
  };
  EXPECT_EQ(failure<shared>(without_join), "data race");
  const auto joins_another = [](shared& s) {
    thread t([&s] { s.value = 1; });
    thread other([&s] { s.x.store(1, order::relaxed); });
    other.join();
    (void)s.value.get();
    t.join();
  };
  EXPECT_EQ(failure<shared>(joins_another), "data race");
}

TEST(Threads, WhoIsJoinedBringsWhatItHasJoined) {
  EXPECT_EQ(outcome<shared>([](shared& s) {
              thread outer([&s] {
                thread inner([&s] { s.value = 1; });
                inner.join();
              });
              outer.join();
              require(s.value == 1, "the inner one is not seen");
            }),
            "1 executions");
}

TEST(Threads, TheHandleMayPassToAnotherThread) {
  struct state {
    var<int> value{0};
    thread t;
    atomic<bool> ready{false};
  };
  EXPECT_EQ(outcome<state>(
                [](state& s) {
                  s.t = thread([&s] { s.value = 1; });
                  s.ready.store(true, order::release);
                },
                [](state& s) {
                  (void)s.ready.await([](bool r) { return r; }, order::acquire);
                  s.t.join();
                  require(s.value == 1, "the end is not seen");
                }),
            "1 executions");
}

/// The end of a thread is an event of it, and so is its start: between them and what is done elsewhere the order of
/// seq_cst operations agrees with happens-before, as with any event that is no access of the same atomic.
TEST(Threads, StartAndEndAreInTheOrderOfSeqCst) {
  const auto other = [](int shared_result, auto between) {
    return [=](shared& s) {
      s.y.store(1);
      between();
      if (s.x.load() == 0) s.value.set(shared_result);
    };
  };
  const auto by_its_end = [](shared& s) {
    thread t([&s] { s.x.store(1); });
    t.join();
    if (s.y.load() == 0) s.value.set(1);
  };
  const auto by_its_start = [](shared& s) {
    s.x.store(1);
    thread t([&s] {
      if (s.y.load() == 0) s.value.set(1);
    });
    t.join();
  };
  const auto nothing = [] {};
  const auto relaxed_fence = [] { fence(order::seq_cst); };
  for (const bool fenced : {false, true}) {
    explore_options how;
    const auto run = [&](auto starts) {
      return fenced ? explore<shared>(how, starts, other(2, relaxed_fence)).failure
                    : explore<shared>(how, starts, other(2, nothing)).failure;
    };
    EXPECT_EQ(run(by_its_end), no_failure) << fenced;
    EXPECT_EQ(run(by_its_start), no_failure) << fenced;
  }
}

/// A class with threads of its own: it starts them before those of the check, and ends them after these.
struct worker {
  worker() : t_([this] { run(); }) {}
  ~worker() {
    next_.store(-1, order::release);
    t_.join();
    require(sum_ == 1, "the work is not done");
  }
  void give(int n) { next_.store(n, order::release); }

 private:
  void run() {
    for (int seen = 0; seen >= 0;) {
      seen = next_.await([seen](int n) { return n != seen; }, order::acquire);
      if (seen > 0) sum_ = sum_ + seen;
    }
  }
  atomic<int> next_{0};
  var<int> sum_{0};
  thread t_;
};
TEST(Threads, AClassMayHaveSome) {
  struct state {
    worker w;
  };
  // The worker may not see the work before the end.
  EXPECT_EQ(failure<state>([](state& s) { s.w.give(1); }), "assertion");
}

TEST(Threads, PlainMemoryIsWatched) {
  struct state {
    int plain = 0;
    atomic<int> x{0};
  };
  const auto joined = [](state& s) {
    thread t([&s] { s.plain = 1; });
    t.join();
    require(s.plain == 1, "it is lost");
    s.x.store(1);
  };
  const auto looks = [](state& s) { (void)s.x.load(); };
  EXPECT_EQ(failure<state>(joined, looks), no_failure);
  const auto raced = [](state& s) {
    thread t([&s] { s.plain = 1; });
    s.plain = 2;
    t.join();
    s.x.store(1);
  };
  EXPECT_EQ(failure<state>(raced, looks), "plain memory changed outside of the model");
}

// ---- Misuse, and what is told

TEST(Threads, NobodyGoesOn) {
  EXPECT_EQ(message<shared>([](shared&) {
              thread t;
              atomic<thread*> self{nullptr};
              t = thread([&self] { self.await([](thread* p) { return p != nullptr; })->join(); });
              self.store(&t);
              while (true) (void)self.await([](thread* p) { return p == nullptr; });
            }).substr(0, 25),
            "thread 1 joins itself at ");
  struct two {
    thread a;
    thread b;
    atomic<bool> go{false};
  };
  const auto each_other = explore<two>({}, [](two& s) {
    const auto go = [&s] { (void)s.go.await([](bool g) { return g; }); };
    s.a = thread([&s, go] {
      go();
      s.b.join();
    });
    s.b = thread([&s, go] {
      go();
      s.a.join();
    });
    s.go.store(true);
    s.a.join();
  });
  EXPECT_EQ(each_other.failure, "deadlock");
  expect_contains(each_other.message, "thread 0 joins thread 1 at thread_test.cpp:");
  expect_contains(each_other.message, "thread 1 joins thread 2 at thread_test.cpp:");
  const auto detached = explore<shared>({}, [](shared&) {
    auto own = std::make_unique<atomic<int>>(0, "own");
    thread t([mine = std::move(own)] { (void)mine->await([](int v) { return v == 1; }); });
    t.detach();
  });
  EXPECT_EQ(detached.failure, "livelock");
  expect_contains(detached.message, "thread 1 awaits own at thread_test.cpp:");
}

TEST(Threads, MisuseIsToldOf) {
  const auto nothing = [] {};
  EXPECT_EQ(message<shared>([=](shared&) { const thread t(nothing); }),
            "thread 1 is neither joined nor detached, and its std::thread would end the program");
  EXPECT_EQ(failure<shared>([=](shared&) {
              thread t(nothing);
              t = thread(nothing);
            }),
            "assertion");
  EXPECT_EQ(message<shared>([](shared&) { thread().join(); }),
            "a thread is joined that is not joinable");
  EXPECT_EQ(message<shared>([=](shared&) {
              thread t(nothing);
              t.detach();
              t.detach();
            }),
            "a thread is detached that is not joinable");
  EXPECT_EQ(message<shared>([](shared&) {
              thread t([] { throw std::string("lost"); });
              t.join();
            }),
            "an exception left the program");
  const auto many = explore<shared>({}, [=](shared&) {
    for (unsigned n = 0; n < most_threads_started; ++n) thread(nothing).join();
  });
  EXPECT_EQ(many.failure, "assertion");
  expect_contains(many.message, "more than 23 threads, at thread_test.cpp:");
}

struct alone {
  static constexpr bool shares_nothing = true;
};
TEST(Threads, LeaksInThemAreFound) {
  EXPECT_EQ(failure<alone>([](alone&) {
              thread t([] { [[maybe_unused]] const int* volatile lost = new int(1); });
              t.join();
            }),
            "leak");
  EXPECT_EQ(failure<alone>([](alone&) {
              thread t([] { delete new int(1); });
              t.detach();
            }),
            no_failure);
}

TEST(Threads, ThoseThatShareNothingAreToldSo) {
  EXPECT_EQ(failure<shared>([](shared& s) {
              thread t([] {});
              t.join();
              s.x.store(1);
            }),
            "nothing is shared");
}

/// Whoever is detached may use what has ended.
TEST(Threads, DetachedOnesMayOutliveWhatTheyUse) {
  EXPECT_EQ(failure<shared>([](shared& s) {
              thread t([&s] { s.x.store(1); });
              t.detach();
              s.x.store(2);
            }),
            "use after free");
}

TEST(Threads, TheHistoryAndThePictureHaveThem) {
  const auto r = explore<shared>({}, [](shared& s) {
    thread t([&s] { s.value = 1; });
    s.value = 2;
    t.join();
  });
  ASSERT_EQ(r.failure, "data race");
  expect_contains(r.history, "start thread 1");
  EXPECT_EQ(r.picture.threads,
            (std::vector<std::string>{"before", "thread 0", "thread 1", "after"}));
  const auto start = std::ranges::find(r.picture.events, step::start, &picture_event::kind);
  ASSERT_NE(start, r.picture.events.end());
  EXPECT_EQ(start->target, 2U);
  const auto edges = synchronizes_with(r.picture);
  ASSERT_FALSE(edges.empty());
  EXPECT_EQ(edges[0].first, static_cast<std::size_t>(start - r.picture.events.begin()));
}

/// What comes before the threads of the check goes on beside the threads that it starts itself.
TEST(Threads, SynchronizeWithWhatStartsThem) {
  struct sees_it final : program {
    [[nodiscard]] unsigned threads() const override { return 0; }
    void before() override {
      atomic<int> x{0};
      runnel::model::thread t([&x] { x.store(1, std::memory_order::release); });
      const bool is_seen = x.load(std::memory_order::acquire) == 1;
      require(!is_seen, "it is not seen");
      t.join();
    }
    void thread(unsigned) override {}
    void after() override {}
  };
  sees_it p;
  const explore_result r = explore(p);
  ASSERT_EQ(r.failure, "assertion");
  const auto edges = synchronizes_with(r.picture);
  const auto goes = [&](step from, step to) {
    return std::ranges::any_of(edges, [&](const picture_edge& e) {
      return r.picture.events[e.first].kind == from && r.picture.events[e.second].kind == to;
    });
  };
  EXPECT_TRUE(goes(step::start, step::store));
  EXPECT_TRUE(goes(step::store, step::load));
}

/// By its name, in a search that has not seen any thread start: also of two whose numbers depend on who starts first.
TEST(Threads, AnExecutionIsRunAgain) {
  const auto starts = [](int after) {
    return [after](shared& s) {
      (void)s.x.await([after](int v) { return v >= after; });
      thread t([&s, after] { s.y.store(after + 1); });
      s.x.fetch_add(1);
      t.join();
    };
  };
  // The second one can start its thread only after the first one; then the first one does it last.
  struct late : shared {};
  const auto fails = [](shared& s) { require(s.y.load() != 2, "two is last"); };
  bodies_program<shared, decltype(starts(1)), decltype(starts(0)), decltype(fails)> p(
      starts(1), starts(0), fails);
  const explore_result found = explore(p);
  ASSERT_EQ(found.failure, "assertion");
  expect_contains(found.replay, "@");
  explore_options again;
  again.replay = found.replay;
  const explore_result repeated = explore(p, again);
  EXPECT_EQ(repeated.message, found.message);
  EXPECT_EQ(repeated.history, found.history);
  again.replay = found.replay.substr(0, found.replay.find('@'));
  EXPECT_THROW(explore(p, again), std::invalid_argument);
  again.replay = found.replay + ",9.0";
  EXPECT_THROW(explore(p, again), std::invalid_argument);
}

TEST(Threads, TheyAreThoseOfTheStandardLibrary) {
  EXPECT_EQ(outcome<shared>([](shared& s) {
              thread none;
              EXPECT_FALSE(none.joinable());
              EXPECT_EQ(none.get_id(), thread::id());
              thread t([](shared* p, int n, std::unique_ptr<int> m) { p->x.store(n + *m); }, &s, 1,
                       std::make_unique<int>(2));
              EXPECT_TRUE(t.joinable());
              EXPECT_NE(t.get_id(), none.get_id());
              swap(t, none);
              EXPECT_FALSE(t.joinable());
              t = std::move(none);
              t.join();
              EXPECT_EQ(s.x.load(), 3);
              {
                const jthread joins([&s] { s.value = 1; });
              }
              EXPECT_EQ(s.value, 1);
              std::vector<jthread> several;
              several.emplace_back([&s] { s.value = 2; });
            }),
            "1 executions");
}

}  // namespace
}  // namespace runnel::model

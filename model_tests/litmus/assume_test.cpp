// SPDX-License-Identifier: MIT
//
// What a program assumes: executions in which it does not hold are left out, and no others.
#include <runnel/model/check.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>

namespace {

namespace model = runnel::model;
using model::end_of_search;
using order = std::memory_order;

struct shared {
  model::atomic<int> x{0};
  model::atomic<int> y{0};
};

template <class... Bodies>
model::explore_result explored(Bodies... bodies) {
  return model::explore<shared>({}, bodies...);
}

const auto sets_x = [](shared& s) { s.x.store(1, order::relaxed); };

TEST(Assume, LeavesTheExecutionsInWhichItHolds) {
  const model::explore_result r =
      explored([](shared& s) { model::assume(s.x.load(order::relaxed) == 1); }, sets_x);
  EXPECT_EQ(r.end, end_of_search::exhausted) << r.message;
  EXPECT_EQ(r.complete, 1U);
  EXPECT_EQ(r.blocked, 1U);
}

TEST(Assume, WhatHoldsChangesNothing) {
  const model::explore_result r = explored(
      [](shared& s) {
        (void)s.x.load(order::relaxed);
        model::assume(true);
      },
      sets_x);
  EXPECT_EQ(r.complete, 2U);
  EXPECT_EQ(r.blocked, 0U);
}

TEST(Assume, ToWaitForWhoGoesNoFurtherIsNoFailure) {
  const model::explore_result r = explored(
      [](shared& s) {
        model::assume(s.x.load(order::relaxed) == 1);
        s.y.store(1, order::relaxed);
      },
      sets_x, [](shared& s) { (void)s.y.await([](int v) { return v == 1; }); });
  EXPECT_EQ(r.end, end_of_search::exhausted) << r.message;
  EXPECT_EQ(r.complete, 1U);
}

/// A retrying loop with a bound: who does not get the lock in two attempts is left out.
TEST(Assume, BoundsALoop) {
  const auto locks = [](shared& s) {
    bool held = false;
    for (int attempt = 0; attempt < 2 && !held; ++attempt) {
      int expected = 0;
      held = s.x.compare_exchange_strong(expected, 1, order::acquire, order::relaxed);
    }
    model::assume(held);
    const int n = s.y.load(order::relaxed);
    s.y.store(n + 1, order::relaxed);
    s.x.store(0, order::release);
  };
  const model::explore_result r = explored(locks, locks);
  EXPECT_EQ(r.end, end_of_search::exhausted) << r.message;
  // Either is first; the other succeeds at once or after one failure.
  EXPECT_EQ(r.complete, 4U);
  EXPECT_GT(r.blocked, 0U);
}

struct with_an_end : shared {
  void after() { model::assume(x.load(order::relaxed) == 2); }
};

TEST(Assume, MayBeAboutTheEnd) {
  const auto increments = [](with_an_end& s) {
    const int n = s.x.load(order::relaxed);
    s.x.store(n + 1, order::relaxed);
  };
  const model::explore_result r = model::explore<with_an_end>({}, increments, increments);
  EXPECT_EQ(r.end, end_of_search::exhausted) << r.message;
  EXPECT_EQ(r.complete, 2U);  // one after the other
  EXPECT_EQ(r.blocked, 2U);   // neither sees the other, in two orders
}

TEST(Assume, WhatOthersDoWrongIsStillFound) {
  const model::explore_result r =
      explored([](shared&) { model::assume(false); },
               [](shared&) { model::require(false, "found all the same"); });
  EXPECT_EQ(r.end, end_of_search::failed);
  EXPECT_EQ(r.failure, "assertion");
}

TEST(Assume, WhatWasDoneBeforeIsSeenByOthers) {
  // The first thread is run first, and needs what the second does before it gives up.
  const model::explore_result r =
      explored([](shared& s) { model::require(s.x.load(order::relaxed) == 0, "x is set"); },
               [](shared& s) {
                 const bool holds = s.y.load(order::relaxed) == 1;
                 s.x.store(1, order::relaxed);
                 model::assume(holds);
               },
               [](shared& s) { s.y.store(1, order::relaxed); });
  EXPECT_EQ(r.end, end_of_search::failed);
  EXPECT_NE(r.message.find("x is set"), std::string::npos);
}

TEST(Assume, AReplayOfAnExecutionThatIsLeftOutShowsIt) {
  model::explore_options options;
  options.replay = "graph:-/i/";
  const auto gives_up = [](shared& state) { model::assume(state.x.load(order::relaxed) == 1); };
  const model::explore_result r = model::explore<shared>(options, gives_up, [](shared&) {});
  EXPECT_EQ(r.end, end_of_search::exhausted) << r.message;
  EXPECT_EQ(r.blocked, 1U);
  EXPECT_NE(r.history.find("assumes what does not hold"), std::string::npos) << r.history;
}

TEST(Assume, ACheckThatIsLeftWithoutAnExecutionFails) {
  for (const unsigned jobs : {1U, 2U}) {
    model::explore_options options;
    options.jobs = jobs;
    const model::explore_result r =
        model::explore<shared>(options, [](shared&) { model::assume(false); }, sets_x);
    EXPECT_EQ(r.end, end_of_search::failed);
    EXPECT_EQ(r.failure, "no execution");
  }
}

TEST(Assume, TheTotalsDoNotDependOnTheWorkers) {
  const auto turns = [](shared& s) {
    model::assume(s.x.fetch_add(1, order::relaxed) < 5);
    model::assume(s.y.fetch_add(1, order::relaxed) != 1);
    s.x.fetch_add(1, order::relaxed);
  };
  model::explore_options options;
  const model::explore_result alone = model::explore<shared>(options, turns, turns, turns);
  EXPECT_GT(alone.blocked, 0U);
  options.jobs = 3;
  const model::explore_result team = model::explore<shared>(options, turns, turns, turns);
  EXPECT_EQ(team.complete, alone.complete);
  EXPECT_EQ(team.blocked, alone.blocked);
  EXPECT_EQ(team.dropped, alone.dropped);
  EXPECT_EQ(team.events, alone.events);
}

/// A program that goes no further than before in one of its runs.
class changes_its_mind final : public model::program {
 public:
  [[nodiscard]] unsigned threads() const override { return 2; }
  void before() override {
    ++runs_;
    shared_ = new shared;
  }
  void thread(unsigned index) override {
    (void)shared_->x.load(order::relaxed);
    if (index == 0) model::assume(runs_ != 2);
    shared_->x.store(1, order::relaxed);
  }
  void after() override { delete shared_; }

 private:
  int runs_ = 0;
  shared* shared_ = nullptr;
};

TEST(Assume, AnAssumptionThatIsNotAlwaysTheSameIsReported) {
  changes_its_mind p;
  const model::explore_result r = model::explore(p);
  EXPECT_EQ(r.end, end_of_search::failed);
  EXPECT_EQ(r.failure, "nondeterminism");
}

}  // namespace

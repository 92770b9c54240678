// SPDX-License-Identifier: MIT
//
// A search that worker processes share finds what one process finds.
#include <runnel/model/atomic.hpp>
#include <runnel/model/explore.hpp>

#include <gtest/gtest.h>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

namespace model = runnel::model;
using model::end_of_search;

struct shared {
  model::atomic<int> x{0};
  model::atomic<int> y{0};
};

/// Each thread does the same with what they share.
class same_in_each final : public model::program {
 public:
  same_in_each(unsigned threads, std::function<void(shared&, unsigned)> body)
      : threads_(threads), body_(std::move(body)) {}

  [[nodiscard]] unsigned threads() const override { return threads_; }
  void before() override { shared_ = new shared; }
  void thread(unsigned index) override { body_(*shared_, index); }
  void after() override { delete shared_; }
  [[nodiscard]] bool may_share_nothing() const override { return true; }  // or choices alone

 private:
  unsigned threads_;
  std::function<void(shared&, unsigned)> body_;
  shared* shared_ = nullptr;
};

model::explore_result explored(same_in_each& p, unsigned jobs, std::uint64_t limit = 0) {
  model::explore_options options;
  options.jobs = jobs;
  options.limit = limit;
  return model::explore(p, options);
}

void expect_the_same_totals(same_in_each p, std::uint64_t executions) {
  const model::explore_result alone = explored(p, 1);
  EXPECT_EQ(alone.end, end_of_search::exhausted) << alone.message;
  EXPECT_EQ(alone.complete, executions);
  for (const unsigned jobs : {2U, 3U, 7U}) {
    const model::explore_result r = explored(p, jobs);
    EXPECT_EQ(r.end, end_of_search::exhausted) << r.message;
    EXPECT_EQ(r.complete, alone.complete);
    EXPECT_EQ(r.blocked, alone.blocked);
    EXPECT_EQ(r.dropped, alone.dropped);
    EXPECT_EQ(r.revisits, alone.revisits);
    EXPECT_EQ(r.events, alone.events);
  }
}

void increment_both(shared& s, unsigned) {
  s.x.fetch_add(1, std::memory_order::relaxed);
  s.y.fetch_add(1, std::memory_order::relaxed);
}

TEST(Team, HasTheTotalsOfOneWorker) {
  expect_the_same_totals({4, increment_both}, 576);
  expect_the_same_totals({2, [](shared& s, unsigned i) { (i == 0 ? s.x : s.y).store(1); }}, 1);
  expect_the_same_totals({3,
                          [](shared& s, unsigned i) {
                            s.x.store(static_cast<int>(i), std::memory_order::relaxed);
                            (void)s.y.await([](int) { return true; });
                            s.x.load(std::memory_order::relaxed);
                          }},
                         // 3! orders of the stores; then the loads have 3, 2 and 1 to see.
                         36);
}

void expect_the_same_failure(same_in_each p, const std::string& kind) {
  const model::explore_result alone = explored(p, 1);
  ASSERT_EQ(alone.end, end_of_search::failed);
  EXPECT_EQ(alone.failure, kind);
  for (const unsigned jobs : {2U, 3U, 7U, 2U, 3U, 7U}) {
    model::explore_options how;
    how.jobs = jobs;
    how.seconds = jobs == 7 ? 1000 : 0;  // a limit that is not reached
    const model::explore_result r = model::explore(p, how);
    EXPECT_EQ(r.end, end_of_search::failed);
    EXPECT_EQ(r.failure, alone.failure);
    EXPECT_EQ(r.message, alone.message);
    EXPECT_EQ(r.history, alone.history);
    EXPECT_EQ(r.replay, alone.replay);
    model::explore_options again;
    again.replay = r.replay;
    EXPECT_EQ(model::explore(p, again).message, r.message);
  }
}

TEST(Team, FindsTheSameFailureWhoeverIsFirst) {
  // Deep in the search: the last thread must come first.
  expect_the_same_failure({4,
                           [](shared& s, unsigned i) {
                             const int before = s.x.fetch_add(1);
                             if (i == 3 && before == 0 && s.y.fetch_add(1) == 0 &&
                                 s.x.load(std::memory_order::relaxed) == 4)
                               model::fail("assertion", "the last was first");
                             if (i != 3) s.y.fetch_add(1);
                           }},
                          "assertion");
  // In the first run.
  expect_the_same_failure({2, [](shared&, unsigned) { model::fail("assertion", "at once"); }},
                          "assertion");
}

TEST(Team, AWaitForEverIsFound) {
  expect_the_same_failure({3,
                           [](shared& s, unsigned i) {
                             increment_both(s, i);
                             if (s.x.load() == 2) s.y.await([](int v) { return v == 9; });
                           }},
                          "livelock");
}

TEST(Team, ALimitIsNoPass) {
  same_in_each p(4, increment_both);
  EXPECT_EQ(explored(p, 2, 100).end, end_of_search::cut);
  EXPECT_EQ(explored(p, 2, 1'000'000).end, end_of_search::exhausted);
}

/// Deep in the search, or in a run above the subtrees.
void expect_its_execution(std::function<void(shared&, unsigned)> body) {
  same_in_each p(3, std::move(body));
  for (const unsigned jobs : {2U, 3U}) {
    const model::explore_result r = explored(p, jobs);
    EXPECT_EQ(r.end, end_of_search::failed);
    EXPECT_EQ(r.failure, "crash");
    EXPECT_EQ(r.message, "the process ended with signal 9 (Killed) in this execution");
    EXPECT_TRUE(r.replay.starts_with("graph:")) << r.replay;
    // Its last line is of what the thread has done last.
    EXPECT_NE(r.history.find("thread 2"), std::string::npos) << r.history;
  }
}

TEST(Team, AWorkerThatIsKilledIsAFailureWithItsExecution) {
  expect_its_execution([](shared& s, unsigned i) {
    if (i == 2 && s.x.fetch_add(1) == 0 && s.y.load() == 2) std::raise(SIGKILL);
    s.x.fetch_add(1);
    s.y.fetch_add(1);
  });
  expect_its_execution([](shared& s, unsigned i) {
    if (i == 2 && s.x.fetch_add(1) == 2) std::raise(SIGKILL);
    s.x.fetch_add(1);
  });
}

TEST(Team, AWorkerThatLeavesIsNoPass) {
  same_in_each p(3, [](shared& s, unsigned i) {
    increment_both(s, i);
    if (i == 2 && s.y.load() == 3) syscall(SYS_exit_group, 0);
  });
  const model::explore_result r = explored(p, 2);
  EXPECT_EQ(r.failure, "exit");
  EXPECT_EQ(r.message, "the process ended with status 0 in this execution");
}

/// As the system does when it has no memory left, say.
TEST(Team, AWorkerThatIsKilledFromOutsideIsAnError) {
  const pid_t here = getpid();
  std::atomic<bool>& killed = *static_cast<std::atomic<bool>*>(
      mmap(nullptr, sizeof(std::atomic<bool>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
           -1, 0));
  same_in_each p(2, [&](shared& s, unsigned) {
    s.x.fetch_add(1);
    if (getpid() != here && !killed.exchange(true)) std::raise(SIGKILL);
  });
  EXPECT_THROW(explored(p, 2), std::runtime_error);
}

}  // namespace

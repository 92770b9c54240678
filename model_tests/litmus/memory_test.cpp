// SPDX-License-Identifier: MIT
//
// What a search holds: it is counted, and does not depend on the number of executions. And memory of
// the program in which one object follows another.
#include "explored.hpp"
#include "program.hpp"

#include <runnel/model/atomic.hpp>
#include <runnel/model/explore.hpp>
#include <runnel/model/runtime.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace runnel::litmus {
namespace {

model::explore_result explored_up_to(const std::string& name, std::uint64_t limit) {
  const std::vector<program> all = all_programs();
  const auto p =
      std::find_if(all.begin(), all.end(), [&](const program& q) { return q.name == name; });
  explored e(*p);
  model::explore_options options;
  options.limit = limit;
  return model::explore(e, options);
}

TEST(Memory, DoesNotGrowWithTheNumberOfExecutions) {
  const model::explore_result some = explored_up_to("fib_bench", 10'000);
  const model::explore_result all = explored_up_to("fib_bench", 0);
  EXPECT_EQ(some.complete, 10'000U);
  EXPECT_EQ(all.complete, 525'630U);
  EXPECT_LE(all.memory, some.memory + some.memory / 10);
}

/// A thread that does as it is told, with an atomic.
class alone final : public model::program {
 public:
  using body = std::function<void(model::atomic<int>&)>;
  explicit alone(body b) : body_(std::move(b)) {}

  [[nodiscard]] unsigned threads() const override { return 2; }
  void before() override { atomic_ = new model::atomic<int>(0); }
  void thread(unsigned index) override {
    if (index == 0) body_(*atomic_);
  }
  void after() override { delete atomic_; }
  [[nodiscard]] bool may_share_nothing() const override { return true; }

 private:
  body body_;
  model::atomic<int>* atomic_ = nullptr;
};

std::uint64_t memory_of(const alone::body& b, unsigned jobs = 1) {
  alone p(b);
  model::explore_options options;
  options.jobs = jobs;
  const model::explore_result r = model::explore(p, options);
  EXPECT_EQ(r.end, model::end_of_search::exhausted) << r.message;
  return r.memory;
}

const alone::body does_nothing = [](model::atomic<int>&) {};

TEST(Memory, CountsWhatTheProgramAllocates) {
  constexpr std::size_t much = std::size_t{3} << 20;
  const std::uint64_t more = memory_of([](model::atomic<int>&) {
    model::deallocate(model::allocate(much, alignof(int)), much, alignof(int));
  });
  EXPECT_GE(more, memory_of(does_nothing) + much);
}

TEST(Memory, CountsTheStacks) {
  constexpr std::size_t much = std::size_t{128} << 10;
  const std::uint64_t more = memory_of([](model::atomic<int>& a) {
    volatile char large[much];
    for (std::size_t i = 0; i < much; i += 1024) large[i] = 1;
    a.store(large[0]);
  });
  EXPECT_GE(more, memory_of(does_nothing) + much);
}

TEST(Memory, CountsTheGraphs) {
  constexpr int many = 1000;
  const std::uint64_t more = memory_of([](model::atomic<int>& a) {
    for (int i = 0; i < many; ++i) a.store(i);
  });
  EXPECT_GE(more, memory_of(does_nothing) + many * sizeof(int));
}

TEST(Memory, OfATeamIsThatOfAllItsWorkers) {
  const std::uint64_t one = memory_of(does_nothing);
  EXPECT_GE(memory_of(does_nothing, 3), 3 * one - one / 2);
}

TEST(Memory, OfALoopWithoutABoundIsBounded) {
  constexpr std::uint64_t enough = std::uint64_t{16} << 20;
  alone stores([](model::atomic<int>& a) {
    for (;;) a.store(1);
  });
  alone constructs([](model::atomic<int>&) {
    for (;;) model::atomic<int> another(0);
  });
  for (alone* p : {&stores, &constructs}) {
    const model::explore_result r = model::explore(*p);
    EXPECT_EQ(r.failure, "livelock");
    EXPECT_NE(r.message.find("a loop has no bound"), std::string::npos) << r.message;
    EXPECT_LE(r.memory, enough);
  }
}

/// A thread ends an object and says so; the other makes one in its place.
class succession final : public model::program {
 public:
  explicit succession(std::memory_order announced) : announced_(announced) {}

  [[nodiscard]] unsigned threads() const override { return 2; }
  void before() override {
    place_ = new std::byte[sizeof(object)];
    free_ = new model::atomic<int>(0);
    std::construct_at(in_place(), 0);
  }
  void thread(unsigned index) override {
    if (index == 0) {
      std::destroy_at(in_place());
      free_->store(1, announced_);
    } else if (free_->load(std::memory_order::acquire) == 1) {
      std::destroy_at(std::construct_at(in_place(), 0));
    }
  }
  void after() override {
    delete free_;
    delete[] place_;
  }

 private:
  using object = model::atomic<int>;
  object* in_place() { return reinterpret_cast<object*>(place_); }

  std::memory_order announced_;
  std::byte* place_ = nullptr;
  model::atomic<int>* free_ = nullptr;
};

TEST(Memory, IsUsedAgainAfterTheEndOfWhatWasThere) {
  succession p(std::memory_order::release);
  const model::explore_result r = model::explore(p);
  EXPECT_EQ(r.end, model::end_of_search::exhausted) << r.message;
}

TEST(Memory, IsNotUsedAgainBesideTheEndOfWhatWasThere) {
  succession p(std::memory_order::relaxed);
  const model::explore_result r = model::explore(p);
  EXPECT_EQ(r.failure, "data race");
  EXPECT_NE(r.message.find("construction of another object in its place"), std::string::npos)
      << r.message;
}

}  // namespace
}  // namespace runnel::litmus

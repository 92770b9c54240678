// SPDX-License-Identifier: MIT
//
// The litmus programs with std::atomic and std::thread, as compilers translate them: the explorer visits as many
// executions of each, with the same outcomes. Where a thread waits in a loop, its first turn may be compiled otherwise
// than the next ones: then the same state is recognized a turn later, and there are more executions.
#include "observations.hpp"
#include "program.hpp"
#include "test_name.hpp"

#include <runnel/model/native.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace runnel::litmus {
namespace {

constexpr std::size_t most_locations = 20;
std::array<std::atomic<int>, most_locations> locations;

class native_machine final : public machine {
 public:
  explicit native_machine(observations& o) : machine(o.values()), observations_(o) {}

  int load(unsigned l, order o) override { return locations[l].load(o); }
  void store(unsigned l, int value, order o) override { locations[l].store(value, o); }
  int modify(unsigned l, const change& c) override {
    std::atomic<int>& a = locations[l];
    if (c.how == change::kind::add) return a.fetch_add(c.operand, c.success);
    if (c.how == change::kind::exchange) return a.exchange(c.operand, c.success);
    int value = c.expected;
    a.compare_exchange_strong(value, c.operand, c.success, c.failure);
    return value;
  }
  void fence(order o) override { std::atomic_thread_fence(o); }
  int await(unsigned l, condition c, order o) override {
    model::unobserved([this] { observations_.note_wait(); });
    for (;;) {
      if (const int v = locations[l].load(o); c(v)) return v;
    }
  }
  void see(char name, int value) override {
    model::unobserved([&] { machine::see(name, value); });
  }
  int choose(int n) override { return static_cast<int>(runnel_choose(static_cast<unsigned>(n))); }
  void stop() override { runnel_assume(0); }

 private:
  observations& observations_;
};

void run(const program& p, observations& o) {
  model::unobserved([&o] { o.begin(); });
  for (unsigned l = 0; l < p.locations; ++l)
    new (&locations[l]) std::atomic<int>(l < p.initial.size() ? p.initial[l] : 0);
  std::vector<std::thread> threads;
  for (const body& b : p.threads) {
    threads.emplace_back([&b, &o] {
      native_machine m(o);
      b(m);
    });
  }
  for (std::thread& t : threads) t.join();
  std::vector<int> finals;
  for (const char letter : p.finals) finals.push_back(locations[location_of(letter)].load(rlx));
  bool is_kept = false;
  model::unobserved([&] { is_kept = o.end(finals); });
  runnel_require(static_cast<int>(is_kept), "there are few outcomes");
}

class NativeLitmus : public testing::TestWithParam<program> {};

TEST_P(NativeLitmus, HasTheExecutionsThatTheModelAllows) {
  const program& p = GetParam();
  observations o(p);
  const model::explore_result r = model::explore_native([&] { run(p, o); });
  EXPECT_TRUE(r.end == model::end_of_search::exhausted || r.failure == "no execution" ||
              r.failure == "nothing is shared")
      << p.name << ": " << r.failure << ": " << r.message << '\n'
      << r.history;
  if (o.has_waited()) {
    EXPECT_GE(r.complete, p.executions) << p.name;
  } else {
    EXPECT_EQ(r.complete, p.executions) << p.name;
  }
  EXPECT_EQ(o.texts(), p.allowed.texts()) << p.name;
}

std::vector<program> programs() {
  std::vector<program> all = all_programs();
  constexpr std::uint64_t many = 20'000;
  std::erase_if(all, [](const program& p) { return p.sticks || p.executions > many; });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Programs, NativeLitmus, testing::ValuesIn(programs()), test_name);

}  // namespace
}  // namespace runnel::litmus

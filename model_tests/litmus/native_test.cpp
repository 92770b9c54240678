// SPDX-License-Identifier: MIT
//
// The litmus programs with std::atomic and std::thread, as compilers translate them: the explorer visits as many
// executions of each, with the same outcomes. Where a thread waits in a loop, its first turn may be compiled otherwise
// than the next ones: then the same state is recognized a turn later, and there are more executions.
#include "program.hpp"

#include <runnel/model/native.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace runnel::litmus {
namespace {

constexpr std::size_t most_locations = 20;
std::array<std::atomic<int>, most_locations> locations;

class native_machine final : public machine {
 public:
  native_machine(registers& r, bool& waits) : machine(r), waits_(waits) {}

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
    note(waits_);
    for (;;) {
      if (const int v = locations[l].load(o); c(v)) return v;
    }
  }
  int choose(int n) override { return static_cast<int>(runnel_choose(static_cast<unsigned>(n))); }
  void stop() override { runnel_assume(0); }

 private:
  bool& waits_;  // outside of the program
};

void run(const program& p, registers& values, bool& waits) {
  for (unsigned l = 0; l < p.locations; ++l)
    new (&locations[l]) std::atomic<int>(l < p.initial.size() ? p.initial[l] : 0);
  std::vector<std::thread> threads;
  for (const body& b : p.threads) {
    threads.emplace_back([&b, &values, &waits] {
      native_machine m(values, waits);
      b(m);
    });
  }
  for (std::thread& t : threads) t.join();
}

/// What executions show is put where it outlives them: in memory that is no part of the program.
class collector {
 public:
  explicit collector(const program& p) : program_(p) { found_.reserve(capacity); }

  void add(const registers& values) {
    outcome o{values, {}};
    for (std::size_t f = 0; f < program_.finals.size(); ++f)
      o.finals.at(f) = locations[location_of(program_.finals[f])].load(rlx);
    const auto place = std::lower_bound(found_.begin(), found_.end(), o);
    if (place != found_.end() && *place == o) return;
    runnel_require(static_cast<int>(found_.size() < capacity), "there are few outcomes");
    found_.insert(place, o);
  }
  [[nodiscard]] std::set<std::string> texts() const {
    std::set<std::string> all;
    for (const outcome& o : found_) {
      const auto n = static_cast<std::ptrdiff_t>(program_.finals.size());
      all.insert(text_of(o.values, program_, {o.finals.begin(), std::next(o.finals.begin(), n)}));
    }
    return all;
  }

 private:
  static constexpr std::size_t capacity = 8192;
  struct outcome {
    registers values;
    std::array<int, 4> finals{};
    friend auto operator<=>(const outcome&, const outcome&) = default;
  };
  const program& program_;
  std::vector<outcome> found_;
};

class NativeLitmus : public testing::TestWithParam<program> {};

TEST_P(NativeLitmus, HasTheExecutionsThatTheModelAllows) {
  const program& p = GetParam();
  const auto seen = std::make_unique<collector>(p);
  const auto values = std::make_unique<registers>();
  const auto waits = std::make_unique<bool>(false);
  const model::explore_result r = model::explore_native([&] {
    *values = {};
    run(p, *values, *waits);
    seen->add(*values);
  });
  EXPECT_TRUE(r.end == model::end_of_search::exhausted || r.failure == "no execution" ||
              r.failure == "nothing is shared")
      << p.name << ": " << r.failure << ": " << r.message << '\n'
      << r.history;
  if (*waits) {
    EXPECT_GE(r.complete, p.executions) << p.name;
  } else {
    EXPECT_EQ(r.complete, p.executions) << p.name;
  }
  EXPECT_EQ(seen->texts(), p.allowed.texts()) << p.name;
}

std::vector<program> programs() {
  std::vector<program> all = all_programs();
  constexpr std::uint64_t many = 20'000;
  std::erase_if(all, [](const program& p) { return p.sticks || p.executions > many; });
  return all;
}

std::string test_name(const testing::TestParamInfo<program>& info) {
  std::string name = std::to_string(info.index) + '_' + info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Programs, NativeLitmus, testing::ValuesIn(programs()), test_name);

}  // namespace
}  // namespace runnel::litmus

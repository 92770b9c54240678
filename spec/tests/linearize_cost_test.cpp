// SPDX-License-Identifier: MIT
//
// What a judgement costs, on histories of a simulated channel with four threads, legal ones and
// ones with a planted error. Build with optimisation to compare with linearizability.md.
#include "simulated_history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace runnel::spec {
namespace {

struct times {
  std::vector<double> explained;
  std::vector<double> unexplained;

  void measure(const recorded_history& h) {
    const auto start = std::chrono::steady_clock::now();
    const verdict v = explain(h);
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    ASSERT_NE(v, verdict::undecided);
    (v == verdict::explained ? explained : unexplained).push_back(taken.count());
  }
};

void print(const char* what, std::vector<double>& t) {
  std::ranges::sort(t);
  std::printf("  %s: %4zu, median %6.3f ms, longest %6.3f ms", what, t.size(), t[t.size() / 2],
              t.back());
}

/// Judges `count` histories of each kind; all times together.
times measure(unsigned calls, unsigned senders, int count) {
  constexpr unsigned threads = 4;
  times all;
  for (const std::optional<std::size_t> capacity :
       {std::optional<std::size_t>(0), std::optional<std::size_t>(1), std::optional<std::size_t>(4),
        std::optional<std::size_t>()}) {
    times these;
    std::mt19937_64 random(calls + senders);
    const auto choose = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    for (int i = 0; i < count; ++i) {
      const unsigned delay = std::array{2U, 10U, 40U}[choose(3)];
      recorded_history h =
          simulate({capacity, senders, threads - senders, calls / threads - 1, delay}, choose);
      if (choose(4) == 0) h = prefix_of(h, events_of(h).size() * 3 / 4);
      these.measure(h);
      for (int errors = 0; errors < 3; ++errors) plant_error(h, choose);
      these.measure(h);
    }
    std::printf("%3u calls, %u senders, %s:", calls, senders,
                capacity ? ("capacity " + std::to_string(*capacity)).c_str() : "unbounded ");
    print("legal", these.explained);
    print("illegal", these.unexplained);
    std::printf("\n");
    all.explained.insert(all.explained.end(), these.explained.begin(), these.explained.end());
    all.unexplained.insert(all.unexplained.end(), these.unexplained.begin(),
                           these.unexplained.end());
  }
  return all;
}

double median(std::vector<double> t) {
  std::ranges::sort(t);
  return t[t.size() / 2];
}

// The limits hold with sanitizers and without optimisation; the times are shorter by far.
TEST(LinearizeCost, TwentyFourCallsTakeMilliseconds) {
  for (const unsigned senders : {1U, 2U, 3U}) {
    const times t = measure(24, senders, 200);
    EXPECT_LT(median(t.explained), 10.0);
    EXPECT_LT(median(t.unexplained), 10.0);
  }
}
TEST(LinearizeCost, TwoHundredCallsTakeLessThanASecond) {
  for (const unsigned senders : {1U, 2U, 3U}) {
    const times t = measure(200, senders, 40);
    EXPECT_LT(*std::ranges::max_element(t.explained), 1000.0);
    EXPECT_LT(*std::ranges::max_element(t.unexplained), 1000.0);
  }
}

/// All is sent before anything is received, in calls that overlap as much as they can.
TEST(LinearizeCost, ALongBacklogTakesLessThanASecond) {
  recorded_history h;
  h.senders = h.receivers = 2;
  constexpr unsigned messages = 125;  // of each sender: nearly as many calls as there may be
  for (unsigned i = 0; i < messages; ++i) {
    for (const unsigned t : {0U, 1U}) {
      const std::uint64_t time = 4 * i + 2 * t;
      const std::uint32_t value = 2 * i + t + 1;
      h.calls.push_back({t, {op::send, response::ok, value}, time, time + 3});
      h.calls.push_back({t + 2, {op::recv, response::ok, value}, time + 1000, time + 1003});
    }
  }
  times t;
  t.measure(h);
  ASSERT_EQ(t.explained.size(), 1U);
  EXPECT_LT(t.explained[0], 1000.0);
  h.calls.push_back({4, {op::try_recv, response::disconnected}, 2000, 2001});
  t.measure(h);
  ASSERT_EQ(t.unexplained.size(), 1U);
  std::printf("backlog of %u: legal %.3f ms, illegal %.3f ms\n", 2 * messages, t.explained[0],
              t.unexplained[0]);
  EXPECT_LT(t.unexplained[0], 1000.0);
}

/// A search that a limit ends has no verdict.
TEST(LinearizeCost, ALimitThatIsHitIsNoVerdict) {
  recorded_history h;
  h.receivers = 2;
  h.calls = {{0, {op::send, response::ok, 1}, 0, 10},
             {1, {op::send, response::ok, 2}, 0, 10},
             {2, {op::recv, response::ok, 1}, 5, 20},
             {3, {op::recv, response::ok, 2}, 0, 30},
             {4, {op::try_recv, response::disconnected}, 40, 50}};
  EXPECT_EQ(explain(h), verdict::unexplained);
  EXPECT_EQ(explain(h, 1), verdict::undecided);
  EXPECT_EQ(judge(h, 1).verdict, verdict::undecided);
}

}  // namespace
}  // namespace runnel::spec

// SPDX-License-Identifier: MIT
#include "fuzz/shrink.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace runnel::check::fuzz {
namespace {

using spec::op;

bool calls(const generated& g, op o) {
  return std::ranges::any_of(g.program.threads, [o](const thread_program& t) {
    return std::ranges::find(t.steps, o, &step::op) != t.steps.end();
  });
}

bool drains(const generated& g) {
  return std::ranges::any_of(g.program.threads, &thread_program::drains);
}

/// Each step of shrinking makes one of these less, and none more.
std::array<std::size_t, 9> measures(const generated& g) {
  const auto complexity = [](op o) -> std::size_t {
    return o == op::timed_send || o == op::timed_recv ? 2 : spec::is_try(o) ? 1 : 0;
  };
  std::array<std::size_t, 9> m{
      g.program.threads.size(),
      operations(g),
      0,
      0,
      g.mpmc ? 1U : 0U,
      g.failed_allocations,
      g.program.capacity ? 2 + *g.program.capacity : g.program.block_length};
  for (const thread_program& t : g.program.threads) {
    m[2] += t.drains ? 1 : 0;
    for (const step& s : t.steps) m[3] += complexity(s.op);
  }
  if (!g.selects) return m;
  m[0] = g.selects->threads.size() + g.selects->capacities.size();
  for (const auto& t : g.selects->threads) {
    for (const select_step& s : t) {
      using how = select_step::how;
      m[7] += s.cases.size();
      m[8] += s.kind == how::plain || s.kind == how::select ? 0
              : s.kind == how::for_a_while                  ? 2
                                                            : 1;
      m[8] += s.kind == how::plain ? 0 : 1;
      m[3] += complexity(s.cases[0].call.op);
    }
  }
  return m;
}

TEST(Shrink, EveryStepIsValidAndSimpler) {
  for (std::uint64_t i = 0; i < 500; ++i) {
    const generated g = generate(7, i);
    const auto before = measures(g);
    for (const generated& s : simpler(g)) {
      ASSERT_TRUE(is_valid(s)) << text(s);
      const auto after = measures(s);
      EXPECT_NE(before, after) << text(g) << "\n" << text(s);
      for (std::size_t m = 0; m < before.size(); ++m)
        EXPECT_LE(after[m], before[m]) << text(g) << "\n" << text(s);
    }
  }
}

TEST(Shrink, LeavesWhatTheFailureNeeds) {
  const generated large{
      {unbounded,
       {sender({send(1), clone_sender(), send_for(2), drop_sender()}), sender({try_send(3)}),
        draining_receiver({recv_for(), look_from_receiver(), try_recv()})},
       2},
      true,
      1};
  const auto shrunk = [&](const std::function<bool(const generated&)>& fails) {
    return text(shrink(large, fails));
  };
  EXPECT_EQ(shrunk([](const generated&) { return true; }),
            "mpsc, unbounded, blocks of 1: sender({}), receiver({})");
  EXPECT_EQ(shrunk([](const generated& g) { return calls(g, op::timed_send) && drains(g); }),
            "mpsc, unbounded, blocks of 1: sender({send_for(1)}), draining_receiver()");
  EXPECT_EQ(shrunk([](const generated& g) { return calls(g, op::drop_sender); }),
            "mpsc, unbounded, blocks of 1: sender({drop_sender()}), receiver({})");
  EXPECT_EQ(shrunk([](const generated& g) { return g.mpmc && g.failed_allocations == 1; }),
            "mpmc, unbounded, blocks of 1, allocations may fail: sender({}), receiver({})");
  EXPECT_EQ(shrunk([](const generated& g) { return g.program.threads.size() == 3; }),
            "mpsc, unbounded, blocks of 1: sender({}), sender({}), receiver({})");
}

TEST(Shrink, LeavesOfSelectsWhatTheFailureNeeds) {
  generated large;
  large.mpmc = true;
  large.selects = {{unbounded, rendezvous},
                   {{fair_select({{1, send(1)}, {0, recv()}, {1, send(2)}})},
                    {plain(1, recv()), select_for({{0, send(3)}, {1, recv()}})},
                    {plain(0, try_send(4))}}};
  const auto shrunk = [&](const std::function<bool(const generated&)>& fails) {
    return text(shrink(large, fails));
  };
  EXPECT_EQ(shrunk([](const generated&) { return true; }),
            "mpsc, unbounded: thread({}), thread({})");
  EXPECT_EQ(
      shrunk([](const generated& g) {
        return std::ranges::any_of(g.selects->threads[0], [](const select_step& s) {
          return s.cases.size() == 2 && s.kind != select_step::how::plain;
        });
      }),
      "mpsc, unbounded and rendezvous: thread({select({{0, recv()}, {1, send(1)}})}), thread({})");
  EXPECT_EQ(shrunk([](const generated& g) { return operations(g) == 4; }),
            "mpsc, unbounded and rendezvous: thread({select({{0, recv()}, {1, send(1)}})}), "
            "thread({plain(1, recv()), plain(1, recv())}), thread({plain(0, send(2))})");
}

TEST(Shrink, TheKindOfQueueStays) {
  const generated large{{2, {sender({send(1)}), draining_receiver({recv()})}}, true};
  EXPECT_EQ(text(shrink(large, [](const generated&) { return true; })),
            "mpsc, capacity 1: sender({}), receiver({})");
  // A drain that cannot go becomes a receive.
  const generated drained{{rendezvous, {sender({send(1)}), draining_receiver()}}};
  EXPECT_EQ(text(shrink(drained, [](const generated& g) { return operations(g) == 2; })),
            "mpsc, rendezvous: sender({send(1)}), receiver({recv()})");
}

}  // namespace
}  // namespace runnel::check::fuzz

// SPDX-License-Identifier: MIT
//
// The explorer visits exactly the graphs that the axioms allow, each once.
#include "reference.hpp"
#include "comparison.hpp"
#include "random_program.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace runnel::reference {
namespace {

using litmus::acq;
using litmus::machine;
using litmus::program;
using litmus::rel;
using litmus::rlx;
using litmus::sc;
using litmus::started;
using litmus::x;
using litmus::y;

constexpr auto rc11 = model::memory_model::rc11;
constexpr auto cxx20 = model::memory_model::cxx20;
constexpr std::size_t most_candidates = 200'000;

program store_buffering(litmus::order store, litmus::order load) {
  return {.name = "store buffering",
          .threads = {[=](machine& m) {
                        m.store(x, 1, store);
                        m.read('a', y, load);
                      },
                      [=](machine& m) {
                        m.store(y, 1, store);
                        m.read('b', x, load);
                      }}};
}

/// The reference, too, has to agree with the numbers.
TEST(Reference, LitmusPrograms) {
  std::size_t compared = 0;
  for (const program& p : litmus::all_programs()) {
    if (!p.small) continue;
    SCOPED_TRACE(p.name);
    const graphs expected = explore(p, most_candidates);
    EXPECT_EQ(expected.complete.size(), p.executions);
    EXPECT_EQ(outcomes_of(p, expected), p.allowed.texts());
    EXPECT_EQ(differences(expected, visited_by_explorer(p)), "");
    const graphs of_cxx20 = explore(p, most_candidates, seq_cst_axiom::cxx20);
    EXPECT_EQ(of_cxx20.complete.size(), p.executions_cxx20.value_or(p.executions));
    EXPECT_EQ(differences(of_cxx20, visited_by_explorer(p, started::by_the_check, cxx20)), "");
    ++compared;
  }
  EXPECT_GE(compared, 60U);
}

/// GenMC's numbers, where its axiom is another one: see seq_cst.cpp.
TEST(Reference, TheStrongerAxiomOfAToolForbidsMore) {
  const auto executions = [](const std::string& name) {
    for (const program& p : litmus::all_programs()) {
      if (p.name == name)
        return explore(p, most_candidates, seq_cst_axiom::any_location).complete.size();
    }
    return std::size_t{0};
  };
  EXPECT_EQ(executions("Z6.U"), 22U);
  EXPECT_EQ(executions("WWmerge1"), 17U);
  EXPECT_EQ(executions("WWmerge2"), 8U);
}

TEST(Reference, RandomPrograms) {
  std::size_t programs = 0;
  std::size_t complete = 0;
  std::size_t stuck = 0;
  std::size_t candidates = 0;
  const bool same = rc::check("the explorer visits the consistent graphs, each once", [&] {
    const steps all = *random_steps();
    const program p = program_of(all);
    const bool is_cxx20 = *rc::gen::element(false, true);
    const graphs expected =
        explore(p, most_candidates, is_cxx20 ? seq_cst_axiom::cxx20 : seq_cst_axiom::rc11);
    const started how =
        *rc::gen::element(started::by_the_check, started::by_one_thread, started::in_a_chain);
    const std::string text =
        differences(expected, visited_by_explorer(p, how, is_cxx20 ? cxx20 : rc11));
    if (!text.empty()) RC_FAIL(text);
    ++programs;
    complete += expected.complete.size();
    stuck += expected.stuck.size();
    candidates += expected.candidates;
  });
  EXPECT_TRUE(same);
  EXPECT_GT(stuck, 0U);
  std::cout << programs << " programs, " << complete << " complete and " << stuck
            << " stuck graphs, " << candidates << " candidates\n";
}

TEST(Reference, WhatCxx20AllowsRc11DoesToo) {
  std::size_t fewer = 0;
  const bool included = rc::check("of the graphs of RC11 C++20 forbids some", [&] {
    const program p = program_of(*random_steps());
    const graphs all = explore(p, most_candidates);
    const graphs some = explore(p, most_candidates, seq_cst_axiom::cxx20);
    RC_ASSERT(std::ranges::includes(all.complete, some.complete));
    if (some.complete.size() < all.complete.size()) ++fewer;
  });
  EXPECT_TRUE(included);
  std::cout << fewer << " programs have fewer executions in C++20\n";
}

TEST(Reference, ADifferenceOfTheModelIsSeen) {
  const graphs expected = explore(store_buffering(sc, sc), most_candidates);
  EXPECT_EQ(expected.complete.size(), 3U);
  visits all = visited_by_explorer(store_buffering(sc, sc));
  EXPECT_EQ(differences(expected, all), "");
  EXPECT_NE(differences(expected, visited_by_explorer(store_buffering(rel, acq))), "");
}

TEST(Reference, AMissingARepeatedAndAnInventedGraphAreSeen) {
  const graphs expected = explore(store_buffering(rlx, rlx), most_candidates);
  const visits all = visited_by_explorer(store_buffering(rlx, rlx));
  ASSERT_EQ(all.complete.size(), 4U);
  visits missing = all;
  missing.complete.pop_back();
  EXPECT_NE(differences(expected, missing).find("not visited"), std::string::npos);
  visits repeated = all;
  repeated.complete.push_back(all.complete.front());
  EXPECT_NE(differences(expected, repeated).find("visited again"), std::string::npos);
  visits invented = all;
  invented.complete.front().threads.front().front().value = 7;
  EXPECT_NE(differences(expected, invented).find("not in the reference"), std::string::npos);
}

TEST(Reference, AStuckGraphIsCompared) {
  const program p{.name = "waits",
                  .threads = {[](machine& m) { m.await(x, litmus::equal(1), acq); },
                              [](machine& m) {
                                if (m.choose(2) == 0) m.store(x, 1, rel);
                              }}};
  const graphs expected = explore(p, most_candidates);
  EXPECT_EQ(expected.complete.size(), 1U);
  EXPECT_EQ(expected.stuck.size(), 1U);
  visits all = visited_by_explorer(p);
  EXPECT_EQ(differences(expected, all), "");
  all.stuck.clear();
  EXPECT_NE(differences(expected, all).find("stuck, but not visited"), std::string::npos);
}

}  // namespace
}  // namespace runnel::reference

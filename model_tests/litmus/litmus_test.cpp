// SPDX-License-Identifier: MIT
#include "explored.hpp"
#include "program.hpp"
#include "test_name.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace runnel::litmus {
namespace {

class Litmus : public testing::TestWithParam<program> {};

TEST_P(Litmus, HasTheExecutionsThatTheModelAllows) {
  EXPECT_EQ(differences(GetParam(), explore(GetParam())), "") << GetParam().name;
}

/// The single total order of seq_cst operations is another one there.
TEST_P(Litmus, HasTheExecutionsThatCxx20Allows) {
  const program& p = GetParam();
  EXPECT_EQ(explore(p, model::memory_model::cxx20).executions,
            p.executions_cxx20.value_or(p.executions))
      << p.name;
}

INSTANTIATE_TEST_SUITE_P(Programs, Litmus, testing::ValuesIn(all_programs()), test_name);

TEST(LitmusPrograms, AreManyAndHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const program& p : all_programs()) EXPECT_TRUE(names.insert(p.name).second) << p.name;
  EXPECT_GE(names.size(), 60U);
}

program store_buffering() {
  return {"SB",
          4,
          {"a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"},
          {[](machine& m) {
             m.store(x, 1, rlx);
             m.read('a', y, rlx);
           },
           [](machine& m) {
             m.store(y, 1, rlx);
             m.read('b', x, rlx);
           }}};
}

TEST(LitmusCheck, AcceptsWhatIsRight) {
  EXPECT_EQ(differences(store_buffering(), explore(store_buffering())), "");
}

TEST(LitmusCheck, RejectsAWrongNumber) {
  program p = store_buffering();
  p.executions = 3;
  EXPECT_EQ(differences(p, explore(p)), "4 executions, not 3\n");
}

TEST(LitmusCheck, RejectsAForbiddenOutcome) {
  program p = store_buffering();
  p.allowed = p.allowed.but("a=0 b=0");
  EXPECT_EQ(differences(p, explore(p)), "forbidden outcome: a=0 b=0\n");
}

TEST(LitmusCheck, RejectsAMissingOutcome) {
  program p = store_buffering();
  p.allowed = outcomes::every({{'a', 2}, {'b', 3}});
  EXPECT_EQ(differences(p, explore(p)), "missing outcome: a=0 b=2\nmissing outcome: a=1 b=2\n");
}

TEST(LitmusCheck, RejectsALivelock) {
  const program p{"waits for ever", 0, {}, {[](machine& m) { m.await(x, equal(1), acq); }}};
  EXPECT_NE(differences(p, explore(p)).find("livelock"), std::string::npos);
}

}  // namespace
}  // namespace runnel::litmus

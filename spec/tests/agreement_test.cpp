// SPDX-License-Identifier: MIT
//
// A rule that is changed on one side only is noticed.
#include "planned.hpp"

namespace runnel::spec {
namespace {

/// The checks of the manifest for one side's mistakes.
std::vector<planned_check> mistakes_in(std::string_view side) {
  std::vector<planned_check> found;
  for (const planned_check& p : manifest())
    if (p.property == "agreement" && p.verdict != holds && p.name.ends_with(side))
      found.push_back(p);
  return found;
}

TEST(Agreement, HoldsForSmallBuffers) {
  for (const char* const capacity : {"0", "1", "2"})
    expect_as_planned(planned(std::string("agreement_") + capacity));
}

TEST(Agreement, NoticesMistakesInPromela) {
  const auto mistakes = mistakes_in(", in Promela");
  EXPECT_GE(mistakes.size(), 4U);
  for (const planned_check& p : mistakes) expect_as_planned(p);
}

TEST(Agreement, NoticesMistakesInCpp) {
  const auto mistakes = mistakes_in(", in C++");
  EXPECT_GE(mistakes.size(), 4U);
  for (const planned_check& p : mistakes) expect_as_planned(p);
}

TEST(Agreement, ShowsTheWayToTheDifference) {
  EXPECT_EQ(run(planned("agreement_promela_empty_while_a_message_is_there")).history,
            "send 1 -> ok\n"
            "try_recv -> empty\n"
            "Promela allows it, C++ does not\n");
  EXPECT_EQ(run(planned("agreement_cpp_a_copy_brings_senders_back")).history,
            "drop_sender -> ok\n"
            "drop_sender -> ok\n"
            "clone_sender -> ok\n"
            "C++ allows it, Promela does not\n");
}

TEST(Agreement, OtherNumbersOfPairsOrLabelsAreADrift) {
  planned_check p = planned("agreement_1");
  ++p.numbers.pairs;
  expect_drift(p);
  p = planned("agreement_1");
  --p.numbers.labels;
  expect_drift(p);
}

TEST(Agreement, CountsPairs) {
  const planned_check p = planned("agreement_1");
  EXPECT_EQ(run(p).executions, p.numbers.pairs);
}

}  // namespace
}  // namespace runnel::spec

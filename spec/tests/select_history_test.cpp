// SPDX-License-Identifier: MIT
//
// Histories with selects made by hand, each named as a sentence, and whether the specification explains
// them.
#include "written_select_history.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::spec {
namespace {

using channel = recorded_selects::channel;

struct select_example {
  const char* sentence;
  std::vector<channel> channels;
  std::vector<std::string_view> rows;
  bool ordered_by_thread_alone = false;
};
void PrintTo(const select_example& e, std::ostream* out) { *out << e.sentence; }

const std::vector<channel> two_buffers{{1}, {1}};
const std::vector<channel> two_rendezvous{{0}, {0}};

const std::vector<select_example> legal_selects{
    {"a select receives where there is something",
     two_buffers,
     {"A: y.send 1 -> ok", "B: x.recv | y.recv -> 1: 1", "B: x.try_recv | y.try_recv -> nothing"}},
    {"a select waits for the first of two",
     two_buffers,
     {"B: x.recv | y.recv", "A: x.send 1 -> ok", "B: 0: 1"}},
    {"the value of the other send is not sent",
     two_buffers,
     {"A: x.send 1 | y.send 1 -> 1: ok", "B: x.try_recv -> empty", "B: y.try_recv -> 1"}},
    {"each case is impossible at a moment of its own",
     two_buffers,
     {"A: x.send 1 -> ok", "B: x.try_recv | y.try_recv", "C: x.recv -> 1", "A: y.send 2 -> ok",
      "B: nothing"}},
    {"a select that times out finds one channel full and the other one empty",
     two_buffers,
     {"A: x.send 1 -> ok", "A: x.send_for 2 | y.recv_for -> timeout", "B: x.recv -> 1"}},
    {"a channel without senders is ready",
     two_buffers,
     {"A: y.drop sender -> ok", "B: x.recv | y.recv -> 1: disconnected"}},
    {"two selects of sending and receiving meet",
     two_rendezvous,
     {"A: x.send 1 | x.recv", "B: x.send 2 | x.recv", "A: 0: ok", "B: 1: 1"}},
    {"two selects meet crosswise",
     two_rendezvous,
     {"A: x.send 1 | y.recv", "B: x.recv | y.send 2", "B: 1: ok", "A: 1: 2"}},
    {"a select on both sides of a rendezvous finds nobody",
     two_rendezvous,
     {"A: x.try_send 1 | x.try_recv -> nothing", "A: x.send_for 1 | x.recv_for -> timeout"}},
    {"a select on both sides of a buffer sends",
     two_buffers,
     {"A: x.recv | x.send 1 -> 1: ok", "A: x.recv | x.send 2 -> 0: 1"}},
    {"a stop is seen by each channel",
     two_buffers,
     {"B: x.stoppable_recv | y.stoppable_recv", "C: request stop -> ok", "B: stopped"}},
    {"a message goes before a stop",
     two_buffers,
     {"C: request stop -> ok", "A: y.send 1 -> ok",
      "B: x.stoppable_recv | y.stoppable_recv -> 1: 1"}},
    {"a biased select takes the second if the first is empty",
     two_buffers,
     {"A: y.send 1 -> ok", "B: biased x.recv | y.recv", "A: x.send 2 -> ok", "B: 1: 1"}},
    {"a select that is not biased takes either",
     two_buffers,
     {"A: x.send 2 -> ok", "A: y.send 1 -> ok", "B: x.recv | y.recv -> 1: 1"}},
    {"a select that has not returned has taken one",
     two_buffers,
     {"A: x.send 1 -> ok", "B: x.recv | y.recv", "A: x.try_send 2 -> ok"}},
    {"a select that has not returned has taken the second",
     two_buffers,
     {"A: y.send 1 -> ok", "B: x.recv | y.recv", "A: y.try_send 2 -> ok"}},
    {"two selects that have not returned have taken one each",
     two_buffers,
     {"A: x.send 1 -> ok", "A: y.send 2 -> ok", "B: x.recv | y.recv", "C: x.recv | y.recv",
      "A: x.try_send 3 -> ok", "A: y.try_send 4 -> ok"}},
    {"a request that has not returned stops on both channels",
     two_buffers,
     {"C: request stop", "B: x.stoppable_recv | y.stoppable_recv -> stopped"}},
    {"two threads each miss what the other has sent before, on another channel",
     two_buffers,
     {"A: x.send 1", "B: y.send 2", "A: ok", "B: ok", "A: y.try_recv -> empty",
      "B: x.try_recv -> empty"},
     true},
};

const std::vector<select_example> illegal_selects{
    {"a select takes nothing though one is there",
     two_buffers,
     {"A: y.send 1 -> ok", "B: x.try_recv | y.try_recv -> nothing"}},
    {"a select takes nothing though one came before the other was taken",
     two_buffers,
     {"A: x.send 1 -> ok", "B: x.try_recv | y.try_recv", "B: nothing"}},
    {"a select times out though there is room",
     two_buffers,
     {"A: x.send 1 -> ok", "A: x.send_for 2 | y.send_for 2 -> timeout"}},
    {"a select takes what another channel has",
     two_buffers,
     {"A: x.send 1 -> ok", "B: x.recv | y.recv -> 1: 1"}},
    {"a select sends to both",
     two_buffers,
     {"A: x.send 1 | y.send 1 -> 0: ok", "B: x.try_recv -> 1", "B: y.try_recv -> 1"}},
    {"a select that failed has sent",
     two_buffers,
     {"C: x.send 9 -> ok", "A: x.try_send 1 | x.try_send 2 -> nothing", "B: x.recv -> 9",
      "B: x.recv -> 2"}},
    {"a select meets itself", two_rendezvous, {"A: x.send 1 | x.recv -> 0: ok"}},
    {"a select is met twice",
     two_rendezvous,
     {"A: x.recv | y.recv", "B: x.send 1", "C: y.send 2", "B: ok", "C: ok", "A: 0: 1"}},
    {"two selects meet twice",
     two_rendezvous,
     {"A: x.send 1 | x.recv", "B: x.send 2 | x.recv", "A: 1: 2", "B: 1: 1"}},
    {"two selects that try meet",
     two_rendezvous,
     {"A: x.try_send 1 | x.try_recv", "B: x.try_send 2 | x.try_recv", "A: 0: ok", "B: 1: 1"}},
    {"a disconnect with a sender alive", two_buffers, {"B: x.recv | y.recv -> 0: disconnected"}},
    {"a select fails though one of its channels has no senders",
     two_buffers,
     {"A: y.drop sender -> ok", "B: x.recv_for | y.recv_for -> timeout"}},
    {"a stop that nobody has asked for", two_buffers, {"B: x.recv_for | y.recv_for -> stopped"}},
    {"a stop goes before a message",
     two_buffers,
     {"C: request stop -> ok", "A: y.send 1 -> ok",
      "B: x.stoppable_recv | y.stoppable_recv -> stopped"}},
    {"a select that waits for ever times out", two_buffers, {"B: x.recv | y.recv -> timeout"}},
    {"a biased select takes the second though the first is there",
     two_buffers,
     {"A: x.send 2 -> ok", "A: y.send 1 -> ok", "B: biased x.recv | y.recv -> 1: 1"}},
    {"a biased select takes the second though the first is closed",
     two_buffers,
     {"A: x.drop sender -> ok", "A: y.send 1 -> ok", "B: biased x.recv | y.recv -> 1: 1"}},
    {"one select that has not returned has taken two",
     two_buffers,
     {"A: x.send 1 -> ok", "A: y.send 2 -> ok", "B: x.recv | y.recv", "A: x.try_send 3 -> ok",
      "A: y.try_send 4 -> ok"}},
    {"two threads each miss what the other has sent before",
     two_buffers,
     {"A: x.send 1", "B: x.try_recv | y.try_recv", "A: ok", "C: y.send 2 -> ok", "B: nothing",
      "B: x.try_recv | y.try_recv -> nothing"}},
};

std::string select_test_name(const testing::TestParamInfo<select_example>& info) {
  return name_of_sentence(info.param.sentence);
}

class LegalSelects : public testing::TestWithParam<select_example> {};
class IllegalSelects : public testing::TestWithParam<select_example> {};

recorded_selects history_of(const select_example& e) {
  written_select_history h(e.channels, e.rows);
  if (e.ordered_by_thread_alone) h.ordered_by_thread_alone();
  return h.get();
}

TEST_P(LegalSelects, AreExplained) {
  const select_judgement j = judge(history_of(GetParam()));
  EXPECT_EQ(j.verdict, verdict::explained) << j.channel << '\n' << text(j.history, {});
}
TEST_P(IllegalSelects, HaveNoExplanation) {
  const select_judgement j = judge(history_of(GetParam()));
  EXPECT_EQ(j.verdict, verdict::unexplained);
  EXPECT_EQ(explain(j.history), verdict::unexplained);
}

INSTANTIATE_TEST_SUITE_P(Written, LegalSelects, testing::ValuesIn(legal_selects), select_test_name);
INSTANTIATE_TEST_SUITE_P(Written, IllegalSelects, testing::ValuesIn(illegal_selects),
                         select_test_name);

TEST(SelectHistory, ALimitThatIsTooSmallIsNoVerdict) {
  const written_select_history h(
      {{1, 2}, {1}},
      {"A: x.try_send 1", "B: x.try_send 2", "C: x.recv | y.recv", "A: ok", "B: full", "C: 0: 1"});
  EXPECT_EQ(judge(h.get(), 0).verdict, verdict::undecided);
}

}  // namespace
}  // namespace runnel::spec

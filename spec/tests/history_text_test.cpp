// SPDX-License-Identifier: MIT
//
// How histories are printed.
#include "written_history.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace runnel::spec {
namespace {

// On capacity 2 that holds one message: no order explains both `empty` and `full`.
TEST(HistoryText, ShowsWhichCallsOverlapAndWhatCannotBeExplained) {
  written_history h(2, 1, 1,
                    {"A: send 1 -> ok", "B: try_recv", "A: try_send 2", "B: 1", "A: ok",
                     "B: try_recv", "A: try_send 3", "B: empty", "A: full", "B: recv"});
  h.ordered_by_thread_alone();
  EXPECT_EQ(text(h.get(), judge(h.get())),
            "thread 0          thread 1\n"
            "#1 send 1 -> ok\n"
            "                  #2 try_recv\n"
            "#3 try_send 2     |\n"
            "|                 #2 -> 1\n"
            "#3 -> ok\n"
            "                  #4 try_recv\n"
            "#5 try_send 3     |\n"
            "|                 #4 -> empty\n"
            "#5 -> full                              <-- no order explains this\n"
            "--- not part of the shortest prefix that has no explanation:\n"
            "                  #6 recv\n"
            "                  #6 has not returned\n"
            "#2 is not ordered by happens-before after #1\n"
            "#4 is not ordered by happens-before after #1 #3\n"
            "#5 is not ordered by happens-before after #2\n"
            "#6 is not ordered by happens-before after #1 #3 #5\n");
}

TEST(HistoryText, AnExplainedHistoryHasNoMark) {
  const written_history h(1, 1, 1, {"A: drop sender -> ok", "B: recv_for -> disconnected"});
  EXPECT_EQ(text(h.get(), judge(h.get())),
            "thread 0         thread 1\n"
            "#1 drop sender\n"
            "                 #2 recv_for -> disconnected\n");
}

TEST(HistoryText, NamesWhatOnlyTimeOrders) {
  recorded_history h = written_history(1, 1, 1, {"A: send 1 -> ok", "B: recv -> 1"}).get();
  h.predecessors.emplace(2);
  EXPECT_EQ(text(h, judge(h)),
            "thread 0          thread 1\n"
            "#1 send 1 -> ok\n"
            "                  #2 recv -> 1\n"
            "#2 is not ordered by happens-before after #1\n");
}

TEST(HistoryText, ACallWithinACallIsShown) {
  recorded_history h;
  h.calls = {{0, {op::drop_receiver}, 0, 3}, {0, {op::drop_sender}, 1, 2}};
  EXPECT_EQ(text(h, {}),
            "thread 0\n"
            "#1 drop receiver\n"
            "#2 drop sender\n"
            "#1 -> ok\n");
}

TEST(History, ALongHistoryIsRefused) {
  recorded_history h;
  h.calls.resize(513);
  EXPECT_THROW((void)explain(h), std::length_error);
}

}  // namespace
}  // namespace runnel::spec

// SPDX-License-Identifier: MIT
//
// `runnel fuzz` on channels made for the test.
#include "command.hpp"

#include <fuzz/subject.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace runnel::cli::testing {
namespace {

using check::fuzz::generated;

bool sends_twice(const generated& g) {
  const auto n = [](const check::thread_program& t) {
    return std::ranges::count(t.steps, spec::op::send, &check::step::op);
  };
  return std::ranges::any_of(g.program.threads, [&](const auto& t) { return n(t) >= 2; });
}

/// The command with a channel of which programs have these results.
template <class Run>
outcome fuzz(Run run, arguments args) {
  check::fuzz::subjects() = {
      {std::string(check::fuzz::shipped),
       [](const generated&, const check::options&) { return passing(); }},
      {"odd", [run](const generated& g, const check::options& o) { return run(g, o); }}};
  args.insert(args.begin(), {"fuzz", "--broken", "odd"});
  return command(args);
}
outcome fuzz(const arguments& args) {
  return fuzz([](const generated&, const check::options&) { return passing(); }, args);
}

const auto fails_if_sent_twice = [](const generated& g, const check::options&) {
  return sends_twice(g) ? failing(check::kind::deadlock) : passing();
};

nlohmann::json results(auto run, arguments args) {
  const scratch files;
  args.insert(args.end(), {"--json", files / "results.json"});
  fuzz(run, args);
  return nlohmann::json::parse(read_file(files / "results.json"));
}

TEST(Fuzz, PassesIfAllProgramsPass) {
  const outcome o = fuzz({"--programs", "30"});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(o.err, "");
  EXPECT_CONTAINS(o.out, "30 programs: 30 passed, 0 failed, 0 incomplete");
  EXPECT_CONTAINS(o.out, "0 not run; 510 executions");
  EXPECT_CONTAINS(o.out, "executions of an exhaustive program: median 17");
}

TEST(Fuzz, TakesTheShippedChannelByDefault) {
  check::fuzz::subjects() = {{std::string(check::fuzz::shipped),
                              [](const generated&, const check::options&) { return passing(3); }}};
  const outcome o = command({"fuzz", "--programs", "2"});
  EXPECT_EQ(o.status, 0);
  EXPECT_CONTAINS(o.out, "6 executions");
}

TEST(Fuzz, ShrinksAFailureToAScenarioFile) {
  const scratch files;
  const outcome o = fuzz(fails_if_sent_twice, {"--seed", "4", "--output", files / "fails.cpp"});
  EXPECT_EQ(o.status, 1);
  EXPECT_EQ(o.err, "");
  EXPECT_CONTAINS(o.out, "failed with deadlock");
  EXPECT_CONTAINS(o.out, ": sender({send(1), send(2)}), receiver({})\n");
  EXPECT_CONTAINS(o.out, "    deadlock: two threads write one cell\n");
  EXPECT_CONTAINS(o.out, "    thread 1 writes\n");
  EXPECT_CONTAINS(o.out, ", 1 failed, ");
  const std::string file = read_file(files / "fails.cpp");
  EXPECT_CONTAINS(file, "// SPDX-License-Identifier: MIT\n");
  EXPECT_CONTAINS(file, "  const thread_program first = sender({send(1), send(2)});\n");
  EXPECT_CONTAINS(o.out, file);
  EXPECT_EQ(files.content().size(), 1U);
}

TEST(Fuzz, AFailureIsTheSameWithMoreJobsAndFromItsNumber) {
  const auto failure = [](const arguments& args) {
    return results(fails_if_sent_twice, args).at("failure");
  };
  const auto one = failure({"--jobs", "1"});
  EXPECT_EQ(one, failure({"--jobs", "7"}));
  const auto number = std::to_string(one.at("program").get<int>());
  EXPECT_EQ(one, failure({"--first", number, "--programs", "1"}));
  EXPECT_EQ(one.at("operations"), 2);
  EXPECT_EQ(one.at("failure"), "deadlock");
  EXPECT_CONTAINS(one.at("replay").get<std::string>(), "--first " + number + " --programs 1");
}

TEST(Fuzz, ShrinksOnlyToTheSameKindOfFailure) {
  const auto failure =
      results(
          [](const generated& g, const check::options&) {
            return sends_twice(g) && g.program.threads.size() == 3 ? failing(check::kind::leak)
                   : sends_twice(g) && g.program.block_length == 1 ? failing(check::kind::deadlock)
                                                                   : passing();
          },
          {"--first", "3"})
          .at("failure");
  EXPECT_EQ(failure.at("failure"), "deadlock") << failure;
}

TEST(Fuzz, AProcessThatCrashesHasFailed) {
  const outcome o = fuzz([](const generated&, const check::options&) -> check::result { abort(); },
                         {"--programs", "3"});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "program 0 failed with crash");
  EXPECT_CONTAINS(o.out, "sender({}), receiver({})");
}

TEST(Fuzz, ASearchThatALimitEndsIsIncomplete) {
  const auto cut = [](const generated& g, const check::options& o) {
    check::result r = passing(o.limit);
    if (g.program.threads.size() == 3) r.verdict = check::verdict::incomplete;
    return r;
  };
  const outcome o = fuzz(cut, {"--programs", "40", "--limit", "5"});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, " passed, 0 failed, ");
  EXPECT_LACKS(o.out, " 0 incomplete");
  EXPECT_CONTAINS(o.out, "; 200 executions");
  EXPECT_CONTAINS(o.out, "Too few programs were explored exhaustively: this is no pass.");
  const auto json = results(cut, {"--programs", "40"});
  EXPECT_EQ(json.at("incomplete").size() + json.at("executions").size(), 40U);
  EXPECT_EQ(json.at("incomplete").size(), json.at("summary").at("incomplete"));
}

TEST(Fuzz, AFewIncompleteProgramsAreNoFailure) {
  const outcome o = fuzz(
      [](const generated& g, const check::options&) {
        check::result r = passing();
        if (text(g) == text(check::fuzz::generate(1, 5))) r.verdict = check::verdict::incomplete;
        return r;
      },
      {"--programs", "40"});
  EXPECT_EQ(o.status, 0);
  EXPECT_CONTAINS(o.out, "39 passed, 0 failed, 1 incomplete");
}

check::result sleeping(std::chrono::milliseconds time) {
  std::this_thread::sleep_for(time);
  return passing();
}

TEST(Fuzz, TimeoutEndsAProgram) {
  const outcome o = fuzz(
      [](const generated&, const check::options&) { return sleeping(std::chrono::minutes(1)); },
      {"--programs", "2", "--timeout", "0.1"});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "0 passed, 0 failed, 2 incomplete");
}

TEST(Fuzz, NoProgramBeginsWhenTheTimeIsOver) {
  const auto slow = [](const generated&, const check::options&) {
    return sleeping(std::chrono::milliseconds(20));
  };
  const outcome o = fuzz(slow, {"--programs", "1000000000", "--seconds", "0.3"});
  EXPECT_EQ(o.status, 0) << o.out;
  EXPECT_CONTAINS(o.out, " 0 failed, 0 incomplete");
  EXPECT_LACKS(o.out, " 0 not run");
}

TEST(Fuzz, AnInterruptEndsItWithTheSummary) {
  const scratch files;
  check::fuzz::subjects() = {
      {std::string(check::fuzz::shipped), [](const generated& g, const check::options&) {
         if (text(g) == text(check::fuzz::generate(1, 3))) {
           kill(getppid(), SIGINT);
           return sleeping(std::chrono::minutes(1));
         }
         return passing();
       }}};
  const outcome o = command({"fuzz", "--jobs", "1", "--json", files / "results.json"});
  EXPECT_EQ(o.status, 130);
  EXPECT_CONTAINS(o.out, "Interrupted by signal 2.");
  EXPECT_CONTAINS(o.out, "3 programs: 3 passed, 0 failed, 0 incomplete");
  EXPECT_CONTAINS(o.out, ", 997 not run; ");
  EXPECT_EQ(nlohmann::json::parse(read_file(files / "results.json")).at("signal"), 2);
}

TEST(Fuzz, ListsPrograms) {
  const outcome o = fuzz({"--list", "--programs", "2", "--first", "83"});
  EXPECT_EQ(o.status, 0);
  EXPECT_CONTAINS(o.out, "83  " + text(check::fuzz::generate(1, 83)) + "\n84  ");
}

TEST(Fuzz, ShowsHowFarItIsOnATerminal) {
  check::fuzz::subjects() = {{std::string(check::fuzz::shipped),
                              [](const generated&, const check::options&) { return passing(); }}};
  const outcome o = on_terminal({"fuzz", "--programs", "3"}, {});
  EXPECT_EQ(o.status, 0);
  EXPECT_CONTAINS(o.out, "2/3");
}

TEST(Fuzz, RefusesAWrongUse) {
  for (const arguments& wrong : {arguments{"--programs", "0"},
                                 {"--programs", "-1"},
                                 {"--programs", "many"},
                                 {"--engine", "threads"},
                                 {"--engine", ""},
                                 {"--jobs", "0"},
                                 {"--seed", "-1"},
                                 {"--seed", "x"},
                                 {"--limit", "-1"},
                                 {"--timeout", "-1"},
                                 {"--seconds", "-1"},
                                 {"--json", ""},
                                 {"--output", ""},
                                 {"--list", "--json", "x"},
                                 {"a program"}}) {
    const outcome o = fuzz(wrong);
    EXPECT_EQ(o.status, 2) << wrong.front();
    EXPECT_NE(o.err, "") << wrong.front();
  }
}

TEST(Fuzz, RefusesAChannelThatIsNotThere) {
  const outcome o = command({"fuzz", "--broken", "none"});
  EXPECT_EQ(o.status, 2);
  EXPECT_CONTAINS(o.err, "no channel is broken like 'none'");
}

TEST(Fuzz, RefusesFilesThatCannotBeWrittenBeforeItRuns) {
  const scratch files;
  for (const char* option : {"--json", "--output"}) {
    const outcome o = fuzz({option, files / "missing/file"});
    EXPECT_EQ(o.status, 2);
    EXPECT_EQ(o.out, "");
    EXPECT_CONTAINS(o.err, "missing/file");
  }
  const outcome o = fuzz({"--json", files / "file", "--output", files / "file"});
  EXPECT_EQ(o.status, 2);
  EXPECT_CONTAINS(o.err, "name the same file");
  EXPECT_TRUE(files.content().empty());
}

TEST(Fuzz, WithoutAFailureThereIsNoScenarioFile) {
  const scratch files;
  EXPECT_EQ(fuzz({"--programs", "1", "--output", files / "fails.cpp"}).status, 0);
  EXPECT_TRUE(files.content().empty());
}

}  // namespace
}  // namespace runnel::cli::testing

// SPDX-License-Identifier: MIT
//
// `runnel check` from its arguments to its exit status, on scenarios that behave in every way.
#include "command.hpp"

#include <sys/file.h>
#include <sys/resource.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace runnel::cli::testing {
namespace {

nlohmann::json results(const arguments& args, const scenarios& all) {
  const scratch files;
  arguments with_json = args;
  with_json.insert(with_json.end(), {"--json", files / "results.json"});
  command(with_json, all);
  return nlohmann::json::parse(read_file(files / "results.json"));
}

nlohmann::json result_of(const check::scenario& s, const arguments& more = {}) {
  arguments args = {"check"};
  args.insert(args.end(), more.begin(), more.end());
  return results(args, {s}).at("scenarios").at(0);
}

TEST(Check, PassesIfAllScenariosPass) {
  const outcome o = command({"check"}, {good("one"), good("two")});
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(o.err, "");
  EXPECT_CONTAINS(o.out, "explorer  bounded 3");
  EXPECT_CONTAINS(o.out, "passed      oracle     one\n");
  EXPECT_CONTAINS(o.out, "passed      oracle     two\n");
  EXPECT_CONTAINS(o.out, "34 executions");
  EXPECT_CONTAINS(o.out, "\n2 passed, 0 failed\n");
}

TEST(Check, ShowsTheCounterexampleAndHowToReplayIt) {
  const outcome o = command({"check"}, {good(), bad("it's a bad one")});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "data race: two threads write one cell\n");
  EXPECT_CONTAINS(o.out, "    thread 0 claims\n    thread 1 claims\n    thread 1 writes\n");
  EXPECT_CONTAINS(o.out,
                  "runnel check 'it'\\''s a bad one' --engine explorer --replay full:0012\n");
  EXPECT_CONTAINS(o.out, "to see why: runnel explain 'it'\\''s a bad one'\n");
  EXPECT_CONTAINS(o.out, "\n1 passed, 1 failed\n");
}

TEST(Check, ShowsTheEndOfALongHistory) {
  const auto s = scenario_of("talkative", [] {
    check::result r = failing();
    r.history.clear();
    for (int i = 0; i < 1000; ++i) r.history += "step " + std::to_string(i) + "\n";
    return r;
  });
  const outcome o = command({"check"}, {s});
  EXPECT_CONTAINS(o.out, "700 lines before");
  EXPECT_LACKS(o.out, "step 699\n");
  EXPECT_CONTAINS(o.out, "step 700\n");
  EXPECT_CONTAINS(o.out, "step 999\n");
  EXPECT_CONTAINS(command({"check", "--replay", "1"}, {s}).out, "step 0\n");
}

TEST(Check, AnIncompleteSearchIsNotAPass) {
  const auto s = scenario_of("endless", [] {
    check::result r = passing();
    r.verdict = check::verdict::incomplete;
    r.message = "the limit of 5 executions ended the search";
    return r;
  });
  const outcome o = command({"check"}, {s});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "incomplete  oracle     endless\n");
  EXPECT_CONTAINS(o.out, "the limit of 5 executions");
  EXPECT_CONTAINS(o.out, "\n0 passed, 1 failed\n");
}

TEST(Check, APassWithoutAnyExecutionIsAFailure) {
  const auto s = scenario_of("vacuous", [] { return passing(0); });
  EXPECT_EQ(command({"check"}, {s}).status, 1);
  EXPECT_EQ(result_of(s)["failure"], "nothing was executed");
}

TEST(Check, HandsTheLimitOn) {
  const auto s = scenario_of("limited", [](const check::options& o) { return passing(o.limit); });
  EXPECT_EQ(result_of(s, {"--limit", "1234"})["executions"], 1234);
}

// Children that end in other ways than with a result.

TEST(Check, ACrashIsAFailure) {
  const auto s = scenario_of("crashing", []() -> check::result {
    std::fputs("about to crash\n", stderr);
    std::raise(SIGSEGV);
    return passing();
  });
  const outcome o = command({"check"}, {s, good()});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "crash: the process of this check was ended by signal 11");
  EXPECT_CONTAINS(o.out, "about to crash");
  EXPECT_CONTAINS(o.out, "\n1 passed, 1 failed\n");
}

TEST(Check, AnAbortIsAFailure) {
  const auto s = scenario_of("aborting", []() -> check::result { std::abort(); });
  EXPECT_CONTAINS(command({"check"}, {s}).out, "was ended by signal 6");
}

TEST(Check, AnEarlyExitIsAFailureWhateverTheStatus) {
  for (const int status : {0, 3}) {
    const auto s = scenario_of("leaving", [status]() -> check::result { _exit(status); });
    const outcome o = command({"check"}, {s});
    EXPECT_EQ(o.status, 1);
    EXPECT_CONTAINS(o.out, "exit status " + std::to_string(status) + " without a result");
  }
}

TEST(Check, ACrashAfterAPassIsAFailure) {
  const auto s = scenario_of("late", [] {
    std::atexit([] { std::abort(); });
    struct crash_at_flush : std::streambuf {
      int sync() override { std::abort(); }
    };
    std::cout.rdbuf(new crash_at_flush);
    return passing();
  });
  const outcome o = command({"check"}, {s});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "signal 6");
  EXPECT_CONTAINS(o.out, "after its result");
}

TEST(Check, AnExceptionIsAFailure) {
  const auto s =
      scenario_of("throwing", []() -> check::result { throw std::runtime_error("out of luck"); });
  const auto r = result_of(s);
  EXPECT_EQ(r["verdict"], "failed");
  EXPECT_EQ(r["failure"], "exception");
  EXPECT_CONTAINS(r["message"].get<std::string>(), "out of luck");
}

TEST(Check, TheTimeLimitMakesAScenarioIncomplete) {
  const auto s = scenario_of("hanging", []() -> check::result {
    for (;;) pause();
  });
  const outcome o = command({"check", "--timeout", "0.2"}, {s, good()});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "the time limit of 0.20 s");
  EXPECT_CONTAINS(o.out, "incomplete  hanging");
  EXPECT_CONTAINS(o.out, "\n1 passed, 1 failed\n");
}

TEST(Check, WhoKeepsTheTimeHasTheLastWord) {
  auto late = scenario_of("late", [](const check::options& options) {
    std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds + 0.3));
    return failing("endless execution");
  });
  late.keeps_time = true;
  auto hanging = scenario_of("hanging", []() -> check::result {
    for (;;) pause();
  });
  hanging.keeps_time = true;
  const outcome o = command({"check", "--jobs", "2", "--timeout", "0.2"}, {late, hanging});
  EXPECT_CONTAINS(o.out, "endless execution: two threads write one cell\n");
  EXPECT_CONTAINS(o.out, "    thread 1 claims\n");
  EXPECT_CONTAINS(o.out, "--replay full:0012 --timeout 1\n");
  EXPECT_CONTAINS(o.out, "FAILED  late");
  EXPECT_CONTAINS(o.out, "incomplete  hanging");
  EXPECT_CONTAINS(o.out, "the time limit of 0.20 s");
}

TEST(Check, TheTimeLimitEndsTheProcess) {
  const scratch files;
  const std::string lock = files / "lock";
  const auto hold = [lock] { return flock(open(lock.c_str(), O_RDWR | O_CREAT, 0600), LOCK_EX); };
  const auto first = scenario_of("first", [hold]() -> check::result {
    hold();
    for (;;) pause();
  });
  const auto second = scenario_of("second", [hold] { return hold() == 0 ? passing() : failing(); });
  const outcome o = command({"check", "--jobs", "1", "--timeout", "1"}, {first, second});
  EXPECT_CONTAINS(o.out, "passed      oracle     second\n");
}

TEST(Check, WhatAScenarioPrintsDoesNotDisturbTheOutput) {
  const auto s = scenario_of("noisy", [] {
    std::cout << "noise" << std::endl;
    std::fputs("noise\n", stderr);
    return passing();
  });
  const outcome o = command({"check"}, {s});
  EXPECT_EQ(o.status, 0);
  EXPECT_LACKS(o.out + o.err, "noise");
}

// Broken channels.

TEST(Check, ABrokenChannelPassesIfItIsCaught) {
  const auto s = scenario_of("broken", [] { return failing(); }, "data race");
  const outcome o = command({"check"}, {s});
  EXPECT_EQ(o.status, 0);
  EXPECT_CONTAINS(o.out, "caught: data race after 17 executions");
  EXPECT_CONTAINS(o.out, "\n1 passed, 0 failed\n");
}

TEST(Check, ABrokenChannelFailsIfItIsNotCaught) {
  const auto s = scenario_of("broken", [] { return passing(); }, "data race");
  const outcome o = command({"check"}, {s});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "not caught: this is broken on purpose");
  EXPECT_LACKS(o.out, "(caught");
}

TEST(Check, ABrokenChannelFailsIfItFailsOtherwise) {
  const auto s = scenario_of("broken", [] { return failing("leak"); }, "data race");
  const outcome o = command({"check"}, {s});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "leak: this is broken on purpose and has to fail with 'data race'");
  EXPECT_CONTAINS(o.out, "two threads write one cell");
}

TEST(Check, ABrokenChannelFailsIfTheSearchIsIncompleteOrCrashes) {
  const auto incomplete = scenario_of(
      "broken",
      [] {
        check::result r = failing();
        r.verdict = check::verdict::incomplete;
        return r;
      },
      "data race");
  EXPECT_EQ(result_of(incomplete)["verdict"], "incomplete");
  const auto crashing = scenario_of("broken", []() -> check::result { std::abort(); }, "data race");
  EXPECT_EQ(result_of(crashing)["verdict"], "failed");
}

// Selection.

TEST(Check, SelectsByPartOfTheNameOrFile) {
  const scenarios all = {good("a send meets a receive"), good("a drop"), bad("a bad one")};
  EXPECT_CONTAINS(command({"check", "SEND meets"}, all).out, "\n1 passed, 0 failed\n");
  EXPECT_CONTAINS(command({"check", "a * receive"}, all).out, "\n1 passed, 0 failed\n");
  EXPECT_CONTAINS(command({"check", "a ?rop"}, all).out, "\n1 passed, 0 failed\n");
  EXPECT_CONTAINS(command({"check", "made_up"}, all).out, "\n2 passed, 1 failed\n");
  EXPECT_CONTAINS(command({"check", "*/made_up.cpp"}, all).out, "\n2 passed, 1 failed\n");
}

TEST(Check, AWholeNameSelectsOnlyItself) {
  const scenarios all = {good("a drop"), good("a drop of [two]"), bad("a drop of [two] handles")};
  EXPECT_CONTAINS(command({"check", "a drop"}, all).out, "\n1 passed, 0 failed\n");
  EXPECT_CONTAINS(command({"check", "a drop of [two]"}, all).out, "\n1 passed, 0 failed\n");
}

TEST(Check, SelectsByEngine) {
  scenarios all = {good("twin"), bad("twin"), good("twin"), bad("twin")};
  all[1].engine = "relacy";
  all[2].engine = "spin";
  all[3].engine = "threads";
  const auto end_of = [&](const arguments& args) { return command(args, all).out; };
  EXPECT_CONTAINS(end_of({"check"}), "\n2 passed, 0 failed\n") << "explorer and spin";
  EXPECT_CONTAINS(end_of({"check", "--engine", "explorer"}), "\n1 passed, 0 failed\n");
  EXPECT_CONTAINS(end_of({"check", "--engine", "relacy"}), "\n0 passed, 1 failed\n");
  EXPECT_CONTAINS(end_of({"check", "--engine", "relacy", "--engine", "spin", "twin"}),
                  "\n1 passed, 1 failed\n");
  EXPECT_CONTAINS(end_of({"check", "--engine", "all"}), "\n2 passed, 2 failed\n");
  EXPECT_CONTAINS(end_of({"check", "--list"}), "spin");
  EXPECT_LACKS(end_of({"check", "--list"}), "relacy");
}

TEST(Check, RunsWhatTakesMinutesOnlyIfAskedFor) {
  scenarios all = {good("short"), bad("a long one")};
  all[1].is_long = true;
  EXPECT_CONTAINS(command({"check"}, all).out, "\n1 passed, 0 failed\n");
  EXPECT_EQ(command({"check", "--long"}, all).status, 1);
  EXPECT_EQ(command({"check", "a long one"}, all).status, 1);
  EXPECT_CONTAINS(command({"check", "--list", "--long"}, all).out, "takes minutes");
}

TEST(Check, ListsWithoutRunning) {
  scenarios all = {good("fine"), scenario_of("broken", [] { return failing(); }, "leak")};
  all[0].search = check::search::random(20000, 7);
  all[0].judged_by.clear();
  const outcome o = command({"check", "--list"}, all);
  EXPECT_EQ(o.status, 0);
  EXPECT_CONTAINS(o.out, "explorer  bounded 3            oracle     broken  (model_tests");
  EXPECT_CONTAINS(o.out, "has to fail: leak");
  EXPECT_CONTAINS(o.out, "random 20000 seed 7  -          fine");
  EXPECT_LACKS(o.out, "passed");
}

TEST(Check, SaysWhereWhatIsNotSelectedWouldBe) {
  scenarios all = {good("on the explorer"), good("elsewhere"), good("a long one")};
  all[1].engine = "relacy";
  all[2].is_long = true;
  EXPECT_CONTAINS(command({"check", "elsewh"}, all).err, "; 'elsewhere' is of engine relacy\n");
  EXPECT_CONTAINS(command({"check", "a long"}, all).err,
                  "is of engine explorer, and takes minutes");
}

/// On a terminal; elsewhere each has a line.
TEST(Check, ListsGroupsOnATerminal) {
  scenarios all = {good("the mutex excludes (two threads)"),
                   good("the mutex excludes (three threads)"),
                   scenario_of("a broken one", [] { return failing(); }, "leak")};
  all[0].file = all[1].file = "model_tests/scenarios/the_mutex_excludes.cpp";
  all[2].file = "spec/mistakes/cpp/a_broken_one.cpp";
  const std::string out = on_terminal({"check", "--list"}, all).out;
  EXPECT_CONTAINS(out, "\nthe mutex excludes\r\n  Three threads want the mutex: one has it, ");
  EXPECT_CONTAINS(out, "explorer  bounded 3           8  two threads\r\n");
  EXPECT_CONTAINS(out, "spec/mistakes\r\n  Mistakes in the formal spec");
  EXPECT_CONTAINS(out, "a broken one  has to fail: leak\r\n");
  EXPECT_CONTAINS(out, "3 scenarios in 2 groups\r\nbounded N: ");
  EXPECT_LACKS(out, "Relacy");
}

TEST(Check, ListsAsJson) {
  scenarios all = {good("a made up one"), good("the mutex excludes (two threads)")};
  all[0].is_long = true;
  const outcome o = command({"check", "--list", "--long", "--json"}, all);
  EXPECT_EQ(o.status, 0) << o.err;
  const auto json = nlohmann::json::parse(o.out);
  EXPECT_EQ(json["scenarios"][0]["name"], "a made up one");
  EXPECT_EQ(json["scenarios"][0]["is_long"], true);
  EXPECT_EQ(json["scenarios"][0]["recorded_executions"], nullptr);
  EXPECT_GT(json["scenarios"][1]["recorded_executions"], 0);
}

TEST(Check, ExplainsOnlyTheSearchesThatOccur) {
  scenarios all = {good("one"), good("two"), good("three")};
  const std::string bounded = "bounded N: ";
  std::string out = command({"check"}, all).out;
  EXPECT_CONTAINS(out, bounded);
  for (const char* const other : {"full ", "Relacy", "faults", "no memory", "random"})
    EXPECT_LACKS(out, other);
  all[1].search = check::search::full(1);
  all[2].search = check::search::random(2000);
  all[2].engine = "threads";
  out = command({"check", "--engine", "all"}, all).out;
  for (const char* const line : {"full on the explorer: ", "faults N: ", "random N on threads: "})
    EXPECT_CONTAINS(out, line);
  for (const char* const other : {"Relacy", "Spin", "no memory", "drawn from a seed"})
    EXPECT_LACKS(out, other);
  EXPECT_LACKS(command({"check", "three", "--engine", "all"}, all).out, bounded);
}

TEST(Check, SaysByWhatASearchIsReduced) {
  scenarios all = {good("one"), good("two")};
  all[0].search = check::search::reduced(check::reductions::every());
  all[1].search = check::search::reduced(check::reduction::retries | check::reduction::guesses);
  const std::string out = command({"check"}, all).out;
  EXPECT_CONTAINS(out, "explorer  reduced  ");
  EXPECT_CONTAINS(out, "explorer  reduced retries guesses  ");
  EXPECT_CONTAINS(out, "reduced on the explorer: ");
  EXPECT_LACKS(out, "full on the explorer: ");
  const auto json = results({"check"}, all);
  EXPECT_EQ(json["scenarios"][1]["search"]["reductions"], (arguments{"retries", "guesses"}));
}

TEST(Check, ReplaysOneExecutionWithItsHistory) {
  const auto s = scenario_of("replayed", [](const check::options& o) {
    check::result r = o.replay == "full:7" ? failing() : passing();
    r.executions = 1;
    return r;
  });
  const outcome o = command({"check", "--replay", "full:7"}, {s});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "thread 1 claims");
  EXPECT_EQ(command({"check", "--replay", "full:8"}, {s}).status, 0);
}

// Wrong uses.

void expect_refused(const arguments& args, const std::string& reason,
                    const scenarios& all = {good("one"), good("two")}) {
  const outcome o = command(args, all);
  EXPECT_EQ(o.status, 2) << reason;
  EXPECT_CONTAINS(o.err, reason);
  EXPECT_LACKS(o.out, "passed") << "nothing may be run";
}

TEST(WrongUse, IsRefusedBeforeAnythingRuns) {
  expect_refused({}, "a command is required");
  expect_refused({"chekc"}, "there is no command 'chekc'; did you mean 'check'?\n");
  expect_refused({"check", "--colour"},
                 "runnel check: The following argument was not expected: "
                 "--colour\nSee runnel check --help\n");
  expect_refused({"check", "--lits"}, "not expected: --lits; did you mean '--list'?");
  expect_refused({"check", "--jbos=2"}, "; did you mean '--jobs'?");
  expect_refused({"check", "one", "two"}, "two");
  expect_refused({"check", "no such scenario"}, "no scenario matches 'no such scenario'");
  expect_refused({"check", "bad oen"}, "; did you mean 'a bad one'?",
                 {good("two"), bad("a bad one (with two threads)")});
  expect_refused({"check"}, "no scenario matches", {});
  expect_refused({"check", "--engine", "steam"}, "no scenario is for an engine 'steam'");
  expect_refused({"check", "--engine", "relcy"}, "'relcy'; did you mean 'relacy'?");
  expect_refused({"check", "--engine", "explorer", "--engine", "steam"}, "'steam'");
  expect_refused({"check", "--engine", ""}, "--engine");
  expect_refused({"check", "--jobs", "0"}, "--jobs");
  expect_refused({"check", "--jobs", "-1"}, "--jobs");
  expect_refused({"check", "--jobs", "many"}, "--jobs");
  expect_refused({"check", "--jobs", "2x"}, "--jobs");
  expect_refused({"check", "--timeout", "-1"}, "--timeout");
  expect_refused({"check", "--limit", "-1"}, "--limit");
  expect_refused({"check", "--replay", ""}, "--replay");
  expect_refused({"check", "--replay", "1"}, "exactly one scenario, but 2 are selected");
  expect_refused({"check", "--list", "--replay", "1"}, "--list");
}

TEST(WrongUse, OfAFileIsFoundBeforeAnythingRuns) {
  const scratch files;
  for (const char* const option : {"--json", "--junit"}) {
    expect_refused({"check", option, files / "missing/results"}, "cannot write");
    expect_refused({"check", option, files / "."}, "Is a directory");
    expect_refused({"check", option, ""}, option);
  }
  expect_refused({"check", "--json", files / "x", "--junit", files / "x"}, "same file");
  EXPECT_EQ(files.content(), std::vector<std::string>{});
}

TEST(WrongUse, AReplayThatTheEngineRefusesIsOne) {
  const auto s = scenario_of("picky", [](const check::options& o) -> check::result {
    throw std::invalid_argument("not a replay: " + o.replay);
  });
  expect_refused({"check", "--replay", "nonsense"}, "not a replay: nonsense", {s});
  EXPECT_EQ(command({"check"}, {s}).status, 1) << "without --replay it is a failed check";
}

TEST(WrongUse, TwoScenariosOfOneNameCannotBeToldApart) {
  expect_refused({"check"}, "two scenarios of engine explorer are called 'twin'",
                 {good("twin"), good("twin")});
}

TEST(Help, IsNoWrongUse) {
  EXPECT_EQ(command({"--help"}).status, 0);
  EXPECT_CONTAINS(command({"check", "--help"}).out,
                  "full with Relacy        all executions of its model");
  EXPECT_CONTAINS(command({"--version"}).out, "runnel ");
}

// Terminals.

TEST(Terminal, ShowsProgressAndColours) {
  const auto s = scenario_of("slow", [](const check::options& o) {
    // Reports until the parent has had ample time to show it; a report every 100 ms is passed on.
    const auto start = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(500))
      o.progress(4242, 0.25);
    return passing();
  });
  const outcome o = on_terminal({"check"}, {s});
  EXPECT_EQ(o.status, 0);
  EXPECT_CONTAINS(o.out, "0/1 | slow: 4242 25%");
  EXPECT_CONTAINS(o.out, "\033[32mpassed");
  const outcome plain = on_terminal({"check"}, {s}, true);
  EXPECT_CONTAINS(plain.out, "slow: 4242 25%");
  EXPECT_LACKS(plain.out, "\033[32m");
  EXPECT_LACKS(command({"check"}, {s}).out, "\033");
}

/// A process that may open no more files cannot open a terminal either.
TEST(Terminal, IsMissedWithTheReason) {
  rlimit files{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  const rlimit none{0, files.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  std::string said;
  try {
    on_terminal({"check"}, {good()});
  } catch (const std::runtime_error& e) {
    said = e.what();
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  EXPECT_EQ(said, "this test needs a pseudo-terminal: forkpty: Too many open files");
}

// Interruptions.

/// Scenarios that say on a pipe that they run, and then never end.
class Interrupted : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(pipe(ends_.data()), 0);
    const int to = ends_[1];
    for (const char* const name : {"first", "second", "third"})
      all_.push_back(scenario_of(name, [to]() -> check::result {
        if (write(to, "x", 1) != 1) _exit(9);
        for (;;) pause();
      }));
  }
  void TearDown() override {
    close(ends_[0]);
    if (ends_[1] >= 0) close(ends_[1]);
  }

  /// Starts a check, waits until two scenarios run, and sends the signal to the parent.
  int interrupt(int signal, const arguments& more = {}) {
    arguments args = {"check", "--jobs", "2"};
    args.insert(args.end(), more.begin(), more.end());
    const pid_t child = start(args, all_, files_ / "out", files_ / "err");
    close(std::exchange(ends_[1], -1));
    for (int running = 0; running < 2; ++running) {
      char c = 0;
      EXPECT_EQ(read(ends_[0], &c, 1), 1);
    }
    kill(child, signal);
    return wait_for(child);
  }

  scratch files_;
  std::array<int, 2> ends_{};
  scenarios all_;
};

TEST_F(Interrupted, BySigintSaysWhatWasNotChecked) {
  EXPECT_EQ(interrupt(SIGINT, {"--json", files_ / "json"}), 130);
  EXPECT_EQ(read_to_end(ends_[0]), "") << "the third one never ran, the others have ended";
  const std::string out = read_file(files_ / "out");
  for (const char* const name : {"first", "second", "third"})
    EXPECT_CONTAINS(out, "not checked  " + std::string(name));
  EXPECT_LACKS(out, " passed, 0 failed\n");
  const auto json = nlohmann::json::parse(read_file(files_ / "json"));
  EXPECT_EQ(json["signal"], SIGINT);
  EXPECT_EQ(json["summary"]["not run"], 3);
}

TEST_F(Interrupted, BySigterm) {
  EXPECT_EQ(interrupt(SIGTERM), 143);
  EXPECT_EQ(read_to_end(ends_[0]), "");
}

#ifdef __linux__
TEST_F(Interrupted, TheDeathOfTheParentEndsTheChildren) {
  EXPECT_EQ(interrupt(SIGKILL), -SIGKILL);
  EXPECT_EQ(read_to_end(ends_[0]), "") << "returns only when all children have ended";
}
#endif

TEST(Jobs, LimitHowManyRunAtOnce) {
  // Each scenario notes its begin and its end in one file; with one job they alternate.
  const scratch files;
  const std::string log = files / "log";
  scenarios all;
  for (int i = 0; i < 4; ++i)
    all.push_back(scenario_of("number " + std::to_string(i), [log] {
      std::ofstream(log, std::ios::app) << "(" << std::flush;
      std::ofstream(log, std::ios::app) << ")" << std::flush;
      return passing();
    }));
  EXPECT_EQ(command({"check", "--jobs", "1"}, all).status, 0);
  EXPECT_EQ(read_file(log), "()()()()");
}

TEST(Jobs, RunAtOnce) {
  // Each of the two waits for the other: with one job this would not end.
  std::array<int, 2> there{};
  std::array<int, 2> back{};
  ASSERT_EQ(pipe(there.data()), 0);
  ASSERT_EQ(pipe(back.data()), 0);
  const auto meet = [](int to, int from) {
    char c = 'x';
    return write(to, &c, 1) == 1 && read(from, &c, 1) == 1 ? passing() : failing();
  };
  const scenarios all = {scenario_of("one", [=] { return meet(there[1], back[0]); }),
                         scenario_of("two", [=] { return meet(back[1], there[0]); })};
  EXPECT_EQ(command({"check", "--jobs", "2", "--timeout", "60"}, all).status, 0);
  for (const int end : {there[0], there[1], back[0], back[1]}) close(end);
}

}  // namespace
}  // namespace runnel::cli::testing

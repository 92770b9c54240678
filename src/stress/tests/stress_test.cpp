// SPDX-License-Identifier: MIT
//
// The load finds each mistake that it is there for, and says so in its exit status.
#include "broken.hpp"
#include "stress/stress_command.hpp"
#include "terminal/parsed_command.hpp"

#include <gtest/gtest.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace runnel::stress {
namespace {

using cli::run_stress;
using cli::stress_options;

stress_options load(const std::string& only, double seconds = 2) {
  stress_options options;
  options.pattern = only;
  options.soak.seconds = seconds;
  options.soak.seed = 7;
  options.soak.most_threads = 4;
  return options;
}

struct outcome {
  int status;
  std::string text;
};

outcome load_broken(mistake m, const std::string& only) {
  planted = m;
  std::ostringstream out;
  const int status = run_stress(combinations_of<broken>("broken"), load(only), out);
  return {status, out.str()};
}

void expect_failure(const outcome& o, const std::string& kind) {
  EXPECT_EQ(o.status, 1);
  EXPECT_NE(o.text.find("FAILED in 'broken "), std::string::npos) << o.text;
  EXPECT_NE(o.text.find("--seed 7 'broken "), std::string::npos) << o.text;
  EXPECT_NE(o.text.find(kind), std::string::npos) << o.text;
}

TEST(Stress, PassesAChannelWithoutAMistake) {
  planted = mistake::none;
  std::ostringstream out;
  const int status = run_stress(combinations_of<broken>("broken"), load("broken", 0.5), out);
  EXPECT_EQ(status, 0) << out.str();
  EXPECT_NE(out.str().find("passed: 42 of 42 combinations"), std::string::npos) << out.str();
}

TEST(Stress, FindsAMessageThatIsDropped) {
  expect_failure(load_broken(mistake::drops, "broken 64 oversubscribed"),
                 "destroyed while there was a receiver");
}

TEST(Stress, FindsAMessageThatIsForgotten) {
  expect_failure(load_broken(mistake::forgets, "broken 64 oversubscribed"), "but received");
}

TEST(Stress, FindsAMessageThatIsReceivedTwice) {
  expect_failure(load_broken(mistake::duplicates, "broken 64 oversubscribed"),
                 "was received twice");
}

TEST(Stress, FindsMessagesThatAreSwapped) {
  expect_failure(load_broken(mistake::swaps, "broken 1024 oversubscribed"), "came after message");
}

TEST(Stress, FindsAMessageThatIsLeaked) {
  expect_failure(load_broken(mistake::leaks, "broken 64 oversubscribed"),
                 "are alive after their channel has gone");
}

TEST(Stress, FindsAMessageThatACloseDestroys) {
  expect_failure(load_broken(mistake::discards, "broken 1024 closes"),
                 "destroyed while there was a receiver");
}

TEST(Stress, FindsAWrongValueHandedBack) {
  expect_failure(load_broken(mistake::keeps, "broken 1 disconnects"), "handed back another value");
}

TEST(Stress, FindsAMessageThatSelectsLose) {
  std::ostringstream out;
  const int status = run_stress(combinations_of<lossy>("broken"), load("broken 64 selects"), out);
  expect_failure({status, out.str()}, "destroyed while there was a receiver");
}

using StressDeathTest = testing::Test;

TEST(StressDeathTest, FindsAMissedWakeUpAndSaysWhatEachThreadDoes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto hang = [] {
    stress_options options = load("broken 1 pauses", 30);
    options.soak.patience = std::chrono::milliseconds(300);
    std::exit(run_stress(combinations_of<without_wake_up>("broken"), options, std::cerr));
  };
  EXPECT_EXIT(hang(), testing::ExitedWithCode(1),
              "FAILED in 'broken 1 pauses', seed 7: no progress for 300 ms\n"
              "  thread 0: [a-z ]*, after [0-9]* operations\n"
              "  thread 1: ");
}

TEST(StressDeathTest, FindsASelectThatIsNotWokenUp) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto hang = [] {
    stress_options options = load("broken 1 selects", 30);
    options.soak.patience = std::chrono::milliseconds(300);
    std::exit(run_stress(combinations_of<without_wake_up>("broken"), options, std::cerr));
  };
  EXPECT_EXIT(hang(), testing::ExitedWithCode(1),
              "FAILED in 'broken 1 selects', seed 7: no progress for 300 ms\n  thread 0: ");
}

// A turn that is interrupted while it runs.
turn_counts interrupt_itself(const turn_plan&, control& c) {
  std::raise(SIGINT);
  while (!c.is_stopped()) std::this_thread::yield();
  return {};
}

TEST(Stress, EndsWithItsReportWhenInterrupted) {
  std::ostringstream out;
  const std::vector<combination> all = {{"first", 1, profiles[0], interrupt_itself},
                                        {"second", 1, profiles[0], interrupt_itself}};
  EXPECT_EQ(run_stress(all, load("*", 60), out), 128 + SIGINT);
  EXPECT_NE(out.str().find("interrupted: 1 of 2 combinations"), std::string::npos) << out.str();
}

TEST(Stress, WritesJson) {
  std::ostringstream out;
  stress_options options = load("broken 2 mixture", 0.1);
  options.json = "-";
  planted = mistake::none;
  ASSERT_EQ(run_stress(combinations_of<broken>("broken"), options, out), 0);
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json.at("verdict"), "passed");
  EXPECT_EQ(json.at("combinations").size(), 1U);
  EXPECT_EQ(json.at("total").at("sent"), json.at("total").at("received").get<std::uint64_t>() +
                                             json.at("total").at("destroyed").get<std::uint64_t>());
}

int status_of(std::vector<const char*> arguments) {
  CLI::App app;
  int status = 0;
  cli::become_stress_command(app, status);
  arguments.insert(arguments.begin(), "runnel_stress");
  return cli::run_parsed(app, static_cast<int>(arguments.size()), arguments.data(), status);
}

TEST(StressOptions, WrongUseIsRefused) {
  EXPECT_EQ(status_of({"--only", "no such combination"}), cli::wrong_use);
  EXPECT_EQ(status_of({"--threads", "1"}), cli::wrong_use);
  EXPECT_EQ(status_of({"--seconds", "-1"}), cli::wrong_use);
  EXPECT_EQ(status_of({"--seconds", "much"}), cli::wrong_use);
  EXPECT_EQ(status_of({"--seed", "-1"}), cli::wrong_use);
  EXPECT_EQ(status_of({"surplus"}), cli::wrong_use);
}

TEST(StressOptions, ShippedChannelsAreSelected) {
  EXPECT_EQ(shipped_combinations().size(), 84U);
  EXPECT_EQ(status_of({"--only", "mpmc 2 one core", "--seconds", "0.05", "--json"}), 0);
}

// What each line of the judgement is for, where no channel above shows it.
TEST(StressJudge, SoundBooksPass) { EXPECT_EQ(judge({}), ""); }

TEST(StressJudge, MessagesDestroyedTwice) {
  EXPECT_EQ(judge({.objects = -2}), "2 messages were destroyed twice");
}

TEST(StressJudge, OnlyTheLastReceiverDestroys) {
  tally one;
  one.add(1);
  EXPECT_EQ(judge({.sent = one, .destroyed = one, .left_early = 2, .destroyers = 1}), "");
  EXPECT_NE(judge({.sent = one, .destroyed = one, .left_early = 2, .destroyers = 2}), "");
  EXPECT_NE(judge({.sent = one, .destroyed = one, .destroyers = 1}), "");
}

TEST(StressJudge, AnotherMessageThanWasSent) {
  tally one;
  one.add(1);
  tally other;
  other.add(2);
  EXPECT_NE(judge({.sent = one, .received = other}), "");
  EXPECT_NE(judge({.sent = one}), "");
}

}  // namespace
}  // namespace runnel::stress

// SPDX-License-Identifier: MIT
//
// The program as it is built, with the scenarios that are linked into it.
#include "command.hpp"

#include <unistd.h>

namespace runnel::cli::testing {
namespace {

outcome program(const arguments& args) {
  const scratch files;
  std::vector<const char*> argv = {RUNNEL_EXECUTABLE};
  for (const std::string& arg : args) argv.push_back(arg.c_str());
  argv.push_back(nullptr);
  const std::string out = files / "out";
  const std::string err = files / "err";
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(open(out.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    dup2(open(err.c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
    execv(RUNNEL_EXECUTABLE, const_cast<char* const*>(argv.data()));
    _exit(127);
  }
  outcome o;
  o.status = wait_for(child);
  o.out = read_file(out);
  o.err = read_file(err);
  return o;
}

TEST(Executable, ListsScenariosOfAllEngines) {
  const outcome o = program({"check", "--list", "--engine", "all"});
  EXPECT_EQ(o.status, 0);
  EXPECT_CONTAINS(o.out, "relacy  ");
  EXPECT_CONTAINS(o.out, "explorer");
  EXPECT_CONTAINS(o.out, "threads");
}

TEST(Executable, ChecksOneScenario) {
  const outcome o = program({"check", "the mutex excludes*", "--engine", "relacy"});
  EXPECT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_CONTAINS(o.out, " passed, 0 failed\n");
}

TEST(Executable, ReadsTheOrderSites) {
  const outcome o = program({"orders", "--quiet"});
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(o.err, "");
}

TEST(Executable, ExploresGeneratedPrograms) {
  const outcome o = program({"fuzz", "--programs", "10"});
  EXPECT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_CONTAINS(o.out, "10 programs: 10 passed, 0 failed");
}

/// The file is compiled into a test of generated programs.
TEST(Executable, WritesTheSmallestProgramThatFails) {
  const scratch files;
  const outcome o = program({"fuzz", "--broken", "two messages of a sender are swapped", "--output",
                             files / "fails.cpp"});
  EXPECT_EQ(o.status, 1) << o.out << o.err;
  EXPECT_EQ(read_file(files / "fails.cpp"),
            read_file(RUNNEL_FUZZ_TESTS "/two_messages_are_swapped.cpp"));
  EXPECT_CONTAINS(o.out, "<-- no order explains this");
}

TEST(Executable, RefusesAWrongUse) {
  EXPECT_EQ(program({"check", "there is no such scenario"}).status, 2);
  EXPECT_EQ(program({"check", "--jobs", "0"}).status, 2);
  EXPECT_EQ(program({}).status, 2);
}

}  // namespace
}  // namespace runnel::cli::testing

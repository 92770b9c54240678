// SPDX-License-Identifier: MIT
//
// The checks of the spec can fail: by a broken spec, by other numbers than the manifest has, and by
// a search that was cut off.
#include "planned.hpp"

#include "program.hpp"
#include "temporary_directory.hpp"
#include "verifier_output.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace runnel::spec {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> names_in(const std::string& text, const char* pattern) {
  const std::regex name(pattern);
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at)
    names.insert((*at)[1]);
  return names;
}

TEST(Spin, ABrokenSpecFailsWithThePropertyThatItBreaks) {
  for (const planned_check& p : manifest())
    if (p.verdict != holds && p.property != "agreement") expect_as_planned(p);
}

TEST(Spin, EveryPropertyIsBrokenBySomeMistake) {
  std::set<std::string> properties;
  for (const char* const file : {"/channel.pml", "/select.pml"}) {
    const std::string model = read_file(RUNNEL_SPEC + std::string(file));
    properties.merge(names_in(model, "\"violated: ([^\\\\\"]*)"));
    properties.merge(names_in(model, "\nltl ([a-z_]*) "));
  }
  properties.insert(failure::deadlock);
  EXPECT_GE(properties.size(), 26U);
  for (const planned_check& p : manifest()) properties.erase(p.verdict);
  EXPECT_TRUE(properties.empty()) << "not broken by any mistake: " << *properties.begin();
}

TEST(Spin, EveryFormulaIsCheckedUnderFairness) {
  for (const planned_check& p : manifest()) EXPECT_EQ(p.fairness, p.is_formula()) << p.name;
}

TEST(Spin, TheReadmeHasTheNumbersOfTheManifest) {
  const std::string readme = read_file(RUNNEL_SPEC "/README.md");
  for (const planned_check& p : manifest()) {
    if (p.verdict != holds) continue;
    const bool agreement = p.property == "agreement";
    const std::uint64_t searched = agreement ? p.numbers.pairs : p.numbers.states;
    EXPECT_CONTAINS(readme, ' ' + std::to_string(searched)) << p.name;
    EXPECT_CONTAINS(readme, ' ' + std::to_string(agreement ? p.numbers.labels : p.numbers.depth))
        << p.name;
  }
}

TEST(Spin, AnotherNumberOfStatesIsADrift) {
  planned_check p = planned("two_senders_one_receiver_1");
  ++p.numbers.states;
  expect_drift(p);
}

TEST(Spin, AnotherDepthIsADrift) {
  planned_check p = planned("two_senders_one_receiver_1");
  --p.numbers.depth;
  expect_drift(p);
}

TEST(Spin, ABrokenSpecDriftsToo) {
  planned_check p = planned("mistake_the_buffer_holds_one_more");
  ++p.numbers.states;
  expect_drift(p);
}

TEST(Spin, AViolationThatIsNotExpectedFails) {
  planned_check p = planned("mistake_the_buffer_holds_one_more");
  p.verdict = holds;
  const check::result r = run(p);
  EXPECT_EQ(r.verdict, check::verdict::failed);
  EXPECT_EQ(r.failure, "capacity");
  EXPECT_CONTAINS(r.message, "expected: holds, found: capacity");
}

TEST(Spin, AnotherViolationThanTheExpectedOneFails) {
  planned_check p = planned("mistake_the_buffer_holds_one_more");
  p.verdict = "handed back";
  const check::result r = run(p);
  EXPECT_EQ(r.verdict, check::verdict::failed);
  EXPECT_EQ(r.failure, "capacity");
  EXPECT_CONTAINS(r.message, "expected: handed back, found: capacity");
}

TEST(Spin, AViolationThatIsMissingDoesNotFail) {
  planned_check p = planned("two_senders_one_receiver_1");
  p.verdict = "capacity";  // the runnel command demands that such a check fails
  EXPECT_EQ(run(p).verdict, check::verdict::passed);
  EXPECT_CONTAINS(run(p).message, "expected: capacity, found: holds");
}

TEST(Spin, TooSmallADepthIsNoVerdict) {
  for (const char* const verifier : {"progress_0", "two_senders_one_receiver_0", "agreement_2"}) {
    const check::result r =
        run_planned(planned(verifier), {.directory = RUNNEL_VERIFIERS, .most_depth = 3}, {});
    EXPECT_EQ(r.verdict, check::verdict::incomplete) << verifier << ": " << r.message;
    EXPECT_CONTAINS(r.message, "too small");
  }
}

TEST(Spin, AVerifierThatIsMissingIsNoVerdict) {
  const check::result r =
      run_planned(planned("progress_0"), {.directory = "/nowhere", .most_depth = 3}, {});
  EXPECT_EQ(r.verdict, check::verdict::incomplete);
  EXPECT_CONTAINS(r.message, "cannot run /nowhere/progress_0");
}

TEST(Spin, ALimitThatIsTooSmallIsNoVerdict) {
  check::options options;
  options.limit = 10;
  const check::result r = run(planned("two_senders_one_receiver_1"), options);
  EXPECT_EQ(r.verdict, check::verdict::incomplete);
  EXPECT_CONTAINS(r.message, "a verifier cannot stop after 10 states");
}

TEST(Spin, ATrailIsReplayed) {
  check::options options;
  options.replay = "trail";
  EXPECT_CONTAINS(run(planned("mistake_the_buffer_holds_one_more"), options).history,
                  "sender 1 calls send 3\n");
  options.replay = "full:0012";
  EXPECT_THROW(run(planned("mistake_the_buffer_holds_one_more"), options), std::invalid_argument);
}

TEST(Spin, ACycleIsShown) {
  EXPECT_CONTAINS(run(planned("mistake_the_last_sender_wakes_nobody")).history,
                  "from here on, again and again:\n");
}

TEST(Spin, AManifestThatCannotBeReadIsAFailingScenario) {
  const auto all = scenarios_of("/nowhere/manifest.json", {.directory = RUNNEL_VERIFIERS});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THROW(all[0].run(all[0].search, {}), std::runtime_error);
}

// What a verifier prints.

const planned_check safety{.name = {},
                           .file = {},
                           .verifier = {},
                           .property = "safety",
                           .fairness = false,
                           .verdict = holds,
                           .numbers = {},
                           .spin = {}};
const std::string whole_search =
    "(Spin Version 6.5.2 -- 6 December 2019)\n"
    "Full statespace search for:\n"
    "\tinvalid end states\t+\n"
    "State-vector 80 byte, depth reached 93, errors: 0\n"
    "    50399 states, stored\n";

TEST(VerifierOutput, OfAWholeSearch) {
  const verification v = read_verification(whole_search, safety);
  EXPECT_EQ(v.incomplete, "");
  EXPECT_EQ(v.error, "");
  EXPECT_EQ(v.spin, "6.5.2");
  EXPECT_EQ(v.numbers.states, 50399U);
  EXPECT_EQ(v.numbers.depth, 93U);
}

TEST(VerifierOutput, OfASearchThatWasCutOff) {
  for (const char* const sign :
       {"pan: reached -DMEMLIM bound", "error: max search depth too small",
        "Warning: Search not completed", "pan: out of memory", "Interrupted",
        "pan:1: hash table full (at depth 7)", "pan:1: block in d_step seq (at depth 7)"})
    EXPECT_NE(read_verification(sign + std::string("\n") + whole_search, safety).incomplete, "")
        << sign;
  EXPECT_NE(read_verification("", safety).incomplete, "");
  EXPECT_NE(read_verification(whole_search.substr(0, 90), safety).incomplete, "");
}

TEST(VerifierOutput, OfABitstateSearch) {
  const std::string output =
      std::regex_replace(whole_search, std::regex("Full statespace"), "Bit statespace");
  EXPECT_NE(read_verification(output, safety).incomplete, "");
}

TEST(VerifierOutput, OfASearchWithoutWhatWasAskedFor) {
  const std::string no_deadlocks =
      std::regex_replace(whole_search, std::regex("end states\t\\+"), "end states\t- (disabled)");
  EXPECT_NE(read_verification(no_deadlocks, safety).incomplete, "");
  planned_check formula = safety;
  formula.property = "room";
  EXPECT_NE(read_verification(whole_search, formula).incomplete, "");
  EXPECT_EQ(read_verification("never claim + (room)\n" + whole_search, formula).incomplete, "");
  formula.fairness = true;
  EXPECT_NE(read_verification("never claim + (room)\n" + whole_search, formula).incomplete, "");
}

// Processes.

TEST(Program, AndItsDirectoryGoWithTheProcessThatStartedThem) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const temporary_directory where;
    run_program({"/bin/sh", "-c", "pwd; exec sleep 1000"}, where.path(),
                [&](std::string_view line) { (void)!write(ends[1], line.data(), line.size()); });
    _exit(0);
  }
  std::array<char, 4096> buffer{};
  const ssize_t length = read(ends[0], buffer.data(), buffer.size());
  ASSERT_GT(length, 0);
  const std::filesystem::path path(std::string(buffer.data(), static_cast<std::size_t>(length)));
  EXPECT_TRUE(std::filesystem::exists(path));
  kill(child, SIGKILL);
  while (wait(nullptr) > 0 || errno != ECHILD) {  // the program and the remover have become ours
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST(Program, ADirectoryIsRemoved) {
  std::filesystem::path path;
  {
    const temporary_directory where;
    path = where.path();
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace runnel::spec

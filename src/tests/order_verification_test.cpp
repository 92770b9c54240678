// SPDX-License-Identifier: MIT
//
// `runnel orders --verify`: that a step which nothing kills is noticed, and what is not a kill; that
// comments have to say what was observed.
#include "command.hpp"
#include "orders/steps.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>

namespace runnel::cli::testing {
namespace {

/// A pair of sites that belong together.
const std::string cell_source = R"(
void f() {
  // cell.publish: needs cell.see
  // Release: the value is complete.
  ready_.store(1, at<"cell.publish">(release));
}
void g() {
  // cell.see: needs cell.publish
  // Acquire: as cell.publish.
  if (ready_.load(at<"cell.see">(acquire)) == 1) use();
}
)";

std::vector<std::string> changes(const std::string& operation, std::vector<std::string> orders) {
  order_site site;
  site.name = "a.site";
  site.operation = operation;
  site.orders = std::move(orders);
  std::vector<std::string> all;
  for (const order_step& s : steps_of(site)) all.push_back(s.change);
  return all;
}

TEST(OrderSteps, EachIsOneWeaker) {
  EXPECT_EQ(changes("load", {"seq_cst"}), arguments{"seq_cst to acquire"});
  EXPECT_EQ(changes("await", {"acquire"}), arguments{"acquire to relaxed"});
  EXPECT_EQ(changes("store", {"seq_cst"}), arguments{"seq_cst to release"});
  EXPECT_EQ(changes("store", {"release"}), arguments{"release to relaxed"});
  EXPECT_EQ(changes("exchange", {"seq_cst"}), arguments{"seq_cst to acq_rel"});
  EXPECT_EQ(changes("fetch_add", {"acq_rel"}),
            (arguments{"acq_rel to acquire", "acq_rel to release"}));
  EXPECT_EQ(changes("fence", {"acq_rel"}), (arguments{"acq_rel to acquire", "acq_rel to release"}));
  EXPECT_EQ(changes("load", {"relaxed"}), arguments{});
}

TEST(OrderSteps, ACompareExchangeHasThoseOfEachOrder) {
  EXPECT_EQ(changes("compare_exchange_weak", {"seq_cst", "acquire"}),
            (arguments{"success: seq_cst to acq_rel", "failure: acquire to relaxed"}));
  order_site site;
  site.name = "a.site";
  site.operation = "compare_exchange_strong";
  site.orders = {"release", "acquire"};
  const auto steps = steps_of(site);
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].order, std::memory_order::relaxed);
  EXPECT_EQ(steps[0].failure, std::memory_order::acquire);
  EXPECT_EQ(steps[1].order, std::memory_order::release);
  EXPECT_EQ(steps[1].failure, std::memory_order::relaxed);
}

/// A scenario that comes to both sites, which synchronize, and ends in this way if one of them is
/// weaker, or if it is the one that releases and they are severed.
check::scenario with_both_sites(std::string name, std::string weak_site, check::result weakened,
                                std::uint64_t executions = 17) {
  check::scenario s;
  s.name = std::move(name);
  s.file = "model_tests/scenarios/made_up.cpp";
  s.engine = "explorer";
  s.run = [=](const check::search&, const check::options&) {
    const auto& now = check::current_weakening();
    const auto& severed = check::current_severed_pair();
    const bool fails = (!now.site.empty() && now.site == weak_site) ||
                       (!severed.release.empty() && severed.release == weak_site);
    check::result r = fails ? weakened : passing(executions);
    r.sites = {"cell.publish", "cell.see"};
    r.observations = {{{"cell.publish", "cell.see"}, 5, 1}};
    return r;
  };
  return s;
}

class OrderVerification : public ::testing::Test {
 protected:
  OrderVerification() {
    std::filesystem::create_directory(files_ / "runnel");
    std::ofstream(files_ / "runnel/x.hpp") << cell_source;
  }

  outcome verify(const scenarios& all, arguments more = {}) const {
    arguments args = {"orders", "--verify", "--include", files_ / "", "--record", record()};
    args.insert(args.end(), more.begin(), more.end());
    return command(args, all);
  }
  outcome search(const scenarios& all, arguments more = {}) const {
    more.insert(more.end(), {"--search", "--write-record", record()});
    return verify(all, more);
  }
  [[nodiscard]] std::string record() const { return files_ / "orders.json"; }
  [[nodiscard]] nlohmann::json recorded() const {
    return nlohmann::json::parse(read_file(record()));
  }

  const scenarios sound_ = {with_both_sites("of the store", "cell.publish", failing()),
                            with_both_sites("of the load", "cell.see", failing())};
  scratch files_;
};

TEST_F(OrderVerification, SearchesAndRecordsWhatFails) {
  const outcome o = search(sound_);
  EXPECT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_CONTAINS(o.out,
                  "As they stand no order fails: 2 scenarios, 34 executions; 1 pairs of sites "
                  "synchronize.\n");
  EXPECT_CONTAINS(o.out, ": of the store\n");
  EXPECT_CONTAINS(o.out, "4 steps weaker: 4 make a scenario fail, 0 are argued");
  EXPECT_EQ(recorded()["sites"]["cell.see"], (arguments{"mpmc", "mpsc"}));
  EXPECT_EQ(recorded()["steps"].size(), 4U);
  EXPECT_CONTAINS(o.out, "2 needed pairs severed: 2 make a scenario fail");
  EXPECT_EQ(recorded()["steps"][3]["scenario"], "of the load");
  EXPECT_EQ(recorded()["pairs"].size(), 2U);
  EXPECT_EQ(recorded()["pairs"][0]["release"], "cell.publish");
  EXPECT_EQ(recorded()["pairs"][0]["acquire"], "cell.see");
  EXPECT_EQ(recorded()["pairs"][0]["scenario"], "of the store");
  const outcome again = verify(sound_);
  EXPECT_EQ(again.status, 0) << again.out << again.err;
  EXPECT_CONTAINS(again.out, "4 steps weaker: 4 make a scenario fail");
  EXPECT_CONTAINS(again.out, "2 needed pairs severed: 2 make a scenario fail");
  const outcome of_one = verify(sound_, {"--site", "cell.see"});
  EXPECT_EQ(of_one.status, 0) << of_one.out << of_one.err;
  EXPECT_LACKS(of_one.out, "As they stand");
  EXPECT_CONTAINS(of_one.out, "2 steps weaker: 2 make a scenario fail");
  EXPECT_CONTAINS(of_one.out, "2 needed pairs severed: 2 make a scenario fail");
}

TEST_F(OrderVerification, TriesTheSmallestFirst) {
  const scenarios all = {with_both_sites("a large one", "cell.see", failing(), 1000),
                         with_both_sites("a small one", "cell.see", failing(), 10),
                         with_both_sites("another", "cell.publish", failing(), 100)};
  EXPECT_EQ(search(all).status, 0);
  EXPECT_EQ(recorded()["steps"][2]["scenario"], "a small one");
}

TEST_F(OrderVerification, AKillerHasToComeToTheSite) {
  EXPECT_EQ(search(sound_).status, 0);
  check::scenario elsewhere = with_both_sites("of the load", "cell.see", failing());
  elsewhere.run = [run = elsewhere.run](const check::search& how, const check::options& o) {
    check::result r = run(how, o);
    r.sites = {"cell.publish"};
    return r;
  };
  const scenarios all = {sound_[0], elsewhere, with_both_sites("another", "cell.see", failing())};
  EXPECT_EQ(search(all).status, 0);
  EXPECT_EQ(recorded()["steps"][2]["scenario"], "another");
}

TEST_F(OrderVerification, NoticesAStepThatNothingKills) {
  const scenarios all = {with_both_sites("of the store", "cell.publish", failing())};
  const outcome o = search(all);
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "NOT SHOWN: 1 scenarios do not fail");
  EXPECT_CONTAINS(o.out, "UNEXPECTED: nothing is recorded for it");
  // Once it is recorded, it is known, and stays visible.
  const outcome again = verify(all);
  EXPECT_EQ(again.status, 0) << again.out << again.err;
  EXPECT_CONTAINS(again.out, "2 are not shown to be necessary\n");
  EXPECT_CONTAINS(again.out, "; 0 errors");
}

TEST_F(OrderVerification, AnArgumentStaysUntilItIsRefuted) {
  const scenarios all = {with_both_sites("of the store", "cell.publish", failing())};
  EXPECT_EQ(search(all).status, 1);
  auto json = recorded();
  for (auto& step : json["steps"])
    if (step["site"] == "cell.see") step["argument"] = "It is always so.";
  std::ofstream(record()) << json;
  const outcome o = search(all);
  EXPECT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_CONTAINS(o.out, "argued: It is always so.");
  EXPECT_CONTAINS(o.out, "2 make a scenario fail, 2 are argued");
  EXPECT_EQ(recorded(), json);
  const outcome refuted = search(sound_);
  EXPECT_EQ(refuted.status, 1);
  EXPECT_CONTAINS(refuted.out, "UNEXPECTED: there is an argument");
}

TEST_F(OrderVerification, AKillerThatNoLongerFailsIsNoticed) {
  EXPECT_EQ(search(sound_).status, 0);
  const outcome o = verify({with_both_sites("of the store", "cell.publish", failing()),
                            with_both_sites("of the load", "cell.see", passing())});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "UNEXPECTED: \"of the load\" no longer fails");
  // Another one in its place will do.
  EXPECT_EQ(verify({with_both_sites("of the store", "cell.publish", failing()),
                    with_both_sites("a new one", "cell.see", failing())})
                .status,
            0);
}

TEST_F(OrderVerification, ALimitIsNeitherAKillNorAPass) {
  check::result cut = passing();
  cut.verdict = check::verdict::incomplete;
  check::result drifted = failing(check::kind::drift);
  const outcome o = search({with_both_sites("of the store", "cell.publish", cut),
                            with_both_sites("of the load", "cell.see", drifted)});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.out, "a limit ended: of the store");
  EXPECT_CONTAINS(o.out, "0 make a scenario fail");
}

TEST_F(OrderVerification, EndsIfTheOrdersFailAsTheyStand) {
  check::scenario wrong = with_both_sites("wrong", "", passing());
  wrong.run = [](const check::search&, const check::options&) { return failing(); };
  const outcome o = search({wrong});
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.err, "wrong: failed, data race");
}

TEST_F(OrderVerification, TheRecordIsOfThisSource) {
  EXPECT_EQ(search(sound_).status, 0);
  std::string other = cell_source;
  other.replace(other.find("(acquire)"), 9, "(seq_cst)");
  std::ofstream(files_ / "runnel/x.hpp") << other;
  const outcome o = verify(sound_);
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(o.err,
                  "cell.see: the record has \"acquire to relaxed\" in mpmc, which the source "
                  "has not");
  auto json = recorded();
  json["sites"].erase("cell.publish");
  std::ofstream(record()) << json;
  EXPECT_CONTAINS(verify(sound_, {"--site", "cell.publish"}).err,
                  "cell.publish: no scenario is known to come to it");
}

/// As with_both_sites, with other pairs that synchronize, and severing is no failure.
check::scenario that_observes(std::string name, std::vector<check::observation> observations) {
  check::scenario s = with_both_sites(std::move(name), "", passing());
  s.run = [run = s.run, observations](const check::search& how, const check::options& o) {
    check::result r = run(how, o);
    r.observations = observations;
    return r;
  };
  return s;
}

TEST_F(OrderVerification, APairThatNothingReliesUponIsNoticed) {
  const scenarios all = {sound_[1], that_observes("of neither", {})};
  const outcome o = search(all);
  EXPECT_EQ(o.status, 1);
  EXPECT_CONTAINS(
      o.out, "cell.publish without cell.see              in mpmc                      NOT SHOWN");
  EXPECT_CONTAINS(o.out, "UNEXPECTED: nothing is recorded for it");
  EXPECT_CONTAINS(o.out, "2 are not shown to be relied upon; ");
  // The record may say so. It may not say that something fails which does not.
  EXPECT_CONTAINS(verify(all).out, "2 are not shown to be relied upon; 0 errors");
  auto json = recorded();
  json["pairs"][0]["scenario"] = "of the load";
  json["pairs"][0]["failure"] = "data race";
  json["pairs"][0]["executions"] = 1;
  std::ofstream(record()) << json;
  const outcome wrong = verify(all);
  EXPECT_EQ(wrong.status, 1);
  EXPECT_CONTAINS(wrong.out, "UNEXPECTED: \"of the load\" no longer fails");
}

TEST_F(OrderVerification, APairMayHaveAnArgument) {
  const scenarios all = {sound_[1]};
  EXPECT_EQ(search(all).status, 1);
  auto json = recorded();
  for (auto& pair : json["pairs"]) pair["argument"] = "It will be needed.";
  std::ofstream(record()) << json;
  const outcome o = search(all);
  EXPECT_CONTAINS(o.out, "argued: It will be needed.");
  EXPECT_EQ(recorded()["pairs"], json["pairs"]);
}

TEST_F(OrderVerification, WhatTheRecordKnowsOfAPairIsOfThisSource) {
  EXPECT_EQ(search(sound_).status, 0);
  auto json = recorded();
  json["pairs"][0]["acquire"] = "cell.publish";
  std::ofstream(record()) << json;
  EXPECT_CONTAINS(verify(sound_).err,
                  "cell.publish: the record has \"without cell.publish\" in mpmc, which the source "
                  "has not");
}

TEST_F(OrderVerification, APartnerThatNoCommentNamesIsAnError) {
  const scenarios all = {sound_[0], sound_[1],
                         that_observes("a third", {{{"cell.see", "cell.publish"}, 1, 0},
                                                   {{"cell.see", "cell.see"}, 7, 0}}),
                         that_observes("a fourth", {{{"cell.see", "cell.see"}, 9, 0},
                                                    {{"mutex", "mutex"}, 9, 0},
                                                    {{"test.give", "test.take"}, 9, 0}})};
  const outcome o = search(all);
  EXPECT_EQ(o.status, 1);
  EXPECT_EQ(o.err,
            "error: cell.see synchronizes with cell.see in \"a fourth\" and 1 other, which is not "
            "claimed: write each into the comment of cell.see (runnel/x.hpp:10), under 'needs' if "
            "something relies on it, else under 'also'\n");
}

TEST_F(OrderVerification, APartnerThatIsNeverSeenIsAnError) {
  const scenarios all = {that_observes("a third", {})};
  const std::string needs =
      "error: cell.publish has cell.see under 'needs', but in no scenario do they synchronize: "
      "take "
      "it out of the comment of cell.publish (runnel/x.hpp:5) and of cell.see (runnel/x.hpp:10), "
      "or "
      "add a scenario in which they do\n";
  EXPECT_EQ(search(all).status, 1);
  EXPECT_EQ(search(all).err, needs);
  std::string other = cell_source;
  for (const char* name : {"needs cell.see", "needs cell.publish"})
    other.replace(other.find(name), 5, "also");
  std::ofstream(files_ / "runnel/x.hpp") << other;
  EXPECT_CONTAINS(search(all).err, "has cell.see under 'also', but in no scenario");
  EXPECT_CONTAINS(search(all, {"--site", "cell.see"}).err, "has cell.see under 'also'");
}

/// Explores nothing as it stands.
check::scenario only_weakened(check::scenario s) {
  s.run = [run = s.run](const check::search& how, const check::options& o) {
    const bool stands =
        check::current_weakening().site.empty() && check::current_severed_pair().release.empty();
    return stands ? failing(check::kind::leak) : run(how, o);
  };
  return s;
}

TEST_F(OrderVerification, TakesTheResultsOfACheck) {
  const std::string results = files_ / "checks.json";
  EXPECT_EQ(command({"check", "--json", results}, {sound_[0]}).status, 0);
  const scenarios rest = {only_weakened(sound_[0]), sound_[1]};
  const outcome o = search(rest, {"--results", results});
  EXPECT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_CONTAINS(o.out, "2 scenarios, 34 executions; 1 pairs of sites");
  EXPECT_EQ(search(rest, {"--write-record", ""}).status, 2);
  // What the file does not have is explored.
  const scenarios none = {only_weakened(sound_[0]), only_weakened(sound_[1])};
  const outcome incomplete = search(none, {"--results", results});
  EXPECT_EQ(incomplete.status, 1);
  EXPECT_EQ(incomplete.err, "error: of the load: failed, leak\n");
  EXPECT_CONTAINS(incomplete.out, "As they stand 1 of 2 scenarios do not pass.");
  EXPECT_LACKS(incomplete.out, "no order fails");
}

TEST_F(OrderVerification, ResultsThatFailedAreNoEvidence) {
  const std::string results = files_ / "checks.json";
  check::scenario wrong = sound_[0];
  wrong.run = [](const check::search&, const check::options&) { return failing(); };
  EXPECT_EQ(command({"check", "--json", results}, {wrong, sound_[1]}).status, 1);
  const outcome o = search(sound_, {"--results", results});
  EXPECT_EQ(o.status, 1);
  EXPECT_EQ(o.err, "error: of the store: failed, data race\n");
}

TEST_F(OrderVerification, RefusesResultsOfAnotherProgram) {
  const std::string results = files_ / "checks.json";
  EXPECT_EQ(command({"check", "--json", results}, sound_).status, 0);
  EXPECT_EQ(search(sound_, {"--results", results}).status, 0);
  namespace fs = std::filesystem;
  fs::last_write_time(results, fs::last_write_time("/proc/self/exe") - std::chrono::seconds(1));
  const outcome old = search(sound_, {"--results", results});
  EXPECT_EQ(old.status, 2);
  EXPECT_CONTAINS(old.err, "is older than this program: run runnel check --json again");
  std::ofstream(results) << "{\"scenarios\": [{}]}";
  EXPECT_CONTAINS(search(sound_, {"--results", results}).err, "has no results of runnel check");
  EXPECT_EQ(search(sound_, {"--results", files_ / "none.json"}).status, 2);
  EXPECT_EQ(command({"orders", "--results", results}).status, 2);
}

TEST_F(OrderVerification, OfOneSite) {
  const outcome o = search(sound_, {"--site", "cell.see"});
  EXPECT_EQ(o.status, 0) << o.out << o.err;
  EXPECT_CONTAINS(o.out, "2 steps weaker");
  EXPECT_EQ(search(sound_, {"--site", "cell.none"}).status, 2);
}

TEST_F(OrderVerification, RefusesWhatIsNoRecord) {
  EXPECT_EQ(verify(sound_).status, 2);
  std::ofstream(record()) << "{\"sites\": 7}";
  const outcome o = verify(sound_);
  EXPECT_EQ(o.status, 2);
  EXPECT_CONTAINS(o.err, "is not a record of order sites");
  EXPECT_EQ(command({"orders", "--search"}).status, 2);
  EXPECT_EQ(verify(sound_, {"--json"}).status, 2);
}

}  // namespace
}  // namespace runnel::cli::testing

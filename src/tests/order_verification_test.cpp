// SPDX-License-Identifier: MIT
//
// `runnel orders --verify`: that a step which nothing kills is noticed, and what is not a kill.
#include "command.hpp"
#include "order_steps.hpp"

#include <nlohmann/json.hpp>

namespace runnel::cli::testing {
namespace {

/// A pair of sites that belong together.
const std::string source = R"(
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

/// A scenario that comes to both sites, and ends in this way if one of them is weaker.
check::scenario with_both_sites(std::string name, std::string weak_site, check::result weakened,
                                std::uint64_t executions = 17) {
  check::scenario s;
  s.name = std::move(name);
  s.file = "model_tests/scenarios/made_up.cpp";
  s.engine = "explorer";
  s.run = [=](const check::search&, const check::options&) {
    const auto& now = check::current_weakening();
    check::result r = !now.site.empty() && now.site == weak_site ? weakened : passing(executions);
    r.sites = {"cell.publish", "cell.see"};
    return r;
  };
  return s;
}

class OrderVerification : public ::testing::Test {
 protected:
  OrderVerification() {
    std::filesystem::create_directory(files_ / "runnel");
    std::ofstream(files_ / "runnel/x.hpp") << source;
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
  EXPECT_CONTAINS(o.out, "As they stand no order fails: 2 scenarios, 34 executions.\n");
  EXPECT_CONTAINS(o.out, ": of the store\n");
  EXPECT_CONTAINS(o.out, "4 steps weaker: 4 make a scenario fail, 0 are argued");
  EXPECT_EQ(recorded()["sites"]["cell.see"], (arguments{"mpmc", "mpsc"}));
  EXPECT_EQ(recorded()["steps"].size(), 4U);
  EXPECT_EQ(recorded()["steps"][3]["scenario"], "of the load");
  const outcome again = verify(sound_);
  EXPECT_EQ(again.status, 0) << again.out << again.err;
  EXPECT_LACKS(again.out, "As they stand");
  EXPECT_CONTAINS(again.out, "4 steps weaker: 4 make a scenario fail");
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
  EXPECT_CONTAINS(again.out, "2 are not shown to be necessary; 0 errors");
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
  std::string other = source;
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
  EXPECT_CONTAINS(verify(sound_).err, "cell.publish: no scenario is known to come to it");
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

// SPDX-License-Identifier: MIT
//
// What is known of each pair of sites: the claim, what was observed, and what fails without it.
#include "command.hpp"
#include "orders/claims.hpp"

namespace runnel::cli::testing {
namespace {

order_site site(std::string name, std::vector<std::string> needs, std::vector<std::string> also) {
  order_site s;
  s.name = std::move(name);
  s.needs = std::move(needs);
  s.also = std::move(also);
  return s;
}

const std::vector<order_site> sites = {site("a.publish", {"a.see"}, {"a.update"}),
                                       site("a.see", {"a.publish"}, {"a.update"}),
                                       site("a.update", {}, {"a.publish", "a.see"})};

check::scenario of_kinds(std::string name, std::vector<std::string> kinds) {
  check::scenario s = good(std::move(name));
  s.kinds_of_channel = std::move(kinds);
  return s;
}

explored with(std::vector<check::observation> observations) {
  return {state::passed, {}, 17, {"a.publish"}, std::move(observations)};
}

const std::vector<check::scenario> two = {of_kinds("of one receiver", {"mpsc"}),
                                          of_kinds("of many", {"mpmc"})};
const exploration shown = {
    {"of one receiver", with({{{"a.publish", "a.see"}, 10, 0}})},
    {"of many", with({{{"a.publish", "a.see"}, 3, 2},
                      {{"a.update", "a.see"}, 1, 0},
                      {{"mutex", "mutex"}, 1, 0},
                      {{"test.give", "test.take"}, 1, 0}})},
    {"of somebody else", with({{{"a.publish", "a.publish"}, 1, 0}})},
};

TEST(ObservedPairs, AreAddedUpOverTheScenarios) {
  const observed_pairs seen = pairs_seen(shown, two, sites);
  ASSERT_EQ(seen.size(), 2U);
  const observed_pair& p = seen.at({"a.publish", "a.see"});
  EXPECT_EQ(p.executions, 13U);
  EXPECT_EQ(p.continued, 2U);
  EXPECT_EQ(p.scenarios.at("of one receiver"), 10U);
  EXPECT_EQ(p.scenarios.at("of many"), 3U);
  EXPECT_EQ(p.kinds_of_channel, (std::set<std::string>{"mpmc", "mpsc"}));
  EXPECT_EQ(seen.at({"a.update", "a.see"}).kinds_of_channel, std::set<std::string>{"mpmc"});
}

TEST(AccountsOfPairs, HaveTheClaimAndTheKiller) {
  order_record record;
  record.steps[{"a.publish", {}, "mpsc", "a.see"}] = {
      necessity::killed, "of one receiver", "data race", {}, 2};
  record.steps[{"a.publish", "release to relaxed", "mpsc"}] = {};
  const auto accounts = accounts_of_pairs(sites, pairs_seen(shown, two, sites), record);
  ASSERT_EQ(accounts.size(), 3U);
  EXPECT_EQ(accounts[0].pair, (check::site_pair{"a.publish", "a.see"}));
  EXPECT_EQ(accounts[0].claim, claim::needs);
  EXPECT_EQ(accounts[0].seen.executions, 13U);
  ASSERT_EQ(accounts[0].findings.size(), 1U);
  EXPECT_EQ(accounts[0].findings.at("mpsc").failure, "data race");
  EXPECT_EQ(accounts[1].pair, (check::site_pair{"a.publish", "a.update"}));
  EXPECT_EQ(accounts[1].claim, claim::also);
  EXPECT_EQ(accounts[1].seen.executions, 0U);
  EXPECT_EQ(accounts[2].pair, (check::site_pair{"a.update", "a.see"}));
  EXPECT_EQ(accounts[2].claim, claim::also);
}

TEST(AccountsOfPairs, ShowWhatNobodyClaims) {
  const std::vector<order_site> silent = {site("a.publish", {}, {}), site("a.see", {}, {})};
  for (const pair_account& a : accounts_of_pairs(silent, pairs_seen(shown, two, silent), {}))
    EXPECT_EQ(a.claim, claim::none);
}

}  // namespace
}  // namespace runnel::cli::testing

// SPDX-License-Identifier: MIT
#include "exploration.hpp"

#include "checks/result_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace runnel::cli {
namespace {

namespace fs = std::filesystem;

explored explored_from(const nlohmann::json& scenario) {
  explored e;
  const auto verdict = scenario.at("verdict").get<std::string>();
  for (const state s : {state::passed, state::failed, state::incomplete})
    if (verdict == name_of(s)) e.status = s;
  e.failure = scenario.at("failure").get<std::string>();
  e.executions = scenario.at("executions").get<std::uint64_t>();
  e.sites = scenario.at("sites").get<std::set<std::string>>();
  e.observations = observations_from(scenario.at("observations"));
  return e;
}

explored explored_by(const report& r) {
  return {r.status,
          r.result.failure,
          r.result.executions,
          {r.result.sites.begin(), r.result.sites.end()},
          r.result.observations};
}

}  // namespace

std::vector<check::scenario> exhaustive_scenarios() {
  // Those that are reduced may have executions besides, which say nothing of orders.
  std::vector<check::scenario> selected;
  std::ranges::copy_if(check::registry(), std::back_inserter(selected), [](const auto& s) {
    return s.engine == "explorer" && s.expected_failure.empty() && !s.is_long &&
           s.search.reductions.empty();
  });
  if (selected.empty()) throw std::runtime_error("no scenario of the explorer is linked in");
  return selected;
}

exploration completed(exploration known, const std::vector<check::scenario>& scenarios,
                      run_options how) {
  std::vector<check::scenario> unknown;
  std::ranges::copy_if(scenarios, std::back_inserter(unknown),
                       [&](const check::scenario& s) { return !known.contains(s.name); });
  how.check.observes = true;
  for (const report& r : run_checks(unknown, how)) known[r.scenario.name] = explored_by(r);
  return known;
}

exploration read_exploration(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  if (fs::last_write_time(path) < fs::last_write_time("/proc/self/exe"))
    throw std::runtime_error(path + " is older than this program: run runnel check --json again");
  exploration all;
  try {
    // By name: not all compilers that we use keep a temporary for the length of the loop.
    const auto results = nlohmann::json::parse(file);
    for (const auto& scenario : results.at("scenarios")) {
      if (scenario.at("engine") != "explorer") continue;
      explored e = explored_from(scenario);
      if (e.status != state::not_run && !(e.status == state::passed && e.sites.empty()))
        all[scenario.at("name").get<std::string>()] = std::move(e);
    }
  } catch (const nlohmann::json::exception& e) {
    throw std::runtime_error(path + " has no results of runnel check: " + e.what());
  }
  return all;
}

observed_pairs pairs_seen(const exploration& all, const std::vector<check::scenario>& scenarios,
                          const std::vector<order_site>& sites) {
  const auto is_site = [&](const std::string& name) {
    return std::ranges::find(sites, name, &order_site::name) != sites.end();
  };
  observed_pairs pairs;
  for (const check::scenario& s : scenarios) {
    const auto found = all.find(s.name);
    if (found == all.end()) continue;
    for (const check::observation& o : found->second.observations) {
      if (!is_site(o.pair.release) && !is_site(o.pair.acquire)) continue;
      observed_pair& p = pairs[o.pair];
      p.executions += o.executions;
      p.continued += o.continued;
      p.scenarios[s.name] = o.executions;
      p.kinds_of_channel.insert(s.kinds_of_channel.begin(), s.kinds_of_channel.end());
    }
  }
  return pairs;
}

}  // namespace runnel::cli

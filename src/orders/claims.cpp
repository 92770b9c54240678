// SPDX-License-Identifier: MIT
#include "claims.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace runnel::cli {
namespace {

/// Two sites without a direction: what comments claim has none.
using unordered_names = std::pair<std::string, std::string>;

unordered_names unordered(const std::string& a, const std::string& b) {
  return {std::min(a, b), std::max(a, b)};
}

bool concerns(const unordered_names& pair, const std::set<std::string>& sites) {
  return sites.empty() || sites.contains(pair.first) || sites.contains(pair.second);
}

std::set<unordered_names> claimed(const std::vector<order_site>& sites,
                                  std::vector<std::string> order_site::* list) {
  std::set<unordered_names> all;
  for (const order_site& s : sites)
    for (const std::string& partner : s.*list) all.insert(unordered(s.name, partner));
  return all;
}

std::string place_of(const std::vector<order_site>& sites, const std::string& name) {
  const auto site = std::ranges::find(sites, name, &order_site::name);
  if (site == sites.end()) return name + " (which the source does not have)";
  return name + " (" + site->file + ":" + std::to_string(site->line) + ")";
}

std::string both_places(const std::vector<order_site>& sites, const unordered_names& pair) {
  std::string text = place_of(sites, pair.first);
  if (pair.first != pair.second) text += " and of " + place_of(sites, pair.second);
  return text;
}

/// The scenario in which it was seen most often, and how many there are.
std::string where_seen(const observed_pair& seen) {
  const auto most =
      std::ranges::max_element(seen.scenarios, {}, [](const auto& entry) { return entry.second; });
  std::string text = "in \"" + most->first + "\"";
  const std::size_t others = seen.scenarios.size() - 1;
  if (others != 0) text += " and " + std::to_string(others) + (others == 1 ? " other" : " others");
  return text;
}

void report_unseen(const std::vector<order_site>& sites, const std::set<unordered_names>& claims,
                   std::string_view keyword, const observed_pairs& observed,
                   const std::set<std::string>& of, std::vector<std::string>& differences) {
  for (const unordered_names& pair : claims) {
    if (!concerns(pair, of) || observed.contains({pair.first, pair.second}) ||
        observed.contains({pair.second, pair.first}))
      continue;
    differences.push_back(
        pair.first + " has " + pair.second + " under '" + std::string(keyword) +
        "', but in no scenario do they synchronize: take it out of the comment of " +
        both_places(sites, pair) + ", or add a scenario in which they do");
  }
}

}  // namespace

std::vector<std::string> compare_claims(const std::vector<order_site>& sites,
                                        const observed_pairs& observed,
                                        const std::set<std::string>& of) {
  const auto needs = claimed(sites, &order_site::needs);
  const auto also = claimed(sites, &order_site::also);
  std::vector<std::string> differences;
  for (const auto& [pair, seen] : observed) {
    const unordered_names names = unordered(pair.release, pair.acquire);
    if (!concerns(names, of) || needs.contains(names) || also.contains(names)) continue;
    differences.push_back(
        pair.release + " synchronizes with " + pair.acquire + " " + where_seen(seen) +
        ", which is not claimed: write each into the comment of " + both_places(sites, names) +
        ", under 'needs' if something relies on it, else under 'also'");
  }
  report_unseen(sites, needs, "needs", observed, of, differences);
  report_unseen(sites, also, "also", observed, of, differences);
  return differences;
}

bool is_needed(const std::vector<order_site>& sites, const check::site_pair& pair) {
  return std::ranges::any_of(sites, [&](const order_site& s) {
    const std::string& partner = s.name == pair.release ? pair.acquire : pair.release;
    return (s.name == pair.release || s.name == pair.acquire) &&
           std::ranges::find(s.needs, partner) != s.needs.end();
  });
}

std::vector<pair_account> accounts_of_pairs(const std::vector<order_site>& sites,
                                            const observed_pairs& observed,
                                            const order_record& record) {
  const auto needs = claimed(sites, &order_site::needs);
  const auto also = claimed(sites, &order_site::also);
  std::map<check::site_pair, pair_account> all;
  for (const auto& [pair, seen] : observed) all[pair].seen = seen;
  for (const auto& claims : {needs, also}) {
    for (const auto& [a, b] : claims)
      if (!observed.contains({b, a})) all[{a, b}];
  }
  for (auto& [pair, account] : all) {
    const unordered_names names = unordered(pair.release, pair.acquire);
    account.pair = pair;
    if (also.contains(names)) account.claim = claim::also;
    if (needs.contains(names)) account.claim = claim::needs;
  }
  for (const auto& [key, finding] : record.steps) {
    const auto account = all.find({key.site, key.partner});
    if (account != all.end()) account->second.findings[key.kind_of_channel] = finding;
  }
  std::vector<pair_account> list;
  for (auto& [pair, account] : all) list.push_back(std::move(account));
  return list;
}

}  // namespace runnel::cli

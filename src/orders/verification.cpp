// SPDX-License-Identifier: MIT
#include "verification.hpp"

#include "checks/check_run.hpp"
#include "claims.hpp"
#include "terminal/interrupt.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <set>
#include <string_view>
#include <utility>

namespace runnel::cli {
namespace {

/// The orders are wrong if one of these is found; other failures say something about the search.
bool is_of_the_orders(std::string_view failure) {
  static const std::set<std::string_view> kinds{
      check::kind::data_race,    check::kind::uninitialised, check::kind::use_after_free,
      check::kind::bad_free,     check::kind::leak,          check::kind::deadlock,
      check::kind::lost_wake_up, check::kind::livelock,      check::kind::duplicate,
      check::kind::lost,         check::kind::order,         check::kind::assertion};
  return kinds.contains(failure);
}

/// A step that is not decided yet, and the scenarios that may decide it.
struct open_step {
  order_step step;
  verified_step result;
  std::vector<const check::scenario*> candidates;
  std::size_t next = 0;
};

class verifier {
 public:
  verifier(const std::vector<order_site>& sites, const std::vector<check::scenario>& scenarios,
           const order_record& known, const verification_options& options)
      : sites_(sites), scenarios_(scenarios), known_(known), options_(options) {
    result_.record = known;
  }

  verification run() {
    const bool first = options_.from_scratch || options_.sites.empty() || !options_.known.empty();
    if (first && !explore_as_they_stand()) return std::move(result_);
    for (const order_site& site : sites_)
      if (concerns(site.name)) make_steps(site);
    make_pairs();
    compare_keys_with_record();
    try_what_is_known();
    if (!open_.empty() && interrupt::signal() == 0) {
      if (!is_explored() && !explore_as_they_stand()) return std::move(result_);
      search();
    }
    for (open_step& o : open_) result_.steps.push_back(std::move(o.result));
    std::ranges::sort(result_.steps, {}, &verified_step::key);
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool concerns(const std::string& site) const {
    return options_.sites.empty() || options_.sites.contains(site);
  }
  [[nodiscard]] bool concerns(const step_key& key) const {
    return concerns(key.site) || concerns(key.partner);
  }

  [[nodiscard]] run_options run_with() const {
    run_options how;
    how.jobs = options_.jobs;
    how.timeout = options_.timeout;
    how.check.limit = options_.limit;
    return how;
  }

  [[nodiscard]] bool is_explored() const { return !explored_.empty(); }

  /// Which scenarios come to which sites and show which pairs, and how large they are. False if one
  /// fails.
  bool explore_as_they_stand() {
    explored_ = completed(options_.known, scenarios_, run_with());
    for (const check::scenario& s : scenarios_) {
      const explored& e = explored_.at(s.name);
      if (e.status != state::passed) {
        result_.errors.push_back(s.name + ": " + std::string(name_of(e.status)) + ", " + e.failure);
        ++result_.not_passed;
      }
      result_.executions += e.executions;
      ++result_.scenarios;
    }
    if (result_.not_passed != 0) return false;
    result_.observed = pairs_seen(explored_, scenarios_, sites_);
    for (const order_site& site : sites_)
      if (concerns(site.name)) result_.record.sites[site.name] = kinds_with(site.name);
    return true;
  }

  [[nodiscard]] std::vector<std::string> kinds_with(const std::string& site) const {
    std::set<std::string> kinds;
    for (const check::scenario& s : scenarios_) {
      if (explored_.at(s.name).sites.contains(site))
        kinds.insert(s.kinds_of_channel.begin(), s.kinds_of_channel.end());
    }
    return {kinds.begin(), kinds.end()};
  }

  void make_steps(const order_site& site) {
    const auto steps = steps_of(site);
    const auto kinds = result_.record.sites.find(site.name);
    if (kinds == result_.record.sites.end() || (kinds->second.empty() && !steps.empty())) {
      result_.errors.push_back(site.name +
                               ": no scenario is known to come to it; search from "
                               "scratch with --search");
      return;
    }
    for (const order_step& step : steps) {
      for (const std::string& kind : kinds->second) open(step, {step.site, step.change, kind});
    }
  }

  void open(const order_step& step, const step_key& key) {
    open_.push_back({step, {key, {}, {}, 0, {}}, {}, 0});
    keys_.insert(key);
  }

  /// Each direction in which sites that need each other synchronize; without an exploration those that
  /// the record knows.
  void make_pairs() {
    std::set<step_key> keys;
    for (const auto& [pair, seen] : result_.observed)
      for (const std::string& kind : seen.kinds_of_channel)
        keys.insert({pair.release, {}, kind, pair.acquire});
    if (!is_explored()) {
      for (const auto& [key, finding] : known_.steps)
        if (!key.partner.empty()) keys.insert(key);
    }
    for (const step_key& key : keys) {
      if (concerns(key) && is_needed(sites_, {key.site, key.partner}))
        open({key.site, {}, {}, {}, key.partner}, key);
    }
    if (is_explored())
      std::ranges::move(compare_claims(sites_, result_.observed, options_.sites),
                        std::back_inserter(result_.errors));
  }

  /// What is recorded and not a step any more is forgotten, and said.
  void compare_keys_with_record() {
    for (const auto& [key, finding] : known_.steps) {
      if (!concerns(key) || keys_.contains(key)) continue;
      result_.record.steps.erase(key);
      result_.errors.push_back(key.site + ": the record has \"" + change_of(key) + "\" in " +
                               key.kind_of_channel + ", which the source has not");
    }
  }

  [[nodiscard]] step_finding known(const step_key& key) const {
    const auto found = known_.steps.find(key);
    return found == known_.steps.end() ? step_finding{} : found->second;
  }

  [[nodiscard]] bool comes_to(const check::scenario& s, const step_key& key) const {
    if (std::ranges::find(s.kinds_of_channel, key.kind_of_channel) == s.kinds_of_channel.end())
      return false;
    const explored& e = explored_.at(s.name);
    if (key.partner.empty()) return e.sites.contains(key.site);
    const check::site_pair pair{key.site, key.partner};
    return std::ranges::find(e.observations, pair, &check::observation::pair) !=
           e.observations.end();
  }

  /// The killers of the record; without a search, what is argued or not shown stays so.
  void try_what_is_known() {
    for (open_step& o : open_) {
      const step_finding before = known(o.result.key);
      if (before.verdict == necessity::killed) {
        const auto killer = std::ranges::find(scenarios_, before.scenario, &check::scenario::name);
        if (killer != scenarios_.end() && (!is_explored() || comes_to(*killer, o.result.key)))
          o.candidates = {&*killer};
      } else if (before.verdict != necessity::unknown && !options_.from_scratch) {
        o.result.finding = before;
      }
    }
    take_decided();
    wave();
  }

  void search() {
    for (open_step& o : open_) {
      o.next = 0;
      o.candidates.clear();
      o.result.searched = 0;
      o.result.cut.clear();
      for (const check::scenario& s : scenarios_) {
        if (comes_to(s, o.result.key)) o.candidates.push_back(&s);
      }
      std::ranges::sort(o.candidates, {}, [&](const check::scenario* s) {
        return std::pair(explored_.at(s->name).executions, std::string_view(s->name));
      });
    }
    while (!open_.empty() && interrupt::signal() == 0) {
      for (open_step& o : open_) {
        if (o.next == o.candidates.size()) not_shown(o);
      }
      take_decided();
      wave();
    }
  }

  /// The next candidate of each open step.
  void wave() {
    std::vector<check::scenario> selected;
    std::vector<open_step*> of;
    for (open_step& o : open_) {
      if (o.next == o.candidates.size()) continue;
      selected.push_back(weakened(*o.candidates[o.next++], o.step));
      of.push_back(&o);
    }
    const auto reports = run_checks(selected, run_with());
    for (std::size_t i = 0; i < reports.size(); ++i) judge_step(*of[i], reports[i]);
    take_decided();
  }

  static void judge_step(open_step& o, const report& r) {
    if (r.status == state::failed && is_of_the_orders(r.result.failure)) {
      o.result.finding = {
          necessity::killed, r.scenario.name, r.result.failure, {}, r.result.executions};
    } else if (r.status == state::passed) {
      ++o.result.searched;
    } else if (r.status != state::not_run) {
      o.result.cut.push_back(r.scenario.name);
    }
  }

  /// Nothing kills it. An argument of the record stays.
  void not_shown(open_step& o) const {
    const step_finding before = known(o.result.key);
    o.result.finding.verdict = necessity::not_shown;
    if (before.verdict == necessity::argued) o.result.finding = before;
  }

  void compare_with_record(verified_step& step) const {
    const step_finding before = known(step.key);
    const auto now = step.finding.verdict;
    if (before.verdict == necessity::unknown) {
      if (now == necessity::not_shown) step.disagreement = "nothing is recorded for it";
    } else if (before.verdict == necessity::killed && now != necessity::killed) {
      step.disagreement = "\"" + before.scenario + "\" no longer fails";
    } else if (before.verdict == necessity::argued && now == necessity::killed) {
      step.disagreement = "there is an argument that it is not necessary to be shown";
    }
  }

  void take_decided() {
    for (open_step& o : open_) {
      verified_step& step = o.result;
      if (step.finding.verdict == necessity::unknown) continue;
      compare_with_record(step);
      result_.record.steps[step.key] = step.finding;
      if (options_.decided) options_.decided(step);
      result_.steps.push_back(step);
    }
    std::erase_if(
        open_, [](const open_step& o) { return o.result.finding.verdict != necessity::unknown; });
  }

  const std::vector<order_site>& sites_;
  const std::vector<check::scenario>& scenarios_;
  const order_record& known_;
  const verification_options& options_;
  verification result_;
  std::vector<open_step> open_;
  std::set<step_key> keys_;  ///< of all steps that there are
  exploration explored_;     ///< with the orders as they stand; empty if that was not necessary
};

}  // namespace

verification verify_orders(const std::vector<order_site>& sites,
                           const std::vector<check::scenario>& scenarios, const order_record& known,
                           const verification_options& options) {
  return verifier(sites, scenarios, known, options).run();
}

}  // namespace runnel::cli

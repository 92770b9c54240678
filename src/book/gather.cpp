// SPDX-License-Identifier: MIT
#include "gather.hpp"

#include "checks/check_run.hpp"
#include "checks/scenario_list.hpp"
#include "explain/scenario_explanation.hpp"
#include "orders/source_files.hpp"
#include "orders/steps.hpp"
#include "picture/dot.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <functional>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace runnel::cli::book {
namespace {

namespace fs = std::filesystem;

/// Calls `work` for each number below n, on so many threads.
void in_parallel(std::size_t n, std::size_t jobs, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::atomic_flag failed;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < std::min(n, jobs); ++i) {
    threads.emplace_back([&] {
      try {
        for (std::size_t k = next++; k < n; k = next++) work(k);
      } catch (...) {
        if (!failed.test_and_set()) failure = std::current_exception();
      }
    });
  }
  threads.clear();
  if (failure) std::rethrow_exception(failure);
}

class gatherer {
 public:
  gatherer(const gather_options& options, std::vector<std::string>& errors)
      : options_(options),
        errors_(errors),
        record_(read_record(options.record)),
        all_sources_(read_sources(options.include)),
        table_(read_orders(all_sources_)) {}

  contents run() {
    for (const source_error& e : table_.errors)
      errors_.push_back(e.file + ":" + std::to_string(e.line) + ": " + e.message);
    if (!errors_.empty()) return std::move(result_);
    gather_sources();
    gather_scenarios();
    for (const order_site& site : table_.sites) result_.sites.push_back(entry_of(site));
    if (interrupt::signal() == 0) explain_steps();
    if (interrupt::signal() == 0) draw_pictures();
    return std::move(result_);
  }

 private:
  void gather_sources() {
    std::ranges::copy_if(
        all_sources_, std::back_inserter(result_.sources), [this](const source_file& f) {
          return std::ranges::find(table_.sites, f.name, &order_site::file) != table_.sites.end();
        });
  }

  void gather_scenarios() {
    const auto scenarios = exhaustive_scenarios();
    exploration known;
    if (!options_.results.empty()) known = read_exploration(options_.results);
    const auto unknown = static_cast<std::size_t>(std::ranges::count_if(
        scenarios, [&](const check::scenario& s) { return !known.contains(s.name); }));
    const exploration explored =
        completed(std::move(known), scenarios, run_with("exploring scenarios", unknown));
    for (const check::scenario& s : scenarios) {
      const auto found = explored.find(s.name);
      if (found->second.status == state::not_run) continue;  // after a signal
      if (found->second.status != state::passed)
        errors_.push_back(s.name + ": " + std::string(name_of(found->second.status)) + ", " +
                          found->second.failure);
      result_.scenarios.push_back({s, found->second});
      result_.scenario_files.try_emplace(
          s.file, opening_comment(fs::path(options_.scenario_sources) / s.file));
    }
    std::ranges::sort(result_.scenarios, {},
                      [](const scenario_entry& e) { return e.scenario.name; });
    result_.pairs =
        accounts_of_pairs(table_.sites, pairs_seen(explored, scenarios, table_.sites), record_);
  }

  [[nodiscard]] run_options run_with(std::string_view what, std::size_t of) const {
    run_options how;
    how.jobs = options_.jobs;
    how.timeout = options_.timeout;
    how.finished = [this, what, of, done = std::size_t{0}](const report&) mutable {
      options_.progress(what, ++done, of);
    };
    return how;
  }

  [[nodiscard]] site_entry entry_of(const order_site& site) const {
    site_entry entry{site, {}, {}};
    const auto kinds = record_.sites.find(site.name);
    if (kinds != record_.sites.end()) entry.kinds_of_channel = kinds->second;
    for (const order_step& step : steps_of(site)) {
      for (const std::string& kind : entry.kinds_of_channel) add(entry.steps, step, kind);
    }
    return entry;
  }

  /// One with what is known of the same step in the other kind of channel, if that is the same.
  void add(std::vector<step_entry>& steps, const order_step& step, const std::string& kind) const {
    const auto known = record_.steps.find({step.site, step.change, kind});
    const step_finding finding = known == record_.steps.end() ? step_finding{} : known->second;
    for (step_entry& s : steps) {
      if (s.change == step.change && s.finding.verdict == finding.verdict &&
          s.finding.scenario == finding.scenario && s.finding.argument == finding.argument) {
        s.kinds_of_channel.push_back(kind);
        return;
      }
    }
    steps.push_back({step_id(step.site, step.change, kind), step.change, {kind}, finding, {}, {}});
  }

  /// Lets the scenario that is known to fail do so again.
  void explain_steps() {
    std::vector<check::scenario> selected;
    std::vector<step_entry*> of;
    for (site_entry& entry : result_.sites) {
      for (step_entry& s : entry.steps) {
        if (s.finding.verdict != necessity::killed) continue;
        const auto killer =
            std::ranges::find(result_.scenarios, s.finding.scenario,
                              [](const scenario_entry& e) { return e.scenario.name; });
        if (killer == result_.scenarios.end()) {
          errors_.push_back(s.id + ": there is no scenario \"" + s.finding.scenario + "\"");
          continue;
        }
        const auto steps = steps_of(entry.site);
        selected.push_back(
            weakened(killer->scenario, *std::ranges::find(steps, s.change, &order_step::change)));
        of.push_back(&s);
      }
    }
    run_options how = run_with("looking for counterexamples", selected.size());
    how.check.smallest = options_.executions;
    const auto reports = run_checks(selected, how);
    for (std::size_t i = 0; i < reports.size(); ++i) explain_step(*of[i], reports[i]);
  }

  void explain_step(step_entry& step, const report& r) {
    if (r.status == state::not_run) return;
    if (r.status != state::failed || r.result.failure != step.finding.failure ||
        r.result.picture.events.empty()) {
      errors_.push_back(step.id + ": \"" + r.scenario.name + "\" does not fail as the record says");
      return;
    }
    step.example = explain(r.scenario.name, r.result, table_, all_sources_);
    step.example->command = "runnel explain " + shell_word(step.id);
  }

  void draw_pictures() {
    std::vector<step_entry*> drawn;
    for (site_entry& entry : result_.sites) {
      for (step_entry& s : entry.steps)
        if (s.example) drawn.push_back(&s);
    }
    std::mutex one_at_a_time;
    std::size_t done = 0;
    in_parallel(drawn.size(), options_.jobs, [&](std::size_t i) {
      drawn[i]->svg = svg_of(drawn[i]->example->shown);
      const std::scoped_lock lock(one_at_a_time);
      options_.progress("drawing pictures", ++done, drawn.size());
    });
  }

  const gather_options& options_;
  std::vector<std::string>& errors_;
  const order_record record_;
  const std::vector<source_file> all_sources_;
  const order_table table_;
  contents result_;
};

}  // namespace

contents gather(const gather_options& options, std::vector<std::string>& errors) {
  return gatherer(options, errors).run();
}

}  // namespace runnel::cli::book

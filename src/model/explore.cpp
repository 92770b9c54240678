// SPDX-License-Identifier: MIT
#include "execution.hpp"
#include "explorer.hpp"
#include "folded.hpp"
#include "interception.hpp"
#include "judged.hpp"
#include "observer.hpp"
#include "team.hpp"

#include <runnel/model/explore.hpp>

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace runnel::model {

namespace {

constexpr std::string_view replay_prefix = "graph:";

class search {
 public:
  search(program& p, const explore_options& o, thread_table* table = nullptr)
      : search(p, o, time_limit(o), table) {}
  /// With another limit for an execution that does not end.
  search(program& p, const explore_options& o, std::optional<double> limit_of_execution,
         thread_table* table)
      : options_(o),
        interception_(limit_of_execution),
        explorer_(p.threads() + 1, o.severed == place_pair{} ? nullptr : &o.severed, table),
        execution_(p, explorer_, o.faults) {
    explorer_.follow(o.memory_model);
    execution_.weaken(o.weakened ? &*o.weakened : nullptr);
    if (o.observes_orders) execution_.observe_orders();
  }

  static std::optional<double> time_limit(const explore_options& o) {
    return o.seconds > 0 ? std::optional(o.seconds) : std::nullopt;
  }

  explore_result run() {
    if (options_.replay.empty()) {
      search_all();
    } else {
      repeat(options_.replay);
    }
    return finished();
  }

  /// The part of the search that falls to a worker.
  void run_for(team_member& m) {
    explorer_.divide(
        dividing_level, [&m](std::uint64_t subtree) { return m.draws(subtree); }, m.first());
    search_for(m);
    m.comes_to_the_end();
    team_state& s = m.shared();
    s.complete += result_.complete;
    s.blocked += result_.blocked;
    s.dropped += result_.dropped + explorer_.statistics().dropped;
    s.revisits += explorer_.statistics().revisits;
    s.events += explorer_.statistics().events;
    s.memory += memory();
    if (execution_.is_shared()) s.is_shared = true;
    m.hand_over(observer_.entries());
  }

  /// Only one subtree, or none.
  explore_result run_only(std::uint64_t subtree) {
    visit_only(subtree);
    search_all();
    return finished();
  }

  /// All of it, or as far as it goes in this process: the member says where it is.
  explore_result run_as(team_member& m) {
    member_ = &m;
    explore_result r = run();
    m.comes_to_the_end();
    return r;
  }

  /// Goes where a worker has been, and says what happens there.
  void repeat_end_of(const whereabouts& gone, bool divided, team_member& m) {
    team_state& words = m.shared();
    if (divided) visit_only(gone.subtree);
    std::uint64_t runs = 0;
    do {
      m.goes_on(false);
      const bool there = !divided || explorer_.in_subtree() == (gone.subtree != team_state::none);
      if (there && ++runs == gone.run) {
        words.name.append(plan(explorer_.current()).text());
        execution_.speak_to(words.history);
        run(true);
        return;
      }
      run(false);
    } while (explorer_.advance());
  }

 private:
  void visit_only(std::uint64_t subtree) {
    explorer_.divide(dividing_level, [subtree](std::uint64_t n) { return n == subtree; }, true);
  }

  /// Whether it is an execution, and not left half-way.
  bool count(run_end end) {
    if (end == run_end::complete) {
      ++result_.complete;
      if (options_.observes) observer_.observe(explorer_.current());
    }
    if (end == run_end::blocked) ++result_.blocked;
    if (end == run_end::dropped) ++result_.dropped;
    return end != run_end::dropped;
  }

  explore_result finished() {
    result_.revisits = explorer_.statistics().revisits;
    result_.events = explorer_.statistics().events;
    result_.dropped += explorer_.statistics().dropped;
    result_.memory = memory();
    result_.is_shared = execution_.is_shared();
    if (options_.observes_orders) result_.orders = execution_.orders();
    result_.synchronizations = named(observer_.entries());
    result_.time = elapsed();
    return std::move(result_);
  }

  void search_for(team_member& m) {
    team_state& s = m.shared();
    do {
      m.goes_on(explorer_.in_subtree());
      const run_outcome outcome = run(false);
      if (explorer_.counts_this_run() && count(outcome.end)) ++s.executions;
      if (outcome.end == run_end::failed && explorer_.in_subtree()) {
        m.failed();
        explorer_.abandon_subtree();
      } else if (outcome.end == run_end::failed) {
        s.failed_above = explorer_.subtrees();
        return;
      }
      if (options_.limit != 0 && s.executions >= options_.limit) s.cut = true;
      if (options_.seconds > 0 && elapsed() > options_.seconds) s.cut = true;
    } while (!s.cut && explorer_.advance());
  }

  void search_all() {
    for (;;) {
      if (member_ != nullptr) member_->goes_on(false);
      const run_outcome outcome = run(false);
      const bool counted = count(outcome.end);
      if (outcome.end == run_end::failed)
        return options_.smallest == 0 ? show(outcome) : search_smallest(outcome);
      if (!explorer_.advance()) return;
      if (counted && cut(result_.complete + result_.blocked)) {
        result_.end = end_of_search::cut;
        return;
      }
    }
  }

  /// Goes on after a failure, and keeps the smallest execution that fails in the same way.
  void search_smallest(const run_outcome& first) {
    run_outcome smallest = first;
    std::size_t size = explorer_.current().order().size();
    plan found(explorer_.current(), explorer_.start());
    result_.failures = 1;
    // Of a loop without a bound no execution is smaller than another; and after an interruption
    // nobody knows what else is broken.
    const bool has_bound = size <= execution::max_events && !first.interrupted;
    result_.is_smallest = has_bound;
    std::uint64_t executions = 0;
    while (has_bound && explorer_.advance()) {
      if (++executions > options_.smallest ||
          (options_.seconds > 0 && elapsed() > options_.seconds)) {
        result_.is_smallest = false;
        break;
      }
      run_outcome outcome = run(false);
      count(outcome.end);
      if (outcome.end != run_end::failed || outcome.kind != first.kind) continue;
      ++result_.failures;
      if (explorer_.current().order().size() >= size) continue;
      size = explorer_.current().order().size();
      found = plan(explorer_.current(), explorer_.start());
      smallest = std::move(outcome);
    }
    explorer_.current().restrict(0);
    if (!execution_.follow(found)) {
      finish(smallest);
      return differs(smallest, "is not found again");
    }
    explorer_.begin_again();
    show(smallest);
  }

  /// Runs the failed execution once more, with its history.
  void show(const run_outcome& failed) {
    explorer_.rewind();
    result_.replay = std::string(replay_prefix) + plan(explorer_.current()).text();
    const run_outcome again = run(true);
    finish(failed);
    tell(again);
    result_.failures = std::max<std::uint64_t>(result_.failures, 1);
    if (is_same(again, failed)) return;
    result_.history +=
        "This is not the execution that failed: the program does not do the same when it reads "
        "the same.\n";
    if (failed.kind != nondeterminism)
      differs(failed, again.end == run_end::failed ? "fails otherwise" : "does not fail");
  }

  void differs(const run_outcome& failed, std::string_view what) {
    result_.failure = nondeterminism;
    result_.message = "an execution has failed (" + failed.kind + ": " + failed.message +
                      "), and when it is run again it " + std::string(what);
  }

  /// What a recorded run has shown. If it fails, plain memory may be the reason: then it does not fail in
  /// the same way if each thread finds there what is there.
  void tell(const run_outcome& recorded) {
    result_.history = recorded.history;
    result_.picture = recorded.picture;
    if (recorded.end != run_end::failed) return;
    const bool at_once = recorded.kind == memory_changed;
    if (!at_once && !execution_.has_hidden()) return;
    const std::string hidden = execution_.hidden();
    explorer_.rewind();
    if (is_same(execution_.run(false, false), recorded)) return;
    if (!at_once) {
      result_.failure = memory_changed;
      result_.message = "there is no failure of this kind (" + recorded.kind + ": " +
                        recorded.message + ") if each thread finds " + hidden +
                        ": another thread uses them without the one happening before the other. " +
                        std::string(shared_has_to_be);
    }
    if (!execution_.is_shared()) {
      result_.failure = nothing_is_shared;
      result_.message = "no two threads have used one object of the model; " +
                        std::string(memory_changed) + ": " + result_.message;
    }
    if (result_.failure != recorded.kind)
      result_.history += "In fact: " + result_.failure + ": " + result_.message + '\n';
  }

  static bool is_same(const run_outcome& a, const run_outcome& b) {
    return a.end == b.end && a.kind == b.kind && a.message == b.message;
  }

  run_outcome run(bool recording) { return execution_.run(recording, options_.watches_memory); }

  void repeat(std::string_view replay) {
    if (!replay.starts_with(replay_prefix))
      throw std::invalid_argument("the replay \"" + std::string(replay) +
                                  "\" is not of the explorer, which has \"graph:<events>\"");
    const plan p(replay.substr(replay_prefix.size()), explorer_.current().numbers());
    if (!execution_.follow(p))
      throw std::invalid_argument("the program has no execution \"" + std::string(replay) + "\"");
    explorer_.begin_again();
    const run_outcome outcome = run(true);
    count(outcome.end);
    finish(outcome);
    tell(outcome);
    result_.replay = replay;
  }

  void finish(const run_outcome& outcome) {
    result_.failure = outcome.kind;
    result_.message = outcome.message;
    if (outcome.end == run_end::failed) result_.end = end_of_search::failed;
  }

  bool cut(std::uint64_t executions) {
    constexpr std::uint64_t interval = 1024;
    if (options_.limit != 0 && executions >= options_.limit) return true;
    const bool over = options_.seconds > 0 && interception_.time_is_over();
    if (executions % interval != 0) return over;
    if (options_.progress) options_.progress(executions, explorer_.estimate());
    return over || (options_.seconds > 0 && elapsed() > options_.seconds);
  }

  [[nodiscard]] std::uint64_t memory() const {
    return explorer_.memory() + execution_.memory_held() + observer_.memory();
  }

  [[nodiscard]] double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  const explore_options& options_;
  interception interception_;
  explorer explorer_;
  execution execution_;
  observer observer_;
  explore_result result_;
  team_member* member_ = nullptr;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// The failure by which a process is gone. It is found by going there again, in another process.
explore_result story_of(program& p, const explore_options& options, const gone_worker& worker,
                        team_state& team, bool divided) {
  const shared_team_state words;
  const auto again = run_team(
      *words, 1,
      [&](team_member& m) {
        search(p, options, std::nullopt, &team.threads)
            .repeat_end_of(team.workers[worker.index], divided, m);
      },
      [] {}, worker.was_endless ? std::optional(0.0) : std::nullopt);
  const std::string how = end_of_process(worker.status);
  if (!again || again->status != worker.status)
    throw std::runtime_error("a process of the search ended with " + how +
                             ", and does not when it does the same again");
  explore_result r;
  r.end = end_of_search::failed;
  r.failures = 1;
  r.failure = WIFSIGNALED(worker.status) ? "crash" : "exit";
  r.message = "the process ended with " + how + " in this execution";
  if (worker.was_endless) {
    r.failure = endless_execution;
    r.message = "the time limit is over, and the execution does not end; no signal gets to it";
  }
  r.history = folded(words->history.text());
  r.replay = std::string(replay_prefix) + std::string(words->name.text());
  return r;
}

/// Totals of all workers; a failure is looked for again, in the first subtree that had one.
explore_result explore_in_a_team(program& p, const explore_options& options) {
  const auto start = std::chrono::steady_clock::now();
  const shared_team_state shared;
  const auto gone = run_team(
      *shared, options.jobs,
      [&](team_member& m) { search(p, options, &shared->threads).run_for(m); },
      [&] {
        if (options.progress) options.progress(shared->executions, -1);
      },
      search::time_limit(options));
  explore_result r;
  const std::uint64_t subtree = shared->failed_subtree;
  const std::uint64_t above = shared->failed_above;
  if (gone) {
    r = story_of(p, options, *gone, *shared, true);
  } else if (above != team_state::none || subtree != team_state::none) {
    explore_options alone = options;
    alone.limit = 0;
    alone.seconds = 0;
    alone.progress = nullptr;
    const bool limited = search::time_limit(options).has_value();
    r = search(p, alone, limited ? std::optional(0.0) : std::nullopt, &shared->threads)
            .run_only(subtree < above ? subtree : team_state::none);
    if (r.end != end_of_search::failed) {
      r.end = end_of_search::failed;
      r.failure = nondeterminism;
      r.message = "an execution failed in a worker, and does not fail when it is run again";
    }
  } else if (shared->cut) {
    r.end = end_of_search::cut;
  }
  r.complete = shared->complete;
  r.blocked = shared->blocked;
  r.dropped = shared->dropped;
  r.revisits = shared->revisits;
  r.events = shared->events;
  r.memory = shared->memory;
  r.is_shared = shared->is_shared;
  const auto observed = shared->observations.begin();
  r.synchronizations =
      named({observed, observed + static_cast<std::ptrdiff_t>(shared->next_observation)});
  r.time = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return r;
}

}  // namespace

std::string program::how_to_share() const {
  return std::string(shared_has_to_be) +
         "; a check whose threads share nothing says so: static constexpr bool shares_nothing = "
         "true";
}

namespace {

bool is_for_one(const explore_options& o) {
  return o.jobs <= 1 || !o.replay.empty() || o.smallest != 0;
}

void check_threads(const program& p) {
  if (p.threads() > most_threads)
    throw std::invalid_argument("a program has at most " + std::to_string(most_threads) +
                                " threads");
}

/// A search that has seen nothing is a failure.
explore_result with_sights(explore_result r, const program& p, const explore_options& options) {
  if (r.end != end_of_search::exhausted || !options.replay.empty()) return r;
  if (r.complete == 0) {
    r.end = end_of_search::failed;
    r.failure = "no execution";
    r.message = "what the program assumes leaves no execution that is complete";
  } else if (!r.is_shared && !p.may_share_nothing()) {
    r.end = end_of_search::failed;
    r.failure = nothing_is_shared;
    r.message = "no two threads use one object of the model, so there was nothing to explore. " +
                p.how_to_share();
  }
  return r;
}

}  // namespace

explore_result explore(program& p, const explore_options& options) {
  check_threads(p);
  return with_sights(is_for_one(options) ? search(p, options).run() : explore_in_a_team(p, options),
                     p, options);
}

int explore_and_judge(program& p, const explore_options& options,
                      const std::function<int(const explore_result&)>& judge) {
  // To repeat one execution is for a debugger, which sees this process.
  if (!is_for_one(options) || !options.replay.empty()) return judge(explore(p, options));
  check_threads(p);
  std::cout.flush();
  std::fflush(nullptr);
  const shared_team_state shared;
  const auto gone = run_team(
      *shared, 1,
      [&](team_member& m) {
        search one(p, options, &shared->threads);
        shared->status = judge(with_sights(one.run_as(m), p, options));
        std::cout.flush();
        std::fflush(nullptr);
      },
      [] {}, search::time_limit(options));
  if (!gone) return shared->status;
  return judge(story_of(p, options, *gone, *shared, false));
}

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
#include "search.hpp"

#include "axioms.hpp"
#include "candidates.hpp"
#include "exploration.hpp"

#include <algorithm>
#include <array>

namespace runnel::litmus_core {

namespace {

constexpr std::array<std::pair<std::string_view, model_name>, 4> models{
    {{"rc11", model_name::rc11},
     {"cxx20", model_name::cxx20},
     {"sc", model_name::sc},
     {"tso", model_name::tso}}};

class counting {
 public:
  counting(const program& p, const search_options& o)
      : program_(p), options_(o), shown_(observed_by(p).size()), needed_(needed_by(p)) {}

  [[nodiscard]] const std::vector<observed>& needed() const { return needed_; }

  /// `outcome`: of what is needed. `made`: gives the execution.
  template <class F>
  void count(std::vector<value>& outcome, F made) {
    if (program_.filter && !holds(*program_.filter, needed_, outcome)) {
      ++found_.filtered;
      return;
    }
    const bool is_witness = holds(program_.condition, needed_, outcome);
    ++(is_witness ? found_.positive : found_.negative);
    outcome.resize(shown_);
    ++found_.outcomes[outcome];
    if (options_.visit) options_.visit(made(), is_witness);
  }

  /// Whether there may be no more executions.
  [[nodiscard]] bool is_full() {
    if (options_.limit == 0 || found_.executions() + found_.filtered < options_.limit) return false;
    found_.incomplete = "the limit of executions is reached";
    return true;
  }

  /// `done`: gives how much of the search is done.
  template <class F>
  [[nodiscard]] bool is_over(F done) {
    constexpr std::uint64_t interval = 256;
    if (++asked_ % interval == 0 && options_.is_over && options_.is_over(done()))
      found_.incomplete = "the time is over";
    return !found_.incomplete.empty();
  }

  findings& found() { return found_; }

 private:
  const program& program_;
  const search_options& options_;
  std::size_t shown_;
  std::vector<observed> needed_;
  findings found_;
  std::uint64_t asked_ = 0;
};

findings explore(const program& p, const search_options& o) {
  counting all(p, o);
  findings& f = all.found();
  exploration e(
      p, o.model == model_name::cxx20 ? model::memory_model::cxx20 : model::memory_model::rc11,
      o.rounds);
  std::vector<value> outcome;
  do {
    const exploration::step s = e.visit();
    if (s == exploration::step::too_long) {
      f.incomplete = "an execution has more than " + std::to_string(most_events) + " events";
      break;
    }
    if (s == exploration::step::nothing) continue;
    if (!f.first_race) {
      if (const auto r = e.race()) f.first_race = {e.made(), r->first, r->second};
    }
    if (s == exploration::step::cut) ++f.cut;
    if (s != exploration::step::complete) continue;
    e.outcome_into(outcome, all.needed());
    all.count(outcome, [&] { return e.made(); });
    if (!all.is_full() && !all.is_over([&] { return e.estimate(); })) continue;
    if (!e.go_on()) f.incomplete.clear();
    break;
  } while (e.go_on());
  f.done = f.incomplete.empty() ? 1 : e.estimate();
  return f;
}

/// The models that the explorer does not search know of no races: they are those of machines.
findings enumerate(const program& p, const search_options& o) {
  counting all(p, o);
  findings& f = all.found();
  candidate_options how{.rounds = o.rounds};
  how.is_over = [&](double done) {
    f.done = done;
    return all.is_over([&] { return done; });
  };
  const std::string why = for_each_candidate(p, how, [&](const execution& x, bool complete) {
    if (!is_consistent(p, x, o.model)) return;
    if (!complete) {
      ++f.cut;
      return;
    }
    if (all.is_full()) return;
    std::vector<value> outcome = outcome_of(p, x, all.needed());
    all.count(outcome, [&] { return x; });
  });
  if (f.incomplete.empty()) f.incomplete = why;
  if (f.incomplete.empty()) f.done = 1;
  return f;
}

}  // namespace

std::string_view text_of(model_name m) {
  return std::ranges::find(models, m, &std::pair<std::string_view, model_name>::second)->first;
}

std::optional<model_name> model_called(std::string_view name) {
  const auto m = std::ranges::find(models, name, &std::pair<std::string_view, model_name>::first);
  return m == models.end() ? std::nullopt : std::optional(m->second);
}

findings search(const program& p, const search_options& o) {
  const bool by_explorer = o.model == model_name::rc11 || o.model == model_name::cxx20;
  return by_explorer ? explore(p, o) : enumerate(p, o);
}

bool is_satisfied(const program& p, const findings& f) {
  switch (p.asks) {
    case quantifier::exists: return f.positive > 0;
    case quantifier::exists_not: return f.positive == 0;
    case quantifier::for_all: break;
  }
  return f.negative == 0;
}

}  // namespace runnel::litmus_core

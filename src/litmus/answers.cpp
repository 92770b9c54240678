// SPDX-License-Identifier: MIT
#include "answers.hpp"

#include "axioms.hpp"
#include "c_reader.hpp"
#include "json_text.hpp"
#include "printer.hpp"
#include "reader.hpp"
#include "report.hpp"

#include <algorithm>
#include <iterator>

namespace runnel::litmus_core {

namespace {

/// An execution as nodes and edges. A read-modify-write is one node; the initial values that edges need are nodes of
/// their own, after the others.
class drawing {
 public:
  drawing(const program& p, const execution& x) : program_(p), x_(x), node_of_(x.events.size()) {
    for (std::size_t e = 0; e < x.events.size(); ++e) {
      const bool goes_on = x.events[e].is == event::kind::write && x.events[e].rmw;
      if (!goes_on) first_.push_back(e);
      node_of_[e] = first_.size() - 1;
    }
  }

  void add_relations(model_name m) {
    for (std::size_t e = 0; e < x_.events.size(); ++e) {
      if (x_.events[e].is == event::kind::read && x_.events[e].source != event::initial)
        add(x_.events[e].source, e, "rf");
    }
    for (const std::vector<std::size_t>& mo : x_.mo) {
      for (std::size_t i = 1; i < mo.size(); ++i) add(mo[i - 1], mo[i], "mo");
    }
    const bool has_sw = m == model_name::rc11 || m == model_name::cxx20;
    if (!has_sw || !can_be_judged(program_, x_)) return;
    for (const auto& [from, to] : synchronizations(program_, x_)) add(from, to, "sw");
  }

  [[nodiscard]] std::string cycle_of(const violation& v) {
    json_text cycle = json_list();
    for (const cycle_edge& e : v.cycle)
      cycle.written(edge_text(end_of(e, true), end_of(e, false), e.relation));
    return cycle.end();
  }

  /// Ends what is written: the initial values are known then.
  json_text object() {
    json_text events = json_list();
    for (std::size_t n = 0; n < first_.size(); ++n) events.written(event_text(first_[n]));
    for (const std::size_t l : initials_) {
      const location& of = program_.locations[l];
      events.written(json_object()
                         .text("kind", "initial")
                         .text("location", of.name)
                         .text("written", std::to_string(of.initial))
                         .end());
    }
    json_text o = json_object();
    o.written("events", std::move(events)).written("edges", edges_.end());
    return o;
  }

  [[nodiscard]] std::size_t node_of(std::size_t e) const { return node_of_[e]; }

 private:
  void add(std::size_t from, std::size_t to, std::string_view relation) {
    if (node_of_[from] != node_of_[to])
      edges_.written(edge_text(node_of_[from], node_of_[to], relation));
  }

  static std::string edge_text(std::size_t from, std::size_t to, std::string_view relation) {
    return json_list()
        .number(static_cast<std::int64_t>(from))
        .number(static_cast<std::int64_t>(to))
        .text(relation)
        .end();
  }

  std::size_t end_of(const cycle_edge& e, bool from) {
    const std::size_t end = from ? e.from : e.to;
    if (end != event::initial) return node_of_[end];
    const std::size_t other = from ? e.to : e.from;
    const std::size_t l = other == event::initial ? 0 : x_.events[other].location;
    auto known = std::ranges::find(initials_, l);
    if (known == initials_.end()) known = initials_.insert(known, l);
    return first_.size() + static_cast<std::size_t>(known - initials_.begin());
  }

  [[nodiscard]] std::string event_text(std::size_t e) const {
    const event& of = x_.events[e];
    json_text o = json_object();
    const bool reads = of.is == event::kind::read;
    o.text("kind", of.is == event::kind::fence ? "fence"
                   : !reads                    ? "write"
                   : of.rmw                    ? "update"
                                               : "read");
    o.number("thread", of.thread).number("line", of.at.line);
    o.text("order", of.plain ? std::string_view("plain") : name_of(of.order));
    if (of.is == event::kind::fence) return o.end();
    o.text("location", program_.locations[of.location].name);
    // Of 64 bits, which numbers of a page have not.
    if (reads) o.text("read", std::to_string(of.value));
    if (!reads || of.rmw) o.text("written", std::to_string(x_.events[e + (reads ? 1 : 0)].value));
    return o.end();
  }

  const program& program_;
  const execution& x_;
  std::vector<std::size_t> node_of_;  // of each event
  std::vector<std::size_t> first_;    // event of each node
  std::vector<std::size_t> initials_;
  json_text edges_ = json_list();
};

std::int64_t shown_number(std::uint64_t n) { return static_cast<std::int64_t>(n); }

std::string error_text(const reading_error& e) {
  return json_object()
      .written("error", json_object()
                            .number("line", e.at.line)
                            .number("column", e.at.column)
                            .text("message", e.message))
      .end();
}

/// What an outcome shows.
json_text names_of(const program& p) {
  json_text names = json_list();
  for (const observed& o : observed_by(p))
    names.text(o.thread == observed::no_thread ? p.locations[o.index].name : name_of(p, o));
  return names;
}

json_text states_of(const program& p, const findings& f) {
  const std::vector<observed> shown = observed_by(p);
  json_text states = json_list();
  for (const auto& [outcome, executions] : f.outcomes) {
    json_text values = json_list();
    for (const value v : outcome) values.text(std::to_string(v));
    states.written(json_object()
                       .written("values", std::move(values))
                       .number("executions", shown_number(executions))
                       .truth("witness", holds(p.condition, shown, outcome)));
  }
  return states;
}

/// An outcome that was not found.
proposition none_of_these(const program& p, const findings& f) {
  const std::vector<observed> shown = observed_by(p);
  proposition none{.is = proposition::kind::none};
  for (const auto& [outcome, executions] : f.outcomes) {
    proposition& one = none.parts.emplace_back();
    one.is = proposition::kind::all;
    for (std::size_t i = 0; i < shown.size(); ++i)
      one.parts.push_back({.is = proposition::kind::equal, .left = shown[i], .right = outcome[i]});
  }
  return none;
}

}  // namespace

std::string answers::search(std::string_view text, model_name m, unsigned rounds,
                            const over& is_over) {
  reading r = read(text, "program");
  kept_.clear();
  outcomes_.clear();
  few_.clear();
  forbidden_ = {};
  program_ = std::move(r.program);
  if (!program_) return error_text(r.error);
  model_ = m;
  rounds_ = rounds;
  search_options how{.model = m, .rounds = rounds, .is_over = is_over};
  how.visit = [this](const execution& x, bool) { keep(x); };
  found_ = litmus_core::search(*program_, how);
  return found_text();
}

void answers::keep(const execution& x) {
  std::vector<value> outcome = outcome_of(*program_, x, observed_by(*program_));
  if (++few_[outcome] > kept_of_each && kept_.size() >= most_kept) return;
  kept_.push_back(x);
  outcomes_.push_back(std::move(outcome));
}

std::string answers::found_text() const {
  const program& p = *program_;
  const findings& f = found_;
  json_text o = json_object();
  o.text("name", p.name).text("kind", kind_text(p)).text("condition", condition_text(p));
  o.text("verdict", verdict_text(p, f)).text("observation", observation_text(f));
  o.number("positive", shown_number(f.positive)).number("negative", shown_number(f.negative));
  o.number("filtered", shown_number(f.filtered)).number("cut", shown_number(f.cut));
  o.text("incomplete", f.incomplete).number("millionths", static_cast<std::int64_t>(f.done * 1e6));
  o.written("shown", names_of(p)).written("states", states_of(p, f));
  json_text kept = json_list();
  for (const std::vector<value>& outcome : outcomes_)
    kept.number(std::distance(f.outcomes.begin(), f.outcomes.find(outcome)));
  o.written("kept", std::move(kept));
  if (f.first_race) {
    drawing d(p, f.first_race->in);
    d.add_relations(model_);
    json_text racing = json_list();
    for (const std::size_t e : {f.first_race->first, f.first_race->second})
      racing.number(static_cast<std::int64_t>(d.node_of(e)));
    o.written("race", d.object().written("racing", std::move(racing)));
  }
  return o.end();
}

std::string answers::execution_at(std::size_t i) const {
  if (i >= kept_.size()) return "null";
  drawing d(*program_, kept_[i]);
  d.add_relations(model_);
  return d.object().end();
}

std::string answers::explain(const over& is_over) {
  if (!program_) return "null";
  program asked = *program_;
  // Who asks nothing may want to know why there are no other outcomes.
  const bool asks = asked.condition.is != proposition::kind::always;
  if (!asks) {
    asked.asks = quantifier::exists;
    asked.condition = none_of_these(asked, found_);
  }
  forbidden_ =
      why_forbidden(asked, {.rounds = rounds_, .is_over = is_over}, model_, most_explained);
  return json_object()
      .text("asked", asks ? asked_text(asked) : "another outcome")
      .number("candidates", shown_number(forbidden_.candidates))
      .number("allowed", shown_number(forbidden_.allowed))
      .number("shown", static_cast<std::int64_t>(forbidden_.shown.size()))
      .text("incomplete", forbidden_.incomplete)
      .end();
}

std::string answers::forbidden_at(std::size_t i) const {
  if (i >= forbidden_.shown.size()) return "null";
  const forbidden_execution& f = forbidden_.shown[i];
  drawing d(*program_, f.is);
  d.add_relations(model_);
  json_text axioms = json_list();
  for (const violation& v : f.for_what)
    axioms.written(json_object()
                       .text("axiom", v.axiom)
                       .text("formula", v.formula)
                       .written("cycle", d.cycle_of(v)));
  return d.object().written("axioms", std::move(axioms)).end();
}

}  // namespace runnel::litmus_core

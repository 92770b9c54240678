// SPDX-License-Identifier: MIT
#include "forbidden.hpp"

#include "c_reader.hpp"
#include "printer.hpp"

namespace runnel::litmus_core {

forbidden why_forbidden(const program& p, const candidate_options& o, model_name m,
                        std::size_t most) {
  const std::vector<observed> needed = needed_by(p);
  candidate_options how = o;
  how.plausible_only = false;
  forbidden f;
  f.incomplete = for_each_candidate(p, how, [&](const execution& x, bool complete) {
    if (!complete) return;
    const std::vector<value> outcome = outcome_of(p, x, needed);
    if (p.filter && !holds(*p.filter, needed, outcome)) return;
    if (holds(p.condition, needed, outcome) == (p.asks == quantifier::for_all)) return;
    ++f.candidates;
    if (is_consistent(p, x, m)) {
      ++f.allowed;
    } else if (f.shown.size() < most) {
      f.shown.push_back({x, violations(p, x, m)});
    }
  });
  return f;
}

std::string asked_text(const program& p) {
  const std::string condition = text_of(p, p.condition);
  return p.asks == quantifier::for_all ? "not (" + condition + ')' : condition;
}

std::string event_text(const program& p, const execution& x, std::size_t e) {
  const event& shown = x.events[e];
  std::string s = 'P' + std::to_string(shown.thread) + ':' + std::to_string(shown.at.line) + ' ';
  s += shown.is == event::kind::fence ? 'F' : shown.is == event::kind::read ? 'R' : 'W';
  s += '[' + (shown.plain ? std::string("plain") : std::string(name_of(shown.order))) + ']';
  if (shown.is == event::kind::fence) return s;
  return s + ' ' + p.locations[shown.location].name + '=' + std::to_string(shown.value);
}

std::string end_text(const program& p, const execution& x, const cycle_edge& e, bool from) {
  const std::size_t end = from ? e.from : e.to;
  if (end != event::initial) return event_text(p, x, end);
  const std::size_t other = from ? e.to : e.from;
  if (other == event::initial) return "an initial value";
  const location& l = p.locations[x.events[other].location];
  return "initial " + l.name + '=' + std::to_string(l.initial);
}

namespace {

std::string text_of(const program& p, const execution& x, const violation& v) {
  std::string s = "  " + std::string(v.axiom) + " (" + std::string(v.formula) + ") has a cycle:\n";
  for (const cycle_edge& e : v.cycle)
    s += "    " + end_text(p, x, e, true) + "  --" + std::string(e.relation) + "->  " +
         end_text(p, x, e, false) + '\n';
  return s;
}

}  // namespace

std::string forbidden_text(const program& p, const forbidden& f, model_name m) {
  std::string s = "Why not " + asked_text(p) + ": ";
  if (!f.incomplete.empty()) s += "incomplete, " + f.incomplete + "; so far ";
  s += std::to_string(f.candidates) +
       (f.candidates == 1 ? " candidate shows it, " : " candidates show it, ") +
       std::string(text_of(m)) + " allows " + std::to_string(f.allowed) + '\n';
  for (std::size_t i = 0; i < f.shown.size(); ++i) {
    s += "Forbidden candidate " + std::to_string(i + 1) + " of " +
         std::to_string(f.candidates - f.allowed) + '\n';
    for (const violation& v : f.shown[i].for_what) s += text_of(p, f.shown[i].is, v);
  }
  return s + '\n';
}

}  // namespace runnel::litmus_core

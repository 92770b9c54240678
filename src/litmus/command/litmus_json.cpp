// SPDX-License-Identifier: MIT
#include "litmus_json.hpp"

#include "litmus/printer.hpp"
#include "litmus/report.hpp"

namespace runnel::cli {

using nlohmann::ordered_json;

namespace {

/// What a name is of: "0:r1", and "x" in the place of "[x]".
std::string key_of(const litmus_core::program& p, const litmus_core::observed& o) {
  return o.thread == litmus_core::observed::no_thread ? p.locations[o.index].name : name_of(p, o);
}

ordered_json states_of(const litmus_core::program& p, const litmus_core::findings& f) {
  const std::vector<litmus_core::observed> shown = observed_by(p);
  auto states = ordered_json::array();
  for (const auto& [outcome, executions] : f.outcomes) {
    auto values = ordered_json::object();
    for (std::size_t i = 0; i < shown.size(); ++i) values[key_of(p, shown[i])] = outcome[i];
    states.push_back({{"values", values}, {"executions", executions}});
  }
  return states;
}

ordered_json to_json(const litmus_core::program& p, const litmus_core::forbidden& f) {
  auto shown = ordered_json::array();
  for (const litmus_core::forbidden_execution& x : f.shown) {
    auto axioms = ordered_json::array();
    for (const litmus_core::violation& v : x.for_what) {
      auto cycle = ordered_json::array();
      for (const litmus_core::cycle_edge& e : v.cycle)
        cycle.push_back({{"from", end_text(p, x.is, e, true)},
                         {"relation", e.relation},
                         {"to", end_text(p, x.is, e, false)}});
      axioms.push_back({{"axiom", v.axiom}, {"formula", v.formula}, {"cycle", cycle}});
    }
    shown.push_back({{"axioms", axioms}});
  }
  return {{"asked", asked_text(p)},
          {"candidates", f.candidates},
          {"allowed", f.allowed},
          {"forbidden", shown},
          {"incomplete", f.incomplete}};
}

}  // namespace

ordered_json to_json(const litmus_result& r) {
  const litmus_core::program& p = r.program;
  const litmus_core::findings& f = r.found;
  ordered_json j{{"name", p.name},
                 {"file", r.file},
                 {"model", text_of(r.model)},
                 {"kind", kind_text(p)},
                 {"condition", condition_text(p)},
                 {"verdict", verdict_text(p, f)},
                 {"observation", observation_text(f)},
                 {"positive", f.positive},
                 {"negative", f.negative},
                 {"states", states_of(p, f)},
                 {"cut", f.cut},
                 {"filtered", f.filtered},
                 {"incomplete", f.incomplete},
                 {"seconds", r.seconds}};
  if (f.first_race)
    j["race"] = {event_text(p, f.first_race->in, f.first_race->first),
                 event_text(p, f.first_race->in, f.first_race->second)};
  if (r.explained) j["explanation"] = to_json(p, *r.explained);
  return j;
}

}  // namespace runnel::cli

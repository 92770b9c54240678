// SPDX-License-Identifier: MIT
#include "comparison.hpp"

#include "../litmus/explored.hpp"

#include "inspect.hpp"

#include <set>

namespace runnel::reference {

namespace {

event_kind kind_of(model::event_kind k) {
  switch (k) {
    case model::event_kind::read: return event_kind::read;
    case model::event_kind::write: return event_kind::write;
    case model::event_kind::choice: return event_kind::choice;
    default: return event_kind::fence;
  }
}

/// The explorer's thread 0 runs before and after the others.
event_name name_of(model::event_id e, std::uint32_t location) {
  if (e == model::init_event) return {-1, static_cast<int>(location)};
  return {e.thread - 1, e.index};
}

event event_of(const model::event& e) {
  event r{.kind = kind_of(e.kind), .order = e.order};
  if (r.kind == event_kind::fence) return r;
  if (r.kind == event_kind::choice) {
    r.order = std::memory_order::relaxed;
    r.value = e.choice;
    return r;
  }
  r.location = static_cast<int>(e.location);
  r.value = static_cast<int>(e.value);
  if (r.kind == event_kind::read) {
    r.rmw = e.rmw;
    r.rf = name_of(e.rf, e.location);
  }
  return r;
}

/// Without the reads of the threads that wait: the reference does not add them.
graph graph_of(const model::graph& from, const litmus::program& p, const litmus::explored& run) {
  graph g;
  for (unsigned t = 0; t < p.threads.size(); ++t) {
    std::vector<event>& events = g.threads.emplace_back();
    for (std::size_t i = 0; i < from.length(t + 1); ++i)
      events.push_back(event_of(from.at(
          model::event_id{static_cast<std::uint16_t>(t + 1), static_cast<std::uint16_t>(i)})));
    if (!run.finished(t)) events.pop_back();
  }
  for (std::uint32_t l = 0; l < p.locations; ++l) {
    std::vector<event_name>& mo = g.mo.emplace_back();
    for (const model::event_id w : from.at(l).mo) mo.push_back(name_of(w, l));
  }
  return g;
}

/// So much is enough to see what is wrong.
constexpr std::size_t longest_text = 2000;

void compare(std::string& text, const std::string& what, const std::set<graph>& expected,
             const std::vector<graph>& visited) {
  std::set<graph> once;
  for (const graph& g : visited) {
    if (!expected.contains(g)) text += what + ", but not in the reference:\n" + text_of(g);
    if (!once.insert(g).second) text += what + ", visited again:\n" + text_of(g);
  }
  for (const graph& g : expected) {
    if (!once.contains(g)) text += what + ", but not visited:\n" + text_of(g);
  }
}

}  // namespace

visits visited_by_explorer(const litmus::program& p) {
  visits found;
  litmus::explored e(p);
  model::for_each_graph(e, [&](const model::graph& g, model::ending how) {
    (how == model::ending::complete ? found.complete : found.stuck).push_back(graph_of(g, p, e));
  });
  return found;
}

std::string differences(const graphs& expected, const visits& visited) {
  std::string text;
  compare(text, "complete", expected.complete, visited.complete);
  compare(text, "stuck", expected.stuck, visited.stuck);
  if (text.size() > longest_text) text = text.substr(0, longest_text) + "...\n";
  return text;
}

}  // namespace runnel::reference

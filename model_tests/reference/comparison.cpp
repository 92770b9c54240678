// SPDX-License-Identifier: MIT
#include "comparison.hpp"

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

/// As the reference has it, without the starts and joins of threads, which it does not know.
class translation {
 public:
  translation(const model::graph& from, const litmus::explored& run) : from_(from), run_(run) {}

  [[nodiscard]] std::vector<event> events_of(unsigned index) const {
    std::vector<event> events;
    const auto t = static_cast<std::uint16_t>(run_.number_of(index));
    for (std::uint16_t i = 0; i < from_.length(t); ++i)
      if (is_of_the_program({t, i})) events.push_back(event_of(from_.at({t, i})));
    return events;
  }

  [[nodiscard]] event_name name_of(model::event_id e, std::uint32_t location) const {
    if (e == model::init_event) return {-1, static_cast<int>(location)};
    int index = 0;
    for (std::uint16_t i = 0; i < e.index; ++i)
      if (is_of_the_program({e.thread, i})) ++index;
    return {static_cast<int>(e.thread - run_.number_of(0)), index};
  }

 private:
  [[nodiscard]] bool is_of_the_program(model::event_id e) const {
    const model::event_kind k = from_.at(e).kind;
    return k != model::event_kind::spawn && k != model::event_kind::join;
  }

  [[nodiscard]] event event_of(const model::event& e) const {
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

  const model::graph& from_;
  const litmus::explored& run_;
};

/// Without the reads of the threads that wait: the reference does not add them.
graph graph_of(const model::graph& from, const litmus::program& p, const litmus::explored& run) {
  const translation t(from, run);
  graph g;
  for (unsigned i = 0; i < p.threads.size(); ++i) {
    g.threads.push_back(t.events_of(i));
    if (!run.finished(i)) g.threads.back().pop_back();
  }
  for (std::uint32_t l = 0; l < p.locations; ++l) {
    std::vector<event_name>& mo = g.mo.emplace_back();
    for (const model::event_id w : from.at(l).mo) mo.push_back(t.name_of(w, l));
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

visits visited_by_explorer(const litmus::program& p, litmus::started how, model::memory_model m) {
  visits found;
  litmus::explored e(p, how);
  model::for_each_graph(
      e,
      [&](const model::graph& g, model::ending end) {
        (end == model::ending::complete ? found.complete : found.stuck)
            .push_back(graph_of(g, p, e));
      },
      m);
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

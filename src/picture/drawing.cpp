// SPDX-License-Identifier: MIT
#include "drawing.hpp"

#include "model/place_name.hpp"
#include "relations.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace runnel::cli {
namespace {

using model::picture;
using model::picture_event;
using model::step;

bool is_of_a_thread(const picture& p, std::size_t event) {
  const unsigned thread = p.events[event].thread;
  return thread != 0 && thread + 1 != p.threads.size();
}

class edge_collector {
 public:
  explicit edge_collector(const picture& p) : p_(p), hb_(happens_before(p)) {}

  std::vector<drawn_edge> all() {
    for (std::size_t i = 0; i < p_.events.size(); ++i) {
      const picture_event& e = p_.events[i];
      const bool reads = model::reads(e) && e.source != picture_event::initial;
      if (reads && (e.at_fault || first_of_its_kind(e))) add(e.source, i, &drawn_edge::rf);
      if (model::writes(e)) add_next_write(i);
    }
    const auto sw = model::synchronizes_with(p_);
    const auto needed = essential(p_, sw);
    for (const model::picture_edge& edge : sw) {
      const bool drawn = std::ranges::any_of(edges_, [&](const drawn_edge& e) {
        return e.rf && e.from == edge.first && e.to == edge.second;
      });
      if (drawn || std::ranges::find(needed, edge) != needed.end())
        add(edge.first, edge.second, &drawn_edge::sw);
    }
    return std::move(edges_);
  }

 private:
  void add(std::size_t from, std::size_t to, bool drawn_edge::* kind) {
    if (p_.events[from].thread == p_.events[to].thread || !is_of_a_thread(p_, from) ||
        !is_of_a_thread(p_, to))
      return;
    const auto same = [&](const drawn_edge& e) { return e.from == from && e.to == to; };
    auto known = std::ranges::find_if(edges_, same);
    if (known == edges_.end()) known = edges_.insert(known, {from, to});
    (*known).*kind = true;
  }

  void add_next_write(std::size_t i) {
    const picture_event& w = p_.events[i];
    for (std::size_t j = 0; j < p_.events.size(); ++j) {
      const picture_event& next = p_.events[j];
      if (!model::writes(next) || next.object != w.object || next.position != w.position + 1)
        continue;
      if (!hb_(i, j) && (!model::reads(next) || next.source != i)) add(i, j, &drawn_edge::mo);
    }
  }

  /// Who reads the same in the same place again has learnt nothing.
  bool first_of_its_kind(const picture_event& read) {
    return model::writes(read) || read_.emplace(read.thread, read.place, read.source).second;
  }

  const picture& p_;
  const relation hb_;
  std::vector<drawn_edge> edges_;
  std::set<std::tuple<unsigned, std::string, std::size_t>> read_;
};

/// The objects that the failure is about.
std::set<std::string> objects_that_matter(const drawing& d) {
  std::set<std::string> objects;
  const auto add = [&](std::size_t i) { objects.insert(d.picture.events[i].object); };
  for (std::size_t i = 0; i < d.picture.events.size(); ++i) {
    if (d.picture.events[i].at_fault) add(i);
  }
  for (const auto& [from, to] : d.missing) add(to);
  for (const std::size_t i : d.cycle) add(i);
  for (const std::size_t i : d.incoherent) add(i);
  objects.erase("");
  return objects;
}

std::vector<drawn_edge> with_the_failure(const drawing& d, std::vector<drawn_edge> edges) {
  const auto objects = objects_that_matter(d);
  std::erase_if(edges, [&](const drawn_edge& e) {
    return !objects.contains(d.picture.events[e.to].object) &&
           std::ranges::find(d.path, model::picture_edge(e.from, e.to)) == d.path.end();
  });
  return edges;
}

/// Events that are shown by themselves.
std::vector<bool> that_matter(const drawing& d, const std::vector<drawn_edge>& edges) {
  const picture& p = d.picture;
  std::vector<bool> matters(p.events.size());
  for (std::size_t i = 0; i < p.events.size(); ++i) {
    const picture_event& e = p.events[i];
    matters[i] = e.at_fault || (e.kind == step::note && is_of_a_thread(p, i));
  }
  for (const drawn_edge& e : edges) matters[e.from] = matters[e.to] = true;
  for (const auto& [from, to] : d.missing) matters[from] = matters[to] = true;
  for (const auto& [from, to] : d.path) matters[from] = matters[to] = true;
  for (const labelled_edge& e : d.forbidden) matters[e.from] = matters[e.to] = true;
  for (const std::size_t i : d.cycle) matters[i] = true;
  for (const std::size_t i : d.incoherent) matters[i] = true;
  return matters;
}

std::string order_text(const picture_event& e) { return std::string(model::text_of(e.order)); }

}  // namespace

std::vector<drawn_edge> edges_of(const drawing& d) {
  constexpr std::size_t large = 40;
  std::vector<drawn_edge> edges = edge_collector(d.picture).all();
  if (nodes_of(d, edges).size() > large) edges = with_the_failure(d, std::move(edges));
  return edges;
}

std::vector<drawn_node> nodes_of(const drawing& d, const std::vector<drawn_edge>& edges) {
  const std::vector<bool> matters = that_matter(d, edges);
  std::vector<drawn_node> nodes;
  std::map<unsigned, std::size_t> open;  // the stretch at the end of a thread
  for (std::size_t i = 0; i < matters.size(); ++i) {
    const unsigned thread = d.picture.events[i].thread;
    const auto stretch = open.find(thread);
    if (!matters[i] && stretch != open.end()) {
      nodes[stretch->second].events.push_back(i);
      continue;
    }
    open.erase(thread);
    if (!matters[i]) open[thread] = nodes.size();
    nodes.push_back({thread, {i}});
  }
  return nodes;
}

std::string name_of(const drawing& d, const std::string& object) {
  const auto name = d.names.find(object);
  return name == d.names.end() ? object : name->second;
}

std::string operation_text(const drawing& d, std::size_t event) {
  const picture_event& e = d.picture.events[event];
  const std::string object = name_of(d, e.object);
  switch (e.kind) {
    case step::load:
      return (e.awaits     ? "await "
              : e.compares ? "compare "
                           : "load ") +
             order_text(e) + "  " + object + " \u2192 " + e.read + (e.compares ? ", fails" : "");
    case step::store: return "store " + order_text(e) + "  " + object + " = " + e.written;
    case step::update:
      return "update " + order_text(e) + "  " + object + ": " + e.read + " \u2192 " + e.written;
    case step::fence: return "fence " + order_text(e);
    case step::choice: return "choice " + e.written + " of " + e.read;
    case step::start: return "start " + e.text;
    case step::join: return "join " + e.text;
    case step::construct: return "construct " + object;
    case step::read: return "read " + object;
    case step::write: return "write " + object;
    case step::destroy: return "take or destroy " + object;
    case step::begin: return "begin of " + object;
    case step::end: return "end of " + object;
    case step::use: return "use of " + (object.empty() ? "an object" : object);
    case step::note: return e.text;
    case step::failure: return "fails: " + e.text;
  }
  return {};
}

std::vector<std::size_t> racing(const picture& p) {
  std::vector<std::size_t> at_fault;
  for (std::size_t i = 0; i < p.events.size(); ++i) {
    if (p.events[i].at_fault && !p.events[i].object.empty() && !p.events[i].awaits)
      at_fault.push_back(i);
  }
  const bool two = at_fault.size() == 2 &&
                   p.events[at_fault[0]].object == p.events[at_fault[1]].object &&
                   p.events[at_fault[0]].thread != p.events[at_fault[1]].thread;
  return two ? at_fault : std::vector<std::size_t>();
}

}  // namespace runnel::cli

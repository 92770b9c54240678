// SPDX-License-Identifier: MIT
#include "explanation.hpp"

#include "picture/dot.hpp"
#include "picture/relations.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <ostream>
#include <regex>
#include <set>
#include <string_view>
#include <utility>

namespace runnel::cli {
namespace {

using model::picture;
using model::picture_event;
using model::step;

const order_site* site_called(const order_table& table, const std::string& name) {
  const auto site = std::ranges::find(table.sites, name, &order_site::name);
  return site == table.sites.end() ? nullptr : &*site;
}

/// The line in which the site stands, and those before it from its operation on.
std::string code_of(const std::vector<source_file>& sources, const order_site& site) {
  constexpr std::size_t most = 3;
  const auto source = std::ranges::find(sources, site.file, &source_file::name);
  if (source == sources.end()) return {};
  const auto lines = lines_of(source->text);
  std::string code;
  for (std::size_t n = 0; n < most && n < site.line && site.line <= lines.size(); ++n) {
    const std::string& line = lines[site.line - 1 - n];
    code = line.substr(std::min(line.find_first_not_of(' '), line.size())) +
           (code.empty() ? "" : " ") + code;
    if (code.find(site.operation + "(") != std::string::npos) break;
  }
  return code;
}

/// An atomic is called as the source calls it at a site that comes to it, with the number that the
/// history gives it.
std::map<std::string, std::string> names_of(const picture& p, const order_table& table) {
  std::map<std::string, std::string> names;
  for (const picture_event& e : p.events) {
    const std::size_t number = e.object.find(' ');
    if (number == std::string::npos) continue;
    const std::string suffix = " #" + e.object.substr(number + 1);
    const order_site* const site = site_called(table, e.place);
    if (site != nullptr && !site->object.empty()) {
      names.try_emplace(e.object, site->object + suffix);
    } else if (!e.object.starts_with("atomic")) {
      names.try_emplace(e.object, e.object.substr(0, number) + suffix);
    }
  }
  return names;
}

std::string renamed(const std::map<std::string, std::string>& names, const std::string& text) {
  static const std::regex object("(atomic|cell) [0-9]+");
  std::string s;
  std::size_t end = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), object), last; match != last; ++match) {
    const auto name = names.find(match->str());
    const auto at = static_cast<std::size_t>(match->position());
    s += text.substr(end, at - end) + (name == names.end() ? match->str() : name->second);
    end = at + static_cast<std::size_t>(match->length());
  }
  return s + text.substr(end);
}

std::string where(const drawing& d, std::size_t event) {
  const picture_event& e = d.picture.events[event];
  const bool outside = e.thread == 0 || e.thread + 1 == d.picture.threads.size();
  const std::string thread = d.picture.threads[e.thread];
  if (outside) return e.place + " " + thread + " the threads";
  if (e.place.empty()) return operation_text(d, event) + " of " + thread;
  return e.place + " of " + thread;
}

// ---- What the right order would do

/// The order that the event has in the source, or has to have for what the comment of its site claims.
std::memory_order intended(const picture_event& e, const order_site& s, bool is_weakened) {
  if (is_weakened) {
    const bool fails = e.kind == step::load && s.orders.size() == 2;
    return order_called(s.orders[fails ? 1 : 0]);
  }
  const bool succeeds = e.kind != step::load || s.orders.size() == 1;
  if (!s.handshake.empty() && succeeds) return std::memory_order::seq_cst;
  if (s.needs.empty() || e.order == std::memory_order::seq_cst || !succeeds) return e.order;
  if (e.kind == step::store) return std::memory_order::release;
  if (e.kind == step::load) return std::memory_order::acquire;
  const bool orders_already = e.order != std::memory_order::relaxed;
  return orders_already ? e.order : std::memory_order::acq_rel;
}

/// The execution as it would be with the intended orders; the places at which they differ.
std::set<std::string> restore(picture& p, const order_table& table, const std::string& weakened) {
  std::set<std::string> places;
  for (picture_event& e : p.events) {
    const order_site* const site = site_called(table, e.place);
    const bool has_order = model::reads(e) || model::writes(e) || e.kind == step::fence;
    if (site == nullptr || !has_order || e.silent || (!weakened.empty() && e.place != weakened))
      continue;
    const std::memory_order order = intended(e, *site, !weakened.empty());
    if (order == e.order) continue;
    e.order = order;
    places.insert(e.place + " were " + std::string(name_of(order)));
  }
  return places;
}

std::string joined_with_and(const std::vector<std::string>& parts) {
  std::string s;
  for (std::size_t i = 0; i < parts.size(); ++i)
    s += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  return s;
}

/// Why the first precedes the second in the order of seq_cst events.
std::string precedence(const drawing& d, std::size_t a, std::size_t b) {
  const picture_event& x = d.picture.events[a];
  const picture_event& y = d.picture.events[b];
  if (x.thread == y.thread) return "comes first in " + d.picture.threads[x.thread];
  const bool same = !x.object.empty() && x.object == y.object;
  if (same && model::reads(x) && !model::writes(x))
    return "reads the value before it is overwritten";
  if (same && model::writes(x) && model::reads(y) && !model::writes(y))
    return "writes what is read";
  if (same) return "comes first in the modification order";
  return "has to come first";
}

class remedy_finder {
 public:
  remedy_finder(drawing& d, const order_table& table, const std::string& weakened)
      : d_(d), restored_(d.picture), places_(restore(restored_, table, weakened)) {}

  std::string sentence() {
    if (places_.empty()) return {};
    find_missing();
    const std::string condition = "If " + joined_with_and({places_.begin(), places_.end()}) + ", ";
    std::string s;
    if (!d_.missing.empty()) s = condition + synchronization() + ".";
    const auto race = racing(restored_);
    if (!race.empty() && orders(race[0], race[1])) {
      return s + " Then the two accesses that race would be ordered by happens-before.";
    }
    d_.incoherent = incoherent(restored_);
    if (!d_.incoherent.empty()) {
      add_way(d_.incoherent[0], d_.incoherent[1]);
      return s + (s.empty() ? condition + "t" : " T") + coherence(d_.incoherent);
    }
    d_.cycle = cycle_of_seq_cst(restored_);
    if (d_.cycle.empty()) return s;
    for (std::size_t i = 0; i < d_.cycle.size(); ++i)
      add_way(d_.cycle[i], d_.cycle[(i + 1) % d_.cycle.size()]);
    return s + (s.empty() ? condition + "t" : " T") + total_order();
  }

 private:
  void find_missing() {
    const auto before = model::synchronizes_with(d_.picture);
    for (const model::picture_edge& edge :
         essential(restored_, model::synchronizes_with(restored_))) {
      if (std::ranges::find(before, edge) == before.end()) d_.missing.push_back(edge);
    }
    d_.missing_label = "missing: sw";
  }

  void add_way(std::size_t from, std::size_t to) {
    const auto edges = way(restored_, from, to);
    d_.path.insert(d_.path.end(), edges.begin(), edges.end());
  }
  bool orders(std::size_t a, std::size_t b) {
    add_way(a, b);
    if (d_.path.empty()) add_way(b, a);
    return !d_.path.empty();
  }

  [[nodiscard]] std::string synchronization() const {
    std::vector<std::string> edges;
    for (const auto& [from, to] : d_.missing)
      edges.push_back(where(d_, from) + " would synchronize with " + where(d_, to));
    return joined_with_and(edges);
  }

  [[nodiscard]] std::string coherence(const std::vector<std::size_t>& pair) const {
    const picture_event& second = d_.picture.events[pair[1]];
    return "his execution would not exist: " + where(d_, pair[0]) + " would happen before " +
           where(d_, pair[1]) + ", which " +
           (model::writes(second) ? "writes an earlier value in the modification order of "
                                  : "reads an older value of ") +
           name_of(d_, second.object) + ".";
  }

  [[nodiscard]] std::string total_order() const {
    std::vector<std::string> steps;
    for (std::size_t i = 0; i < d_.cycle.size(); ++i) {
      const std::size_t next = d_.cycle[(i + 1) % d_.cycle.size()];
      steps.push_back(where(d_, d_.cycle[i]) + " before " + where(d_, next) + " (it " +
                      precedence(d_, d_.cycle[i], next) + ")");
    }
    return "his execution would not exist: the single total order S of seq_cst operations would "
           "have "
           "to have " +
           joined_with_and(steps) + ", a circle.";
  }

  drawing& d_;
  picture restored_;
  std::set<std::string> places_;
};

// ---- The story

class storyteller {
 public:
  explicit storyteller(const drawing& d) : d_(d), edges_(edges_of(d)) {}

  std::vector<turn> tell() {
    for (const drawn_node& node : nodes_of(d_, edges_)) {
      const std::string& thread = d_.picture.threads[node.thread];
      if (node.folded() && node.thread == 0) continue;
      if (turns_.empty() || turns_.back().thread != thread) turns_.push_back({thread, {}});
      auto& sentences = turns_.back().sentences;
      if (node.folded()) {
        sentences.push_back(std::to_string(node.events.size()) + " other events");
      } else {
        sentences.push_back(sentence(node.events[0]));
      }
    }
    return std::move(turns_);
  }

 private:
  [[nodiscard]] std::string sentence(std::size_t i) const {
    const picture_event& e = d_.picture.events[i];
    if (e.kind == step::note) return capitalised(e.text);
    std::string s = e.place.empty() ? "It " : "At " + e.place + " it ";
    s += action(i);
    if (e.at_fault && model::reads(e) && e.awaits) s += ", and waits for ever";
    return s;
  }

  static std::string capitalised(std::string text) {
    if (!text.empty())
      text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
  }

  [[nodiscard]] std::string action(std::size_t i) const {
    const picture_event& e = d_.picture.events[i];
    const std::string object = name_of(d_, e.object);
    const std::string order = " (" + std::string(name_of(e.order)) + ")";
    switch (e.kind) {
      case step::load:
        return (e.compares ? "fails to exchange " : "reads ") + object +
               (e.compares ? ", which is " : ": ") + e.read + order + source(i);
      case step::store: return "writes " + e.written + " to " + object + order;
      case step::update:
        return "changes " + object + " from " + e.read + " to " + e.written + order + source(i);
      case step::fence: return "comes to a fence" + order;
      case step::choice: return "takes choice " + e.written + " of " + e.read;
      case step::construct: return "constructs a value in " + object;
      case step::read: return "reads " + object;
      case step::write: return "writes to " + object;
      case step::destroy: return "takes the value out of " + object + ", or destroys it";
      case step::begin: return "makes " + object;
      case step::end: return "ends the life of " + object;
      case step::use: return "uses " + (object.empty() ? "an object" : object);
      case step::note: return e.text;
      case step::failure: return "fails: " + e.text;
    }
    return {};
  }

  /// From whom the value is, if from another thread.
  [[nodiscard]] std::string source(std::size_t i) const {
    const picture_event& e = d_.picture.events[i];
    if (e.source == picture_event::initial)
      return e.kind == step::load ? ", the initial value" : "";
    const picture_event& w = d_.picture.events[e.source];
    if (w.thread == e.thread) return {};
    const bool sw = std::ranges::any_of(
        edges_, [&](const drawn_edge& x) { return x.from == e.source && x.to == i && x.sw; });
    return ", from " + where(d_, e.source) + (sw ? ", and synchronizes with it" : "");
  }

  const drawing& d_;
  const std::vector<drawn_edge> edges_;
  std::vector<turn> turns_;
};

/// The sites of the events that are shown by themselves.
std::vector<quoted_site> quote(const drawing& d, const order_table& table,
                               const std::vector<source_file>& sources,
                               const std::string& weakened) {
  std::vector<quoted_site> quoted;
  std::set<std::string> shown;
  for (const drawn_node& node : nodes_of(d, edges_of(d))) {
    if (node.folded()) continue;
    const picture_event& e = d.picture.events[node.events[0]];
    const order_site* const s = site_called(table, e.place);
    if (s == nullptr || !shown.insert(s->name).second) continue;
    quoted.push_back({s->name, s->file, s->line, code_of(sources, *s), s->name == weakened});
  }
  return quoted;
}

/// Of a loop without an end the beginning is enough.
picture shortened(picture p) {
  constexpr std::size_t large = 500;
  constexpr std::size_t kept = 100;
  if (p.events.size() <= large) return p;
  picture_event end;
  end.kind = step::failure;
  std::map<unsigned, std::size_t> lengths;
  for (const picture_event& e : p.events) ++lengths[e.thread];
  end.thread = std::ranges::max_element(lengths, {}, [](const auto& t) { return t.second; })->first;
  end.text = "goes on for " + std::to_string(p.events.size() - kept) + " events";
  end.at_fault = true;
  p.events.resize(kept);
  p.events.push_back(std::move(end));
  return p;
}

std::string count_of(const check::result& r) {
  if (r.failures <= 1 && r.is_smallest) return "No other execution fails in this way.";
  if (r.failures <= 1) return {};
  return "It is the smallest of " + std::to_string(r.failures) +
         " executions that fail in this way" +
         (r.is_smallest ? "." : ", of those that were looked at: a limit ended the search.");
}

}  // namespace

explanation explain(const std::string& scenario, const check::result& result,
                    const order_table& table, const std::vector<source_file>& sources) {
  explanation e;
  e.title = scenario;
  e.scenario = scenario;
  e.failure = result.failure;
  e.found = count_of(result);
  drawing& d = e.shown;
  d.picture = shortened(result.picture);
  d.names = names_of(d.picture, table);
  e.message = renamed(d.names, result.message);
  d.caption = e.failure;
  e.remedy = remedy_finder(d, table, result.weakened).sentence();
  e.sites = quote(d, table, sources, result.weakened);
  for (const quoted_site& s : e.sites)
    d.tooltips[s.name] = s.file + ":" + std::to_string(s.line) + "  " + s.code;
  e.story = storyteller(d).tell();
  return e;
}

void print(std::ostream& out, const explanation& e) {
  constexpr std::size_t width = 100;
  out << e.title << '\n';
  if (e.scenario != e.title) out << "in the scenario \"" << e.scenario << "\"\n";
  out << '\n' << wrap(e.failure + ": " + e.message, width, 2) << '\n';
  if (!e.found.empty()) out << e.found << '\n';
  for (const turn& t : e.story) {
    out << '\n' << t.thread << '\n';
    for (const std::string& s : t.sentences) out << "  " << wrap(s + ".", width, 4) << '\n';
  }
  if (!e.remedy.empty()) out << '\n' << wrap(e.remedy, width, 0) << '\n';
  if (!e.sites.empty()) out << '\n';
  for (const quoted_site& s : e.sites)
    out << left(s.name, 22) << "  " << s.file << ':' << s.line << (s.weakened ? "  (weakened)" : "")
        << "\n    " << s.code << '\n';
  if (!e.command.empty()) out << "\nto see it again: " << e.command << '\n';
}

std::string html_of(const explanation& e, const std::string& svg) {
  std::string s;
  if (e.scenario != e.title) s += html::element("p", "Scenario: " + e.scenario);
  s += html::element("p", e.failure + ": " + e.message, "failure");
  if (!e.found.empty()) s += html::element("p", e.found);
  s += "<div class=\"wide\">\n" + svg + "</div>\n";
  s += html::element("p", legend_text(), "quiet");
  if (!e.remedy.empty()) s += html::element("p", e.remedy);
  s += html::element("h2", "What happens");
  for (const turn& t : e.story) {
    s += "<p><b>" + html::escape(t.thread) + "</b>: ";
    for (const std::string& sentence : t.sentences) s += html::escape(sentence) + ". ";
    s += "</p>\n";
  }
  if (!e.sites.empty()) s += html::element("h2", "Source") + "<table>\n";
  for (const quoted_site& q : e.sites)
    s += "<tr><td><code>" + html::escape(q.name) + "</code>" +
         (q.weakened ? " <b>weakened here</b>" : "") + "</td><td>" + html::escape(q.file) + ":" +
         std::to_string(q.line) + "</td><td><code>" + html::escape(q.code) + "</code></td></tr>\n";
  if (!e.sites.empty()) s += "</table>\n";
  if (!e.command.empty())
    s += html::element("h2", "See it again") + "<pre>" + html::escape(e.command) + "</pre>\n";
  return s;
}

}  // namespace runnel::cli

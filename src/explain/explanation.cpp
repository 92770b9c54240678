// SPDX-License-Identifier: MIT
#include "explanation.hpp"

#include "remedy.hpp"
#include "story.hpp"

#include "picture/dot.hpp"
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
  e.remedy = remedy_of(d, table, result.weakened);
  e.sites = quote(d, table, sources, result.weakened);
  for (const quoted_site& s : e.sites)
    d.tooltips[s.name] = s.file + ":" + std::to_string(s.line) + "  " + s.code;
  e.story = story_of(d);
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

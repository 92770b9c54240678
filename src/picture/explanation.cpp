// SPDX-License-Identifier: MIT
#include "explanation.hpp"

#include "dot.hpp"
#include "terminal/highlight.hpp"
#include "terminal/html.hpp"
#include "terminal/output_file.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <ostream>
#include <set>
#include <utility>

namespace runnel::cli {

using model::picture;
using model::picture_event;

namespace {

std::string line_of(const quoted_site& s) { return s.file + ":" + std::to_string(s.line); }

}  // namespace

picture shortened(picture p) {
  constexpr std::size_t large = 500;
  constexpr std::size_t kept = 100;
  if (p.events.size() <= large) return p;
  picture_event end;
  end.kind = model::step::failure;
  std::map<unsigned, std::size_t> lengths;
  for (const picture_event& e : p.events) ++lengths[e.thread];
  end.thread = std::ranges::max_element(lengths, {}, [](const auto& t) { return t.second; })->first;
  end.text = "goes on for " + std::to_string(p.events.size() - kept) + " events";
  end.at_fault = true;
  p.events.resize(kept);
  p.events.push_back(std::move(end));
  return p;
}

std::string count_text(std::uint64_t failures, bool is_smallest) {
  if (failures <= 1) return is_smallest ? "No other execution fails in this way." : "";
  return "It is the smallest of " + std::to_string(failures) + " executions that fail in this way" +
         (is_smallest ? "." : ", of those that were looked at: a limit ended the search.");
}

std::vector<std::string> places_shown(const drawing& d) {
  std::vector<std::string> places;
  std::set<std::string> known{""};
  for (const drawn_node& node : nodes_of(d, edges_of(d))) {
    const picture_event& e = d.picture.events[node.events[0]];
    if (!node.folded() && known.insert(e.place).second) places.push_back(e.place);
  }
  return places;
}

void tell(explanation& e) {
  for (const quoted_site& s : e.sites) e.shown.tooltips[s.name] = line_of(s) + "  " + s.code;
  e.story = story_of(e.shown);
}

std::vector<std::string> write_files(const std::string& directory, const std::string& name,
                                     const explanation& e) {
  std::filesystem::create_directories(directory);
  const std::string base = (std::filesystem::path(directory) / html::file_name(name)).string();
  const std::string svg = svg_of(e.shown);
  output_file picture(base + ".svg");
  output_file page(base + ".html");
  picture.stream() << svg;
  page.stream() << html::page(e.title, html::element("h1", e.title) + html_of(e, svg));
  picture.commit();
  page.commit();
  return {base + ".svg", base + ".html"};
}

void print(std::ostream& out, const explanation& e) {
  const std::size_t width = prose_width();
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
    out << (s.name == line_of(s) ? s.name : left(s.name, 22) + "  " + line_of(s))
        << (s.weakened ? "  (weakened)" : "") << "\n    " << s.code << '\n';
  if (!e.command.empty()) out << "\nto see it again: " << e.command << '\n';
}

std::string html_of(const explanation& e, const std::string& svg) {
  std::string s;
  if (e.scenario != e.title) s += html::element("p", "Scenario: " + e.scenario);
  s += html::element("p", e.failure + ": " + e.message, "failure");
  if (!e.found.empty()) s += html::element("p", e.found);
  s += "<div class=\"wide\">\n" + svg + "</div>\n";
  s += html::element("p", legend_text(&e.shown), "quiet");
  if (!e.remedy.empty()) s += html::element("p", e.remedy);
  s += html::element("h2", "What happens");
  for (const turn& t : e.story) {
    s += "<p><b>" + html::escape(t.thread) + "</b>: ";
    for (const std::string& sentence : t.sentences) s += html::escape(sentence) + ". ";
    s += "</p>\n";
  }
  if (!e.sites.empty()) s += html::element("h2", "Source") + "<div class=\"wide\"><table>\n";
  for (const quoted_site& q : e.sites)
    s += "<tr><td><code>" + html::escape(q.name) + "</code>" +
         (q.weakened ? " <b>weakened here</b>" : "") + "</td>" +
         (q.name == line_of(q) ? "" : html::element("td", line_of(q))) + "<td><code>" +
         html::highlighted(q.code) + "</code></td></tr>\n";
  if (!e.sites.empty()) s += "</table></div>\n";
  if (!e.command.empty())
    s += html::element("h2", "See it again") + "<pre>" + html::escape(e.command) + "</pre>\n";
  return s;
}

}  // namespace runnel::cli

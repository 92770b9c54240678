// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include "elements.hpp"
#include "partners.hpp"
#include "picture/dot.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>

namespace runnel::cli::book {
namespace {

/// The lines of the source from the comment on a site to the end of what follows its operation.
struct excerpt {
  std::size_t first;
  std::size_t last;
};

excerpt excerpt_around(const order_site& site, const std::vector<std::string>& lines) {
  constexpr std::size_t longest_comment = 40;
  constexpr std::size_t before = 4;
  constexpr std::size_t after = 6;
  std::size_t first = site.line;
  for (std::size_t back = 1; back < longest_comment && back < site.line; ++back) {
    const std::string& line = lines[site.line - 1 - back];
    const std::size_t text = line.find_first_not_of(' ');
    if (text == std::string::npos || line.compare(text, 2, "//") != 0) continue;
    const std::size_t name = line.find(site.name);
    if (name == std::string::npos || line.find(':', name) == std::string::npos) continue;
    first = site.line - back;
    break;
  }
  return {first > before ? first - before : 1, std::min(lines.size(), site.line + after)};
}

std::string quoted_source(const contents& c, const order_site& site, const references& links) {
  const auto file = std::ranges::find(c.sources, site.file, &source_file::name);
  const auto lines = lines_of(file->text);
  const excerpt shown = excerpt_around(site, lines);
  return code_block(lines, shown.first, shown.last, {site.line}, links, false);
}

std::string facts_of(const site_entry& entry, const references& links) {
  const order_site& s = entry.site;
  std::string facts = "<table class=\"facts\">\n";
  facts += "<tr><th>operation</th><td><code>" + html::escape(s.operation) + "</code></td></tr>\n";
  facts += "<tr><th>" + std::string(s.orders.size() == 2 ? "orders" : "order") + "</th><td>" +
           orders_of(s) + "</td></tr>\n";
  facts += "<tr><th>where</th><td>" + links.source(s.file, s.line) + "</td></tr>\n";
  facts += "<tr><th>runs in</th><td>" +
           (entry.kinds_of_channel.empty() ? "no scenario"
                                           : html::escape(join(entry.kinds_of_channel, ", "))) +
           "</td></tr>\n</table>\n";
  return facts;
}

std::string counterexample(const step_entry& step, const references& links) {
  const explanation& e = *step.example;
  std::string text = "<p class=\"failure\">" + links.text(e.message) + "</p>\n";
  if (!e.found.empty()) text += "<p class=\"note\">" + html::escape(e.found) + "</p>\n";
  text += shown_picture(step, links) + html::element("p", legend_text(&e.shown), "note");
  if (!e.remedy.empty()) text += "<p>" + links.text(e.remedy) + "</p>\n";
  text += "<h4>What happens</h4>\n<table class=\"facts story\">\n";
  for (const turn& t : e.story) {
    text += "<tr><th>" + html::escape(t.thread) + "</th><td>";
    for (const std::string& sentence : t.sentences) text += links.text(sentence) + ". ";
    text += "</td></tr>\n";
  }
  return text + "</table>\n<p class=\"note\">Again: <code>" + html::escape(e.command) +
         "</code></p>\n";
}

std::string step_section(const step_entry& step, const references& links) {
  std::string text = "<section class=\"step\" id=\"" + html::escape(step.id) + "\" data-step=\"" +
                     html::escape(step.change) + "\" data-in=\"" +
                     html::escape(join(step.kinds_of_channel, " ")) + "\">\n<h3>" +
                     html::escape(step.change) + " <span class=\"kinds\">" +
                     html::escape(join(step.kinds_of_channel, ", ")) + "</span> " +
                     verdict_mark(step.finding) + "</h3>\n";
  const step_finding& f = step.finding;
  if (f.verdict == necessity::argued)
    return text + "<p>" + links.text(f.argument) + "</p>\n</section>\n";
  if (f.verdict != necessity::killed)
    return text + "<p>No scenario fails, and no argument is written down.</p>\n</section>\n";
  text += "<p>The scenario " + links.scenario(f.scenario) + " fails: <strong>" +
          html::escape(f.failure) + "</strong>, after " + number(f.executions) + " " +
          (f.executions == 1 ? "execution" : "executions") + ".</p>\n";
  if (step.example) text += counterexample(step, links);
  return text + "</section>\n";
}

std::string scenarios_of(const contents& c, const site_entry& entry, const references& links) {
  std::string rows;
  std::uint64_t executions = 0;
  std::size_t scenarios = 0;
  for (const scenario_entry& s : c.scenarios) {
    if (!s.result.sites.contains(entry.site.name)) continue;
    executions += s.result.executions;
    ++scenarios;
    rows += "<tr><td>" + links.scenario(s.scenario.name) + "</td><td class=\"number\">" +
            number(s.result.executions) + "</td></tr>\n";
  }
  if (scenarios == 0) return "<p>No scenario comes to this site.</p>\n";
  return "<p>With the order as it stands none of these " + number(scenarios) +
         " scenarios fails, in all of their " + number(executions) + " executions.</p>\n" +
         wide(
             "<table class=\"list visited\">\n<tr><th>scenario</th><th "
             "class=\"number\">executions</th></tr>\n" +
             rows + "</table>");
}

}  // namespace

page site_page(const contents& c, const site_entry& entry) {
  const references links(c, false);
  const order_site& s = entry.site;
  std::string body = "<h1><code>" + html::escape(s.name) + "</code></h1>\n";
  body += "<p class=\"reason\">" + links.text(s.reason) + "</p>\n" + facts_of(entry, links);
  body += "<h2>Source</h2>\n<p class=\"note\">What the whole is about stands at the top of " +
          links.source(s.file, 1) + ".</p>\n" + quoted_source(c, s, links);
  body += "<h2>Partners</h2>\n" + partners_of(c, s, links);
  body += "<h2>What if the order were weaker?</h2>\n";
  if (entry.steps.empty()) body += "<p>A relaxed order cannot be weaker.</p>\n";
  for (const step_entry& step : entry.steps) body += step_section(step, links);
  body += "<h2>Is the order enough?</h2>\n" + scenarios_of(c, entry, links);
  return {page_of_site(s.name), s.name, body};
}

}  // namespace runnel::cli::book

// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include "../html.hpp"
#include "elements.hpp"

#include "../text_output.hpp"

namespace runnel::cli::book {
namespace {

/// "the size stays within the capacity (capacity 1)": the sentence, and the variant.
std::string sentence_of(const scenario_entry& e) {
  return e.scenario.name.substr(0, e.scenario.name.find(" ("));
}

std::string what_may_fail(const scenario_entry& e) {
  std::string text;
  if (e.scenario.search.faults != 0) text = "weak failures and stray wake-ups, one in each thread";
  if (e.scenario.search.failed_allocations != 0)
    text += "allocations that find no memory, one in each thread";
  return text;
}

std::string row_of(const scenario_entry& e) {
  const check::scenario& s = e.scenario;
  return "<tr id=\"" + anchor_of(s.name) + "\"><td>" + html::escape(s.name) + "</td><td>" +
         html::escape(join(s.kinds_of_channel, ", ")) + "</td><td>" + html::escape(s.judged_by) +
         "</td><td>" + what_may_fail(e) + "</td><td class=\"number\">" +
         number(e.result.sites.size()) + "</td><td class=\"number\">" +
         number(e.result.executions) + "</td></tr>\n";
}

const char* const introduction = R"html(<h1>Scenarios</h1>
<p>A scenario is a small program on the shipped headers: what happens before, in each of a few threads, and
after. The explorer visits every execution of it that the <a href="model.html">memory model</a> allows, each
once. None of them fails. In each it is checked that no plain data is raced for, that nothing leaks or is
used after it was freed, and that nobody sleeps for ever; and beside that</p>
<ul>
<li>the <em>oracle</em>: one order of the executable specification explains the results of all calls, and
extends happens-before; each value is received, handed back or destroyed, once;</li>
<li><em>assertions</em>: what the test itself says, of snapshots and of parts that the specification does not
know.</li>
</ul>
)html";

}  // namespace

file all_scenarios_page(const contents& c) {
  const references links(c, true);
  std::string body = introduction;
  std::string sentence;
  for (const scenario_entry& e : c.scenarios) {
    if (sentence != sentence_of(e)) {
      if (!sentence.empty()) body += "</table>\n";
      sentence = sentence_of(e);
      body += "<h2>" + html::escape(sentence) + "</h2>\n";
      const auto about = c.scenario_files.find(e.scenario.file);
      if (about != c.scenario_files.end()) body += "<p>" + links.text(about->second) + "</p>\n";
      body +=
          "<table class=\"list\">\n<tr><th>scenario</th><th>channel</th><th>judged by</th>"
          "<th>may fail besides</th><th>sites</th><th>executions</th></tr>\n";
    }
    body += row_of(e);
  }
  if (!sentence.empty()) body += "</table>\n";
  return framed(std::string(scenarios_page), "Scenarios", body, links);
}

}  // namespace runnel::cli::book

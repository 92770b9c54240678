// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include "checks/scenario_list.hpp"
#include "elements.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

namespace runnel::cli::book {
namespace {

/// The steps of which the scenario is the recorded counterexample.
std::string steps_that_fail(const contents& c, const std::string& scenario,
                            const references& links) {
  std::string all;
  for (const site_entry& site : c.sites) {
    for (const step_entry& step : site.steps) {
      if (step.finding.scenario != scenario) continue;
      const std::string to = step.change.substr(step.change.rfind(' ') + 1);
      all += "<div><a href=\"" + links.to(page_of_site(site.site.name)) + "#" +
             html::escape(step.id) + "\"><code>" + html::escape(site.site.name) +
             "</code></a> <span class=\"kinds\">" + html::escape(to) + "</span></div>";
    }
  }
  return all;
}

std::string row_of(const contents& c, const scenario_entry& e, const references& links) {
  const check::scenario& s = e.scenario;
  return "<tr id=\"" + anchor_of(s.name) + "\"><td>" + html::escape(variant_of(s)) + "</td><td>" +
         html::escape(join(s.kinds_of_channel, ", ")) + "</td><td>" + html::escape(s.judged_by) +
         "</td><td class=\"number\">" + number(e.result.sites.size()) +
         "</td><td class=\"number\">" + number(e.result.executions) + "</td><td>" +
         steps_that_fail(c, s.name, links) + "</td></tr>\n";
}

const char* const table_head = R"html(<div class="wide"><table class="list scenarios">
<tr><th>variant</th><th>channel</th><th>judged by</th><th class="number">sites</th>
<th class="number">executions</th><th>fails if weaker</th></tr>
)html";

const char* const introduction = R"html(<h1>Scenarios</h1>
<p>A scenario is a small program on the shipped headers: what happens before, in each of a few threads, and
after. The explorer visits every execution of it that the <a href="model.html">memory model</a> allows, each
once. None of them fails. In each it is checked that no plain data is raced for, that nothing leaks or is
used after it was freed, and that nobody sleeps for ever; and besides it is judged by</p>
<ul>
<li>the <em>oracle</em>: one order of the executable specification explains the results of all calls, and
extends happens-before; each value is received, handed back or destroyed, once;</li>
<li><em>assertions</em>: what the test itself says, of snapshots and of parts that the specification does not
know.</li>
</ul>
<p><em>With faults</em>, in each thread one weak compare-exchange may fail and one wait may end without a reason. The
last column has the weaker orders whose counterexample is an execution of the scenario.</p>
)html";

}  // namespace

page all_scenarios_page(const contents& c) {
  const references links(c, true);
  std::string body = introduction;
  std::string sentence;
  for (const scenario_entry& e : c.scenarios) {
    if (sentence != sentence_of(e.scenario)) {
      if (!sentence.empty()) body += "</table></div>\n";
      sentence = sentence_of(e.scenario);
      body += "<h2>" + html::escape(sentence) + "</h2>\n";
      const auto about = c.scenario_files.find(e.scenario.file);
      if (about != c.scenario_files.end()) body += "<p>" + links.text(about->second) + "</p>\n";
      body += table_head;
    }
    body += row_of(c, e, links);
  }
  if (!sentence.empty()) body += "</table></div>\n";
  return {std::string(scenarios_page), "Scenarios", body};
}

}  // namespace runnel::cli::book

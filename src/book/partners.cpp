// SPDX-License-Identifier: MIT
#include "partners.hpp"

#include "elements.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace runnel::cli::book {
namespace {

std::string what_partner_does(const pair_account& p, const order_site& site) {
  if (p.pair.release == p.pair.acquire) return "both";
  return p.pair.release == site.name ? "acquires" : "releases";
}

std::string how_often(const observed_pair& seen) {
  std::string text = number(seen.executions);
  if (seen.continued != 0)
    text += "<div class=\"note\">" + number(seen.continued) + " through a release sequence</div>";
  return text;
}

std::string where_seen(const observed_pair& seen, const references& links) {
  std::string text = "<details><summary>" + number(seen.scenarios.size()) + "</summary>";
  for (const auto& [scenario, executions] : seen.scenarios)
    text += "<div>" + links.scenario(scenario) + "</div>";
  return text + "</details>";
}

/// What is known in some kinds of channel alike.
struct common_finding {
  std::vector<std::string> kinds_of_channel;
  step_finding finding;
};

std::vector<common_finding> findings_of(const pair_account& p) {
  std::vector<common_finding> all;
  for (const auto& [kind, finding] : p.findings) {
    const auto same = std::ranges::find_if(all, [&](const common_finding& f) {
      return f.finding.verdict == finding.verdict && f.finding.scenario == finding.scenario &&
             f.finding.argument == finding.argument;
    });
    if (same == all.end())
      all.push_back({{kind}, finding});
    else
      same->kinds_of_channel.push_back(kind);
  }
  if (all.empty() && p.claim == claim::needs) all.push_back({});
  return all;
}

/// Whether something relies on the pair.
std::string reliance_on(const pair_account& p, const references& links) {
  std::string text;
  for (const auto& [kinds, finding] : findings_of(p)) {
    text += "<div data-release=\"" + html::escape(p.pair.release) + "\" data-acquire=\"" +
            html::escape(p.pair.acquire) + "\" data-in=\"" + html::escape(join(kinds, " ")) +
            "\"><span class=\"kinds\">" + html::escape(join(kinds, ", ")) + "</span> " +
            verdict_mark(finding);
    if (finding.verdict == necessity::killed) text += " " + links.scenario(finding.scenario);
    if (finding.verdict == necessity::argued) text += " " + links.text(finding.argument);
    text += "</div>";
  }
  return text;
}

std::string row_of(const pair_account& p, const order_site& site, const references& links) {
  const bool releases = p.pair.release == site.name;
  return "<tr><td>" + std::string(p.claim == claim::needs ? "needs" : "also") + "</td><td>" +
         links.site(releases ? p.pair.acquire : p.pair.release) + "</td><td>" +
         what_partner_does(p, site) + "</td><td class=\"number\">" + how_often(p.seen) +
         "</td><td>" + where_seen(p.seen, links) + "</td><td>" + reliance_on(p, links) +
         "</td></tr>\n";
}

}  // namespace

std::string partners_of(const contents& c, const order_site& s, const references& links) {
  std::string needed;
  std::string others;
  for (const pair_account& p : c.pairs) {
    if (p.pair.release != s.name && p.pair.acquire != s.name) continue;
    (p.claim == claim::needs ? needed : others) += row_of(p, s, links);
  }
  std::string text;
  if (needed.empty() && others.empty()) {
    text = "<p>It synchronizes with nothing, and needs nothing.</p>\n";
  } else {
    text = wide(
        "<table class=\"list partners\">\n<tr><th></th><th>partner</th><th>which</th>"
        "<th class=\"number\">executions</th><th>scenarios</th>"
        "<th>without this edge alone</th></tr>\n" +
        needed + others + "</table>");
  }
  if (s.handshake.empty()) return text;
  return text + "<p><strong>Handshake</strong> with " + links.sites(s.handshake) +
         ": both sides write one place and then read the other's, and the single order of seq_cst "
         "operations lets at least one of them see the other.</p>\n";
}

}  // namespace runnel::cli::book

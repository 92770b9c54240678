// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include "chapters.hpp"
#include "elements.hpp"
#include "opening.hpp"
#include "picture/dot.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>

namespace runnel::cli::book {
namespace {

const char* const what_this_is =
    R"html(<p class="reason">Why each memory order of the channels is there: what it is enough for, and the
execution that goes wrong when it is one step weaker.</p>
)html";

const char* const how_it_is_made = R"html(<h2 id="made">What the book is made from</h2>
<p>Every atomic operation of the core is a <em>site</em> with a name, and in the comment above it stands whom it
has to synchronize with and why. This book is written by <code>runnel book</code> from that source, and from exhaustive
explorations of it. The overview and the reasons are what people wrote; verdicts, pictures and numbers are what
the explorer found.</p>
)html";

const char* const what_a_page_says = R"html(<h2 id="how">What a page says</h2>
<p>Each site has a page. From top to bottom it says</p>
<ul>
<li>the <em>reason</em> for the order, and the source;</li>
<li>its <em>partners</em>. <strong>needs</strong>: the sites that it has to synchronize with, a release with an
acquire that reads from it. <strong>also</strong>: those with which it happens to. <strong>handshake</strong>: both sides
write one place and then read the other's, and the single order of seq_cst operations lets at least one of them see
the other. Of each pair it says in how many executions it was seen to synchronize, and whether a scenario fails when
nothing but this one edge is taken out of happens-before;</li>
<li>what happens with each <em>step weaker</em>: seq_cst to acq_rel, acq_rel to acquire and to release, these to
relaxed; of a compare-exchange each of its two orders. <span class="verdict killed">data race</span>: a
scenario fails, in this way, and the execution is shown. <span class="verdict argued">argued</span>: none does,
and an argument says why the order stays. <span class="verdict open">necessity not shown</span>: none does, and
nobody knows why it should;</li>
<li>the scenarios that come to the site, all executions of which are as they should be.</li>
</ul>
<p>Steps are looked at for <code>mpsc</code> and <code>mpmc</code> channels each: with one receiver an order may be
more than is needed, where the source is the same for both. What the memory model is, and what all this does not show,
is on <a href="model.html">a page of its own</a>.</p>
)html";

const char* const how_to_begin = R"html(<h2 id="order">An order in which to read</h2>
<ol>
<li><a href="model.html">The memory model</a>: the words for what a picture shows, and what this book does not.</li>
)html";

const char* const how_to_end =
    R"html(<li><a href="scenarios.html">The scenarios</a>, and the sources, to look things
up.</li>
</ol>
<p>At the foot of each page is the one that follows. The list of all pages has the same order.</p>
)html";

const char* const pictures =
    R"html(<p>Each box is an event: its site, the operation with its order, and
the values. A picture opens by itself when it is clicked; there each box shows its line of code to a pointer that
rests on it. It is the smallest one among the executions that were looked at, which the page of the site counts.</p>
)html";

std::string site_row(const site_entry& e, const references& links) {
  const order_site& s = e.site;
  std::string row = "<tr><td>" + links.site(s.name) + "</td><td><code>" +
                    html::escape(s.operation) + "</code></td><td>" + orders_of(s) + "</td><td>" +
                    links.sites(s.needs);
  if (!s.handshake.empty())
    row += "<div class=\"note\">handshake " + links.sites(s.handshake) + "</div>";
  row += "</td><td>";
  for (const step_entry& step : e.steps)
    row += "<div>" + html::escape(step.change) + " <span class=\"kinds\">" +
           html::escape(join(step.kinds_of_channel, ", ")) + "</span> <a href=\"" +
           links.to(page_of_site(s.name)) + "#" + html::escape(step.id) + "\">" +
           verdict_mark(step.finding) + "</a></div>";
  return row + "</td></tr>\n";
}

std::string table_of(const chapter& part, const references& links) {
  std::string rows;
  for (const site_entry* e : part.sites) rows += site_row(*e, links);
  return wide(
      "<table class=\"list sites\">\n<tr><th>site</th><th>operation</th><th>order</th>"
      "<th>needs</th><th>a step weaker</th></tr>\n" +
      rows + "</table>");
}

std::string sources_of(const chapter& part, const contents& c, const references& links) {
  std::string all;
  for (const std::string& file : part.files) {
    if (std::ranges::find(c.sources, file, &source_file::name) != c.sources.end())
      all += "<p class=\"note\">Source: " + links.source(file, 1) + "</p>\n";
  }
  return all;
}

std::string heading_of(const chapter& part) { return "part-" + anchor_of(part.name); }

/// An order in which to read.
std::string tour_of(const std::vector<chapter>& parts, const references& links) {
  std::string steps;
  for (const chapter& part : parts) {
    std::string stops;
    for (const auto& [entry, shows] : part.tour)
      stops +=
          (stops.empty() ? ": " : "; ") + links.site(entry->site.name) + ", " + html::escape(shows);
    steps += "<li><a href=\"#" + heading_of(part) + "\">" + html::escape(part.name) + "</a>" +
             stops + ".</li>\n";
  }
  return std::string(how_to_begin) + steps + how_to_end;
}

struct verdicts {
  std::size_t all = 0;
  std::size_t killed = 0;
  std::size_t argued = 0;

  void add(const step_finding& f, std::size_t times = 1) {
    all += times;
    if (f.verdict == necessity::killed) killed += times;
    if (f.verdict == necessity::argued) argued += times;
  }
  [[nodiscard]] std::string text() const {
    return number(all) + ": " + number(killed) + " make a scenario fail, " + number(argued) +
           " are argued, " + number(all - killed - argued) + " are not shown to be necessary";
  }
};

std::string in_numbers(const contents& c) {
  verdicts steps;
  verdicts pairs;
  std::uint64_t executions = 0;
  for (const site_entry& e : c.sites) {
    for (const step_entry& step : e.steps) steps.add(step.finding, step.kinds_of_channel.size());
  }
  for (const pair_account& p : c.pairs) {
    for (const auto& [kind, finding] : p.findings) pairs.add(finding);
  }
  for (const scenario_entry& e : c.scenarios) executions += e.result.executions;
  const auto row = [](const char* name, const std::string& text) {
    return "<tr><th>" + std::string(name) + "</th><td>" + text + "</td></tr>\n";
  };
  return "<table class=\"facts\">\n" + row("sites", number(c.sites.size())) +
         row("steps weaker", steps.text()) + row("needed pairs", pairs.text()) +
         row("as they stand", number(c.scenarios.size()) + " scenarios pass, in all of their " +
                                  number(executions) + " executions") +
         "</table>\n<p class=\"note\">Steps and pairs are counted for mpsc and mpmc each.</p>\n";
}

}  // namespace

page overview_page(const contents& c) {
  const references links(c, true);
  const std::vector<chapter> parts = chapters_of(c);
  std::string body = "<h1>The order book of Runnel " + version_text() + "</h1>\n" +
                     std::string(what_this_is) + opening_of(c, links) + tour_of(parts, links) +
                     how_it_is_made + in_numbers(c) + what_a_page_says;
  body += "<h2 id=\"pictures\">The pictures</h2>\n" + html::element("p", legend_text()) + pictures;
  body += "<h2 id=\"sites\">The algorithm, and its sites</h2>\n";
  for (const chapter& part : parts)
    body += "<h3 id=\"" + heading_of(part) + "\">" + html::escape(part.name) + "</h3>\n" +
            part.text + "\n" + sources_of(part, c, links) + table_of(part, links);
  return {std::string(index_page), "The order book", body};
}

}  // namespace runnel::cli::book

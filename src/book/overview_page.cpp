// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include "elements.hpp"
#include "picture/dot.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

#include <algorithm>

namespace runnel::cli::book {
namespace {

const char* const what_this_is =
    R"html(<p class="reason">Why each memory order of the channels is there: what it is enough for, and the
execution that goes wrong when it is one step weaker.</p>
<p>Every atomic operation of the core is a <em>site</em> with a name, and in the comment above it stands whom it
has to synchronize with and why. This book is written by <code>runnel book</code> from that source, and from exhaustive
explorations of it. The overview and the reasons are what people wrote; verdicts, pictures and numbers are what
the explorer found.</p>
)html";

const char* const how_to_read = R"html(<h2 id="how">How to read it</h2>
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

const char* const pictures =
    R"html(<p>Each box is an event: its site, the operation with its order, and
the values. A picture opens by itself when it is clicked; there each box shows its line of code to a pointer that
rests on it. It is the smallest one among the executions that were looked at, which the page of the site counts.</p>
)html";

/// A part of the core: its files, and what it does.
struct part {
  const char* name;
  std::vector<std::string> files;
  const char* text;
};

const std::vector<part>& parts() {
  static const std::vector<part> all = {
      {"The ring",
       {"runnel/core/ring.hpp"},
       R"html(<p>A bounded channel is a ring of slots. Two counters say where the next message goes (<code>tail_</code>) and
where the next one is taken (<code>head_</code>); each slot has a stamp, which says for which lap it is free or
full. A sender looks at the stamp, claims the position by a compare-exchange of the tail, constructs the message, and
publishes it with the stamp. A receiver does the same with the head, and releases the slot for the next lap.</p>
<p>The stamp is what hands data over: its release and acquire make a message complete before it is taken, and a slot empty
before it is filled again. The claims decide who is next, and whether the ring is full or empty; they are seq_cst,
since “full” is said of two counters, and two of them can only be compared in one order.</p>)html"},
      {"The list",
       {"runnel/core/list.hpp"},
       R"html(<p>An unbounded channel is a list of blocks of slots. The tail and the head are each a position and the block it lies
in. Who claims the last slot of a block links the next one; a block is used again when all its messages have been
taken. With many receivers each claims a position of the head; the only receiver of an <code>mpsc</code> channel owns
the head, and need not even look at the tail while there are messages.</p>
<p>Release and acquire carry three things: a message, by the state of its slot; a new block, by the position that is
advanced after the block has been stored; and an old block, by the count of the receives from it.</p>)html"},
      {"The rendezvous",
       {"runnel/core/rendezvous.hpp"},
       R"html(<p>With capacity 0 a send and a receive are one step. Who comes first waits in a list, who comes second does the step
under a mutex. What the two have to tell each other is ordered by the mutex and by the signal on which the first one
sleeps.</p>
<p>If nobody else waits, the first one waits in a seat of the channel, in one cache line with the mutex, and not on its
own stack. Who leaves the seat does so without the mutex: that is a release, and who takes it next an
acquire.</p>)html"},
      {"Waiting",
       {"runnel/core/waiting.hpp"},
       R"html(<p>A blocked operation registers a waiter, looks once more, and sleeps. Who makes progress possible looks whether
somebody is registered, and wakes the first. This is a <em>handshake</em>: a sender claims and then looks for waiters,
a receiver registers and then looks for messages. In the one order of seq_cst operations one of the two comes second,
and sees the other: so nobody sleeps while there is something to do.</p>)html"},
      {"Sleeping",
       {"runnel/core/parking.hpp"},
       R"html(<p>A mutex on a futex word for the list of waiters, and a signal that one thread sends to another. The mutex hands the
list from one holder to the next; the signal tells a waiter that it has been taken off the list.</p>)html"},
      {"Counts",
       {"runnel/core/counts.hpp"},
       R"html(<p>A channel counts its senders, its receivers, and the sides that still have any. The drop of the last handle of a side
closes the channel, and the last side frees it: what all others did with their handles comes before.</p>)html"},
      {"Misuse",
       {"runnel/core/misuse.hpp"},
       R"html(<p>Debug builds notice two threads in one <code>mpsc</code> receiver. The detector must not order what it watches, so it
is relaxed; models leave it out. It lies in the channel, in a cache line of its own: a handle may lie beside what
other threads read all the time.</p>)html"},
  };
  return all;
}

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

std::string table_of(const contents& c, const std::vector<std::string>& files,
                     const references& links) {
  std::string rows;
  for (const site_entry& e : c.sites) {
    if (std::ranges::find(files, e.site.file) != files.end()) rows += site_row(e, links);
  }
  if (rows.empty()) return {};
  return "<table class=\"list sites\">\n<tr><th>site</th><th>operation</th><th>order</th>"
         "<th>needs</th><th>a step weaker</th></tr>\n" +
         rows + "</table>\n";
}

/// Files that no part speaks of, so that no site is left out.
std::vector<std::string> other_files(const contents& c) {
  std::vector<std::string> others;
  for (const site_entry& e : c.sites) {
    const bool known = std::ranges::any_of(parts(), [&](const part& p) {
      return std::ranges::find(p.files, e.site.file) != p.files.end();
    });
    if (!known && std::ranges::find(others, e.site.file) == others.end())
      others.push_back(e.site.file);
  }
  return others;
}

std::string sources_of(const part& p, const contents& c, const references& links) {
  std::string all;
  for (const std::string& file : p.files) {
    if (std::ranges::find(c.sources, file, &source_file::name) != c.sources.end())
      all += "<p class=\"note\">Source: " + links.source(file, 1) + "</p>\n";
  }
  return all;
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

file overview_page(const contents& c) {
  const references links(c, true);
  std::string body = "<h1>The order book of Runnel " + version_text() + "</h1>\n" +
                     std::string(what_this_is) + in_numbers(c) + how_to_read;
  body += "<h2 id=\"pictures\">The pictures</h2>\n" + html::element("p", legend_text()) + pictures;
  body += "<h2 id=\"sites\">The algorithm, and its sites</h2>\n";
  for (const part& p : parts()) {
    const std::string table = table_of(c, p.files, links);
    body +=
        "<h3>" + std::string(p.name) + "</h3>\n" + p.text + "\n" + sources_of(p, c, links) + table;
  }
  const std::string rest = table_of(c, other_files(c), links);
  if (!rest.empty()) body += "<h3>Others</h3>\n" + rest;
  return framed(std::string(index_page), "Overview", body, links);
}

std::vector<file> files_of(const contents& c) {
  std::vector<file> all = {overview_page(c), memory_model_page(c), all_scenarios_page(c)};
  for (const source_file& source : c.sources) all.push_back(source_page(c, source));
  for (const site_entry& entry : c.sites) {
    all.push_back(site_page(c, entry));
    for (const step_entry& step : entry.steps)
      if (step.example)
        all.push_back(
            {picture_of(step), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + step.svg});
  }
  return all;
}

}  // namespace runnel::cli::book

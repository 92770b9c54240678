// SPDX-License-Identifier: MIT
#include "frame.hpp"

#include "chapters.hpp"
#include "elements.hpp"
#include "references.hpp"
#include "terminal/html.hpp"

#include <algorithm>

namespace runnel::cli::book {
namespace {

constexpr std::string_view style = R"css(
:root { --killed: #d3f0d8; --argued: #fdebc0; --open: #f5b5b5; --here: #e0b000; }
@media (prefers-color-scheme: dark) {
  :root { --killed: #1d4a2a; --argued: #57431a; --open: #6e2a2e; --here: #e0b000; }
}
body { max-width: 92rem; margin-top: 1rem; }
.frame { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 2.5rem; }
main { grid-column: 2; grid-row: 1; }
#contents { grid-column: 1; grid-row: 1; font-size: .85rem; position: sticky; top: 0;
  align-self: start; max-height: 100vh; overflow-y: auto; }
#contents ul { list-style: none; margin: .2rem 0 .6rem; padding-left: .9rem; }
#contents li, #contents p { margin: .15rem 0; }
#contents h2 { font-size: 1rem; margin: .6rem 0; }
[aria-current] { font-weight: bold; color: inherit; text-decoration: none; }
nav.way { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; border-bottom: 1px solid var(--line);
  padding-bottom: .5rem; margin-bottom: 1.5rem; }
nav.way .to-contents { display: none; }
nav.turn { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 2rem;
  border-top: 1px solid var(--line); margin-top: 3rem; padding: .8rem 0; }
nav.turn [rel=next] { margin-left: auto; }
h1 code, td code, p code, li code { background: none; padding: 0; }
h1 code { font-size: inherit; }
td, td code, th { overflow-wrap: anywhere; }
.list td, .list td code, .list th { overflow-wrap: normal; }
.wide img { max-width: 100%; height: auto; }
.steps li { margin: .6rem 0; }
h3 { margin: 1.6rem 0 .5rem; font-size: 1.05rem; }
.reason { font-size: 1.1rem; }
.note, .kinds { color: var(--quiet); font-size: .85rem; font-weight: normal; }
.facts th { min-width: 6rem; font-weight: bold; }
.list { width: 100%; font-size: .9rem; }
.list th { border-bottom: 2px solid var(--line); }
.list td:last-child:not(.number) { min-width: 16rem; }
.story th { white-space: nowrap; }
.scenarios { table-layout: fixed; min-width: 54rem; }
.scenarios th:nth-child(1) { width: 36%; }
.scenarios th:nth-child(6) { width: 26%; }
details div { font-size: .85rem; }
summary { cursor: pointer; }
td.number + td, th.number + th { padding-left: 1.5rem; }
tr:target { background: var(--mark); }
td.number, th.number { text-align: right; white-space: nowrap; }
.verdict { border-radius: .25rem; padding: .05rem .4rem; font-size: .85rem; font-weight: normal;
  white-space: nowrap; color: var(--text); }
.verdict.killed { background: var(--killed); }
.verdict.argued { background: var(--argued); }
.verdict.open { background: var(--open); }
.step { border-left: 3px solid var(--line); padding-left: 1rem; margin: 1.5rem 0; }
.step:target { border-color: var(--here); }
.code { padding: .6rem 0; line-height: 1.4; overflow-x: auto; }
.code .line { display: block; width: max-content; min-width: 100%; padding: 0 .8rem 0 0;
  box-sizing: border-box; white-space: pre; }
.code .of { display: inline-block; width: 3rem; margin-right: 1rem; color: var(--quiet); text-align: right; }
.code .marked, .code .line:target { background: var(--mark); }
.code a { color: inherit; text-decoration-color: var(--quiet); }
@media (max-width: 62rem) {
  .frame { display: block; }
  nav.way .to-contents { display: inline; }
  #contents { position: static; max-height: none; border-top: 1px solid var(--line);
    columns: 11rem; font-size: .95rem; }
  #contents h2 { column-span: all; }
}
@media (max-width: 50rem) {
  .list, .list tbody { display: block; min-width: 0; }
  .list tr { display: flex; flex-wrap: wrap; gap: 0 .9rem; padding: .4rem 0;
    border-bottom: 1px solid var(--line); }
  .list tr:first-child, .list td:empty { display: none; }
  .list td, .list td.number + td { border: 0; padding: 0; text-align: left; white-space: normal;
    overflow-wrap: anywhere; }
  .list td:last-child:not(.number) { flex: 1 0 100%; min-width: 0; }
  .list td::before { color: var(--quiet); font-size: .85rem; }
  .partners td:nth-child(4)::before, .scenarios td:nth-child(5)::before,
  .visited td:nth-child(2)::before { content: "executions: "; }
  .partners td:nth-child(6)::before { content: "without this edge alone: "; }
  .partners summary::before { content: "scenarios: "; }
  .scenarios td:nth-child(4)::before { content: "sites: "; }
  .scenarios td:nth-child(3)::before { content: "judged by: "; }
  .scenarios td:nth-child(6)::before { content: "fails if weaker: "; }
  .sites td:nth-child(4)::before { content: "needs: "; }
  .facts th { min-width: 4.5rem; }
  .code .of { width: 2.2rem; margin-right: .6rem; }
  .step { padding-left: .6rem; }
}
@media print {
  nav, #contents { display: none; }
  .frame { display: block; }
  .step { break-inside: auto; }
  .code .line { white-space: pre-wrap; }
  .list { font-size: 9px; }
}
)css";

/// A link to a page, which says so if it is this one.
std::string item(const page& to, const page& here, const references& links, bool of_code) {
  const std::string name = html::escape(to.name);
  return "<a href=\"" + links.to(to.path) + "\"" +
         (to.path == here.path ? " aria-current=\"page\"" : "") + ">" +
         (of_code ? "<code>" + name + "</code>" : name) + "</a>";
}

const page* page_at(const std::vector<page>& pages, std::string_view path) {
  const auto found = std::ranges::find(pages, path, &page::path);
  return found == pages.end() ? nullptr : &*found;
}

class frame {
 public:
  frame(const contents& c, const std::vector<page>& pages, std::size_t n)
      : c_(c), pages_(pages), n_(n), links_(c, here().path.find('/') == std::string::npos) {}

  [[nodiscard]] std::string body() const {
    return way() + "<div class=\"frame\">\n<main>\n" + here().body + turn() + "</main>\n" +
           all_pages() + "</div>\n";
  }

 private:
  [[nodiscard]] const page& here() const { return pages_[n_]; }

  [[nodiscard]] std::string way() const {
    std::string text = "<nav class=\"way\">\n";
    for (const std::string_view path : {index_page, model_page, scenarios_page})
      text += item(*page_at(pages_, path), here(), links_, false) + "\n";
    return text + "<a class=\"to-contents\" href=\"#contents\">All pages</a>\n</nav>\n";
  }

  [[nodiscard]] std::string turn() const {
    const auto to = [&](const char* rel, std::size_t n, const std::string& shown) {
      return "<a rel=\"" + std::string(rel) + "\" href=\"" + links_.to(pages_[n].path) + "\">" +
             shown + "</a>\n";
    };
    std::string text = "<nav class=\"turn\">\n";
    if (n_ != 0) text += to("prev", n_ - 1, "← " + html::escape(pages_[n_ - 1].name));
    if (n_ + 1 != pages_.size())
      text += to("next", n_ + 1, html::escape(pages_[n_ + 1].name) + " →");
    return text + "</nav>\n";
  }

  /// Pages under a heading; it is open where one reads, on the first page all are.
  [[nodiscard]] std::string group(const std::string& name,
                                  const std::vector<std::string>& paths) const {
    const bool open = n_ == 0 || std::ranges::find(paths, here().path) != paths.end();
    std::string text = "<details" + std::string(open ? " open=\"open\"" : "") + "><summary>" +
                       html::escape(name) + "</summary>\n<ul>\n";
    for (const std::string& path : paths)
      text += "<li>" + item(*page_at(pages_, path), here(), links_, true) + "</li>\n";
    return text + "</ul>\n</details>\n";
  }

  [[nodiscard]] std::string all_pages() const {
    std::string text = "<aside id=\"contents\">\n<h2>All pages</h2>\n";
    const auto single = [&](std::string_view path) {
      text += "<p>" + item(*page_at(pages_, path), here(), links_, false) + "</p>\n";
    };
    single(index_page);
    single(model_page);
    for (const chapter& part : chapters_of(c_)) {
      std::vector<std::string> paths;
      for (const site_entry* e : part.sites) paths.push_back(page_of_site(e->site.name));
      text += group(part.name, paths);
    }
    single(scenarios_page);
    std::vector<std::string> sources;
    for (const source_file& f : c_.sources) sources.push_back(page_of_source(f.name));
    return text + group("Source", sources) + "</aside>\n";
  }

  const contents& c_;
  const std::vector<page>& pages_;
  const std::size_t n_;
  const references links_;
};

}  // namespace

file framed(const contents& c, const std::vector<page>& pages, std::size_t n) {
  const std::string name = n == 0 ? "Overview" : pages[n].name;
  return {pages[n].path,
          html::page(name + " – " + std::string(title), frame(c, pages, n).body(), style)};
}

std::vector<file> files_of(const contents& c) {
  std::vector<page> pages = {overview_page(c), memory_model_page()};
  for (const chapter& part : chapters_of(c))
    for (const site_entry* e : part.sites) pages.push_back(site_page(c, *e));
  pages.push_back(all_scenarios_page(c));
  for (const source_file& f : c.sources) pages.push_back(source_page(c, f));
  std::vector<file> all;
  for (std::size_t n = 0; n < pages.size(); ++n) all.push_back(framed(c, pages, n));
  for (const site_entry& e : c.sites) {
    for (const step_entry& step : e.steps)
      if (step.example)
        all.push_back(
            {picture_of(step), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + step.svg});
  }
  return all;
}

}  // namespace runnel::cli::book

// SPDX-License-Identifier: MIT
#include "elements.hpp"

#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

namespace runnel::cli::book {
namespace {

constexpr std::string_view style = R"css(
nav { border-bottom: 1px solid #ddd; padding-bottom: .5rem; margin-bottom: 1.5rem; }
nav a { margin-right: 1.5rem; }
h1 code, td code, p code { background: none; padding: 0; }
h1 code { font-size: inherit; }
.wide img { max-width: 100%; height: auto; }
h3 { margin: 1.6rem 0 .5rem; font-size: 1.05rem; }
.reason { font-size: 1.1rem; }
.note, .kinds { color: #666; font-size: .85rem; font-weight: normal; }
.facts th { min-width: 8rem; font-weight: bold; }
.list { width: 100%; font-size: .9rem; }
.list th { border-bottom: 2px solid #ccc; }
.scenarios { table-layout: fixed; }
.scenarios th:nth-child(1) { width: 36%; }
.scenarios th:nth-child(6) { width: 26%; }
details div { font-size: .85rem; }
summary { cursor: pointer; }
td.number + td, th.number + th { padding-left: 1.5rem; }
tr:target { background: #fff3bf; }
td.number, th.number { text-align: right; white-space: nowrap; }
.verdict { border-radius: .25rem; padding: .05rem .4rem; font-size: .85rem; font-weight: normal;
  white-space: nowrap; color: #222; }
.verdict.killed { background: #d3f0d8; }
.verdict.argued { background: #fdebc0; }
.verdict.open { background: #f5b5b5; }
.step { border-left: 3px solid #ddd; padding-left: 1rem; margin: 1.5rem 0; }
.step:target { border-color: #e0b000; }
.code { padding: .6rem 0; line-height: 1.4; }
.code .line { display: block; padding: 0 .8rem 0 0; white-space: pre; }
.code .of { display: inline-block; width: 3rem; margin-right: 1rem; color: #999; text-align: right; }
.code .marked, .code .line:target { background: #fff3bf; }
.code a { color: inherit; text-decoration-color: #aaa; }
@media print {
  nav { display: none; }
  .step { break-inside: auto; }
  .code .line { white-space: pre-wrap; }
  .list { font-size: 9px; }
}
)css";

}  // namespace

file framed(std::string path, std::string_view about, const std::string& body,
            const references& links) {
  const auto item = [&](std::string_view to, const char* shown) {
    return "<a href=\"" + links.to(to) + "\">" + shown + "</a>\n";
  };
  const std::string way = "<nav>\n" + item(index_page, "The order book") +
                          item(scenarios_page, "Scenarios") + item(model_page, "Memory model") +
                          "</nav>\n";
  return {std::move(path),
          html::page(std::string(about) + " – " + std::string(title), way + body, style)};
}

std::string orders_of(const order_site& s) {
  std::string all;
  for (const std::string& order : s.orders)
    all += (all.empty() ? "" : ", ") + ("<code>" + html::escape(order) + "</code>");
  return all;
}

std::string verdict_mark(const step_finding& f) {
  const auto mark = [](const char* kind, const std::string& text) {
    return "<span class=\"verdict " + std::string(kind) + "\">" + html::escape(text) + "</span>";
  };
  switch (f.verdict) {
    case necessity::killed: return mark("killed", f.failure);
    case necessity::argued: return mark("argued", "argued");
    case necessity::not_shown:
    case necessity::unknown: break;
  }
  return mark("open", "necessity not shown");
}

std::string picture_of(const step_entry& step) {
  return "pictures/" + html::file_name(step.id) + ".svg";
}

std::string number(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, "\u202f");
  return digits;
}

std::string code_block(const std::vector<std::string>& lines, std::size_t first, std::size_t last,
                       const std::set<std::size_t>& marked, const references& links, bool anchors) {
  std::string text = "<pre class=\"code\">";
  for (std::size_t n = first; n <= last; ++n) {
    const std::string of_line = std::to_string(n);
    text += "<span class=\"line" + std::string(marked.contains(n) ? " marked" : "") + "\"";
    if (anchors) text += " id=\"line-" + of_line + "\"";
    text += "><span class=\"of\">" + of_line + "</span>" + links.text(lines[n - 1]) + " </span>";
  }
  return text + "</pre>\n";
}

}  // namespace runnel::cli::book

// SPDX-License-Identifier: MIT
#include "html.hpp"

#include <algorithm>
#include <cctype>

namespace runnel::cli::html {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --ground: #fff; --text: #1a1a1a; --quiet: #5f5f5f; --line: #ddd;
  --code: #f6f6f4; --link: #0645ad; --bad: #b00020; --good: #1a7f37; --mark: #fff3bf;
  --comment: #4e6a52; --string: #8a4b08; --keyword: #5b3fb5; --number: #0b6e75; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #17181b; --text: #e2e2e2; --quiet: #a3a6ad; --line: #3a3c42; --code: #212327;
    --link: #8ab4ff; --bad: #ff7a85; --good: #5fce7c; --mark: #4a3f12;
    --comment: #8fb596; --string: #e0a96d; --keyword: #b7a1ff; --number: #6fc7ce; }
}
body { font: 16px/1.5 "DejaVu Sans", Helvetica, Arial, sans-serif; color: var(--text);
  background: var(--ground); max-width: 76rem; margin: 2rem auto; padding: 0 1.5rem;
  overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .6rem; border-bottom: 1px solid var(--line); }
p, li { max-width: 60rem; }
code, pre { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .85rem; }
pre { background: var(--code); padding: .6rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
code { background: var(--code); padding: 0 .2em; }
pre code { padding: 0; }
a { color: var(--link); }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0;
  border-bottom: 1px solid var(--line); }
.failure { color: var(--bad); font-weight: bold; }
.quiet { color: var(--quiet); }
.wide { overflow-x: auto; }
.wide svg { max-width: 100%; height: auto; }
span.comment { color: var(--comment); }
span.string { color: var(--string); }
span.keyword { color: var(--keyword); }
span.number { color: var(--number); }
@media (max-width: 50rem) {
  body { margin: 1rem auto; padding: 0 .8rem; }
  .wide svg { max-width: 45rem; }
}
@media print {
  body { font-size: 11px; max-width: none; margin: 0; padding: 0; }
  .wide { overflow: visible; }
  .wide svg { max-width: 100%; max-height: 24cm; }
  h2 { break-after: avoid; }
}
)";

}  // namespace

std::string escape(std::string_view text) {
  std::string s;
  s.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '&': s += "&amp;"; break;
      case '<': s += "&lt;"; break;
      case '>': s += "&gt;"; break;
      case '"': s += "&quot;"; break;
      case '\'': s += "&#39;"; break;
      default:
        if (byte >= 0x20 || c == '\n' || c == '\t') {
          s += c;
        } else {
          s += "\xEF\xBF\xBD";  // the replacement character
        }
    }
  }
  return s;
}

std::string element(std::string_view name, std::string_view text, std::string_view css_class) {
  const std::string tag(name);
  const std::string attribute = css_class.empty() ? "" : " class=\"" + escape(css_class) + "\"";
  return "<" + tag + attribute + ">" + escape(text) + "</" + tag + ">\n";
}

std::string link(std::string_view address, std::string_view text) {
  return "<a href=\"" + escape(address) + "\">" + escape(text) + "</a>";
}

std::string file_name(std::string_view text) {
  std::string s(text);
  std::ranges::replace_if(
      s,
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-';
      },
      '_');
  return s;
}

std::string page(std::string_view title, std::string_view body, std::string_view own_style) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>" +
         escape(title) + "</title>\n<style>" + std::string(style) + std::string(own_style) +
         "</style>\n</head>\n<body>\n" + std::string(body) + "</body>\n</html>\n";
}

}  // namespace runnel::cli::html

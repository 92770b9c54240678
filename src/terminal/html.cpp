// SPDX-License-Identifier: MIT
#include "html.hpp"

#include <algorithm>
#include <cctype>

namespace runnel::cli::html {
namespace {

constexpr std::string_view style = R"(
body { font: 16px/1.5 "DejaVu Sans", Helvetica, Arial, sans-serif; color: #1a1a1a;
  background: #fff; max-width: 76rem; margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .6rem; border-bottom: 1px solid #ddd; }
p, li { max-width: 60rem; }
code, pre { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .85rem; }
pre { background: #f6f6f4; padding: .6rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
code { background: #f6f6f4; padding: 0 .2em; }
pre code { padding: 0; }
a { color: #0645ad; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0;
  border-bottom: 1px solid #e4e4e4; }
.failure { color: #b00020; font-weight: bold; }
.quiet { color: #666; }
.wide { overflow-x: auto; }
.wide svg { max-width: 100%; height: auto; }
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
         "<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>" +
         escape(title) + "</title>\n<style>" + std::string(style) + std::string(own_style) +
         "</style>\n</head>\n<body>\n" + std::string(body) + "</body>\n</html>\n";
}

}  // namespace runnel::cli::html

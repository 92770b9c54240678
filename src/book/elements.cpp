// SPDX-License-Identifier: MIT
#include "elements.hpp"

#include "terminal/highlight.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

#include <cstdlib>

namespace runnel::cli::book {

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

std::string shown_picture(const step_entry& step, const references& links) {
  constexpr double legible = 0.65;
  const std::string picture = links.to(picture_of(step));
  const std::string_view width = "width=\"";
  const std::size_t at = step.svg.find(width) + width.size();
  const double points = std::strtod(step.svg.c_str() + at, nullptr);
  return wide("<a href=\"" + picture + "\"><img src=\"" + picture + "\" style=\"min-width: " +
              std::to_string(static_cast<int>(points * legible)) + "pt\" alt=\"" +
              html::escape("The execution that fails: " + step.example->failure) + "\"/></a>");
}

std::string wide(const std::string& what) { return "<div class=\"wide\">" + what + "</div>\n"; }

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
    text += "><span class=\"of\">" + of_line + "</span>" +
            html::highlighted(lines[n - 1], [&](std::string_view s) { return links.text(s); }) +
            " </span>";
  }
  return text + "</pre>\n";
}

}  // namespace runnel::cli::book

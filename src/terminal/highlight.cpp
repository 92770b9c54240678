// SPDX-License-Identifier: MIT
#include "highlight.hpp"

#include "html.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace runnel::cli::html {
namespace {

constexpr auto keywords = std::to_array<std::string_view>(
    {"alignas",   "alignof",       "auto",         "bool",     "break",
     "case",      "catch",         "char",         "class",    "co_await",
     "co_return", "co_yield",      "concept",      "const",    "const_cast",
     "consteval", "constexpr",     "constinit",    "continue", "decltype",
     "default",   "delete",        "do",           "double",   "dynamic_cast",
     "else",      "enum",          "explicit",     "extern",   "false",
     "final",     "float",         "for",          "friend",   "goto",
     "if",        "inline",        "int",          "long",     "mutable",
     "namespace", "new",           "noexcept",     "nullptr",  "operator",
     "override",  "private",       "protected",    "public",   "reinterpret_cast",
     "requires",  "return",        "short",        "signed",   "sizeof",
     "static",    "static_assert", "static_cast",  "struct",   "switch",
     "template",  "this",          "thread_local", "throw",    "true",
     "try",       "typedef",       "typeid",       "typename", "union",
     "unsigned",  "using",         "virtual",      "void",     "volatile",
     "while"});

bool is_of_a_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

struct stretch {
  std::string_view text;
  std::string_view kind;  ///< a class, or empty
};

std::string_view literal_in(std::string_view s) {
  std::size_t end = 1;
  while (end < s.size() && s[end] != s[0]) end += s[end] == '\\' ? 2 : 1;
  return s.substr(0, end + 1);
}

/// What the line begins with, which is not empty.
stretch first_of(std::string_view s) {
  if (s.starts_with("//")) return {s, "comment"};
  if (s.starts_with("/*"))
    return {s.substr(0, std::min(s.find("*/", 2), s.size() - 2) + 2), "comment"};
  if (s[0] == '"' || s[0] == '\'') return {literal_in(s), "string"};
  const bool is_number = std::isdigit(static_cast<unsigned char>(s[0])) != 0;
  const bool is_directive = s[0] == '#';
  std::size_t end = is_directive ? 1 : 0;
  while (end < s.size() &&
         (is_of_a_word(s[end]) || (is_number && (s[end] == '\'' || s[end] == '.'))))
    ++end;
  const std::string_view word = s.substr(0, std::max(end, std::size_t{1}));
  if (is_number) return {word, "number"};
  if (is_directive || std::ranges::find(keywords, word) != keywords.end()) return {word, "keyword"};
  return {word, {}};
}

}  // namespace

std::string highlighted(std::string_view line,
                        const std::function<std::string(std::string_view)>& shown) {
  std::string html;
  std::size_t plain = 0;  // where text of no kind begins
  for (std::size_t at = 0; at < line.size();) {
    const stretch next = first_of(line.substr(at));
    const std::size_t end = at + next.text.size();
    if (!next.kind.empty()) {
      html += shown(line.substr(plain, at - plain)) + "<span class=\"" + std::string(next.kind) +
              "\">" + shown(next.text) + "</span>";
      plain = end;
    }
    at = end;
  }
  return html + shown(line.substr(plain));
}

std::string highlighted(std::string_view line) { return highlighted(line, escape); }

}  // namespace runnel::cli::html

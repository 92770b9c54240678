// SPDX-License-Identifier: MIT
#include "text.hpp"

#include <algorithm>
#include <array>

namespace runnel::litmus_core {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return begins_name(c) || is_digit(c); }

constexpr std::array<std::string_view, 3> parallel_signs{"{{{", "}}}", "|||"};
/// The longest first.
constexpr std::array<std::string_view, 24> long_signs{
    "<<=", ">>=", "/\\", "\\/", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>",
    "=>",  "+=",  "-=",  "*=",  "&=", "|=", "^=", "++", "--", "->", "::", "<>"};

}  // namespace

void lexer::step() {
  if (text_[next_++] == '\n') {
    ++line_;
    column_ = 1;
  } else {
    ++column_;
  }
}

bool lexer::skip_comment(std::string_view begin, std::string_view end) {
  if (!at(begin)) return false;
  const position opened = here();
  for (std::size_t i = 0; i < begin.size(); ++i) step();
  while (next_ < text_.size() && !at(end)) step();
  if (next_ == text_.size() && end != "\n") {
    open_comment_ = opened;
    return true;
  }
  for (std::size_t i = 0; i < end.size() && next_ < text_.size(); ++i) step();
  return true;
}

void lexer::skip() {
  for (;;) {
    while (next_ < text_.size() && is_space(text_[next_])) step();
    if (skip_comment("//", "\n") || skip_comment("/*", "*/")) continue;
    if (in_code_ || !skip_comment("(*", "*)")) return;
  }
}

word lexer::next() {
  skip();
  word w;
  w.at = here();
  if (next_ == text_.size()) return w;
  const std::size_t begin = next_;
  const char first = text_[next_];
  if (begins_name(first)) {
    w.is = word::kind::name;
    while (next_ < text_.size() && continues_name(text_[next_])) step();
  } else if (is_digit(first)) {
    w.is = word::kind::number;
    while (next_ < text_.size() && continues_name(text_[next_])) step();
  } else if (first == '"') {
    w.is = word::kind::text;
    step();
    while (next_ < text_.size() && text_[next_] != '"') step();
    if (next_ < text_.size()) step();
  } else {
    w.is = static_cast<unsigned char>(first) < 0x80 ? word::kind::sign : word::kind::unknown;
    std::size_t size = 1;
    const auto is_here = [&](std::string_view s) { return at(s); };
    if (in_parallel_ && std::ranges::any_of(parallel_signs, is_here)) {
      size = parallel_signs[0].size();
    } else if (const auto s = std::ranges::find_if(long_signs, is_here); s != long_signs.end()) {
      size = s->size();
    }
    while (size-- > 0) step();
  }
  w.text = text_.substr(begin, next_ - begin);
  return w;
}

std::string_view lexer::rest_of_line() {
  const std::size_t begin = next_;
  while (next_ < text_.size() && text_[next_] != '\n') step();
  return text_.substr(begin, next_ - begin);
}

std::string_view line_of(std::string_view text, unsigned number) {
  while (--number > 0) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

}  // namespace runnel::litmus_core

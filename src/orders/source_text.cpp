// SPDX-License-Identifier: MIT
#include "source_text.hpp"

#include <algorithm>
#include <cctype>

namespace runnel::cli {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class lexer {
 public:
  explicit lexer(std::string_view source) : source_(source) {
    text_.code = source;
    text_.structure = source;
  }

  source_text run() {
    while (at_ < source_.size()) {
      if (source_.substr(at_, 2) == "//") {
        line_comment();
      } else if (source_.substr(at_, 2) == "/*") {
        blank_comment(after(source_.find("*/", at_ + 2), 2));
      } else if (source_[at_] == '"') {
        literal(is_raw() ? end_of_raw_string() : end_of_quoted('"'));
      } else if (source_[at_] == '\'' && !in_number()) {
        literal(end_of_quoted('\''));
      } else {
        ++at_;
      }
    }
    return std::move(text_);
  }

 private:
  std::size_t after(std::size_t found, std::size_t length) const {
    return found == std::string_view::npos ? source_.size() : found + length;
  }

  void blank(std::string& in, std::size_t from, std::size_t to) const {
    for (std::size_t i = from; i < to; ++i)
      if (source_[i] != '\n') in[i] = ' ';
  }

  void blank_comment(std::size_t end) {
    blank(text_.code, at_, end);
    blank(text_.structure, at_, end);
    at_ = end;
  }

  void line_comment() {
    const std::size_t end = after(source_.find('\n', at_), 0);
    const std::size_t line_start = source_.rfind('\n', at_) + 1;
    const auto before = source_.substr(line_start, at_ - line_start);
    if (before.find_first_not_of(" \t") == std::string_view::npos) note_comment(line_start, end);
    blank_comment(end);
  }

  void note_comment(std::size_t line_start, std::size_t end) {
    if (text_.comments.empty() || text_.comments.back().end != line_start)
      text_.comments.push_back({text_.line_of(line_start), line_start, 0, {}});
    comment_block& block = text_.comments.back();
    block.texts.emplace_back(source_.substr(at_ + 2, end - at_ - 2));
    block.end = std::min(end + 1, source_.size());
  }

  /// Blanks what stands between the quotes.
  void literal(std::size_t end) {
    blank(text_.structure, at_ + 1, end > at_ + 1 ? end - 1 : end);
    at_ = end;
  }

  std::size_t end_of_quoted(char quote) const {
    std::size_t i = at_ + 1;
    while (i < source_.size() && source_[i] != quote && source_[i] != '\n')
      i += source_[i] == '\\' ? 2 : 1;
    return std::min(i + 1, source_.size());
  }

  bool is_raw() const { return at_ > 0 && source_[at_ - 1] == 'R'; }

  std::size_t end_of_raw_string() const {
    const std::size_t open = after(source_.find('(', at_), 0);
    const std::string close =
        ")" + std::string(source_.substr(at_ + 1, open - at_ - 1)) + std::string(1, '"');
    return after(source_.find(close, open), close.size());
  }

  /// Whether a single quote here separates the digits of a number.
  bool in_number() const {
    std::size_t start = at_;
    while (start > 0 && (is_word(source_[start - 1]) || source_[start - 1] == '\'')) --start;
    return start < at_ && std::isdigit(static_cast<unsigned char>(source_[start])) != 0;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  source_text text_;
};

}  // namespace

std::size_t source_text::line_of(std::size_t offset) const {
  const auto end = code.begin() + static_cast<std::ptrdiff_t>(std::min(offset, code.size()));
  return static_cast<std::size_t>(std::count(code.begin(), end, '\n')) + 1;
}

source_text lex(std::string_view source) { return lexer(source).run(); }

}  // namespace runnel::cli

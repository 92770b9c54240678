// SPDX-License-Identifier: MIT
//
// The words of a litmus program.
#pragma once

#include "program.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace runnel::litmus_core {

struct word {
  enum class kind : std::uint8_t { end, name, number, sign, text, unknown };
  kind is = kind::end;
  std::string_view text{};
  position at{};
};

class lexer {
 public:
  explicit lexer(std::string_view text) : text_(text) {}

  /// `(*` begins a comment outside of code alone.
  void is_in_code(bool in_code) { in_code_ = in_code; }
  /// `{{{`, `|||` and `}}}` are signs of their own.
  void is_in_parallel(bool in_parallel) { in_parallel_ = in_parallel; }
  word next();
  /// Of the rest of the line, without its end.
  std::string_view rest_of_line();
  [[nodiscard]] position here() const { return {line_, column_}; }
  /// Where a comment that has no end begins.
  [[nodiscard]] const std::optional<position>& open_comment() const { return open_comment_; }

 private:
  void step();
  [[nodiscard]] bool at(std::string_view s) const { return text_.substr(next_).starts_with(s); }
  bool skip_comment(std::string_view begin, std::string_view end);
  void skip();

  std::string_view text_;
  std::size_t next_ = 0;
  unsigned line_ = 1;
  unsigned column_ = 1;
  bool in_code_ = false;
  bool in_parallel_ = false;
  std::optional<position> open_comment_;
};

/// The line of the text with that number.
std::string_view line_of(std::string_view text, unsigned number);

}  // namespace runnel::litmus_core

// SPDX-License-Identifier: MIT
//
// Just enough of the lexical structure of C++ to tell code from comments and strings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli {

/// Lines that consist of a `//` comment, one below the other.
struct comment_block {
  std::size_t line = 0;            ///< of the first one, counted from 1
  std::size_t begin = 0;           ///< offset of the first one
  std::size_t end = 0;             ///< offset of the line below
  std::vector<std::string> texts;  ///< of each line, what comes after the slashes
};

struct source_text {
  std::string code;       ///< comments are blank; as long as the source
  std::string structure;  ///< what stands in strings and characters is blank too
  std::vector<comment_block> comments;

  [[nodiscard]] std::size_t line_of(std::size_t offset) const;
};

source_text lex(std::string_view source);

}  // namespace runnel::cli

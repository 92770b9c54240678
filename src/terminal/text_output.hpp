// SPDX-License-Identifier: MIT
//
// Small things that the commands need to write text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::cli {

/// Filled up with spaces on the right or on the left.
std::string left(std::string_view text, std::size_t width);
std::string right(std::string_view text, std::size_t width);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Breaks at spaces so that no line is longer than `width` (unless a word is), and begins each line
/// but the first with `indent` spaces; the first one begins in the column `start`, where `indent` is if nothing is said.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent);
std::string wrap(std::string_view text, std::size_t width, std::size_t indent, std::size_t start);

/// Columns that there are for text: COLUMNS, or those of the terminal, or 80 where neither is known.
std::size_t terminal_width();
/// Of lines that are good to read, however wide the terminal is.
std::size_t prose_width();
/// Of lines that are data, one for each thing: not limited unless the standard output is a terminal.
std::size_t row_width();
bool is_on_terminal();

/// As a word of a POSIX shell.
std::string shell_word(std::string_view text);

std::vector<std::string> lines_of(std::string_view text);

/// 1234567 is "1,234,567".
std::string in_groups(std::uint64_t n);

/// Of Runnel: "1.2.3".
std::string version_text();

/// Seconds as a person reads them: "0.04 s", "12.3 s", "3 min 20 s".
std::string duration(double seconds);

}  // namespace runnel::cli

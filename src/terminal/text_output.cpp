// SPDX-License-Identifier: MIT
#include "text_output.hpp"

#include <runnel/version.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <system_error>

namespace runnel::cli {
namespace {

/// Code points of UTF-8: near enough to columns for names of checks.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string spaces(std::string_view beside, std::size_t width) {
  const std::size_t used = columns(beside);
  return std::string(used < width ? width - used : 0, ' ');
}

}  // namespace

std::string left(std::string_view text, std::size_t width) {
  return std::string(text) + spaces(text, width);
}

std::string right(std::string_view text, std::size_t width) {
  return spaces(text, width) + std::string(text);
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string all;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) all += separator;
    all += part;
  }
  return all;
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
  return wrap(text, width, indent, indent);
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent, std::size_t start) {
  std::string all;
  std::size_t column = start;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const std::size_t needed = columns(word);
    if (!all.empty() && column + 1 + needed > width) {
      all += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!all.empty()) {
      all += ' ';
      ++column;
    }
    all += word;
    column += needed;
    at = end + 1;
  }
  return all;
}

std::size_t terminal_width() {
  constexpr std::size_t least = 20;
  constexpr std::size_t unknown = 80;
  const char* const said = std::getenv("COLUMNS");
  const std::string_view text = said == nullptr ? "" : said;
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  if (error == std::errc() && end == text.data() + text.size() && columns >= least) return columns;
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    winsize size{};
    if (ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col >= least) return size.ws_col;
  }
  return unknown;
}

std::size_t prose_width() {
  constexpr std::size_t most = 100;
  return std::min(most, terminal_width());
}

std::size_t row_width() {
  return is_on_terminal() ? terminal_width() : std::numeric_limits<std::size_t>::max();
}

bool is_on_terminal() { return isatty(STDOUT_FILENO) != 0; }

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-.,:/+=@%").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string in_groups(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string version_text() {
  return std::to_string(RUNNEL_VERSION_MAJOR) + "." + std::to_string(RUNNEL_VERSION_MINOR) + "." +
         std::to_string(RUNNEL_VERSION_PATCH);
}

std::string duration(double seconds) {
  std::array<char, 64> text{};
  if (seconds < 120) {
    std::snprintf(text.data(), text.size(), seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  } else {
    const auto whole = static_cast<long long>(seconds);
    std::snprintf(text.data(), text.size(), "%lld min %lld s", whole / 60, whole % 60);
  }
  return text.data();
}

}  // namespace runnel::cli

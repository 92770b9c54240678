// SPDX-License-Identifier: MIT
#include "folded.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

namespace runnel::model {

namespace {

constexpr std::size_t longest_period = 8;
constexpr std::size_t fewest_repetitions = 4;
constexpr std::size_t column_of_operation = 40;

struct line {
  std::string_view text;
  std::string shape;  ///< the same with each number of the operation as one sign
};

std::string shape_of(std::string_view text) {
  std::string s(text.substr(0, column_of_operation));
  bool in_number = false;
  for (const char c : text.substr(s.size())) {
    const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (!digit || !in_number) s += digit ? '#' : c;
    in_number = digit;
  }
  return s;
}

std::vector<line> lines_of(std::string_view history) {
  std::vector<line> lines;
  while (!history.empty()) {
    const std::size_t end = std::min(history.find('\n'), history.size() - 1);
    const std::string_view text = history.substr(0, end + 1);
    lines.push_back({text, shape_of(text)});
    history.remove_prefix(text.size());
  }
  return lines;
}

struct repetition {
  std::size_t period = 1;
  std::size_t times = 1;
  [[nodiscard]] std::size_t size() const { return period * times; }
};

repetition repeated_at(const std::vector<line>& lines, std::size_t i) {
  repetition best;
  for (std::size_t period = 1; period <= longest_period; ++period) {
    std::size_t end = i + period;
    while (end < lines.size() && lines[end].shape == lines[end - period].shape) ++end;
    const std::size_t times = (end - i) / period;
    if (end <= lines.size() && times >= fewest_repetitions && period * times > best.size())
      best = {period, times};
  }
  return best;
}

}  // namespace

std::string folded(std::string_view history) {
  const std::vector<line> lines = lines_of(history);
  std::string s;
  for (std::size_t i = 0; i < lines.size();) {
    const repetition r = repeated_at(lines, i);
    const auto copy = [&](std::size_t from) {
      std::string text;
      for (std::size_t n = 0; n < r.period; ++n) text += lines[from + n].text;
      return text;
    };
    const std::string first = copy(i);
    const std::string last = copy(i + r.size() - r.period);
    s += first;
    if (r.times > 1) {
      s += std::string(10, ' ') + "× " + std::to_string(r.times);
      if (r.period > 1) s += ", these " + std::to_string(r.period) + " lines";
      s += first == last ? "\n" : "; the last time:\n" + last;
    }
    i += r.size();
  }
  return s;
}

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
#include "readable.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string_view>

namespace runnel::model {

namespace {

std::string with_one_digit(double n, std::string_view unit) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), n < 9.95 ? "%.1f " : "%.0f ", n);
  return text.data() + std::string(unit);
}

}  // namespace

std::string readable(std::uint64_t n) {
  std::string s = std::to_string(n);
  for (std::size_t i = s.size(); i > 3;) s.insert(i -= 3, 1, ',');
  return s;
}

std::string readable_time(double seconds) {
  constexpr std::uint64_t minute = 60;
  if (seconds < 0.9995) return with_one_digit(1000 * seconds, "ms");
  if (seconds < 59.95) return with_one_digit(seconds, "s");
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  const std::uint64_t minutes = whole / minute;
  if (minutes < minute)
    return std::to_string(minutes) + " min " + std::to_string(whole % minute) + " s";
  return readable(minutes / minute) + " h " + std::to_string(minutes % minute) + " min";
}

std::string readable_size(std::uint64_t bytes) {
  constexpr double kibi = 1024;
  const auto n = static_cast<double>(bytes);
  if (n < kibi) return std::to_string(bytes) + " bytes";
  if (n < kibi * kibi) return with_one_digit(n / kibi, "KiB");
  if (n < kibi * kibi * kibi) return with_one_digit(n / kibi / kibi, "MiB");
  return with_one_digit(n / kibi / kibi / kibi, "GiB");
}

std::string readable_part(double part) {
  constexpr double per_cent = 100;
  return with_one_digit(per_cent * part, "%");
}

}  // namespace runnel::model

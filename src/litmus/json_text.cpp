// SPDX-License-Identifier: MIT
#include "json_text.hpp"

namespace runnel::litmus_core {

std::string json_text::quoted(std::string_view t) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string s = "\"";
  for (const char c : t) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (s += '\\') += c;
    } else if (byte < 0x20) {
      ((s += "\\u00") += digits[byte >> 4U]) += digits[byte & 15U];
    } else {
      s += c;
    }
  }
  return s + '"';
}

}  // namespace runnel::litmus_core

// SPDX-License-Identifier: MIT
//
// The colours of pictures. Each stands in the picture as it is for light ground; a style sheet in the picture has
// the one for dark ground, which browsers choose as the reader prefers.
#pragma once

#include <string>
#include <string_view>

namespace runnel::cli::colour {

struct ink {
  std::string_view light;
  std::string_view dark;
};

inline constexpr ink ground{"white", "#17181b"};
inline constexpr ink reads_from{"#1a7f37", "#4cc46a"};
inline constexpr ink modification{"#b35900", "#e8943a"};
inline constexpr ink synchronizes{"#1f4fd8", "#82a6ff"};
inline constexpr ink wrong{"#c00020", "#ff6b78"};
inline constexpr ink program{"#888888", "#8c8f96"};
inline constexpr ink border{"#777777", "#8c8f97"};
inline constexpr ink folded{"#999999", "#83868d"};
inline constexpr ink folded_text{"#666666", "#abaeb5"};
inline constexpr ink event{"#f4f4f2", "#292b30"};
inline constexpr ink load{"#eaf5ec", "#1a3122"};
inline constexpr ink store{"#fdf3e3", "#3b2e16"};
inline constexpr ink fence{"#e9eefb", "#1f2b4a"};
inline constexpr ink at_fault{"#fde4e4", "#47191f"};

/// A style of an SVG picture: each of these is its other one if the reader prefers the dark.
std::string for_the_dark();

}  // namespace runnel::cli::colour

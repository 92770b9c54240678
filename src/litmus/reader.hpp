// SPDX-License-Identifier: MIT
//
// Reads litmus programs: herd's tests in C, and those of CppMem.
#pragma once

#include "program.hpp"

#include <string>
#include <string_view>

namespace runnel::litmus_core {

/// What the text is in says its first word. `name`: of a program that has none in its text.
reading read(std::string_view text, std::string name);

/// "mp.litmus:3:14: expected ';' ..., found '}'", then the line and where in it.
std::string text_of(const reading_error& e, std::string_view text, const std::string& file);

}  // namespace runnel::litmus_core

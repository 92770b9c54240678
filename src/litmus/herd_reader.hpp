// SPDX-License-Identifier: MIT
#pragma once

#include "program.hpp"

#include <string_view>

namespace runnel::litmus_core {

reading read_herd(std::string_view text);

}  // namespace runnel::litmus_core

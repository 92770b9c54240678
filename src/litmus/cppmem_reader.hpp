// SPDX-License-Identifier: MIT
#pragma once

#include "program.hpp"

#include <string>
#include <string_view>

namespace runnel::litmus_core {

reading read_cppmem(std::string_view text, std::string name);

}  // namespace runnel::litmus_core

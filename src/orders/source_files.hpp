// SPDX-License-Identifier: MIT
#pragma once

#include "orders.hpp"

#include <filesystem>
#include <vector>

namespace runnel::cli {

/// The C++ source below a directory, by name. Throws std::runtime_error if there is none, or it cannot
/// be read.
std::vector<source_file> read_sources(const std::filesystem::path& top);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
//
// The files that are asked for, and the programs in them.
#pragma once

#include "litmus/program.hpp"

#include <string>
#include <vector>

namespace runnel::cli {

/// Of a folder those whose names end with .litmus, in it and in those below, in the order of their names. Throws
/// std::runtime_error if there is no such file, or none in a folder.
std::vector<std::string> litmus_files(const std::vector<std::string>& paths);

struct read_file {
  std::string path;
  litmus_core::reading content;
  std::string error;  ///< with the line; empty if it could be read
};
/// Throws std::runtime_error if the file cannot be read.
read_file read_litmus_file(const std::string& path);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::spec {

struct program_end {
  std::string output;   ///< standard output and error
  bool normal = false;  ///< exit status 0
  std::string how;      ///< the way it ended, for people
};

/// Runs a program in a directory until it ends. It does not outlive this process, and is not ended
/// by a Ctrl-C that is meant for it. Each line is also handed over when it comes.
program_end run_program(const std::vector<std::string>& command, const std::filesystem::path& in,
                        const std::function<void(std::string_view)>& line = {});

}  // namespace runnel::spec

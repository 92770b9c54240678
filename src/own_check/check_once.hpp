// SPDX-License-Identifier: MIT
//
// One search, or one execution of it, and the verdict on it: what a program of `check` does.
#pragma once

#include "result_files.hpp"
#include "search_options.hpp"

#include <runnel/model/explore.hpp>

#include <string>

namespace CLI {
class App;
}

namespace runnel::model {

struct once_options {
  std::string weakened;  ///< the name of a weakening; empty: none
  std::string expected_failure;
  file_options files;
};

/// `--replay` and `--weaken`.
void add_once_options(CLI::App& app, explore_options& how, once_options& once);

/// Explores, prints the verdict to stderr, and writes the files. Throws std::invalid_argument for what is no
/// replay, no weakening, or no file that can be written.
int check_once(const std::string& name, const std::string& called, program& p, explore_options how,
               const once_options& once);

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
#pragma once

namespace CLI {
class App;
}

namespace runnel::cli {

/// Adds `check` to the command line; once it has run, `status` is its exit status.
void add_check_command(CLI::App& app, int& status);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#pragma once

namespace CLI {
class App;
}

namespace runnel::cli {

/// Adds `book` to the command line; once it has run, `status` is its exit status.
void add_book_command(CLI::App& app, int& status);

}  // namespace runnel::cli

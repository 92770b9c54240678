// SPDX-License-Identifier: MIT
#pragma once

namespace CLI {
class App;
}

namespace runnel::cli {

/// Adds `orders` to the command line; once it has run, `status` is its exit status.
void add_orders_command(CLI::App& app, int& status);

}  // namespace runnel::cli

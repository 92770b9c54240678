// SPDX-License-Identifier: MIT
#pragma once

namespace CLI {
class App;
}

namespace runnel::cli {

/// `runnel explain`: a failing execution as text, as a picture and as a page. `status` becomes the exit
/// status.
void add_explain_command(CLI::App& app, int& status);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#pragma once

namespace CLI {
class App;
}

namespace runnel::cli {

/// Lets the program, and commands that are added to it later, write their help as help2man reads it, wrapped to the
/// terminal. What is not to be wrapped in a footer begins with a space; with a tab after its first words a line is set
/// like an option. Of the names of an option the first long
/// one is shown; others are old spellings, or of an argument that has a place of its own.
void use_help_text(CLI::App& app);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#pragma once

namespace runnel::cli {

/// The runnel command; returns its exit status.
int run(int argc, const char* const* argv);

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
//
// Functions that the program calls and that are neither ours nor known to do nothing but with what they are
// given: a call of one while the program is explored is a failure with its name, since nobody could tell
// whether the search has seen all. At all other times they are called as ever.
//
// The program calls functions of libraries through a table of their addresses, one for each. There the refused
// ones get a few instructions of ours.
#pragma once

#include <string>
#include <vector>

namespace runnel::model::native {

/// For the search that comes; `allowed` are called as if they were known.
void refuse_unknown_imports(const std::vector<std::string>& allowed);

}  // namespace runnel::model::native

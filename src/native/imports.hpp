// SPDX-License-Identifier: MIT
//
// Functions that the program calls and that are neither ours nor known to do nothing but with what they are
// given: a call of one while the program is explored is a failure with its name, since nobody could tell
// whether the search has seen all. At all other times they are called as ever.
//
// The program calls functions of libraries through a table of their addresses, one for each. There the refused
// ones get a few instructions of ours. So does the C++ library, all of which is known but for what it calls in its turn.
#pragma once

#include "allowed.hpp"

namespace runnel::model::native {

/// For the search that comes; `allowed` are called as if they were known.
void refuse_unknown_imports(const allowed_functions& allowed);

}  // namespace runnel::model::native

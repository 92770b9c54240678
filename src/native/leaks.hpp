// SPDX-License-Identifier: MIT
//
// Memory that the program has neither freed nor kept: nothing leads to it as the execution ends.
#pragma once

#include "heap_blocks.hpp"
#include "image.hpp"

#include <vector>

namespace runnel::model::native {

/// Fails the execution, all of whose threads have ended, if what lies in `roots` does not lead to one of the
/// blocks that are still there, directly or through other such blocks. Whatever looks like an address in one is taken
/// for it, as LeakSanitizer does: a word, aligned as such.
void require_no_leaks(const heap_blocks& blocks, const std::vector<image::range>& roots);

}  // namespace runnel::model::native

// SPDX-License-Identifier: MIT
//
// Whose memory the global new and delete give out: see global_heap.cpp.
#pragma once

#include <cstddef>

namespace runnel::check {

/// The memory of Relacy's execution if one is running, else malloc's. Null if there is none.
void* relacy_new(std::size_t size);
void relacy_delete(void* p) noexcept;

}  // namespace runnel::check

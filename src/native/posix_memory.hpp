// SPDX-License-Identifier: MIT
//
// The heap of the program under test, for what asks for memory: new and malloc.
#pragma once

#include "posix.hpp"

#include <runnel/model/runtime.hpp>

#include <cstddef>

namespace runnel::model::native {

inline constexpr std::size_t usual_alignment = alignof(std::max_align_t);

/// Null if the heap is full.
void* give(const call& c, std::size_t size, std::size_t alignment,
           heap_form form = heap_form::untold);
void take_back(const call& c, void* p, const heap_claim& claim = {});

}  // namespace runnel::model::native

// The C library's own, which it exports by these names as well.
extern "C" {
void* __libc_malloc(std::size_t);                 // NOLINT
void __libc_free(void*);                          // NOLINT
void* __libc_calloc(std::size_t, std::size_t);    // NOLINT
void* __libc_realloc(void*, std::size_t);         // NOLINT
void* __libc_memalign(std::size_t, std::size_t);  // NOLINT
}

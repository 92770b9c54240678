// SPDX-License-Identifier: MIT
//
// The global new and delete of programs that run model tests. While the explorer runs code of a test
// they give out the memory of its execution, so that dropping the execution leaks nothing; else
// they do as Relacy's own replacements, which are inline functions in its headers.
//
// Both engines fit in one program because those are weak symbols, and these here are not. Inlined
// they remain, in translation units that include Relacy's headers: so tests must not be
// explored from there. malloc is left alone: it is for what outlives an execution. (The C++ runtime
// takes exceptions from it: one that is being handled when its execution is dropped stays.)
#include "global_heap.hpp"

#include <runnel/model/runtime.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace runnel::check {

namespace {

void* checked(void* p) {
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

void* allocate(std::size_t size) {
  return checked(model::running() ? model::heap_allocate(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__)
                                  : relacy_new(size));
}

void* allocate(std::size_t size, std::align_val_t alignment) {
  const auto a = static_cast<std::size_t>(alignment);
  if (model::running()) return checked(model::heap_allocate(size, a));
  // aligned_alloc takes multiples of the alignment only.
  return checked(std::aligned_alloc(a, (std::max<std::size_t>(size, 1) + a - 1) / a * a));
}

void free(void* p) noexcept {
  if (!model::heap_free(p)) relacy_delete(p);
}

void free_aligned(void* p) noexcept {
  if (!model::heap_free(p)) std::free(p);
}

}  // namespace

}  // namespace runnel::check

void* operator new(std::size_t size) { return runnel::check::allocate(size); }
void* operator new[](std::size_t size) { return runnel::check::allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return runnel::check::allocate(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return runnel::check::allocate(size, alignment);
}

void operator delete(void* p) noexcept { runnel::check::free(p); }
void operator delete[](void* p) noexcept { runnel::check::free(p); }
void operator delete(void* p, std::size_t) noexcept { runnel::check::free(p); }
void operator delete[](void* p, std::size_t) noexcept { runnel::check::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { runnel::check::free_aligned(p); }
void operator delete[](void* p, std::align_val_t) noexcept { runnel::check::free_aligned(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
  runnel::check::free_aligned(p);
}
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept {
  runnel::check::free_aligned(p);
}

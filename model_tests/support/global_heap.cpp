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
#include <optional>

namespace runnel::check {

namespace {

using model::heap_form;

void* checked(void* p) {
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

constexpr std::size_t default_alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

void* allocate_global(std::size_t size, heap_form form) {
  return checked(model::running() ? model::heap_allocate(size, default_alignment, form)
                                  : relacy_new(size));
}

void* allocate_global(std::size_t size, std::align_val_t alignment, heap_form form) {
  const auto a = static_cast<std::size_t>(alignment);
  if (model::running()) return checked(model::heap_allocate(size, a, form));
  // aligned_alloc takes multiples of the alignment only.
  return checked(std::aligned_alloc(a, (std::max<std::size_t>(size, 1) + a - 1) / a * a));
}

void free_global(void* p, heap_form form, std::optional<std::size_t> size = {}) noexcept {
  if (!model::heap_free(p, {form, size, default_alignment})) relacy_delete(p);
}

void free_global(void* p, std::align_val_t alignment, heap_form form,
                 std::optional<std::size_t> size = {}) noexcept {
  if (!model::heap_free(p, {form, size, static_cast<std::size_t>(alignment)})) std::free(p);
}

}  // namespace

}  // namespace runnel::check

using runnel::check::allocate_global;
using runnel::check::free_global;
using enum runnel::model::heap_form;

void* operator new(std::size_t size) { return allocate_global(size, object); }
void* operator new[](std::size_t size) { return allocate_global(size, array); }
void* operator new(std::size_t size, std::align_val_t a) {
  return allocate_global(size, a, object);
}
void* operator new[](std::size_t size, std::align_val_t a) {
  return allocate_global(size, a, array);
}

void operator delete(void* p) noexcept { free_global(p, object); }
void operator delete[](void* p) noexcept { free_global(p, array); }
void operator delete(void* p, std::size_t size) noexcept { free_global(p, object, size); }
void operator delete[](void* p, std::size_t size) noexcept { free_global(p, array, size); }
void operator delete(void* p, std::align_val_t a) noexcept { free_global(p, a, object); }
void operator delete[](void* p, std::align_val_t a) noexcept { free_global(p, a, array); }
void operator delete(void* p, std::size_t size, std::align_val_t a) noexcept {
  free_global(p, a, object, size);
}
void operator delete[](void* p, std::size_t size, std::align_val_t a) noexcept {
  free_global(p, a, array, size);
}

// SPDX-License-Identifier: MIT
//
// The global new and delete of a program that explores. While code of the program under test runs,
// they give out the memory of its execution; else malloc's. A program that has its own does not get
// these, for they are one member of an archive. (Therefore the forms that throw nothing are not
// among them: the C++ runtime has those in terms of these, and here they would be a second
// definition of what the program has.)
#include <runnel/model/runtime.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <optional>

namespace runnel::model {

namespace {

void* checked(void* p) {
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

constexpr std::size_t default_alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

void* allocate_global(std::size_t size, heap_form form) {
  return checked(running() ? heap_allocate(size, default_alignment, form)
                           : std::malloc(std::max<std::size_t>(size, 1)));
}

void* allocate_global(std::size_t size, std::align_val_t alignment, heap_form form) {
  const auto a = static_cast<std::size_t>(alignment);
  if (running()) return checked(heap_allocate(size, a, form));
  // aligned_alloc takes multiples of the alignment only.
  return checked(std::aligned_alloc(a, (std::max<std::size_t>(size, 1) + a - 1) / a * a));
}

void free_global(void* p, heap_form form, std::optional<std::size_t> size = {},
                 std::align_val_t alignment = std::align_val_t(default_alignment)) noexcept {
  if (!heap_free(p, {form, size, static_cast<std::size_t>(alignment)})) std::free(p);
}

}  // namespace

}  // namespace runnel::model

using runnel::model::allocate_global;
using runnel::model::free_global;
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
void operator delete(void* p, std::align_val_t a) noexcept { free_global(p, object, {}, a); }
void operator delete[](void* p, std::align_val_t a) noexcept { free_global(p, array, {}, a); }
void operator delete(void* p, std::size_t size, std::align_val_t a) noexcept {
  free_global(p, object, size, a);
}
void operator delete[](void* p, std::size_t size, std::align_val_t a) noexcept {
  free_global(p, array, size, a);
}

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

namespace runnel::model {

namespace {

void* checked(void* p) {
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

void* allocate_global(std::size_t size) {
  return checked(running() ? heap_allocate(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__)
                           : std::malloc(std::max<std::size_t>(size, 1)));
}

void* allocate_global(std::size_t size, std::align_val_t alignment) {
  const auto a = static_cast<std::size_t>(alignment);
  if (running()) return checked(heap_allocate(size, a));
  // aligned_alloc takes multiples of the alignment only.
  return checked(std::aligned_alloc(a, (std::max<std::size_t>(size, 1) + a - 1) / a * a));
}

void free_global(void* p) noexcept {
  if (!heap_free(p)) std::free(p);
}

}  // namespace

}  // namespace runnel::model

void* operator new(std::size_t size) { return runnel::model::allocate_global(size); }
void* operator new[](std::size_t size) { return runnel::model::allocate_global(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return runnel::model::allocate_global(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return runnel::model::allocate_global(size, alignment);
}

void operator delete(void* p) noexcept { runnel::model::free_global(p); }
void operator delete[](void* p) noexcept { runnel::model::free_global(p); }
void operator delete(void* p, std::size_t) noexcept { runnel::model::free_global(p); }
void operator delete[](void* p, std::size_t) noexcept { runnel::model::free_global(p); }
void operator delete(void* p, std::align_val_t) noexcept { runnel::model::free_global(p); }
void operator delete[](void* p, std::align_val_t) noexcept { runnel::model::free_global(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
  runnel::model::free_global(p);
}
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept {
  runnel::model::free_global(p);
}

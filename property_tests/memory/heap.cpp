// SPDX-License-Identifier: MIT
#include "heap.hpp"

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace heap {
namespace {

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (until_failure == 0) {
    if (!goes_on_failing) until_failure = -1;
    throw std::bad_alloc();
  }
  if (until_failure > 0) --until_failure;
  void* p = nullptr;
  if (posix_memalign(&p, alignment < sizeof(void*) ? sizeof(void*) : alignment, bytes) != 0)
    throw std::bad_alloc();
  ++made;
  made_bytes += static_cast<long>(bytes);
  ++live;
  live_bytes += static_cast<long>(malloc_usable_size(p));
  return p;
}

void deallocate(void* p) noexcept {
  if (p == nullptr) return;
  --live;
  live_bytes -= static_cast<long>(malloc_usable_size(p));
  std::free(p);
}

}  // namespace
}  // namespace heap

void* operator new(std::size_t n) { return heap::allocate(n, alignof(std::max_align_t)); }
void* operator new(std::size_t n, std::align_val_t a) {
  return heap::allocate(n, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { heap::deallocate(p); }
void operator delete(void* p, std::size_t) noexcept { heap::deallocate(p); }
void operator delete(void* p, std::align_val_t) noexcept { heap::deallocate(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { heap::deallocate(p); }

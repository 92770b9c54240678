// SPDX-License-Identifier: MIT
//
// The memory that code under test asks for: of the heap of its execution.
#include "posix_memory.hpp"

#include <runnel/model/runtime.hpp>

#include <malloc.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace runnel::model::native {

void* give(const call& c, std::size_t size, std::size_t alignment, heap_form form) {
  call::acts();
  void* const p = heap_allocate(size, alignment, form);
  if (p != nullptr) call::program().blocks.add(address_of(p), size, c.where());
  return p;
}

void take_back(const call& c, void* p, const heap_claim& claim) {
  execution& x = execution::current();
  call::acts();
  call::program().require_own(address_of(p), c.where());
  const std::size_t size = x.size_of(p);
  if (size > 0) call::program().memory.free(address_of(p), size, c.where());
  x.comes_to(c.where());
  (void)heap_free(p, claim);
}

}  // namespace runnel::model::native

using namespace runnel::model;          // NOLINT
using namespace runnel::model::native;  // NOLINT

// NOLINTBEGIN
extern "C" {

void* runnel_do_malloc(std::size_t size) {
  const call c;
  return c.of_program() ? give(c, size, usual_alignment) : __libc_malloc(size);
}
void* runnel_do_calloc(std::size_t n, std::size_t size) {
  const call c;
  if (!c.of_program()) return __libc_calloc(n, size);
  std::size_t all = 0;
  void* const p = __builtin_mul_overflow(n, size, &all) ? nullptr : give(c, all, usual_alignment);
  return p == nullptr ? p : std::memset(p, 0, all);
}
void runnel_do_free(void* p) {
  const call c;
  if (p == nullptr) return;
  if (c.of_program()) {
    take_back(c, p);
  } else {
    __libc_free(p);
  }
}
void* runnel_do_realloc(void* p, std::size_t size) {
  const call c;
  if (!c.of_program()) return __libc_realloc(p, size);
  if (p != nullptr) call::program().require_own(address_of(p), c.where());
  void* const q = give(c, size, usual_alignment);
  if (p == nullptr || q == nullptr) return q;
  std::memcpy(q, p, std::min(size, execution::current().size_of(p)));
  take_back(c, p);
  return q;
}
void* runnel_do_memalign(std::size_t alignment, std::size_t size) {
  const call c;
  return c.of_program() ? give(c, size, alignment) : __libc_memalign(alignment, size);
}
void* runnel_do_aligned_alloc(std::size_t alignment, std::size_t size) {
  const call c;
  return c.of_program() ? give(c, size, alignment) : __libc_memalign(alignment, size);
}
int runnel_do_posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  const call c;
  *out = c.of_program() ? give(c, size, alignment) : __libc_memalign(alignment, size);
  return *out == nullptr ? ENOMEM : 0;
}
std::size_t runnel_do_malloc_usable_size(void* p) {
  const call c;
  if (p != nullptr && c.of_program() && execution::current().owns(p))
    return execution::current().size_of(p);
  return behind<std::size_t(void*)>("malloc_usable_size")(p);
}
}
// NOLINTEND

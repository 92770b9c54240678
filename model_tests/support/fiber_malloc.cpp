// SPDX-License-Identifier: MIT
//
// malloc and its family for programs that run tests on fibers: while code of a test runs they give
// out the memory of its execution, so that dropping the execution leaks nothing; else they are the
// C library's. The C library allows a program to replace them.
//
// It is malloc that is replaced, and not the global operator new, because Relacy's headers replace
// operator new with inline functions: those would be used in some translation units and not in
// others. They end in malloc where no Relacy test is running, so both engines fit in one program.
//
// Where the C library is not glibc, or a sanitizer replaces malloc, dropped executions leak what
// they had allocated other than through the seam.
#include "fiber_run.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RUNNEL_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define RUNNEL_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(RUNNEL_SANITIZED)

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <limits>

using runnel::check::fiber_run;

extern "C" {

void* __libc_malloc(std::size_t size) noexcept;
void* __libc_calloc(std::size_t n, std::size_t size) noexcept;
void* __libc_realloc(void* p, std::size_t size) noexcept;
void* __libc_memalign(std::size_t alignment, std::size_t size) noexcept;
void __libc_free(void* p) noexcept;

void* malloc(std::size_t size) noexcept {
  fiber_run* const run = fiber_run::active();
  if (run == nullptr) return __libc_malloc(size);
  return run->global_allocate(size, alignof(std::max_align_t));
}

void free(void* p) noexcept {
  fiber_run* const run = fiber_run::active();
  if (run == nullptr || !run->owns_global(p)) return __libc_free(p);
  run->global_free(p);
}

void* calloc(std::size_t n, std::size_t size) noexcept {
  fiber_run* const run = fiber_run::active();
  if (run == nullptr) return __libc_calloc(n, size);
  if (size != 0 && n > std::numeric_limits<std::size_t>::max() / size) return nullptr;
  void* const p = run->global_allocate(n * size, alignof(std::max_align_t));
  return p == nullptr ? nullptr : std::memset(p, 0, n * size);
}

void* realloc(void* p, std::size_t size) noexcept {
  fiber_run* const run = fiber_run::active();
  if (run == nullptr || (p != nullptr && !run->owns_global(p))) return __libc_realloc(p, size);
  void* const larger = run->global_allocate(size, alignof(std::max_align_t));
  if (p == nullptr || larger == nullptr) return larger;
  std::memcpy(larger, p, std::min(size, run->size_of(p)));
  run->global_free(p);
  return larger;
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  fiber_run* const run = fiber_run::active();
  if (run == nullptr) return __libc_memalign(alignment, size);
  return run->global_allocate(size, alignment);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return memalign(alignment, size);
}

int posix_memalign(void** p, std::size_t alignment, std::size_t size) noexcept {
  void* const allocated = memalign(alignment, size);
  if (allocated == nullptr) return ENOMEM;
  *p = allocated;
  return 0;
}

}  // extern "C"

#endif

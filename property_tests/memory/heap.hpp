// SPDX-License-Identifier: MIT
//
// The global allocation functions of a test program: they count, and fail when they are told to.
// One file of a program includes this, and makes the calls that it watches itself: others may get the
// functions of a sanitizer's runtime.
#pragma once

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace heap {

/// Allocations by all threads that have not been freed, and the bytes they take.
inline std::atomic<long> live{0};
inline std::atomic<long> live_bytes{0};

/// Allocations by this thread so far, and the bytes that were asked for.
inline constinit thread_local long made = 0;
inline constinit thread_local long made_bytes = 0;

/// How many allocations of this thread succeed until one fails; negative: all do.
inline constinit thread_local long until_failure = -1;
/// Whether those after the one that fails fail too.
inline constinit thread_local bool goes_on_failing = false;

/// While it lives, this thread's allocations fail after the first n.
class failing {
 public:
  explicit failing(long n) {
    until_failure = n;
    goes_on_failing = true;
  }
  ~failing() { until_failure = -1; }
  failing(const failing&) = delete;
  failing& operator=(const failing&) = delete;
};

/// While it lives, one of this thread's allocations fails, the one after the first n.
class failing_once {
 public:
  explicit failing_once(long n) {
    until_failure = n;
    goes_on_failing = false;
  }
  ~failing_once() { until_failure = -1; }
  failing_once(const failing_once&) = delete;
  failing_once& operator=(const failing_once&) = delete;
};

inline void* allocate(std::size_t bytes, std::size_t alignment) {
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

inline void deallocate(void* p) noexcept {
  if (p == nullptr) return;
  --live;
  live_bytes -= static_cast<long>(malloc_usable_size(p));
  std::free(p);
}

}  // namespace heap

void* operator new(std::size_t n) { return heap::allocate(n, alignof(std::max_align_t)); }
void* operator new(std::size_t n, std::align_val_t a) {
  return heap::allocate(n, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { heap::deallocate(p); }
void operator delete(void* p, std::size_t) noexcept { heap::deallocate(p); }
void operator delete(void* p, std::align_val_t) noexcept { heap::deallocate(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { heap::deallocate(p); }

// SPDX-License-Identifier: MIT
#include "fiber_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace runnel::check {

namespace {

// What is read from fresh and from freed memory is wrong, and the same in each run.
constexpr int fresh = 0xA5;
constexpr int freed = 0xDD;

std::byte* map(std::size_t size) {
  void* const p = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  return static_cast<std::byte*>(p);
}

}  // namespace

fiber_memory::fiber_memory() : base_(map(capacity)) {}

fiber_memory::~fiber_memory() { munmap(base_, capacity); }

void* fiber_memory::allocate(std::size_t size, std::size_t alignment, unsigned thread) {
  const std::size_t begin = (used_ + alignment - 1) / alignment * alignment;
  if (begin >= capacity || size >= capacity - begin) return nullptr;
  used_ = begin + std::max<std::size_t>(size, 1);
  blocks_.push_back({base_ + begin, size, alignment, thread, true});
  std::memset(base_ + begin, fresh, size);
  return base_ + begin;
}

void fiber_memory::free(block& b) {
  b.live = false;
  std::memset(b.begin, freed, b.size);
}

void fiber_memory::reset() {
  used_ = 0;
  blocks_.clear();
}

fiber_memory::block* fiber_memory::starting_at(const void* p) {
  const auto at = std::lower_bound(blocks_.begin(), blocks_.end(), p,
                                   [](const block& b, const void* q) { return b.begin < q; });
  return at != blocks_.end() && at->begin == p ? &*at : nullptr;
}

bool fiber_memory::is_freed(const void* p) const {
  return std::any_of(blocks_.begin(), blocks_.end(), [p](const block& b) {
    return !b.live && b.begin <= p && p < b.begin + b.size;
  });
}

}  // namespace runnel::check

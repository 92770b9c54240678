// SPDX-License-Identifier: MIT
#include "memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace runnel::model {

namespace {

// What is read from fresh and from freed memory is wrong, and the same in each run.
constexpr int fresh = 0xA5;
constexpr int freed = 0xDD;

}  // namespace

std::byte* memory::map() {
  void* const p = mmap(nullptr, max_threads * part, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  return static_cast<std::byte*>(p);
}

void memory::unmap(std::byte* base) { munmap(base, max_threads * part); }

memory::memory() : base_(map()) {}

memory::~memory() { unmap(base_); }

void* memory::allocate(std::size_t size, std::size_t alignment, unsigned thread, heap_form form) {
  const std::size_t begin = (used_[thread] + alignment - 1) / alignment * alignment;
  if (begin >= part || size >= part - begin) return nullptr;
  end_ = std::max<std::size_t>(end_, thread + 1);
  used_[thread] = begin + std::max<std::size_t>(size, 1);
  std::byte* const p = base_ + thread * part + begin;
  blocks_[thread].push_back({p, size, alignment, thread, true, form});
  ++live_;
  std::memset(p, fresh, size);
  return p;
}

void memory::free(block& b) {
  b.live = false;
  --live_;
  std::memset(b.begin, freed, b.size);
}

void memory::reset() {
  for (std::size_t t = 0; t < end_; ++t) {
    most_used_[t] = std::max(most_used_[t], used_[t]);
    used_[t] = 0;
    blocks_[t].clear();
  }
  end_ = 0;
  live_ = 0;
}

std::size_t memory::most_used() const {
  std::size_t bytes = 0;
  for (std::size_t t = 0; t < max_threads; ++t)
    bytes += std::max(most_used_[t], used_[t]) + blocks_[t].capacity() * sizeof(block);
  return bytes;
}

memory::block* memory::starting_at(const void* p) {
  if (!contains(p)) return nullptr;
  std::vector<block>& blocks = blocks_[part_of(p)];
  const auto at = std::lower_bound(blocks.begin(), blocks.end(), p,
                                   [](const block& b, const void* q) { return b.begin < q; });
  return at != blocks.end() && at->begin == p ? &*at : nullptr;
}

const memory::block* memory::around(const void* p) const {
  if (!contains(p)) return nullptr;
  const std::vector<block>& blocks = blocks_[part_of(p)];
  const auto at = std::find_if(blocks.begin(), blocks.end(), [p](const block& b) {
    return b.begin <= p && p < b.begin + b.size;
  });
  return at != blocks.end() ? &*at : nullptr;
}

bool memory::is_freed(const void* p) const {
  const block* const b = around(p);
  return b != nullptr && !b->live;
}

const memory::block* memory::first_live() const {
  for (const std::vector<block>& blocks : blocks_) {
    const auto first =
        std::find_if(blocks.begin(), blocks.end(), [](const block& b) { return b.live; });
    if (first != blocks.end()) return &*first;
  }
  return nullptr;
}

}  // namespace runnel::model

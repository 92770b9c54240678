// SPDX-License-Identifier: MIT
//
// The memory of one execution: given out in order, never twice, and all taken back at the end of
// the execution. So addresses repeat from execution to execution, and what was freed is recognised.
#pragma once

#include <cstddef>
#include <vector>

namespace runnel::check {

class fiber_memory {
 public:
  struct block {
    std::byte* begin;
    std::size_t size;
    std::size_t alignment;
    unsigned thread;
    bool live;
  };

  fiber_memory();
  ~fiber_memory();
  fiber_memory(const fiber_memory&) = delete;
  fiber_memory& operator=(const fiber_memory&) = delete;

  /// Null if there is no more.
  void* allocate(std::size_t size, std::size_t alignment, unsigned thread);
  void free(block& b);
  void reset();

  [[nodiscard]] bool contains(const void* p) const { return base_ <= p && p < base_ + capacity; }
  /// The block that begins at p; null if there is none.
  [[nodiscard]] block* starting_at(const void* p);
  /// Whether p lies in a block that has been freed.
  [[nodiscard]] bool is_freed(const void* p) const;
  [[nodiscard]] std::size_t offset(const void* p) const {
    return static_cast<std::size_t>(static_cast<const std::byte*>(p) - base_);
  }
  [[nodiscard]] const std::vector<block>& blocks() const { return blocks_; }

 private:
  /// Address space; the system gives it pages as they are touched.
  static constexpr std::size_t capacity = std::size_t{64} * 1024 * 1024;

  std::byte* const base_;
  std::size_t used_ = 0;
  std::vector<block> blocks_;
};

}  // namespace runnel::check

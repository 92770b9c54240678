// SPDX-License-Identifier: MIT
//
// The memory of one execution. Each thread has a part of its own, from which it is given out in
// order, never twice: so addresses do not depend on what other threads do, and what was freed is
// recognised. All is taken back at the end of the execution.
#pragma once

#include "clock.hpp"

#include <runnel/model/runtime.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace runnel::model {

class memory {
 public:
  struct block {
    std::byte* begin;
    std::size_t size;
    std::size_t alignment;
    unsigned thread;
    bool live;
    heap_form form;
  };

  memory();
  ~memory();
  memory(const memory&) = delete;
  memory& operator=(const memory&) = delete;

  /// Address space for a memory: the system gives it pages as they are touched.
  static std::byte* map();
  static void unmap(std::byte* base);

  /// Null if there is no more.
  void* allocate(std::size_t size, std::size_t alignment, unsigned thread,
                 heap_form form = heap_form::untold);
  void free(block& b);
  void reset();

  [[nodiscard]] bool contains(const void* p) const {
    return base_ <= p && p < base_ + max_threads * part;
  }
  /// The block that begins at p; null if there is none.
  [[nodiscard]] block* starting_at(const void* p);
  /// The block in which p lies; null if there is none.
  [[nodiscard]] const block* around(const void* p) const;
  /// Whether p lies in a block that has been freed.
  [[nodiscard]] bool is_freed(const void* p) const;
  [[nodiscard]] std::size_t offset(const void* p) const {
    return static_cast<std::size_t>(static_cast<const std::byte*>(p) - base_);
  }
  /// What a thread has allocated so far, freed or not, in one piece.
  [[nodiscard]] std::span<std::byte> used_part(unsigned thread) const {
    return {base_ + thread * part, used_[thread]};
  }
  [[nodiscard]] std::size_t live_blocks() const { return live_; }
  /// What it has given out in an execution at most, and what it knows of that, in bytes.
  [[nodiscard]] std::size_t most_used() const;
  /// The first live block; null if there is none.
  [[nodiscard]] const block* first_live() const;

 private:
  static constexpr std::size_t part = std::size_t{16} * 1024 * 1024;

  [[nodiscard]] unsigned part_of(const void* p) const {
    return static_cast<unsigned>(offset(p) / part);
  }

  std::byte* const base_;
  std::array<std::size_t, max_threads> used_{};
  std::array<std::size_t, max_threads> most_used_{};
  std::array<std::vector<block>, max_threads> blocks_;
  std::size_t live_ = 0;
  std::size_t end_ = 0;  ///< threads from here on have none
};

}  // namespace runnel::model

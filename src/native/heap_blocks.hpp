// SPDX-License-Identifier: MIT
//
// What the program has allocated in this execution, and where.
#pragma once

#include <runnel/model/runtime.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::model::native {

class heap_blocks {
 public:
  struct block {
    std::uintptr_t begin;
    std::size_t size;
    place where;
  };
  void reset() { all_.clear(); }
  /// Also what was freed.
  [[nodiscard]] const std::vector<block>& all() const { return all_; }
  void add(std::uintptr_t begin, std::size_t size, place where) {
    all_.push_back({begin, size, where});
  }
  /// The one around the address, or null. Nothing is given out twice.
  [[nodiscard]] const block* around(std::uintptr_t address) const {
    const auto has_it = [address](const block& b) { return address - b.begin < b.size; };
    const auto b = std::ranges::find_if(all_, has_it);
    return b == all_.end() ? nullptr : &*b;
  }

 private:
  std::vector<block> all_;
};

}  // namespace runnel::model::native

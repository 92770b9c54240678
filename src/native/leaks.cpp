// SPDX-License-Identifier: MIT
#include "leaks.hpp"

#include "model/execution.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace runnel::model::native {

namespace {

/// Which blocks can be reached.
class reachability {
 public:
  explicit reachability(const std::vector<heap_blocks::block>& all) {
    execution& x = execution::current();
    for (const heap_blocks::block& b : all)
      if (x.is_live(reinterpret_cast<const void*>(b.begin))) nodes_.push_back({&b, false});
    std::ranges::sort(nodes_, {}, [](const node& n) { return n.block->begin; });
  }
  void reach_from(image::range words) {
    reach_from_words(words);
    while (!to_follow_.empty()) {
      const heap_blocks::block& b = *to_follow_.back();
      to_follow_.pop_back();
      reach_from_words({b.begin, b.begin + b.size});
    }
  }

  [[nodiscard]] bool has_reached(const heap_blocks::block& b) const {
    return std::ranges::find(nodes_, &b, &node::block)->reached;
  }
  [[nodiscard]] std::vector<const heap_blocks::block*> not_reached() const {
    std::vector<const heap_blocks::block*> all;
    for (const node& n : nodes_)
      if (!n.reached) all.push_back(n.block);
    return all;
  }

 private:
  struct node {
    const heap_blocks::block* block;
    bool reached;
  };

  void reach_from_words(image::range r) {
    constexpr std::uintptr_t size = sizeof(std::uintptr_t);
    for (std::uintptr_t at = (r.begin + size - 1) / size * size; at + size <= r.end; at += size) {
      std::uintptr_t word = 0;
      std::memcpy(&word, reinterpret_cast<const void*>(at), size);
      reach(word);
    }
  }

  void reach(std::uintptr_t address) {
    const auto behind =
        std::ranges::upper_bound(nodes_, address, {}, [](const node& n) { return n.block->begin; });
    if (behind == nodes_.begin()) return;
    node& n = *(behind - 1);
    // An empty block has an address as well.
    if (n.reached || address - n.block->begin >= std::max<std::size_t>(n.block->size, 1)) return;
    n.reached = true;
    to_follow_.push_back(n.block);
  }

  std::vector<node> nodes_;  // in the order of their addresses
  std::vector<const heap_blocks::block*> to_follow_;
};

/// One to which no other leads: with it the others were lost.
const heap_blocks::block& first_lost(const std::vector<heap_blocks::block>& all,
                                     const std::vector<const heap_blocks::block*>& lost) {
  for (const heap_blocks::block* const candidate : lost) {
    reachability others(all);
    for (const heap_blocks::block* const b : lost)
      if (b != candidate) others.reach_from({b->begin, b->begin + b->size});
    if (!others.has_reached(*candidate)) return *candidate;
  }
  return *lost.front();  // they lead to each other
}

}  // namespace

void require_no_leaks(const heap_blocks& blocks, const std::vector<image::range>& roots) {
  reachability reached(blocks.all());
  for (const image::range& r : roots) reached.reach_from(r);
  const auto lost = reached.not_reached();
  if (lost.empty()) return;
  const heap_blocks::block& first = first_lost(blocks.all(), lost);
  std::size_t bytes = 0;
  for (const heap_blocks::block* const b : lost) bytes += b->size;
  const std::string others = lost.size() == 1
                                 ? ""
                                 : "; with the " + std::to_string(lost.size() - 1) +
                                       " others that are, " + std::to_string(bytes) + " bytes";
  execution::current().fail("leak", std::to_string(first.size) + " bytes that were allocated at " +
                                        text_of(first.where) +
                                        " were not freed, and nothing leads to them" + others);
}

}  // namespace runnel::model::native

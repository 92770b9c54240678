// SPDX-License-Identifier: MIT
//
// The single total order S of seq_cst operations as C++20 words it ([atomics.order], paragraphs 3 and 4;
// [intro.races] on what strongly happens before). A read-modify-write is one operation. S has
//
//   A before B        if A strongly happens before B: A sb B, or A sb X, X happens before Y, Y sb B
//   [A] cob [B]       if A and B access one object, and A is coherence-ordered before B: (rf ∪ mo ∪ fr)⁺; where [A] is
//                     A itself or a fence that happens before it, and [B] is B itself or a fence it happens before
//
// and exists if these have no cycle. That one seq_cst operation synchronizes with another, the third way to happen
// strongly before, follows from the second line. What is different from RC11 (psc.hpp), with a litmus program:
//
//   - accesses of one location count as what is sequenced between (WWmerge1)
//   - a read that takes its value from a write which is not seq_cst is after the reads of older values (SB+rfis). This is
//     an error of the wording, LWG issue 3941: compilers and processors do otherwise, x86 among them
//
// Both forbid more; what RC11 forbids, this does too (seen on all litmus programs and on random ones, not proved).
// Each two seq_cst operations are compared.
#pragma once

#include "graph.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::model {

class cxx20_order {
 public:
  /// Whether S exists. Memory is kept for the next call.
  bool exists(const graph& g);

  /// How many pairs of operations it has looked at.
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  /// What it holds, in bytes.
  [[nodiscard]] std::size_t memory() const {
    return memory_of(operations_) + memory_of(extents_) + memory_of(state_);
  }

 private:
  /// Of an access in mo: what it writes, or what it reads.
  struct place {
    std::size_t position = 0;
    bool writes = false;
  };
  struct operation {
    event_id first;  // of a read-modify-write its read
    event_id last;   // and its write
    bool fence = false;
    std::uint32_t location = 0;
    place at;
    std::size_t extents = 0;  // of a fence: where its own begin, one for each location
  };
  /// Of a fence and a location.
  struct extent {
    // What is after the accesses that happen after the fence: writes from here on in mo, and reads of these on.
    std::size_t write_after;
    std::size_t read_after;
    // The last place that is written, and the last that is read, by what happens before the fence.
    std::size_t written_before;
    std::size_t read_before;
  };

  void collect(const graph& g);
  void measure(const graph& g, operation& fence);
  [[nodiscard]] bool edge(const graph& g, const operation& a, const operation& b);
  [[nodiscard]] bool coherence_ordered(const operation& a, const operation& b) const;
  bool search(const graph& g, std::size_t n);

  std::vector<operation> operations_;
  std::vector<extent> extents_;
  std::size_t locations_ = 0;
  std::vector<std::uint8_t> state_;  // of the search: 0 new, 1 on the path, 2 done
  std::uint64_t steps_ = 0;
};

}  // namespace runnel::model

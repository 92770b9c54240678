// SPDX-License-Identifier: MIT
//
// The relations of an execution in its picture, as the axioms of RC11 have them, written for clarity:
// pictures are small. What the axioms are is in src/model/psc.hpp.
#pragma once

#include <runnel/model/picture.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::cli {

/// A relation between the events of a picture.
class relation {
 public:
  explicit relation(std::size_t n) : n_(n), words_((n + 63) / 64), bits_(n * words_) {}

  [[nodiscard]] bool operator()(std::size_t a, std::size_t b) const {
    return (bits_[a * words_ + b / 64] >> (b % 64) & 1U) != 0;
  }
  void add(std::size_t a, std::size_t b) {
    bits_[a * words_ + b / 64] |= std::uint64_t{1} << (b % 64);
  }
  void add(const relation& other) {
    for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] |= other.bits_[i];
  }
  void close();
  [[nodiscard]] std::size_t size() const { return n_; }

 private:
  void join_row(std::size_t to, const std::uint64_t* row);
  friend relation composed(const relation& a, const relation& b);

  std::size_t n_;
  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

/// a ; b
relation composed(const relation& a, const relation& b);

/// sb: the order of each thread; what comes before the threads, and after them.
relation program_order(const model::picture& p);
/// (sb ∪ sw)⁺
relation happens_before(const model::picture& p);

/// Those edges of sw that do not follow from another one, which goes from the same thread, not before,
/// to the same thread, not after.
std::vector<model::picture_edge> essential(const model::picture& p,
                                           const std::vector<model::picture_edge>& sw);

/// The edges of sw on a shortest way from one event to the other; empty if it does not happen before.
std::vector<model::picture_edge> way(const model::picture& p, std::size_t from, std::size_t to);

/// Two accesses of one location that contradict each other: the first happens before the second, and
/// the second reads from, or stands in the modification order, before what the first has seen. Empty
/// if coherence holds.
std::vector<std::size_t> incoherent(const model::picture& p);

/// Events that would have to precede each other in a circle in the single total order of seq_cst
/// events: a shortest cycle in psc. Empty if there is none.
std::vector<std::size_t> cycle_of_seq_cst(const model::picture& p);

}  // namespace runnel::cli

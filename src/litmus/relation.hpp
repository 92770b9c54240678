// SPDX-License-Identifier: MIT
//
// Relations between up to 64 events, and the operators in which memory models are written.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace runnel::litmus_core {

/// A set of events.
using event_set = std::uint64_t;
inline event_set single(std::size_t e) { return event_set{1} << e; }

class relation {
 public:
  static constexpr std::size_t most_events = 64;

  explicit relation(std::size_t events) : size_(events) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool has(std::size_t a, std::size_t b) const { return (rows_[a] >> b & 1U) != 0; }
  void add(std::size_t a, std::size_t b) { rows_[a] |= single(b); }

  friend relation operator|(relation a, const relation& b) {
    for (std::size_t e = 0; e < a.size_; ++e) a.rows_[e] |= b.rows_[e];
    return a;
  }
  friend relation operator&(relation a, const relation& b) {
    for (std::size_t e = 0; e < a.size_; ++e) a.rows_[e] &= b.rows_[e];
    return a;
  }
  friend relation operator-(relation a, const relation& b) {
    for (std::size_t e = 0; e < a.size_; ++e) a.rows_[e] &= ~b.rows_[e];
    return a;
  }
  /// Composition: first a, then b.
  friend relation operator*(const relation& a, const relation& b) {
    relation c(a.size_);
    for (std::size_t e = 0; e < a.size_; ++e) {
      for (event_set middle = a.rows_[e]; middle != 0; middle &= middle - 1)
        c.rows_[e] |= b.rows_[static_cast<std::size_t>(std::countr_zero(middle))];
    }
    return c;
  }

  [[nodiscard]] relation inverse() const {
    relation c(size_);
    for (std::size_t a = 0; a < size_; ++a) {
      for (std::size_t b = 0; b < size_; ++b) {
        if (has(a, b)) c.add(b, a);
      }
    }
    return c;
  }
  /// [S]: each event of the set, with itself.
  static relation identity(std::size_t events, event_set s) {
    relation c(events);
    for (std::size_t e = 0; e < events; ++e) c.rows_[e] = s & single(e);
    return c;
  }
  /// r?
  [[nodiscard]] relation optional() const { return *this | identity(size_, ~event_set{0}); }
  /// r⁺
  [[nodiscard]] relation closure() const {
    relation c = *this;
    for (std::size_t middle = 0; middle < size_; ++middle) {
      for (std::size_t e = 0; e < size_; ++e) {
        if (c.has(e, middle)) c.rows_[e] |= c.rows_[middle];
      }
    }
    return c;
  }

  [[nodiscard]] bool empty() const {
    for (std::size_t e = 0; e < size_; ++e) {
      if (rows_[e] != 0) return false;
    }
    return true;
  }
  [[nodiscard]] bool irreflexive() const {
    for (std::size_t e = 0; e < size_; ++e) {
      if (has(e, e)) return false;
    }
    return true;
  }
  [[nodiscard]] bool acyclic() const { return closure().irreflexive(); }

 private:
  std::size_t size_;
  std::array<event_set, most_events> rows_{};
};

}  // namespace runnel::litmus_core

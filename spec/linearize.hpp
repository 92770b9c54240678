// SPDX-License-Identifier: MIT
//
// The linearizability checker: is there one sequential order of the executable specification that
// extends happens-before and explains every response? (J. Wing and C. Gong, "Testing and Verifying
// Concurrent Objects", 1993, with the memoisation of G. Lowe, "Testing for Linearizability", 2017;
// set-linearizable for the rendezvous.)
//
// All calls of a history are complete. It uses no memory but the stack, so that it can run inside an
// execution of a model.
#pragma once

#include "channel_spec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace runnel::spec {

/// Calls with a strict partial order between them.
struct history {
  static constexpr std::size_t most = 32;

  std::array<call, most> calls{};
  std::array<std::uint32_t, most> before{};  ///< bit j of before[i]: call j happens-before call i
  std::size_t size = 0;
};

class linearizer {
 public:
  explicit linearizer(const history& h) : history_(h) {}

  /// Whether some order explains the history from the given state.
  bool explain(const state& s) { return extend(s, 0); }

 private:
  /// Whether the calls that are not in `done` can be appended to those that are.
  bool extend(const state& s, std::uint32_t done) {
    if (done == all()) return true;
    if (failed_before(s, done)) return false;
    for (std::size_t i = 0; i < history_.size; ++i) {
      if (!minimal(i, done)) continue;
      if (state next = s; step(next, history_.calls[i]) && extend(next, done | bit(i))) return true;
      for (std::size_t j = 0; j < history_.size; ++j) {
        if (minimal(j, done) && joint(s, history_.calls[i], history_.calls[j]) &&
            extend(s, done | bit(i) | bit(j)))
          return true;
      }
    }
    remember(s, done);
    return false;
  }

  static constexpr std::uint32_t bit(std::size_t i) { return std::uint32_t{1} << i; }
  [[nodiscard]] std::uint32_t all() const {
    return history_.size == 32 ? ~std::uint32_t{0} : bit(history_.size) - 1;
  }
  [[nodiscard]] bool minimal(std::size_t i, std::uint32_t done) const {
    return (done & bit(i)) == 0 && (history_.before[i] & ~done) == 0;
  }

  // The handle counts follow from `done`, so this and the buffer identify a configuration.
  struct configuration {
    std::uint32_t done = 0;
    std::uint32_t buffer = 0;
    friend bool operator==(const configuration&, const configuration&) = default;
  };
  static configuration key(const state& s, std::uint32_t done) {
    std::uint32_t packed = 0;
    for (std::size_t i = 0; i < s.size; ++i) packed |= std::uint32_t{s.buffer[i]} << (4 * i);
    return {done, packed};
  }
  static std::size_t place(const configuration& k) {
    return (k.done * 0x9E3779B1U ^ k.buffer * 0x85EBCA6BU) % slots;
  }
  /// A direct-mapped memory: forgetting costs time only.
  bool failed_before(const state& s, std::uint32_t done) const {
    const configuration k = key(s, done);
    return done != 0 && failed_[place(k)] == k;
  }
  void remember(const state& s, std::uint32_t done) {
    const configuration k = key(s, done);
    failed_[place(k)] = k;
  }

  static constexpr std::size_t slots = 512;
  const history& history_;
  std::array<configuration, slots> failed_{};
};

}  // namespace runnel::spec

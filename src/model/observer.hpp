// SPDX-License-Identifier: MIT
//
// Which places of a program synchronize, counted over the graphs of its complete executions.
#pragma once

#include "graph.hpp"

#include <runnel/model/explore.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace runnel::model {

class observer {
 public:
  /// Two places by what the code passes for them; other pointers may stand for the same names.
  struct entry {
    place release;
    place acquire;
    std::uint64_t executions;
    std::uint64_t continued;
  };

  observer() : table_(least_size) {}

  /// To be called once for each execution, with its graph.
  void observe(const graph& g);
  [[nodiscard]] std::vector<entry> entries() const;

  /// What it holds, in bytes.
  [[nodiscard]] std::size_t memory() const { return memory_of(table_); }

 private:
  static constexpr std::size_t least_size = 256;

  struct counted {
    entry pair{};
    std::uint64_t seen_in = 0;  ///< the last execution in which it was, counted from 1; 0: no pair
    std::uint64_t continued_in = 0;
  };

  void observe_acquire(const graph& g, event_id side, const event& read);
  void count(const place& release, const place& acquire, bool continued);
  counted& find(const place& release, const place& acquire);
  void grow();

  std::vector<counted> table_;  ///< hashed, its size is a power of two
  std::size_t used_ = 0;
  std::uint64_t executions_ = 0;
};

/// By name; what stands for the same names is added up.
std::vector<synchronization> named(const std::vector<observer::entry>& entries);

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// Threads that do one job after another, together.
#pragma once

#include "control.hpp"

#include <barrier>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace runnel::stress {

class team {
 public:
  using job = std::function<void(unsigned)>;

  /// Of the first `size` threads of the control; on one core if that is asked for, which `choice`
  /// then chooses among those that the program may use.
  team(control& c, unsigned size, bool on_one_core, std::uint64_t choice);
  ~team();
  team(const team&) = delete;
  team& operator=(const team&) = delete;

  /// Calls j(i) in each thread i. Returns when all have done it.
  void run(job j);
  [[nodiscard]] unsigned size() const noexcept { return static_cast<unsigned>(threads_.size()); }

 private:
  void work(thread_state& own, unsigned index, int core);

  std::barrier<> start_;
  std::barrier<> finish_;
  job job_;
  std::vector<std::jthread> threads_;
};

}  // namespace runnel::stress

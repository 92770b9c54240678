// SPDX-License-Identifier: MIT
//
// Threads that start together, and the time from their start to the last receive.
#pragma once

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

using clock = std::chrono::steady_clock;

inline std::uint64_t nanoseconds(clock::duration d) {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(d).count());
}

class crew {
 public:
  explicit crew(std::size_t threads) : start_(static_cast<std::ptrdiff_t>(threads)) {}

  template <class Job>
  void sends(Job job) {
    launch(std::move(job), false);
  }

  template <class Job>
  void receives(Job job) {
    launch(std::move(job), true);
  }

  /// Waits for all. The clock starts with the first thread that passes the barrier.
  clock::duration finish() {
    threads_.clear();
    return ended_ - began_;
  }

 private:
  template <class Job>
  void launch(Job job, bool receives) {
    threads_.emplace_back([this, receives, job = std::move(job)]() mutable {
      start_.arrive_and_wait();
      const auto began = clock::now();
      job();
      const auto ended = clock::now();
      const std::lock_guard lock(mutex_);
      began_ = std::min(began_, began);
      if (receives) ended_ = std::max(ended_, ended);
    });
  }

  std::barrier<> start_;
  std::mutex mutex_;
  clock::time_point began_ = clock::time_point::max();
  clock::time_point ended_ = clock::time_point::min();
  std::vector<std::jthread> threads_;
};

}  // namespace bench

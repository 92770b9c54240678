// SPDX-License-Identifier: MIT
//
// What the threads of a turn share with the one that watches them.
#pragma once

#include "ledger.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace runnel::stress {

/// Written by its thread alone, and apart from those of the others.
struct alignas(128) thread_state {
  std::atomic<const char*> call{"idle"};  ///< what it does, for people
  std::atomic<std::uint64_t> progress{0};
  ledger book;

  void calls(const char* name) noexcept { call.store(name, std::memory_order::relaxed); }
  /// A message was sent or received, or a handle dropped. A try that fails is none.
  void progresses() noexcept {
    progress.store(progress.load(std::memory_order::relaxed) + 1, std::memory_order::relaxed);
  }
};

class control {
 public:
  explicit control(unsigned most_threads) : threads(most_threads) {}

  /// Lets the threads end soon.
  void stop() noexcept { stopped_.store(true, std::memory_order::relaxed); }
  [[nodiscard]] bool is_stopped() const noexcept {
    return stopped_.load(std::memory_order::relaxed);
  }

  /// Only the first failure is kept: others may follow from it.
  void fail(const std::string& what) {
    const std::lock_guard held(mutex_);
    if (failure_.empty()) failure_ = what;
    stop();
  }
  [[nodiscard]] std::string failure() const {
    const std::lock_guard held(mutex_);
    return failure_;
  }

  [[nodiscard]] std::uint64_t progress() const noexcept {
    std::uint64_t sum = 0;
    for (const thread_state& t : threads) sum += t.progress.load(std::memory_order::relaxed);
    return sum;
  }
  /// What each thread of the turn does, in lines.
  [[nodiscard]] std::string describe_threads() const {
    std::string text;
    for (unsigned i = 0; i < active.load(); ++i)
      text += "\n  thread " + std::to_string(i) + ": " + threads[i].call.load() + ", after " +
              std::to_string(threads[i].progress.load()) + " operations";
    return text;
  }

  std::vector<thread_state> threads;
  std::atomic<unsigned> active{0};  ///< how many of them the turn has

 private:
  std::atomic<bool> stopped_{false};
  mutable std::mutex mutex_;
  std::string failure_;
};

}  // namespace runnel::stress

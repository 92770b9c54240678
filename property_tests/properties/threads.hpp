// SPDX-License-Identifier: MIT
//
// What properties on real threads share: messages with memory of their own, random delays, and a
// watch that makes a hang a failure.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace properties {

/// How many parcels there are.
inline std::atomic<long> parcels{0};
struct throw_away {
  void operator()(const std::uint32_t* p) const {
    parcels.fetch_sub(1, std::memory_order::relaxed);
    delete p;
  }
};
/// A message of which each has its own memory: a loss is a leak, a duplicate is freed twice, and
/// what its sender wrote is read by its receiver.
using parcel = std::unique_ptr<const std::uint32_t, throw_away>;
inline parcel make_parcel(std::uint32_t value) {
  parcels.fetch_add(1, std::memory_order::relaxed);
  return parcel(new std::uint32_t(value));
}
inline parcel another(const parcel& p) { return make_parcel(*p); }

/// Delays between the calls of a thread, by a seed: mostly none or short ones; now and then one that is
/// long enough for the others to stop polling and sleep.
class random_delays {
 public:
  explicit random_delays(std::uint64_t seed) : random_(seed) {}

  void operator()() {
    const unsigned kind = below(8);
    if (kind == 0) std::this_thread::yield();
    if (kind == 1) spin(below(200'000));
    if (kind >= 4) spin(below(1000));
  }
  /// A number from 0 to n - 1.
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }

 private:
  static void spin(unsigned times) {
    for (; times != 0; --times) std::atomic_signal_fence(std::memory_order::seq_cst);
  }

  std::mt19937_64 random_;
};

/// Notes what a thread is in, for hang_watch. Relaxed: it must not order what the channel has to order.
inline void note(std::atomic<const char*>& call, const char* name) {
  call.store(name, std::memory_order::relaxed);
}

/// Ends the program if it is not told within its time that all threads have ended.
class hang_watch {
 public:
  using threads = std::vector<std::atomic<const char*>>;

  static inline std::chrono::milliseconds patience{30'000};

  explicit hang_watch(const threads& calls) : calls_(calls), thread_([this] { watch(); }) {}
  ~hang_watch() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  hang_watch(const hang_watch&) = delete;
  hang_watch& operator=(const hang_watch&) = delete;

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, patience, [this] { return ended_; })) return;
    std::fprintf(stderr, "nothing goes on:\n");
    for (std::size_t i = 0; i < calls_.size(); ++i)
      std::fprintf(stderr, "  thread %zu is in %s\n", i,
                   calls_[i].load(std::memory_order::relaxed));
    std::fflush(stderr);
    std::_Exit(EXIT_FAILURE);
  }

  const threads& calls_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace properties

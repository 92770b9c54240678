// SPDX-License-Identifier: MIT
#include "soak.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace runnel::stress {
namespace {

using seconds_as_double = std::chrono::duration<double>;

class soaking {
 public:
  soaking(const std::vector<combination>& all, const soak_options& options,
          const std::function<void(const soak_report&)>& hung)
      : all_(all), options_(options), hung_(hung), control_(options.most_threads) {
    report_.seed = options.seed;
    for (const combination& c : all) report_.combinations.push_back({c.name, 0, {}});
  }

  soak_report run() {
    {
      const std::jthread watch([this](const std::stop_token& ended) { watch_until(ended); });
      for (std::uint64_t pass = 0; pass == 0 || !is_time_out(); ++pass) {
        for (std::size_t i = 0; i < all_.size() && (pass == 0 || !is_time_out()); ++i) {
          if (control_.is_stopped()) break;
          take_turn(i, length_of_turn(pass == 0 ? all_.size() - i : 1));
        }
        if (control_.is_stopped()) break;
      }
    }
    return report();
  }

 private:
  [[nodiscard]] double elapsed() const {
    return seconds_as_double(steady_clock::now() - start_).count();
  }
  [[nodiscard]] bool is_time_out() const { return elapsed() >= options_.seconds; }

  /// So that there is time for all that have not had a turn.
  [[nodiscard]] steady_clock::duration length_of_turn(std::size_t to_come) const {
    const double share = (options_.seconds - elapsed()) / static_cast<double>(to_come);
    return std::chrono::duration_cast<steady_clock::duration>(
        seconds_as_double(std::clamp(share, 0.001, 0.2)));
  }

  void take_turn(std::size_t index, steady_clock::duration length) {
    const combination& c = all_[index];
    {
      const std::lock_guard held(mutex_);
      current_ = index;
    }
    const turn_counts counts =
        c.take_turn({c.capacity, c.how, options_.most_threads, seeds_.next(), length}, control_);
    const std::lock_guard held(mutex_);
    combination_report& r = report_.combinations[index];
    ++r.turns;
    r.counts.channels += counts.channels;
    r.counts.all += counts.all;
    r.counts.seconds += counts.seconds;
  }

  soak_report report() {
    const std::lock_guard held(mutex_);
    soak_report r = report_;
    r.seconds = elapsed();
    r.failure = control_.failure();
    if (!r.failure.empty()) r.failed_in = all_[current_].name;
    return r;
  }

  // Ticks are counted, and not the time, since the whole program may be halted for a while.
  void watch_until(const std::stop_token& ended) {
    constexpr std::chrono::milliseconds tick(50);
    std::chrono::milliseconds idle{0};
    std::uint64_t before = 0;
    std::mutex mutex;
    std::condition_variable_any never_notified;
    std::unique_lock lock(mutex);
    for (;;) {
      never_notified.wait_for(lock, ended, tick, [] { return false; });
      if (ended.stop_requested()) return;
      if (options_.is_interrupted()) interrupt();
      const std::uint64_t now = control_.progress();
      idle = now == before ? idle + tick : std::chrono::milliseconds(0);
      before = now;
      if (idle >= options_.patience) report_hang();
    }
  }

  void interrupt() {
    control_.stop();
    const std::lock_guard held(mutex_);
    report_.interrupted = true;
  }

  void report_hang() {
    control_.fail("no progress for " + std::to_string(options_.patience.count()) + " ms" +
                  control_.describe_threads());
    hung_(report());
  }

  const std::vector<combination>& all_;
  const soak_options& options_;
  const std::function<void(const soak_report&)>& hung_;
  control control_;
  const steady_clock::time_point start_ = steady_clock::now();
  random_numbers seeds_{options_.seed};
  std::mutex mutex_;
  soak_report report_;
  std::size_t current_ = 0;
};

}  // namespace

soak_report soak(const std::vector<combination>& all, const soak_options& options,
                 const std::function<void(const soak_report&)>& hung) {
  return soaking(all, options, hung).run();
}

}  // namespace runnel::stress

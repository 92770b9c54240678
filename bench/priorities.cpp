// SPDX-License-Identifier: MIT
//
// How long a receiver is held up by a sender that shares its processor and is interrupted at any moment,
// in the middle of a send too: beside a deque with a mutex. SCHED_FIFO needs the right to use it.
#include "drivers/options.hpp"

#include <runnel/mpsc.hpp>

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

class locked_deque {
 public:
  void send(int value) {
    {
      const std::lock_guard lock(mutex_);
      values_.push_back(value);
    }
    not_empty_.notify_one();
  }
  bool try_recv() {
    const std::lock_guard lock(mutex_);
    return take();
  }
  bool recv_until(clock_type::time_point deadline) {
    std::unique_lock lock(mutex_);
    not_empty_.wait_until(lock, deadline, [this] { return !values_.empty(); });
    return take();
  }

 private:
  bool take() {
    if (values_.empty()) return false;
    values_.pop_front();
    return true;
  }
  std::mutex mutex_;
  std::condition_variable not_empty_;
  std::deque<int> values_;
};

template <bool Bounded>
class channel {
 public:
  void send(int value) { (void)ends_.first.send(value); }
  bool try_recv() { return ends_.second.try_recv().has_value(); }
  bool recv_until(clock_type::time_point deadline) {
    return ends_.second.recv_until(deadline).has_value();
  }

 private:
  static auto make() {
    if constexpr (Bounded)
      return runnel::mpsc::sync_channel<int>(1024);
    else
      return runnel::mpsc::channel<int>();
  }
  std::pair<runnel::mpsc::sender<int>, runnel::mpsc::receiver<int>> ends_ = make();
};

void stay_on_one_processor() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(0, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) throw std::runtime_error(std::strerror(errno));
}

void take_real_time_priority() {
  sched_param p{};
  p.sched_priority = 50;
  if (sched_setscheduler(0, SCHED_FIFO, &p) != 0)
    throw std::runtime_error(std::string("SCHED_FIFO: ") + std::strerror(errno));
}

milliseconds processor_time() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

struct setting {
  bool real_time;     ///< the receiver's priority
  bool timed;         ///< recv_until in 1 ms; else all that is there, each ms
  int busy_programs;  ///< that share the processor
  const char* name;
};

/// How much later than it should the receiver was at most, and the processor's time it took.
struct result {
  milliseconds latest{};
  milliseconds processor{};
};

template <class Channel>
result receive_for(std::chrono::seconds time, const setting& s) {
  Channel c;
  result r;
  std::atomic<bool> stop{false};
  std::vector<std::jthread> others;
  for (int i = 0; i < s.busy_programs; ++i) {
    others.emplace_back([&] {
      stay_on_one_processor();
      while (!stop) {
      }
    });
  }
  others.emplace_back([&] {
    stay_on_one_processor();
    for (int i = 0; !stop; ++i) c.send(i);
  });
  std::jthread([&] {
    stay_on_one_processor();
    if (s.real_time) take_real_time_priority();
    const auto end = clock_type::now() + time;
    const auto before = processor_time();
    while (clock_type::now() < end) {
      const auto deadline = clock_type::now() + 1ms;
      if (s.timed) {
        (void)c.recv_until(deadline);
      } else {
        std::this_thread::sleep_until(deadline);
        while (c.try_recv()) {
        }
      }
      r.latest = std::max<milliseconds>(r.latest, clock_type::now() - deadline);
    }
    r.processor = processor_time() - before;
    stop = true;
  }).join();
  return r;
}

template <class Channel>
void print(const char* channel, std::chrono::seconds time, const setting& s) {
  const result r = receive_for<Channel>(time, s);
  std::printf("| %s | %s | %.1f ms | %.0f %% |\n", s.name, channel, r.latest.count(),
              100 * (r.processor / milliseconds(time)));
  std::fflush(stdout);
}

constexpr setting settings[] = {
    {true, false, 0, "SCHED_FIFO, `try_recv` each ms"},
    {true, true, 0, "SCHED_FIFO, `recv_until` in 1 ms"},
    {true, true, 3, "the same beside 3 busy programs"},
    {false, true, 0, "ordinary, `recv_until` in 1 ms"},
    {false, true, 3, "the same beside 3 busy programs"},
};

}  // namespace

int main(int argc, char** argv) try {
  const auto time = bench::parse_seconds(
      argc, argv, "How long a receiver is held up by a sender on the same processor.",
      "for each setting and channel");
  std::printf("| receiver | channel | latest | processor |\n|---|---|---|---|\n");
  for (const setting& s : settings) {
    print<locked_deque>("deque and mutex", time, s);
    print<channel<false>>("unbounded", time, s);
    print<channel<true>>("1024", time, s);
  }
} catch (const std::exception& e) {
  std::fprintf(stderr, "bench_priorities: %s\n", e.what());
  return 1;
}

// SPDX-License-Identifier: MIT
#include "thread_engine.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace runnel::check {

namespace {

using std::chrono::steady_clock;

/// Numbers that are random enough for delays: "splitmix64" of S. Vigna.
class dice {
 public:
  explicit dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return (*this)() % n; }

 private:
  std::uint64_t state_;
};

/// Where all threads of a run wait for each other.
class meeting {
 public:
  explicit meeting(unsigned threads) : threads_(threads) {}
  void meet() {
    std::unique_lock lock(mutex_);
    const std::uint64_t now = meetings_;
    if (++here_ == threads_) {
      here_ = 0;
      ++meetings_;
      return complete_.notify_all();
    }
    complete_.wait(lock, [&] { return meetings_ != now; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable complete_;
  const unsigned threads_;
  unsigned here_ = 0;
  std::uint64_t meetings_ = 0;
};

constexpr const char* between_calls = "between two calls";
constexpr const char* ended = "at its end";

/// The executions of one test. One more thread, the conductor, does what comes before and after the
/// threads; the thread that asked for the run only watches.
class thread_run {
 public:
  thread_run(std::unique_ptr<thread_test> test, const search& how, const options& o)
      : test_(std::move(test)),
        executions_(o.limit == 0 ? how.executions : std::min(how.executions, o.limit)),
        seed_(how.seed),
        all_(test_->threads() + 1) {
    for (auto& place : places_) place.store(between_calls);
  }

  /// Runs all; whether the run is over, so that nothing uses this object any more.
  bool run(std::chrono::milliseconds patience) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < test_->threads(); ++i) threads.emplace_back([this, i] { work(i); });
    threads.emplace_back([this] { conduct(); });
    const bool over = watch(patience);
    for (std::thread& t : threads) over ? t.join() : t.detach();
    return over;
  }

  result outcome(bool all) {
    const std::lock_guard lock(mutex_);
    result r;
    r.executions = done_;
    r.details = "delays from seed " + std::to_string(seed_);
    if (!failure_.empty()) {
      ++r.executions;
      r.verdict = verdict::failed;
      r.failure = failure_;
      r.message = message_ + " (in run " + std::to_string(r.executions) + " of seed " +
                  std::to_string(seed_) + ")";
      r.history = notes_;
    } else if (!all) {
      r.verdict = verdict::incomplete;
    }
    return r;
  }

  [[noreturn]] void fail(std::string_view kind, std::string_view message) {
    std::unique_lock lock(mutex_);
    set_failure(kind, message);
    for (;;) stay_.wait(lock);
  }
  void note(std::string_view text) {
    const std::lock_guard lock(mutex_);
    notes_ += std::string(text) + '\n';
  }
  void enters(unsigned index, const char* call) {
    places_[index].store(call, std::memory_order::relaxed);
  }

 private:
  [[nodiscard]] std::chrono::microseconds most_time() const {
    return std::chrono::milliseconds(500) + executions_ * std::chrono::microseconds(250);
  }

  void conduct();
  void work(unsigned index);
  bool watch(std::chrono::milliseconds patience);
  void start(unsigned index);

  void set_failure(std::string_view kind, std::string_view message) {
    if (!failure_.empty()) return;
    failure_ = kind;
    message_ = message;
    changed_.notify_all();
  }

  template <class F>
  void guarded(F f) {
    try {
      f();
    } catch (const std::exception& e) {
      fail(kind::assertion, std::string("an exception: ") + e.what());
    }
  }

  [[nodiscard]] std::string where_threads_are() const {
    std::string text;
    for (unsigned i = 0; i < test_->threads(); ++i) {
      const char* const place = places_[i].load(std::memory_order::relaxed);
      const bool in_call = place != between_calls && place != ended;
      text += (i == 0 ? "thread " : ", thread ") + std::to_string(i) + " is " +
              (in_call ? "in " : "") + place;
    }
    return text;
  }

  const std::unique_ptr<thread_test> test_;
  const std::uint64_t executions_;
  const std::uint64_t seed_;
  meeting all_;
  std::atomic<unsigned> at_start_{0};
  std::atomic<std::uint64_t> current_{0};
  bool stops_ = false;  // written and read between meetings
  std::array<std::atomic<const char*>, max_threads> places_{};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable stay_;  // never notified
  bool over_ = false;
  std::uint64_t done_ = 0;
  std::string failure_;
  std::string message_;
  std::string notes_;
};

struct current_thread {
  thread_run* run = nullptr;
  unsigned index = moment::outside;
  dice random{0};
};

thread_local current_thread self;

void thread_run::conduct() {
  self.run = this;
  const auto begin = steady_clock::now();
  do {
    const std::int64_t allocated = thread_platform::allocated.load();
    guarded([this] { test_->before(); });
    current_.fetch_add(1, std::memory_order::relaxed);
    at_start_.store(0, std::memory_order::relaxed);
    all_.meet();
    all_.meet();
    guarded([this] { test_->after(); });
    if (thread_platform::allocated.load() != allocated)
      fail(kind::leak, "something is still allocated after the test");
    const std::lock_guard lock(mutex_);
    ++done_;
  } while (done_ < executions_ && steady_clock::now() - begin < most_time());
  stops_ = true;
  all_.meet();
  const std::lock_guard lock(mutex_);
  over_ = true;
  changed_.notify_all();
}

void thread_run::work(unsigned index) {
  self.run = this;
  self.index = index;
  for (;;) {
    all_.meet();
    if (stops_) return;
    start(index);
    guarded([&] { test_->thread(index); });
    enters(index, ended);
    all_.meet();
  }
}

/// All threads at once, as far as the processors allow: waking up takes longer than most calls.
void thread_run::start(unsigned index) {
  const std::uint64_t execution = current_.load(std::memory_order::relaxed);
  self.random = dice(seed_ * 0x10001U + execution * max_threads + index);
  enters(index, between_calls);
  at_start_.fetch_add(1, std::memory_order::relaxed);
  for (unsigned round = 0; at_start_.load(std::memory_order::relaxed) < test_->threads(); ++round) {
    if (round > 200) std::this_thread::yield();
  }
}

/// Whether all executions have ended; false if one failed or hangs.
bool thread_run::watch(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  for (;;) {
    const std::uint64_t before = done_;
    const bool news =
        changed_.wait_for(lock, patience, [this] { return over_ || !failure_.empty(); });
    if (news) return failure_.empty();
    if (done_ == before) break;
  }
  set_failure(kind::deadlock, "nothing goes on: " + where_threads_are());
  return false;
}

/// Between two calls: mostly nothing, or a few turns of a loop, or the time slice is given up; now and
/// then so long that those who wait stop spinning and sleep.
void delay() {
  const std::uint64_t kind = self.random.below(64);
  if (kind == 0) return std::this_thread::sleep_for(thread_platform::a_while());
  if (kind < 8) return std::this_thread::yield();
  if (kind >= 32) return;
  const std::uint64_t turns = self.random.below(kind < 16 ? 4000 : 200);
  for (std::uint64_t i = 0; i < turns; ++i) std::atomic_signal_fence(std::memory_order::seq_cst);
}

}  // namespace

void thread_platform::fail(std::string_view kind, std::string_view message) {
  self.run->fail(kind, message);
}
void thread_platform::note(std::string_view text) { self.run->note(text); }

void thread_platform::enters(const char* call) {
  if (self.index == moment::outside) return;
  delay();
  self.run->enters(self.index, call);
}
void thread_platform::leaves() {
  if (self.index != moment::outside) self.run->enters(self.index, between_calls);
}
std::chrono::nanoseconds thread_platform::a_while() {
  return std::chrono::nanoseconds(self.random.below(100'000));
}
unsigned thread_platform::index() { return self.index; }

result run_threads(std::unique_ptr<thread_test> test, const search& how, const options& options) {
  if (how.kind != search_kind::random)
    throw std::invalid_argument("real threads take a random search only");
  if (!options.replay.empty())
    throw std::invalid_argument("an execution on real threads cannot be replayed");
  auto run = std::make_unique<thread_run>(std::move(test), how, options);
  const bool over = run->run(options.patience);
  result r = run->outcome(options.limit == 0 || options.limit >= how.executions);
  if (!over) (void)run.release();  // its threads are still there
  return r;
}

}  // namespace runnel::check

// SPDX-License-Identifier: MIT
//
// What the unit tests share: the kinds of channel they run on, a thread that can be watched until it
// is blocked, a ledger that sees whether each message ends exactly once, and a watchdog.
#pragma once

#include <runnel/runnel.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace unit {

using namespace std::chrono_literals;
using runnel::recv_errc;
using runnel::send_errc;
using std::chrono::steady_clock;
using std::chrono::system_clock;

// ---- kinds of channel -----------------------------------------------------------------------------

struct mpsc {
  static constexpr const char* name = "mpsc";
  template <class T>
  using sender = runnel::mpsc::sender<T>;
  template <class T>
  using receiver = runnel::mpsc::receiver<T>;
  template <class T>
  static auto channel() {
    return runnel::mpsc::channel<T>();
  }
  template <class T>
  static auto sync_channel(std::size_t capacity) {
    return runnel::mpsc::sync_channel<T>(capacity);
  }
};

struct mpmc {
  static constexpr const char* name = "mpmc";
  template <class T>
  using sender = runnel::mpmc::sender<T>;
  template <class T>
  using receiver = runnel::mpmc::receiver<T>;
  template <class T>
  static auto channel() {
    return runnel::mpmc::channel<T>();
  }
  template <class T>
  static auto sync_channel(std::size_t capacity) {
    return runnel::mpmc::sync_channel<T>(capacity);
  }
};

inline constexpr std::size_t no_bound = std::numeric_limits<std::size_t>::max();

/// A kind of channel: mpsc or mpmc, and a capacity (0: rendezvous, no_bound: unbounded).
template <class Api>
struct kind {
  std::size_t capacity;

  [[nodiscard]] bool is_rendezvous() const { return capacity == 0; }
  [[nodiscard]] bool is_unbounded() const { return capacity == no_bound; }
  /// How many messages the tests leave in the channel: all it holds, or a few blocks of the list.
  [[nodiscard]] int room() const { return is_unbounded() ? 200 : static_cast<int>(capacity); }

  template <class T>
  auto make() const {
    return is_unbounded() ? Api::template channel<T>() : Api::template sync_channel<T>(capacity);
  }
  [[nodiscard]] std::string name() const {
    return std::string(Api::name) +
           (is_unbounded() ? "_unbounded" : "_" + std::to_string(capacity));
  }
};

// Sets of capacities, from which each test names one.
inline constexpr std::size_t all[] = {0, 1, 2, 3, 1024, no_bound};
inline constexpr std::size_t buffered[] = {1, 2, 3, 1024, no_bound};
inline constexpr std::size_t bounded[] = {1, 2, 3, 1024};
inline constexpr std::size_t limited[] = {0, 1, 2, 3, 1024};  // those that can be full
inline constexpr std::size_t unbounded[] = {no_bound};
inline constexpr std::size_t rendezvous[] = {0};

template <class Api>
class test_on : public testing::Test {
 public:
  using body = void (*)(const kind<Api>&);
  test_on(body b, kind<Api> k) : body_(b), kind_(k) {}

 private:
  void TestBody() override { body_(kind_); }
  body body_;
  kind<Api> kind_;
};

/// Registers a test with each of the capacities. The body is compiled once, not once for each.
template <class Api>
bool register_test(const char* suite, const char* name, std::span<const std::size_t> capacities,
                   typename test_on<Api>::body body, const char* file, int line) {
  for (const std::size_t c : capacities) {
    const kind<Api> k{c};
    testing::RegisterTest((suite + ("/" + k.name())).c_str(), name, nullptr, nullptr, file, line,
                          [body, k]() -> test_on<Api>* { return new test_on<Api>(body, k); });
  }
  return true;
}

/// TEST_ON(capacities, suite, name) { the body uses Api and `const kind<Api>& k` }
#define TEST_ON_MPMC(capacities, suite, name)                                                    \
  template <class Api>                                                                           \
  void suite##_##name(const kind<Api>&);                                                         \
  [[maybe_unused]] const bool suite##_##name##_on_mpmc =                                         \
      register_test<mpmc>(#suite, #name, capacities, &suite##_##name<mpmc>, __FILE__, __LINE__); \
  template <class Api>                                                                           \
  void suite##_##name([[maybe_unused]] const kind<Api>& k)
#define TEST_ON(capacities, suite, name)                                                         \
  template <class Api>                                                                           \
  void suite##_##name(const kind<Api>&);                                                         \
  [[maybe_unused]] const bool suite##_##name##_on_mpsc =                                         \
      register_test<mpsc>(#suite, #name, capacities, &suite##_##name<mpsc>, __FILE__, __LINE__); \
  TEST_ON_MPMC(capacities, suite, name)

/// For tests of both interfaces alone: TYPED_TEST_SUITE(suite, apis, api_names).
struct api_names {
  template <class Api>
  static std::string GetName(int) {
    return Api::name;
  }
};
using apis = testing::Types<mpsc, mpmc>;

// ---- threads --------------------------------------------------------------------------------------

/// A thread that makes a call which may block. A test can wait until it does.
class task {
 public:
  template <class F>
  explicit task(F f) : task(std::unique_ptr<work>(new work_of<F>(std::move(f)))) {}
  ~task() { join(); }
  task(const task&) = delete;
  task& operator=(const task&) = delete;

  [[nodiscard]] bool done() const { return done_.load(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  std::thread& thread() { return thread_; }

  /// Returns when the thread sleeps in the kernel, or has finished. What follows has to be right
  /// even if it sleeps for another reason; it only makes the order that a test is after likely.
  void await_blocked() const {
#if defined(__linux__)
    while (!done() && !asleep()) std::this_thread::yield();
#else
    for (int i = 0; i < 1000 && !done(); ++i) std::this_thread::yield();
#endif
  }

#if defined(__linux__)
  /// How often the thread has begun to sleep in the kernel.
  [[nodiscard]] long sleeps() const {
    static constexpr const char* name = "\nvoluntary_ctxt_switches:";
    char text[4096];
    const char* const line = std::strstr(read_file("status", text), name);
    return line == nullptr ? 0 : std::atol(line + std::strlen(name));
  }
#endif

 private:
  /// What the thread does. All tasks share one kind of thread: compilers take long for each.
  struct work {
    virtual ~work() = default;
    virtual void run() = 0;
  };
  template <class F>
  struct work_of final : work {
    explicit work_of(F&& f) : f_(std::move(f)) {}
    void run() override { f_(); }
    F f_;
  };

  explicit task(std::unique_ptr<work> w)
      : thread_([this, w = std::move(w)] {
#if defined(__linux__)
          id_.store(static_cast<int>(syscall(SYS_gettid)));
#endif
          w->run();
          done_.store(true);
        }) {
  }

#if defined(__linux__)
  [[nodiscard]] bool asleep() const {
    char text[256];
    const char* const name_end = std::strrchr(read_file("stat", text), ')');
    return name_end != nullptr && name_end[1] == ' ' && name_end[2] == 'S';
  }

  /// What the kernel says of the thread; nothing if there is none. Allocates nothing, so that the
  /// memory tests can use it.
  template <std::size_t N>
  const char* read_file(const char* name, char (&text)[N]) const {
    text[0] = '\0';
    char path[64];
    std::snprintf(path, sizeof path, "/proc/self/task/%d/%s", id_.load(), name);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return text;
    const ssize_t length = read(file, text, N - 1);
    close(file);
    text[length > 0 ? length : 0] = '\0';
    return text;
  }
  std::atomic<int> id_{0};
#endif
  std::atomic<bool> done_{false};
  std::thread thread_;
};

/// Runs call(f, 0) to call(f, n - 1), each in a thread, and waits for all.
inline void in_threads(int n, void (*call)(void*, int), void* f) {
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i) threads.emplace_back([call, f, i] { call(f, i); });
  for (std::thread& t : threads) t.join();
}
/// Runs f(0) to f(n - 1), each in a thread, and waits for all.
template <class F>
void in_threads(int n, F f) {
  in_threads(n, [](void* p, int i) { (*static_cast<F*>(p))(i); }, &f);
}

/// Lets threads start an operation at about the same time.
class start_line {
 public:
  explicit start_line(int threads) : missing_(threads) {}
  void arrive_and_wait() {
    --missing_;
    while (missing_.load() > 0) std::this_thread::yield();
  }

 private:
  std::atomic<int> missing_;
};

// ---- conservation ---------------------------------------------------------------------------------

/// Sees what becomes of the messages 0 to n - 1: each has to end exactly once.
class ledger {
 public:
  explicit ledger(int messages) : ends_(static_cast<std::size_t>(messages)) {}
  ~ledger() {
    EXPECT_EQ(objects_.load(), 0) << "objects constructed and not destroyed, or destroyed twice";
  }
  ledger(const ledger&) = delete;
  ledger& operator=(const ledger&) = delete;

  [[nodiscard]] int ended() const {
    int sum = 0;
    for (const auto& e : ends_) sum += e.load();
    return sum;
  }
  void expect_each_ended_once() const {
    for (std::size_t i = 0; i < ends_.size(); ++i)
      EXPECT_EQ(ends_[i].load(), 1) << "how often message " << i << " ended";
  }

 private:
  friend class counted;
  std::vector<std::atomic<int>> ends_;
  std::atomic<long> objects_{0};
};

/// A move-only message that cannot be assigned and enters its end in a ledger.
class counted {
 public:
  counted(ledger& l, int id) : ledger_(&l), id_(id) { ++ledger_->objects_; }
  counted(counted&& other) noexcept : ledger_(other.ledger_), id_(std::exchange(other.id_, -1)) {
    ++ledger_->objects_;
  }
  counted& operator=(counted&&) = delete;
  ~counted() {
    if (id_ >= 0) ++ledger_->ends_[static_cast<std::size_t>(id_)];
    --ledger_->objects_;
  }
  /// -1 if it was moved from.
  [[nodiscard]] int id() const { return id_; }

 private:
  ledger* ledger_;
  int id_;
};

// ---- watchdog -------------------------------------------------------------------------------------

/// Ends the program if a test runs for too long: a hang is a failure and must not block the others.
class watchdog : public testing::EmptyTestEventListener {
 public:
  static bool install() {
    testing::UnitTest::GetInstance()->listeners().Append(new watchdog);
    return true;
  }

 private:
  static constexpr auto limit = 60s;

  void OnTestStart(const testing::TestInfo& test) override {
    running_ = true;
    name_ = std::string(test.test_suite_name()) + "." + test.name();
    thread_ = std::thread([this] {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, limit, [this] { return !running_; })) return;
      std::fprintf(stderr, "[  FAILED  ] %s: not finished in time, it hangs\n", name_.c_str());
      std::fflush(stderr);
      std::_Exit(EXIT_FAILURE);
    });
  }
  void OnTestEnd(const testing::TestInfo&) override {
    {
      const std::lock_guard lock(mutex_);
      running_ = false;
    }
    changed_.notify_all();
    thread_.join();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  std::string name_;
  std::thread thread_;
};

inline const bool watchdog_installed = watchdog::install();

}  // namespace unit

// SPDX-License-Identifier: MIT
//
// Whatever would end the process, or keep it from ever ending, is a failure of the execution in which it
// is done: in each part of a program, in one process and in several, searched for and repeated.
#include <runnel/model/check.hpp>

#include <gtest/gtest.h>

#include <err.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <future>
#include <memory>
#include <new>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace runnel::model {
namespace {

struct ending {
  const char* name;
  void (*act)();
  const char* kind;
  const char* message;  ///< how it begins
};
std::ostream& operator<<(std::ostream& out, const ending& e) { return out << e.name; }

volatile int zero = 0;
volatile int number = 7;
std::array<char, 16> text{};
volatile std::size_t depth = 0;

void throw_error() { throw std::runtime_error("planted"); }
void throw_through_noexcept() noexcept { throw_error(); }

// The compiler must not know what these do.
void (*volatile touch)(volatile char*) = [](volatile char* p) { *p = 1; };
void (*volatile free_in_c)(void*) = std::free;

void recurse() {
  volatile char frame[512] = {};  // NOLINT: std::array is not for volatile
  touch(frame);
  depth = depth + 1;
  if (depth != 0) recurse();
  touch(frame);  // after the call, which is no loop then
}
void use_a_big_object() {
  volatile char object[std::size_t{2} << 20U];  // NOLINT: the same
  touch(object);
}
alignas(16) std::array<char, 64> not_allocated{};

/// So that not even a message has room.
void use_all_memory() {
  try {
    for (;;) touch((new std::array<char, 65536>)->data());
  } catch (const std::bad_alloc&) {
    for (;;) touch((new std::array<char, 1>)->data());
  }
}

const std::array endings{
    ending{"exit", [] { std::exit(0); }, "exit", "exit(0) was called "},
    ending{"exit with a status", [] { std::exit(3); }, "exit", "exit(3) was called "},
    ending{"quick_exit", [] { std::quick_exit(0); }, "exit", "quick_exit(0) was called "},
    ending{"_Exit", [] { std::_Exit(0); }, "exit", "_Exit(0) was called "},
    ending{"_exit", [] { _exit(0); }, "exit", "_exit(0) was called "},
    ending{"exit in the C library", [] { errx(0, "planted"); }, "exit", "exit() was called "},
    ending{"exit in a handler",
           [] {
             std::set_terminate([] { std::exit(0); });
             throw_through_noexcept();
           },
           "exit", "exit(0) was called "},
    ending{"abort", [] { std::abort(); }, "crash", "signal 6 (Aborted) "},
    ending{"terminate", [] { std::terminate(); }, "crash", "signal 6 (Aborted) "},
    ending{"an exception in noexcept", throw_through_noexcept, "crash", "signal 6 (Aborted) "},
    ending{"free of something else", [] { free_in_c(&not_allocated[16]); }, "crash",
           "signal 6 (Aborted) "},
    ending{"a null pointer", [] { *static_cast<volatile int*>(nullptr) = 1; }, "crash",
           "signal 11 (Segmentation fault) "},
    ending{"a jump to nowhere",
           [] {
             void (*volatile f)() = nullptr;
             f();
           },
           "crash", "signal 11 (Segmentation fault) "},
    ending{"division by zero", [] { zero = number / zero; }, "crash",
           "signal 8 (Floating point exception) "},
    ending{"a trap", [] { __builtin_trap(); }, "crash", "signal 4 (Illegal instruction) "},
    ending{"a recursion", recurse, "crash", "signal 11 (Segmentation fault) "},
    ending{"a big object", use_a_big_object, "crash", "signal 11 (Segmentation fault) "},
    ending{"SIGTRAP", [] { std::raise(SIGTRAP); }, "crash", "signal 5 (Trace/breakpoint trap) "},
    ending{"SIGBUS", [] { std::raise(SIGBUS); }, "crash", "signal 7 (Bus error) "},
    ending{"SIGTERM", [] { std::raise(SIGTERM); }, "crash", "signal 15 (Terminated) "},
    ending{"SIGUSR1", [] { kill(getpid(), SIGUSR1); }, "crash",
           "signal 10 (User defined signal 1) "},
    ending{"no memory", use_all_memory, "assertion",
           "an exception left the program: std::bad_alloc"},
    ending{"pthread_exit", [] { pthread_exit(nullptr); }, "assertion",
           "an exception left the program"},
    ending{"a thread", [] { std::thread([] {}).join(); }, "thread", "pthread_create() was called "},
    ending{"a thread that is not joined", [] { const std::thread t([] {}); }, "thread",
           "pthread_create() was called "},
    ending{"a task", [] { std::async(std::launch::async, [] {}).get(); }, "thread",
           "pthread_create() was called "},
};

enum class part { before, thread, after };

/// Ends in the executions in which one thread sees this of the other. What is seen last comes first.
constexpr int seen_later = 1;
constexpr int seen_at_first = 3;

class ends_in final : public program {
 public:
  ends_in(part where, void (*act)(), int when = seen_later)
      : where_(where), act_(act), when_(when) {}

  [[nodiscard]] unsigned threads() const override { return 2; }
  void before() override {
    state_ = new state;
    if (where_ == part::before) act_();
  }
  void thread(unsigned index) override {
    if (index == 0) {
      state_->flag.store(1);
    } else {
      state_->seen = state_->flag.load();
      if (where_ == part::thread && state_->seen == when_) act_();
    }
    state_->flag.fetch_add(2);
  }
  void after() override {
    if (where_ == part::after && state_->seen == when_) act_();
    delete state_;
  }

 private:
  struct state {
    atomic<int> flag{0};
    int seen = 0;
  };
  const part where_;
  void (*const act_)();
  const int when_;
  state* state_ = nullptr;
};

void expect(const explore_result& r, const ending& e, const std::string& where) {
  EXPECT_EQ(r.end, end_of_search::failed);
  EXPECT_EQ(r.failure, e.kind);
  EXPECT_TRUE(r.message.starts_with(e.message)) << r.message;
  if (e.kind != std::string("assertion")) {
    EXPECT_NE(r.message.find(where), std::string::npos) << r.message;
  }
  EXPECT_NE(r.history.find("fails: " + r.failure + "\n"), std::string::npos);
  EXPECT_EQ(r.history.find("This is not the execution"), std::string::npos) << r.history;
  EXPECT_TRUE(r.replay.starts_with("graph:")) << r.replay;
  ASSERT_FALSE(r.picture.events.empty());
}

class Endings : public testing::TestWithParam<ending> {
 protected:
  void TearDown() override { std::set_terminate(nullptr); }
};

TEST_P(Endings, AreFailuresInEachPart) {
  const ending e = GetParam();
  for (const auto& [where, words] :
       {std::pair(part::before, "before the threads"),
        std::pair(part::thread, "in thread 1, after endings_test.cpp:"),
        std::pair(part::after, "after the threads")}) {
    ends_in p(where, e.act);
    const explore_result alone = explore(p);
    expect(alone, e, words);
    explore_options how;
    how.replay = alone.replay;
    const explore_result again = explore(p, how);
    expect(again, e, words);
    EXPECT_EQ(again.message, alone.message);
    EXPECT_EQ(again.history, alone.history);
    EXPECT_EQ(again.picture, alone.picture);
  }
}

TEST_P(Endings, AreFailuresInTeams) {
  const ending e = GetParam();
  ends_in p(part::thread, e.act);
  const explore_result alone = explore(p);
  explore_options how;
  how.jobs = 2;
  const explore_result r = explore(p, how);
  expect(r, e, "in thread 1, after endings_test.cpp:");
  EXPECT_EQ(r.message, alone.message);
  EXPECT_EQ(r.history, alone.history);
  EXPECT_EQ(r.replay, alone.replay);
}

INSTANTIATE_TEST_SUITE_P(All, Endings, testing::ValuesIn(endings), [](const auto& tested) {
  std::string name;
  for (const char c : std::string(tested.param.name))
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

// ---- Executions that do not end

volatile bool never = false;

void spin() {
  while (!never) {
  }
}
void sleep_in_the_kernel() {
  for (;;) pause();
}
void allocate_and_print() {
  while (!never) {
    std::free(std::malloc(100));  // NOLINT: as a program does
    std::snprintf(text.data(), text.size(), "%d", number);
  }
}

TEST(EndlessExecution, IsFailedByALimitOfTime) {
  for (const auto act : {spin, sleep_in_the_kernel, allocate_and_print}) {
    ends_in p(part::thread, act, seen_at_first);
    explore_options how;
    how.seconds = 0.01;
    const explore_result r = explore(p, how);
    expect(
        r,
        {"", act, "endless execution",
         "the time limit is over, and the execution does not end: it goes on in thread 1, after "},
        "endings_test.cpp:");
  }
}

TEST(EndlessExecution, IsRepeated) {
  ends_in p(part::thread, spin, seen_at_first);
  explore_options how;
  how.seconds = 0.01;
  const explore_result r = explore(p, how);
  how.replay = r.replay;
  const explore_result again = explore(p, how);
  EXPECT_EQ(again.failure, "endless execution");
  EXPECT_EQ(again.history, r.history);
}

TEST(EndlessExecution, IsFailedInTeams) {
  for (const part where : {part::before, part::thread, part::after}) {
    ends_in p(where, spin, seen_at_first);
    explore_options how;
    how.seconds = 0.01;
    how.jobs = 2;
    EXPECT_EQ(explore(p, how).failure, "endless execution");
  }
}

struct nothing {};

void take_milliseconds(int n) {
  using clock = std::chrono::steady_clock;
  const auto end = clock::now() + std::chrono::milliseconds(n);
  while (clock::now() < end) {
  }
}

/// An execution that takes longer than the limit, and ends.
TEST(EndlessExecution, IsNotOneThatTakesItsTime) {
  ends_in p(part::thread, [] { take_milliseconds(200); });
  explore_options how;
  how.seconds = 0.01;
  EXPECT_EQ(explore(p, how).failure, "");
}

/// However few executions there are in the time.
TEST(EndlessExecution, IsNotNeededForTheLimit) {
  explore_options how;
  how.seconds = 0.05;
  const explore_result r = explore<nothing>(how, [](nothing&) {
    (void)choose(250);
    take_milliseconds(20);
  });
  EXPECT_EQ(r.end, end_of_search::cut);
  EXPECT_LT(r.complete, 200U);
}

// ---- What only another process can see

const std::array unseen_endings{
    ending{"SIGKILL", [] { std::raise(SIGKILL); }, "crash",
           "the process ended with signal 9 (Killed) in this execution"},
    ending{"the system call", [] { syscall(SYS_exit_group, 0); }, "exit",
           "the process ended with status 0 in this execution"},
    ending{"another program", [] { execl("/bin/true", "true", nullptr); }, "exit",
           "the process ended with status 0 in this execution"},
    ending{"no handler",
           [] {
             std::signal(SIGSEGV, SIG_DFL);
             *static_cast<volatile int*>(nullptr) = 1;
           },
           "crash", "the process ended with signal 11 (Segmentation fault) in this execution"},
};

template <class... Arguments>
std::pair<int, std::string> checked(program& p, Arguments... arguments) {
  const std::array<const char*, sizeof...(arguments) + 1> argv{"program", arguments...};
  setenv("COLUMNS", "100", 1);
  testing::internal::CaptureStderr();
  const int status = check("name", p, static_cast<int>(argv.size()), argv.data());
  return {status, testing::internal::GetCapturedStderr()};
}

TEST(Check, TellsTheExecutionInWhichItsProcessEnded) {
  for (const ending& e : unseen_endings) {
    ends_in p(part::thread, e.act);
    for (const char* const jobs : {"1", "2"}) {
      const auto [status, told] = checked(p, "--jobs", jobs);
      EXPECT_EQ(status, 1);
      EXPECT_NE(told.find("name: FAILED: " + std::string(e.kind) + ": " + e.message), told.npos)
          << told;
      EXPECT_NE(told.find("thread 1  endings_test.cpp:"), told.npos) << told;
      EXPECT_NE(told.find("This execution alone: program --replay graph:"), told.npos) << told;
      EXPECT_EQ(checked(p, "--jobs", jobs, "--expect-failure", e.kind).first, 0);
      EXPECT_EQ(checked(p, "--jobs", jobs, "--expect-failure", "assertion").first, 1);
    }
  }
}

void block_all_signals_and_spin() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  spin();
}

TEST(Check, TellsAnEndlessExecutionThatNoSignalGetsTo) {
  ends_in p(part::thread, block_all_signals_and_spin, seen_at_first);
  for (const char* const jobs : {"1", "2"}) {
    const auto [status, told] = checked(p, "--seconds", "0.01", "--jobs", jobs);
    EXPECT_EQ(status, 1);
    EXPECT_NE(told.find("name: FAILED: endless execution: the time limit is over, "), told.npos)
        << told;
    EXPECT_NE(told.find("thread 1  endings_test.cpp:"), told.npos) << told;
    EXPECT_NE(told.find(" program --replay graph:"), told.npos) << told;
  }
}

TEST(Check, ExpectsThatSomethingEndsTheProcess) {
  for (const ending& e : endings) {
    ends_in p(part::thread, e.act);
    EXPECT_EQ(checked(p, "--expect-failure", e.kind).first, 0) << e.name;
    EXPECT_EQ(checked(p, "--expect-failure", "data race").first, 1) << e.name;
  }
}

TEST(Check, SaysHowAnEndlessExecutionIsRepeated) {
  ends_in p(part::thread, spin, seen_at_first);
  const auto [status, told] = checked(p, "--seconds", "0.01");
  EXPECT_EQ(status, 1);
  const std::string replay = told.substr(told.find("graph:"));
  EXPECT_NE(replay.find(" --timeout 1\n"), replay.npos) << told;
}

}  // namespace
}  // namespace runnel::model

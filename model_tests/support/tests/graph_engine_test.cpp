// SPDX-License-Identifier: MIT
//
// The fiber engine's own tests: each kind of failure is seen, each thing that is right passes.
#include "../fiber_engine.hpp"

#include <runnel/core/handles.hpp>
#include <runnel/core/waiting.hpp>

#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace check = runnel::check;
namespace core = runnel::core;
namespace kind = runnel::check::kind;
using check::fiber_platform;
using check::verdict;
using core::at;

template <template <class> class Test>
check::result run(std::uint64_t executions = 300,
                  const typename Test<fiber_platform>::config& config = {}) {
  return check::run_on_fibers<Test>(config, check::search::random(executions), {});
}

template <template <class> class Test>
check::result replay(const std::string& which,
                     const typename Test<fiber_platform>::config& config = {}) {
  check::options options;
  options.replay = which;
  return check::run_on_fibers<Test>(config, check::search::random(1), options);
}

void expect_passed(const check::result& r) {
  EXPECT_EQ(r.verdict, verdict::passed) << r.failure << ": " << r.message << '\n' << r.history;
}
void expect_failed(const check::result& r, std::string_view failure, std::string_view message) {
  EXPECT_EQ(r.verdict, verdict::failed);
  EXPECT_EQ(r.failure, failure) << r.message;
  EXPECT_NE(r.message.find(message), std::string::npos) << r.message;
  EXPECT_FALSE(r.history.empty());
  EXPECT_TRUE(r.replay.starts_with("seed:")) << r.replay;
}

/// Weakens a site for the duration of a scope.
class weakened {
 public:
  explicit weakened(std::string site, std::memory_order order = core::relaxed) {
    check::current_weakening() = {std::move(site), order, core::relaxed};
  }
  ~weakened() { check::current_weakening() = {}; }
  weakened(const weakened&) = delete;
  weakened& operator=(const weakened&) = delete;
};

/// What most tests share: nothing happens before and after the threads.
struct plain {
  struct config {};
  void before() {}
  void after() {}
};

template <class P>
using cell_of_int = typename P::template cell<int>;

template <class P>
int get(const cell_of_int<P>& c) {
  return c.read([](int n) { return n; });
}

// ---- Happens-before

template <class P>
struct message_passing : plain {
  static constexpr unsigned threads = 2;
  explicit message_passing(const config&) {}
  void thread(unsigned index) {
    if (index == 0) {
      data.construct(42);
      ready.store(1, at<"mp.publish">(core::release));
    } else {
      P::await(ready, [](unsigned r) { return r == 1; }, at<"mp.see">(core::acquire));
      if (get<P>(data) != 42) P::fail(kind::assertion, "the message was not seen");
      data.destroy();
    }
  }
  cell_of_int<P> data;
  typename P::template atomic<unsigned> ready{0};
};

TEST(FiberHappensBefore, AMessageThatIsPublishedWithReleaseAndAcquireIsSeen) {
  expect_passed(run<message_passing>());
}

TEST(FiberHappensBefore, AWeakenedPublicationIsADataRace) {
  const weakened w("mp.publish");
  expect_failed(run<message_passing>(), kind::data_race, "a write to a cell by thread 0");
}

TEST(FiberHappensBefore, AWeakenedAcquireIsADataRace) {
  const weakened w("mp.see");
  expect_failed(run<message_passing>(), kind::data_race, "read by thread 1");
}

enum class how { fences, relaxed_store_after_release, rmw_after_release };

/// Thread 0 writes and publishes, thread 1 may be in between, thread 2 reads.
template <class P>
struct publication : plain {
  static constexpr unsigned threads = 3;
  struct config {
    how publish = how::fences;
  };
  explicit publication(const config& c) : how_(c.publish) { data.construct(0); }
  void thread(unsigned index) {
    if (index == 0) {
      data.write([](int& n) { n = 42; });
      publish();
    } else if (index == 1) {
      if (how_ == how::rmw_after_release) flag.fetch_add(1, at<"pub.rmw">(core::relaxed));
    } else {
      P::await(flag, [](unsigned f) { return f >= 2; }, at<"pub.see">(core::relaxed));
      P::fence(at<"pub.acquire_fence">(core::acquire));
      (void)get<P>(data);
    }
  }
  void publish() {
    if (how_ == how::fences) P::fence(at<"pub.release_fence">(core::release));
    if (how_ != how::fences) flag.store(1, at<"pub.release_store">(core::release));
    if (how_ == how::relaxed_store_after_release || how_ == how::fences)
      flag.store(2, at<"pub.store">(core::relaxed));
  }
  void after() { data.destroy(); }
  how how_;
  cell_of_int<P> data;
  typename P::template atomic<unsigned> flag{0};
};

TEST(FiberHappensBefore, FencesOrderWhatIsAroundThem) {
  expect_passed(run<publication>(300, {how::fences}));
}

TEST(FiberHappensBefore, AMissingReleaseFenceIsADataRace) {
  const weakened w("pub.release_fence");
  expect_failed(run<publication>(300, {how::fences}), kind::data_race, "read by thread 2");
}

TEST(FiberHappensBefore, AMissingAcquireFenceIsADataRace) {
  const weakened w("pub.acquire_fence");
  expect_failed(run<publication>(300, {how::fences}), kind::data_race, "read by thread 2");
}

TEST(FiberHappensBefore, ARelaxedStoreEndsAReleaseSequence) {
  expect_failed(run<publication>(300, {how::relaxed_store_after_release}), kind::data_race,
                "read by thread 2");
}

/// The read-modify-write of thread 1 comes after the release store, and goes on with its sequence.
template <class P>
struct release_sequence : publication<P> {
  using publication<P>::publication;
  void thread(unsigned index) {
    if (index == 1)
      P::await(this->flag, [](unsigned f) { return f == 1; }, at<"pub.first">(core::relaxed));
    publication<P>::thread(index);
  }
};

TEST(FiberHappensBefore, AReleaseSequenceGoesOnThroughAReadModifyWrite) {
  expect_passed(run<release_sequence>(300, {how::rmw_after_release}));
}

template <class P>
struct moments : plain {
  static constexpr unsigned threads = 2;
  explicit moments(const config&) {}
  void before() { at_start = P::moment(); }
  void thread(unsigned index) {
    if (index == 0) {
      sent = P::moment();
      flag.store(1, at<"moments.store">(core::release));
      later = P::moment();
    } else {
      early = P::moment();
      P::await(flag, [](unsigned f) { return f == 1; }, at<"moments.await">(core::acquire));
      check_ordered();
    }
  }
  void check_ordered() {
    const check::moment now = P::moment();
    if (!now.after(sent)) P::fail(kind::assertion, "the send does not happen before");
    if (now.after(later)) P::fail(kind::assertion, "what came after the send happens before");
    if (!now.after(early) || early.after(now)) P::fail(kind::assertion, "one thread has no order");
  }
  void after() {
    const check::moment now = P::moment();
    if (!now.after(sent) || !now.after(early) || now.thread != check::moment::outside)
      P::fail(kind::assertion, "the end is not after everything");
    if (at_start.after(sent) || at_start.after(now) || !now.after(at_start) ||
        !sent.after(at_start))
      P::fail(kind::assertion, "the start is not before everything");
  }
  typename P::template atomic<unsigned> flag{0};
  check::moment at_start, sent, later, early;
};

TEST(FiberHappensBefore, MomentsAreOrderedByHappensBefore) { expect_passed(run<moments>()); }

TEST(FiberHappensBefore, MomentsAreNotOrderedByTheScheduleAlone) {
  const weakened w("moments.await");
  expect_failed(run<moments>(), kind::assertion, "the send does not happen before");
}

/// Thread 1 ends an atomic that thread 0 has used.
template <class P>
struct end_of_an_atomic : plain {
  static constexpr unsigned threads = 2;
  explicit end_of_an_atomic(const config&) { used.emplace(0); }
  void thread(unsigned index) {
    if (index == 0) {
      used->store(1, at<"end.use">(core::relaxed));
      done.store(1, at<"end.done">(core::release));
    } else {
      P::await(done, [](unsigned d) { return d == 1; }, at<"end.see_done">(core::acquire));
      used.reset();
    }
  }
  std::optional<typename P::template atomic<unsigned>> used;
  typename P::template atomic<unsigned> done{0};
};

TEST(FiberHappensBefore, AnObjectMayEndAfterItsLastUse) { expect_passed(run<end_of_an_atomic>()); }

TEST(FiberHappensBefore, AnEndThatIsNotOrderedAfterAUseIsADataRace) {
  const weakened w("end.done");
  expect_failed(run<end_of_an_atomic>(), kind::data_race, "end of the object by thread 1");
}

/// Thread 1 writes what thread 0 has read.
template <class P>
struct read_before_write : plain {
  static constexpr unsigned threads = 2;
  explicit read_before_write(const config&) { data.construct(0); }
  void thread(unsigned index) {
    if (index == 0) {
      (void)get<P>(data);
      done.store(1, at<"rbw.done">(core::release));
    } else {
      P::await(done, [](unsigned d) { return d == 1; }, at<"rbw.see_done">(core::acquire));
      data.write([](int& n) { n = 1; });
    }
  }
  void after() { data.destroy(); }
  cell_of_int<P> data;
  typename P::template atomic<unsigned> done{0};
};

TEST(FiberHappensBefore, AWriteMayFollowARead) { expect_passed(run<read_before_write>()); }

TEST(FiberHappensBefore, AWriteThatIsNotOrderedAfterAReadIsADataRace) {
  const weakened w("rbw.done");
  expect_failed(run<read_before_write>(), kind::data_race, "a read of a cell by thread 0");
}

/// Thread 0 publishes a cell before its access to it has ended.
template <class P>
struct early_publication : message_passing<P> {
  using message_passing<P>::message_passing;
  void before() { this->data.construct(0); }
  void thread(unsigned index) {
    if (index == 1) return message_passing<P>::thread(index);
    this->data.write([this](int& n) {
      n = 42;
      this->ready.store(1, at<"early.publish">(core::release));
    });
  }
};

TEST(FiberHappensBefore, WhatIsReleasedDuringAnAccessDoesNotCoverIt) {
  const check::result r = run<early_publication>();
  EXPECT_EQ(r.failure, kind::data_race) << r.message;
  bool by_the_clocks = false;
  check::fiber_test<early_publication<fiber_platform>> program({});
  check::fiber_run execution;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const check::fiber_outcome o = execution.execute(program, seed, false);
    EXPECT_EQ(o.failure, kind::data_race);
    by_the_clocks = by_the_clocks || o.message.find("does not happen before") != std::string::npos;
  }
  EXPECT_TRUE(by_the_clocks);
}

// ---- Waiting

template <class P>
struct counter : plain {
  static constexpr unsigned threads = 3;
  explicit counter(const config&) { n.construct(0); }
  void thread(unsigned) {
    for (int i = 0; i < 2; ++i) {
      const core::critical_section<P> held(mutex);
      n.write([](int& value) { ++value; });
    }
  }
  void after() {
    if (get<P>(n) != 6) P::fail(kind::assertion, "an increment was lost");
    n.destroy();
  }
  core::mutex<P> mutex;
  cell_of_int<P> n;
};

TEST(FiberWaiting, TheMutexProtectsWhatItGuards) { expect_passed(run<counter>(3000)); }

TEST(FiberWaiting, AWeakenedMutexDoesNot) {
  for (const char* const site : {"mutex.unlock", "mutex.lock", "mutex.lock_contended"}) {
    const weakened w(site);
    expect_failed(run<counter>(3000), kind::data_race, "a write to a cell");
  }
}

template <class P>
struct sleepers : plain {
  static constexpr unsigned threads = 3;
  struct config {
    int woken = 0;
    bool store = true;
    core::time_point deadline = core::never;
    std::array<unsigned, 3>* results = nullptr;  // how often each wait_result was seen
  };
  explicit sleepers(const config& c) : config_(c) {}
  void thread(unsigned index) {
    if (index < 2) {
      const core::wait_result r = P::wait(word, 0, config_.deadline);
      if (config_.results != nullptr) ++(*config_.results)[static_cast<std::size_t>(r)];
    } else if (config_.woken > 0) {
      if (config_.store) word.store(1, at<"sleepers.store">(core::relaxed));
      P::wake(&word, config_.woken);
    }
  }
  const config& config_;
  typename P::template atomic<std::uint32_t> word{0};
};

TEST(FiberWaiting, AWaitWithoutAWakeIsADeadlock) {
  expect_failed(run<sleepers>(), kind::deadlock, "sleeps on atomic 0");
}

TEST(FiberWaiting, AWakeReachesAsManyAsItSays) {
  expect_passed(run<sleepers>(1000, {.woken = 2}));
  expect_failed(run<sleepers>(1000, {.woken = 1}), kind::deadlock, "sleeps on atomic 0");
}

TEST(FiberWaiting, AWakeThatComesBeforeTheWaitIsLost) {
  expect_failed(run<sleepers>(1000, {.woken = 2, .store = false}), kind::deadlock, "sleeps on");
}

TEST(FiberWaiting, ATimedWaitEndsInEachWay) {
  std::array<unsigned, 3> results{};
  const core::time_point deadline{std::chrono::seconds(1)};
  expect_passed(run<sleepers>(1000, {.woken = 2, .deadline = deadline, .results = &results}));
  for (const unsigned seen : results) EXPECT_GT(seen, 50U);
}

template <class P>
struct forgotten_flag : plain {
  static constexpr unsigned threads = 1;
  explicit forgotten_flag(const config&) {}
  void thread(unsigned) {
    P::await(flag, [](unsigned f) { return f == 1; }, at<"forgotten.await">(core::acquire));
  }
  typename P::template atomic<unsigned> flag{0};
};

TEST(FiberWaiting, AnAwaitThatNobodyEndsIsALivelock) {
  expect_failed(run<forgotten_flag>(), kind::livelock, "awaits atomic 0");
}

template <class P>
struct endless : forgotten_flag<P> {
  using forgotten_flag<P>::forgotten_flag;
  void thread(unsigned) {
    while (this->flag.load(at<"endless.load">(core::relaxed)) == 0) {
    }
  }
};

TEST(FiberWaiting, AnExecutionWithoutEndIsALivelock) {
  expect_failed(run<endless>(1), kind::livelock, "20000 steps");
}

/// A receiver that looks for its message only before it announces that it sleeps.
template <class P>
struct late_registration : plain {
  static constexpr unsigned threads = 2;
  explicit late_registration(const config&) {}
  void thread(unsigned index) {
    if (index == 0) {
      message.store(1, at<"late.send">(core::seq_cst));
      if (word.load(at<"late.check">(core::seq_cst)) == 0) return;
      word.store(2, at<"late.notify">(core::seq_cst));
      P::wake(&word, 1);
    } else if (message.load(at<"late.look">(core::seq_cst)) == 0) {
      word.store(1, at<"late.register">(core::seq_cst));
      while (word.load(at<"late.signal">(core::seq_cst)) == 1) P::wait(word, 1, core::never);
    }
  }
  typename P::template atomic<unsigned> message{0};
  typename P::template atomic<std::uint32_t> word{0};
};

TEST(FiberWaiting, ALostWakeUpIsFound) {
  expect_failed(run<late_registration>(), kind::deadlock, "thread 1 sleeps on");
}

// ---- Objects and memory

enum class mistake {
  none,
  memory_leak,
  global_leak,
  value_leak,
  double_free,
  wrong_size,
  global_double_free,
  cell_after_free,
  cell_after_end,
  global_after_free,
  unconstructed,
  no_value,
  two_values,
  exception,
  overlap,
};

template <class P>
struct mistaken : plain {
  static constexpr unsigned threads = 2;
  struct config {
    mistake what = mistake::none;
  };
  struct node {
    cell_of_int<P> value;
    typename P::template cell<std::string> text;
  };
  static constexpr std::size_t alignment = alignof(node);

  explicit mistaken(const config& c) : what(c.what) {}

  void thread(unsigned index) {
    if (index == 1) return;
    auto* const n = ::new (P::allocate(sizeof(node), alignment)) node;
    if (what != mistake::no_value) n->value.construct(1);
    (void)get<P>(n->value);
    if (what == mistake::two_values) n->value.construct(2);
    if (what == mistake::overlap)
      n->value.read([n](int) { n->value.write([](int& v) { v = 2; }); });
    n->value.destroy();
    if (what == mistake::value_leak) n->text.construct("kept");
    if (what == mistake::exception) throw std::runtime_error("too many cooks");
    n->~node();
    if (what == mistake::cell_after_end) (void)get<P>(n->value);
    free_memory(n);
    global_memory();
  }

  void free_memory(node* n) {
    if (what == mistake::memory_leak) return;
    P::deallocate(n, sizeof(node) + (what == mistake::wrong_size ? 1 : 0), alignment);
    if (what == mistake::double_free) P::deallocate(n, sizeof(node), alignment);
    if (what == mistake::cell_after_free) (void)get<P>(n->value);
  }

  void global_memory() {
    auto own = std::make_unique<node>();
    node* volatile hidden = own.get();  // from the compiler, which would warn
    node* const p = hidden;
    if (what == mistake::global_leak) (void)own.release();
    if (what == mistake::global_double_free || what == mistake::global_after_free) own.reset();
    if (what == mistake::global_after_free) (void)get<P>(p->value);
    if (what == mistake::global_double_free) operator delete(static_cast<void*>(p));
    if (what == mistake::unconstructed) {
      alignas(node) std::array<unsigned char, sizeof(node)> bytes;
      bytes.fill(0xEE);
      (void)get<P>(std::launder(reinterpret_cast<node*>(bytes.data()))->value);
    }
  }
  mistake what;
};

TEST(FiberMemory, CorrectUsePasses) { expect_passed(run<mistaken>()); }

TEST(FiberMemory, EachMistakeIsReportedAsWhatItIs) {
  const auto fails_as = [](mistake m, std::string_view failure, std::string_view message) {
    expect_failed(run<mistaken>(1, {m}), failure, message);
  };
  fails_as(mistake::memory_leak, kind::leak, "1 blocks");
  fails_as(mistake::global_leak, kind::leak, "1 blocks");
  fails_as(mistake::value_leak, kind::leak, "ends while it holds a value");
  fails_as(mistake::two_values, kind::lost, "gets a value while it holds one");
  fails_as(mistake::double_free, kind::bad_free, "freed twice");
  fails_as(mistake::wrong_size, kind::bad_free, "another size");
  fails_as(mistake::global_double_free, kind::bad_free, "freed twice");
  fails_as(mistake::cell_after_end, kind::use_after_free, "after its end");
  fails_as(mistake::cell_after_free, kind::use_after_free, "after its end");
  fails_as(mistake::global_after_free, kind::use_after_free, "after its end");
  fails_as(mistake::unconstructed, kind::uninitialised, "never constructed");
  fails_as(mistake::no_value, kind::uninitialised, "holds no value");
  fails_as(mistake::overlap, kind::data_race, "in progress");
  fails_as(mistake::exception, kind::assertion, "too many cooks");
}

/// Two threads use memory, and thread 1 fails while thread 0 is in the middle.
template <class P>
struct half_way : plain {
  static constexpr unsigned threads = 2;
  explicit half_way(const config&) : name("a name that is too long for the string's own storage") {}
  void thread(unsigned index) {
    const std::vector<std::string> lines(20, name);
    void* const seam = P::allocate(4096, 64);
    go.fetch_add(1, at<"half_way.go">(core::relaxed));
    if (index == 1) P::fail(kind::assertion, name + lines[3]);
    P::await(go, [](unsigned n) { return n == 3; }, at<"half_way.await">(core::relaxed));
    P::deallocate(seam, 4096, 64);
  }
  std::string name;
  typename P::template atomic<unsigned> go{0};
};

TEST(FiberMemory, ExecutionsThatAreDroppedHalfWayLeakNothing) {
  check::fiber_test<half_way<fiber_platform>> program({});
  check::fiber_run execution;
  const auto drop = [&](std::uint64_t times) {
    for (std::uint64_t n = 0; n < times; ++n)
      ASSERT_EQ(execution.execute(program, n, false).failure, kind::assertion);
  };
  drop(100);
  const struct mallinfo2 before = mallinfo2();
  drop(10'000);
  const struct mallinfo2 after = mallinfo2();
  EXPECT_LE(after.uordblks + after.hblkhd, before.uordblks + before.hblkhd + 1024);
}

/// Thread 1 fails while both threads handle an exception of their own.
template <class P>
struct handled : half_way<P> {
  using half_way<P>::half_way;
  void thread(unsigned index) {
    try {
      throw static_cast<int>(index);
    } catch (const int i) {
      this->go.fetch_add(1, at<"handled.go">(core::relaxed));
      P::await(this->go, [](unsigned n) { return n == 2; }, at<"handled.await">(core::relaxed));
      try {
        throw;
      } catch (const int again) {
        if (again != i) P::fail(kind::assertion, "another thread's exception was caught");
      }
      if (index == 1) half_way<P>::thread(index);
    }
  }
};

TEST(FiberMemory, EachThreadHandlesItsOwnExceptions) {
  expect_failed(run<handled>(), kind::assertion, "a name that is too long");
  EXPECT_EQ(std::current_exception(), nullptr);
  EXPECT_EQ(std::uncaught_exceptions(), 0);
}

// ---- The search

TEST(FiberSearch, AReplayRunsTheExecutionThatFailed) {
  const weakened w("mp.publish");
  const check::result failed = run<message_passing>();
  const check::result again = replay<message_passing>(failed.replay);
  EXPECT_EQ(again.verdict, verdict::failed);
  EXPECT_EQ(again.failure, failed.failure);
  EXPECT_EQ(again.message, failed.message);
  EXPECT_EQ(again.history, failed.history);
  EXPECT_EQ(again.executions, 1U);
}

TEST(FiberSearch, AReplayThatPassesHasItsHistory) {
  const check::result r = replay<message_passing>("seed:7");
  expect_passed(r);
  EXPECT_NE(r.history.find("mp.publish                store     1, release"), std::string::npos)
      << r.history;
}

template <class P>
struct turns : plain {
  static constexpr unsigned threads = 3;
  struct config {
    std::uint64_t* taken;
  };
  explicit turns(const config& c) : config_(c) {}
  void thread(unsigned index) {
    for (int i = 0; i < 5; ++i) {
      n.fetch_add(1, at<"turns.take">(core::relaxed));
      *config_.taken = *config_.taken * 31 + index;
    }
  }
  const config& config_;
  typename P::template atomic<unsigned> n{0};
};

TEST(FiberSearch, TheScheduleIsTheSameOnEveryMachine) {
  check::fiber_random random(1);
  EXPECT_EQ(random.next(), 0x910A2DEC89025CC1U);
  std::uint64_t taken = 0;
  expect_passed(run<turns>(100, {&taken}));
  EXPECT_EQ(taken, 1053737810288987524U);
}

TEST(FiberSearch, ARecordingDoesNotChangeTheExecution) {
  check::fiber_test<counter<fiber_platform>> program({});
  check::fiber_run execution;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    (void)execution.execute(program, seed, false);
    const std::uint64_t steps = execution.steps();
    (void)execution.execute(program, seed, true);
    EXPECT_EQ(execution.steps(), steps);
  }
}

TEST(FiberSearch, ALimitLeavesTheSearchIncomplete) {
  check::options options;
  options.limit = 10;
  const auto search = check::search::random(100);
  const check::result r = check::run_on_fibers<counter>({}, search, options);
  EXPECT_EQ(r.verdict, verdict::incomplete);
  EXPECT_EQ(r.executions, 10U);
  options.limit = 100;
  expect_passed(check::run_on_fibers<counter>({}, search, options));
}

TEST(FiberSearch, ProgressIsReported) {
  std::vector<std::uint64_t> seen;
  check::options options;
  options.progress = [&](std::uint64_t executions, double part) {
    seen.push_back(executions);
    EXPECT_DOUBLE_EQ(part, static_cast<double>(executions) / 1024);
  };
  const check::result r = check::run_on_fibers<counter>({}, check::search::random(1024), options);
  EXPECT_EQ(r.executions, 1024U);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{512, 1024}));
}

TEST(FiberSearch, WhatItCannotDoIsAnError) {
  EXPECT_THROW(check::run_on_fibers<counter>({}, check::search::full(), {}), std::invalid_argument);
  EXPECT_THROW(check::run_on_fibers<counter>({}, check::search::bounded(2), {}),
               std::invalid_argument);
  for (const char* const other : {"7", "seed:", "seed:x", "seed:7x", "seed:99999999999999999999"})
    EXPECT_THROW(replay<counter>(other), std::invalid_argument) << other;
}

template <class P>
struct choices : plain {
  static constexpr unsigned threads = 1;
  struct config {
    std::array<unsigned, 5>* chosen;
    std::array<unsigned, 2>* weak;
  };
  explicit choices(const config& c) : config_(c) {}
  void thread(unsigned) {
    ++(*config_.chosen)[P::choose(5)];
    unsigned expected = 0;
    ++(*config_.weak)[n.compare_exchange_weak(expected, 1,
                                              at<"choices.weak">(core::relaxed, core::relaxed))];
    if (expected != 0) P::fail(kind::assertion, "the expected value was not there");
    P::note("chosen");
  }
  config config_;
  typename P::template atomic<unsigned> n{0};
};

TEST(FiberSearch, ChoicesAreDrawn) {
  std::array<unsigned, 5> chosen{};
  std::array<unsigned, 2> weak{};
  expect_passed(run<choices>(1000, {&chosen, &weak}));
  for (const unsigned n : chosen) EXPECT_GT(n, 150U);
  for (const unsigned n : weak) EXPECT_GT(n, 80U);
  EXPECT_NE(replay<choices>("seed:1", {&chosen, &weak}).history.find("chosen"), std::string::npos);
}

TEST(FiberSearch, SearchesInSeveralThreadsDoNotMeet) {
  std::array<check::result, 2> results;
  {
    std::vector<std::jthread> threads;
    for (check::result& r : results) threads.emplace_back([&r] { r = run<counter>(1000); });
  }
  for (const check::result& r : results) expect_passed(r);
}

// ---- Channels

struct small_geometry {
  using index = std::uint8_t;
  static constexpr index first_lap = 254;
  static constexpr std::size_t block_length(std::size_t) { return 2; }
};

struct channel_config {
  std::optional<std::size_t> capacity;
  unsigned receivers = 1;
  bool timed = false;
  bool leaves_early = false;  // the receivers go after one message
};

/// Two senders send two messages each; receivers receive until they are told that all have gone.
template <class P, class Geometry>
struct traffic : plain {
  static constexpr unsigned threads = 4;
  static constexpr unsigned senders = 2;
  static constexpr int each = 2;
  using config = channel_config;
  using parts = core::shipped_parts<P, Geometry>;
  using sender = core::basic_sender<int, P, parts>;
  using receiver = core::basic_receiver<int, P, parts, true>;

  explicit traffic(const config& c) : config_(c) {}

  void before() {
    auto* const c = config_.capacity ? sender::channel_type::make_bounded(*config_.capacity)
                                     : sender::channel_type::make_unbounded();
    tx[0].emplace(c);
    rx[0].emplace(c);
    tx[1].emplace(*tx[0]);
    if (config_.receivers == 2) rx[1].emplace(*rx[0]);
  }

  void thread(unsigned index) {
    if (index < senders) {
      for (int i = 0; i < each; ++i) send(*tx[index], static_cast<int>(index) * 10 + i);
      tx[index].reset();
    } else if (auto& from = rx[index - senders]) {
      receive(*from, index - senders);
      from.reset();
    }
  }

  void send(const sender& to, int value) {
    const auto sent = config_.timed ? to.send_for(value, std::chrono::seconds(1)) : to.send(value);
    if (sent) return;
    if (sent.error().value != value) P::fail(kind::lost, "another value was handed back");
    const bool expected =
        config_.timed ? sent.error().reason == runnel::send_errc::timeout : config_.leaves_early;
    if (!expected && !config_.leaves_early) P::fail(kind::assertion, "a send failed");
    ++handed_back;
  }

  void receive(const receiver& from, unsigned index) {
    for (;;) {
      const auto r = config_.timed ? from.recv_for(std::chrono::seconds(1)) : from.recv();
      if (r) {
        received[index].push_back(*r);
        if (config_.leaves_early) return;
      } else if (r.error() == runnel::recv_errc::disconnected) {
        return;
      }
    }
  }

  void after() {
    std::array<int, 20> times{};
    for (const auto& values : received) {
      std::array<int, senders> last{-1, -1};
      for (const int v : values) {
        if (++times[static_cast<std::size_t>(v)] > 1) P::fail(kind::duplicate, "received twice");
        if (v % 10 <= std::exchange(last[static_cast<std::size_t>(v / 10)], v % 10))
          P::fail(kind::order, "a sender's messages were received in another order");
      }
    }
    const std::size_t n = received[0].size() + received[1].size() + handed_back;
    if (!config_.leaves_early && n != senders * each)
      P::fail(kind::lost, std::to_string(n) + " messages were received or handed back");
  }

  const config& config_;
  std::array<std::optional<sender>, senders> tx;
  std::array<std::optional<receiver>, 2> rx;
  std::array<std::vector<int>, 2> received;
  std::size_t handed_back = 0;
};

template <class P>
using shipped_traffic = traffic<P, core::shipped_geometry>;
template <class P>
using small_traffic = traffic<P, small_geometry>;

class FiberChannel : public testing::TestWithParam<channel_config> {};

TEST_P(FiberChannel, DeliversEachMessageOnceInTheOrderOfItsSender) {
  expect_passed(run<shipped_traffic>(3000, GetParam()));
  expect_passed(run<small_traffic>(3000, GetParam()));
}

std::vector<channel_config> all_channels() {
  std::vector<channel_config> all;
  const std::array<std::optional<std::size_t>, 4> capacities{std::nullopt, 0, 1, 2};
  for (const auto capacity : capacities) {
    for (const unsigned receivers : {1U, 2U}) {
      all.push_back({capacity, receivers});
      all.push_back({capacity, receivers, true});
      all.push_back({capacity, receivers, false, true});
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, FiberChannel, testing::ValuesIn(all_channels()), [](const auto& i) {
  const channel_config& c = i.param;
  std::string name = c.capacity ? "Bounded" + std::to_string(*c.capacity) : "Unbounded";
  name += c.receivers == 1 ? "OneReceiver" : "TwoReceivers";
  if (c.timed) name += "Timed";
  if (c.leaves_early) name += "LeavesEarly";
  return name;
});

TEST(FiberChannel, MissingEdgesAreDataRaces) {
  const channel_config unbounded{std::nullopt, 2};
  const channel_config bounded{2, 2};
  for (const char* const site : {"ring.publish", "ring.see_message", "count.drop"}) {
    const weakened w(site);
    expect_failed(run<small_traffic>(3000, bounded), kind::data_race, "does not happen before");
  }
  for (const char* const site : {"list.publish", "list.see_message", "list.receive_done"}) {
    const weakened w(site);
    expect_failed(run<small_traffic>(3000, unbounded), kind::data_race, "does not happen before");
  }
}

}  // namespace

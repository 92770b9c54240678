// SPDX-License-Identifier: MIT
//
// The explorer as an engine: each kind of failure is seen, each thing that is right passes, and each
// execution that there is is visited once.
#include "../graph_engine.hpp"

#include <runnel/core/handles.hpp>
#include <runnel/core/waiting.hpp>

#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace check = runnel::check;
namespace core = runnel::core;
namespace kind = runnel::check::kind;
namespace model = runnel::model;
using check::composed_platform;
using check::graph_platform;
using check::verdict;
using core::at;

template <template <class> class Test, class P = graph_platform>
check::result run(const typename Test<P>::config& config = {}, const check::options& options = {}) {
  return check::run_on_graphs<P, Test>(config, check::search::full(), options);
}

template <template <class> class Test, class P = graph_platform>
check::result replay(const std::string& which, const typename Test<P>::config& config = {}) {
  check::options options;
  options.replay = which;
  return run<Test, P>(config, options);
}

void expect_passed(const check::result& r) {
  EXPECT_EQ(r.verdict, verdict::passed) << r.failure << ": " << r.message << '\n' << r.history;
}
void expect_executions(const check::result& r, std::uint64_t executions) {
  expect_passed(r);
  EXPECT_EQ(r.executions, executions);
}
void expect_message(const check::result& r, std::string_view failure, std::string_view message) {
  EXPECT_EQ(r.verdict, verdict::failed);
  EXPECT_EQ(r.failure, failure) << r.message;
  EXPECT_NE(r.message.find(message), std::string::npos) << r.message;
}
void expect_same(const check::result& a, const check::result& b) {
  EXPECT_EQ(a.verdict, b.verdict);
  EXPECT_EQ(a.failure, b.failure);
  EXPECT_EQ(a.message, b.message);
  EXPECT_EQ(a.history, b.history);
  EXPECT_EQ(a.replay, b.replay);
}

/// The failure is found, and its replay is the same execution.
template <template <class> class Test, class P = graph_platform>
void expect_failed(std::string_view failure, std::string_view message,
                   const typename Test<P>::config& config = {}) {
  const check::result r = run<Test, P>(config);
  expect_message(r, failure, message);
  EXPECT_NE(r.history.find("fails: " + r.failure + "\n"), std::string::npos) << r.history;
  EXPECT_EQ(r.history.find("not the execution that failed"), std::string::npos) << r.history;
  EXPECT_TRUE(r.replay.starts_with("graph:")) << r.replay;
  expect_same(r, replay<Test, P>(r.replay, config));
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

// The await has one value to go on with: that is one execution.
TEST(ExplorerHappensBefore, AMessageThatIsPublishedWithReleaseAndAcquireIsSeen) {
  expect_executions(run<message_passing>(), 1);
}

TEST(ExplorerHappensBefore, AWeakenedPublicationIsADataRace) {
  const weakened w("mp.publish");
  expect_failed<message_passing>(kind::data_race, "a write to cell 0 by thread 0");
}

TEST(ExplorerHappensBefore, AWeakenedAcquireIsADataRace) {
  const weakened w("mp.see");
  expect_failed<message_passing>(kind::data_race, "read by thread 1");
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

TEST(ExplorerHappensBefore, FencesOrderWhatIsAroundThem) {
  expect_executions(run<publication>({how::fences}), 1);
}

TEST(ExplorerHappensBefore, AMissingReleaseFenceIsADataRace) {
  const weakened w("pub.release_fence");
  expect_failed<publication>(kind::data_race, "read by thread 2", {how::fences});
}

TEST(ExplorerHappensBefore, AMissingAcquireFenceIsADataRace) {
  const weakened w("pub.acquire_fence");
  expect_failed<publication>(kind::data_race, "read by thread 2", {how::fences});
}

TEST(ExplorerHappensBefore, ARelaxedStoreEndsAReleaseSequence) {
  expect_failed<publication>(kind::data_race, "read by thread 2",
                             {how::relaxed_store_after_release});
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

TEST(ExplorerHappensBefore, AReleaseSequenceGoesOnThroughAReadModifyWrite) {
  expect_executions(run<release_sequence>({how::rmw_after_release}), 1);
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

TEST(ExplorerHappensBefore, MomentsAreOrderedByHappensBefore) { expect_passed(run<moments>()); }

TEST(ExplorerHappensBefore, MomentsAreNotOrderedByTheScheduleAlone) {
  const weakened w("moments.await");
  expect_failed<moments>(kind::assertion, "the send does not happen before");
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

TEST(ExplorerHappensBefore, AnObjectMayEndAfterItsLastUse) {
  expect_passed(run<end_of_an_atomic>());
}

TEST(ExplorerHappensBefore, AnEndThatIsNotOrderedAfterAUseIsADataRace) {
  const weakened w("end.done");
  expect_failed<end_of_an_atomic>(kind::data_race, "end of the object by thread 1");
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

TEST(ExplorerHappensBefore, AWriteMayFollowARead) { expect_passed(run<read_before_write>()); }

TEST(ExplorerHappensBefore, AWriteThatIsNotOrderedAfterAReadIsADataRace) {
  const weakened w("rbw.done");
  expect_failed<read_before_write>(kind::data_race, "a read of cell 0 by thread 0");
}

/// One thread publishes a cell before its access to it has ended; the explorer runs thread 0 first.
template <class P>
struct early_publication : plain {
  static constexpr unsigned threads = 2;
  struct config {
    unsigned writer = 0;
  };
  explicit early_publication(const config& c) : writer(c.writer) { data.construct(0); }
  void thread(unsigned index) {
    if (index != writer) {
      P::await(ready, [](unsigned r) { return r == 1; }, at<"early.see">(core::acquire));
      (void)get<P>(data);
      return;
    }
    data.write([this](int& n) {
      n = 42;
      ready.store(1, at<"early.publish">(core::release));
    });
  }
  void after() { data.destroy(); }
  unsigned writer;
  cell_of_int<P> data;
  typename P::template atomic<unsigned> ready{0};
};

TEST(ExplorerHappensBefore, WhatIsReleasedDuringAnAccessDoesNotCoverIt) {
  expect_failed<early_publication>(kind::data_race, "does not happen before", {.writer = 0});
  expect_failed<early_publication>(kind::data_race, "an access to it is in progress",
                                   {.writer = 1});
}

// ---- Waiting

/// All threads add to a cell under a mutex, `Rounds` times each.
template <class P, unsigned Threads, int Rounds>
struct counter : plain {
  static constexpr unsigned threads = Threads;
  explicit counter(const config&) { n.construct(0); }
  void thread(unsigned) {
    for (int i = 0; i < Rounds; ++i) {
      const core::critical_section<P> held(mutex);
      n.write([](int& value) { ++value; });
    }
  }
  void after() {
    if (get<P>(n) != static_cast<int>(Threads) * Rounds)
      P::fail(kind::assertion, "an increment was lost");
    n.destroy();
  }
  typename core::waiting_parts<P>::mutex mutex;
  cell_of_int<P> n;
};
template <class P>
using two_count = counter<P, 2, 2>;
template <class P>
using three_count = counter<P, 3, 2>;

TEST(ExplorerWaiting, TheMutexProtectsWhatItGuards) { expect_passed(run<two_count>()); }

TEST(ExplorerWaiting, AWeakenedMutexDoesNot) {
  for (const char* const site : {"mutex.unlock", "mutex.lock", "mutex.lock_contended"}) {
    const weakened w(site);
    expect_failed<two_count>(kind::data_race, "a write to cell");
  }
}

// An execution is an order of the 6 critical sections: 6! / (2! 2! 2!).
TEST(ExplorerWaiting, TheMutexOfOneStepHasEachOrderOfCriticalSectionsOnce) {
  expect_executions((run<three_count, composed_platform>()), 90);
}

TEST(ExplorerWaiting, AWeakenedMutexOfOneStepDoesNotProtect) {
  for (const char* const site : {"mutex.unlock", "mutex.lock"}) {
    const weakened w(site);
    expect_failed<three_count, composed_platform>(kind::data_race, "a write to cell");
  }
}

/// Thread 0 keeps the mutex.
template <class P>
struct kept_mutex : plain {
  static constexpr unsigned threads = 2;
  explicit kept_mutex(const config&) {}
  void thread(unsigned) { mutex.lock(); }
  typename P::mutex mutex;
};

TEST(ExplorerWaiting, AMutexThatIsNotReleasedIsALivelock) {
  expect_failed<kept_mutex, composed_platform>(kind::livelock, "awaits atomic 0 at mutex.lock");
}

/// Thread 0 hands a message over with a signal.
template <class P>
struct signalled : plain {
  static constexpr unsigned threads = 2;
  static constexpr bool shares_nothing = true;  // if the deadline passes
  struct config {
    bool notifies = true;
    core::time_point deadline = core::never;
    std::array<unsigned, 2>* results = nullptr;  // how often park has returned what
  };
  explicit signalled(const config& c) : config_(c) { data.construct(0); }
  void thread(unsigned index) {
    if (index == 0) {
      if (!config_.notifies) return;
      data.write([](int& n) { n = 42; });
      if (signal.notify()) P::wake(signal.word(), 1);
    } else {
      const bool notified = signal.park(config_.deadline);
      if (notified && get<P>(data) != 42) P::fail(kind::assertion, "the message was not seen");
      if (config_.results != nullptr) ++(*config_.results)[notified];
    }
  }
  void after() { data.destroy(); }
  const config& config_;
  typename core::waiting_parts<P>::signal signal;
  cell_of_int<P> data;
};

constexpr core::time_point some_time{std::chrono::seconds(1)};

template <class P>
void expect_signals_end_in_each_way() {
  std::array<unsigned, 2> results{};
  expect_passed(run<signalled, P>({.results = &results}));
  EXPECT_EQ(results[false], 0U);
  expect_passed(run<signalled, P>({.deadline = some_time, .results = &results}));
  EXPECT_GT(results[false], 0U);
  results = {};
  expect_passed(run<signalled, P>({.notifies = false, .deadline = some_time, .results = &results}));
  EXPECT_EQ(results[true], 0U);
}

TEST(ExplorerWaiting, ASignalEndsInEachWay) {
  expect_signals_end_in_each_way<graph_platform>();
  expect_signals_end_in_each_way<composed_platform>();
}

// Notified, or with a deadline that passes.
TEST(ExplorerWaiting, TheSignalOfOneStepHasOneExecutionForEachWay) {
  expect_executions((run<signalled, composed_platform>()), 1);
  expect_executions((run<signalled, composed_platform>({.deadline = some_time})), 2);
}

TEST(ExplorerWaiting, AForgottenSignalIsADeadlock) {
  expect_failed<signalled>(kind::deadlock, "thread 1 sleeps on atomic 0", {.notifies = false});
  expect_failed<signalled, composed_platform>(
      kind::deadlock, "thread 1 sleeps on atomic 0 at waiter.see_signal, whose value is 0",
      {.notifies = false});
}

TEST(ExplorerWaiting, AWeakenedSignalIsADataRace) {
  for (const char* const site : {"waiter.notify", "waiter.see_signal"}) {
    const weakened w(site);
    expect_failed<signalled>(kind::data_race, "read by thread 1");
    expect_failed<signalled, composed_platform>(kind::data_race, "read by thread 1");
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

TEST(ExplorerWaiting, AWaitWithoutAWakeIsADeadlock) {
  expect_failed<sleepers>(kind::deadlock, "sleeps on atomic 0");
}

TEST(ExplorerWaiting, AWakeReachesAsManyAsItSays) {
  expect_passed(run<sleepers>({.woken = 2}));
  expect_failed<sleepers>(kind::lost_wake_up, "sleeps on atomic 0", {.woken = 1});
}

TEST(ExplorerWaiting, AWakeThatComesBeforeTheWaitWakesNobody) {
  expect_failed<sleepers>(kind::deadlock, "sleeps on", {.woken = 2, .store = false});
}

TEST(ExplorerWaiting, ATimedWaitEndsInEachWay) {
  std::array<unsigned, 3> results{};
  expect_passed(run<sleepers>({.woken = 2, .deadline = some_time, .results = &results}));
  for (const unsigned seen : results) EXPECT_GT(seen, 0U);
}

TEST(ExplorerWaiting, ATimedWaitNeedsNoWake) {
  expect_executions(run<sleepers>({.deadline = some_time}), 1);
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

template <class P>
struct crashing : message_passing<P> {
  using message_passing<P>::message_passing;
  void thread(unsigned index) {
    message_passing<P>::thread(index);
    if (index == 1) std::abort();
  }
};
template <class P>
struct leaving : forgotten_flag<P> {
  using forgotten_flag<P>::forgotten_flag;
  void thread(unsigned) { std::exit(0); }
};

TEST(ExplorerSearch, WhatEndsTheProcessIsAFailureWithItsExecution) {
  expect_failed<crashing>("crash", "signal 6 (Aborted) in thread 1, after mp.see");
  expect_failed<leaving>("exit", "exit(0) was called in thread 0, after its start");
}

TEST(ExplorerWaiting, AnAwaitThatNobodyEndsIsALivelock) {
  expect_failed<forgotten_flag>(kind::livelock, "thread 0 awaits atomic 0 at forgotten.await");
}

template <class P>
struct endless_loads : forgotten_flag<P> {
  using forgotten_flag<P>::forgotten_flag;
  void thread(unsigned) {
    while (this->flag.load(at<"endless.load">(core::relaxed)) == 0) {
    }
  }
};

TEST(ExplorerWaiting, AnEndlessLoopIsALivelock) {
  expect_failed<endless_loads>(kind::livelock, "the last one at endless.load");
}

template <class P>
struct endless_stores : forgotten_flag<P> {
  using forgotten_flag<P>::forgotten_flag;
  void thread(unsigned) {
    for (unsigned n = 0;; ++n) this->flag.store(n, at<"endless.store">(core::relaxed));
  }
};
template <class P>
struct endless_fences : forgotten_flag<P> {
  using forgotten_flag<P>::forgotten_flag;
  void thread(unsigned) {
    for (;;) P::fence(at<"endless.fence">(core::seq_cst));
  }
};
template <class P>
struct endless_choices : forgotten_flag<P> {
  using forgotten_flag<P>::forgotten_flag;
  void thread(unsigned) {
    this->flag.store(1, at<"endless.begin">(core::relaxed));
    while (P::choose(2) == 0) {
    }
  }
};

TEST(ExplorerWaiting, ALoopThatReadsNothingIsALivelock) {
  expect_failed<endless_stores>(kind::livelock, "the last one at endless.store");
  expect_failed<endless_fences>(kind::livelock, "the last one at endless.fence");
  expect_failed<endless_choices>(kind::livelock, "the last one at endless.begin");
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

TEST(ExplorerWaiting, ALostWakeUpIsFound) {
  expect_failed<late_registration>(kind::deadlock, "thread 1 sleeps on");
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
  static constexpr bool shares_nothing = true;  // without a mistake
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

TEST(ExplorerMemory, CorrectUsePasses) { expect_executions(run<mistaken>(), 1); }

TEST(ExplorerMemory, EachMistakeIsReportedAsWhatItIs) {
  const auto fails_as = [](mistake m, std::string_view failure, std::string_view message) {
    expect_failed<mistaken>(failure, message, {m});
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

enum class life { not_begun, ended, freed };

/// Ways to use an atomic or a cell.
template <class P>
struct uses {
  using word = typename P::template atomic<std::uint32_t>;
  using cell = cell_of_int<P>;
  struct objects {
    word atomic{0};
    cell plain;
  };
  using use = void (*)(objects&);
  static constexpr std::array<use, 17> all{
      [](objects& o) { (void)o.atomic.load(at<"use.load">(core::relaxed)); },
      [](objects& o) { o.atomic.store(1, at<"use.store">(core::relaxed)); },
      [](objects& o) { (void)o.atomic.exchange(1, at<"use.exchange">(core::relaxed)); },
      [](objects& o) {
        std::uint32_t e = 0;
        (void)o.atomic.compare_exchange_weak(e, 1, at<"use.weak">(core::relaxed, core::relaxed));
      },
      [](objects& o) {
        std::uint32_t e = 0;
        (void)o.atomic.compare_exchange_strong(e, 1,
                                               at<"use.strong">(core::relaxed, core::relaxed));
      },
      [](objects& o) { (void)o.atomic.fetch_add(1, at<"use.add">(core::relaxed)); },
      [](objects& o) { (void)o.atomic.fetch_sub(1, at<"use.sub">(core::relaxed)); },
      [](objects& o) { (void)o.atomic.fetch_or(1, at<"use.or">(core::relaxed)); },
      [](objects& o) {
        (void)P::await(
            o.atomic, [](std::uint32_t) { return true; }, at<"use.await">(core::relaxed));
      },
      [](objects& o) {
        o.atomic.await_exchange(0, 1, at<"use.await_exchange">(core::relaxed, core::relaxed));
      },
      [](objects& o) { (void)P::wait(o.atomic, 1, core::never); },
      [](objects& o) { o.plain.construct(1); },
      [](objects& o) { o.plain.destroy(); },
      [](objects& o) { (void)get<P>(o.plain); },
      [](objects& o) { o.plain.write([](int& n) { n = 1; }); },
      [](objects& o) { (void)o.plain.take(); },
      [](objects& o) { std::destroy_at(&o); },
  };
};

/// An object that is used before its life begins, or after it has ended.
template <class P>
struct misused : plain {
  using objects = typename uses<P>::objects;
  static constexpr unsigned threads = 1;
  struct config {
    typename uses<P>::use use;
    life when;
  };
  explicit misused(const config& c) : config_(c) {}
  void thread(unsigned) {
    void* const memory = P::allocate(sizeof(objects), alignof(objects));
    auto* volatile hidden = static_cast<objects*>(memory);  // from the compiler
    if (config_.when != life::not_begun) std::destroy_at(::new (memory) objects);
    if (config_.when == life::freed) P::deallocate(memory, sizeof(objects), alignof(objects));
    config_.use(*hidden);
    if (config_.when != life::freed) P::deallocate(memory, sizeof(objects), alignof(objects));
  }
  const config& config_;
};

TEST(ExplorerMemory, EachUseOutsideOfTheLifeOfAnObjectIsReported) {
  for (const auto use : uses<graph_platform>::all) {
    expect_failed<misused>(kind::uninitialised, "never constructed", {use, life::not_begun});
    expect_failed<misused>(kind::use_after_free, "after its end", {use, life::ended});
    expect_failed<misused>(kind::use_after_free, "after its end", {use, life::freed});
  }
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

std::size_t allocated() {
  const struct mallinfo2 now = mallinfo2();
  return now.uordblks + now.hblkhd;
}

TEST(ExplorerMemory, SearchesThatFailHalfWayLeakNothing) {
  check::graph_test<half_way<graph_platform>> program({});
  const auto fail = [&](int times) {
    for (int n = 0; n < times; ++n) ASSERT_EQ(model::explore(program).failure, kind::assertion);
  };
  fail(10);
  const std::size_t before = allocated();
  fail(100);
  EXPECT_LE(allocated(), before + 1024);
}

/// Both threads have memory and sleep, with a timeout, since nobody wakes them: all executions but
/// those in which the time has passed for both are left half-way.
template <class P>
struct left_asleep : plain {
  static constexpr unsigned threads = 2;
  static constexpr unsigned each = 60;
  explicit left_asleep(const config&) {}
  void thread(unsigned) {
    const std::vector<std::string> lines(20,
                                         "a line that is too long for the string's own storage");
    void* const seam = P::allocate(4096, 64);
    (void)P::choose(each);
    (void)P::wait(word, 0, some_time);
    P::deallocate(seam, 4096, 64);
  }
  typename P::template atomic<std::uint32_t> word{0};
};

/// Runs the search, and expects the memory that it uses not to grow between two reports.
template <template <class> class Test, class P = graph_platform>
model::explore_result expect_no_growth() {
  const typename Test<P>::config config{};
  check::graph_test<Test<P>> program(config);
  std::array<std::size_t, 2> memory{};
  model::explore_options options;
  options.progress = [&](std::uint64_t executions, double) {
    memory[executions > 1024] = allocated();
  };
  model::explore_result r = model::explore(program, options);
  EXPECT_EQ(r.end, model::end_of_search::exhausted) << r.message;
  EXPECT_GT(memory[0], 0U);
  EXPECT_GT(memory[1], 0U);
  EXPECT_LE(memory[1], memory[0] + 16 * 1024);
  return r;
}

// Each thread has 60 choices, and ends or sleeps.
TEST(ExplorerMemory, ExecutionsThatAreLeftHalfWayLeakNothing) {
  const model::explore_result r = expect_no_growth<left_asleep>();
  EXPECT_EQ(r.complete, 60U * 60);
  EXPECT_GT(r.blocked, 60U * 60);
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
      P::await(this->go, [](unsigned n) { return n == 4; }, at<"handled.stay">(core::relaxed));
    }
  }
};

TEST(ExplorerMemory, EachThreadHandlesItsOwnExceptions) {
  expect_failed<handled>(kind::assertion, "a name that is too long");
  EXPECT_EQ(std::current_exception(), nullptr);
  EXPECT_EQ(std::uncaught_exceptions(), 0);
}

// ---- The search

TEST(ExplorerSearch, AReplayThatPassesHasItsHistory) {
  const check::result first = replay<message_passing>("graph://");
  expect_executions(first, 1);
  const auto has = [&](std::string_view line) {
    EXPECT_NE(first.history.find(line), std::string::npos) << first.history;
  };
  has("thread 0  mp.publish                    store atomic 1 = 1");
  has("thread 1  mp.see                        await atomic 1 -> 1");
  EXPECT_EQ(first.replay, "graph://");
}

TEST(ExplorerSearch, AReplayOfAllEventsHasTheSameHistory) {
  const check::result all = replay<message_passing>("graph:-,-/w1/1.0");
  expect_executions(all, 1);
  EXPECT_EQ(all.history, replay<message_passing>("graph://").history);
}

/// Thread 0 makes an atomic, and thread 1 another one if it is the first to add.
template <class P>
struct late_atomics : plain {
  static constexpr unsigned threads = 2;
  explicit late_atomics(const config&) {}
  void thread(unsigned index) {
    const unsigned before = n.fetch_add(1, at<"late.add">(core::relaxed));
    if (index == 1 && before != 0) return;
    const typename P::template atomic<unsigned> own{0};
    if (index == 0) return;
    P::await(own, [](unsigned v) { return v == 1; }, at<"late.own">(core::relaxed));
  }
  typename P::template atomic<unsigned> n{0};
};

TEST(ExplorerSearch, NamesOfObjectsDoNotDependOnEarlierExecutions) {
  expect_failed<late_atomics>(kind::livelock, "awaits atomic");
}

/// What the threads do after their last event races, and fails by itself.
template <class P>
struct racing_ends : plain {
  static constexpr unsigned threads = 2;
  explicit racing_ends(const config&) { data.construct(0); }
  void thread(unsigned index) {
    if (n.fetch_add(1, at<"ends.add">(core::relaxed)) == index) return;
    if (index == 0) data.write([](int& v) { ++v; });
    (void)get<P>(data);
    if (index == 1) P::fail(kind::assertion, "thread 1 was first");
  }
  void after() { data.destroy(); }
  cell_of_int<P> data;
  typename P::template atomic<unsigned> n{0};
};

TEST(ExplorerSearch, AReplayFailsAsTheSearchDidIfSeveralThreadsCould) {
  expect_failed<racing_ends>(kind::assertion, "thread 1 was first");
}

template <class P, unsigned Threads, int Each>
struct turns : plain {
  static constexpr unsigned threads = Threads;
  explicit turns(const config&) {}
  void thread(unsigned) {
    for (int i = 0; i < Each; ++i) n.fetch_add(1, at<"turns.take">(core::relaxed));
  }
  typename P::template atomic<unsigned> n{0};
};
template <class P>
using three_turns = turns<P, 3, 3>;
template <class P>
using four_turns = turns<P, 4, 2>;

// Additions to one atomic have an order, so many as there are ways to merge the threads.
TEST(ExplorerSearch, EachOrderIsVisitedOnce) {
  expect_executions(run<three_turns>(), 1680);  // 9! / (3! 3! 3!)
  expect_executions(run<four_turns>(), 2520);   // 8! / (2! 2! 2! 2!)
}

TEST(ExplorerSearch, ItsMemoryDoesNotGrowWithTheNumberOfExecutions) {
  const model::explore_result r = expect_no_growth<four_turns>();
  EXPECT_EQ(r.complete, 2520U);
  EXPECT_GT(r.revisits, 0U);
}

std::uint64_t executions(const model::explore_result& r) { return r.complete + r.blocked; }

TEST(ExplorerSearch, ALimitLeavesTheSearchIncomplete) {
  check::graph_test<three_turns<graph_platform>> program({});
  model::explore_options options;
  const std::uint64_t all = executions(model::explore(program, options));
  for (const std::uint64_t limit : {std::uint64_t{10}, all - 1}) {
    options.limit = limit;
    const model::explore_result r = model::explore(program, options);
    EXPECT_EQ(r.end, model::end_of_search::cut);
    EXPECT_EQ(executions(r), limit);
  }
  options.limit = all;
  EXPECT_EQ(model::explore(program, options).end, model::end_of_search::exhausted);
  check::options limited;
  limited.limit = 10;
  EXPECT_EQ(run<three_turns>({}, limited).verdict, verdict::incomplete);
}

TEST(ExplorerSearch, ATimeLimitLeavesTheSearchIncomplete) {
  check::graph_test<three_turns<graph_platform>> program({});
  model::explore_options options;
  options.seconds = 1e-9;
  const model::explore_result r = model::explore(program, options);
  EXPECT_EQ(r.end, model::end_of_search::cut);
  EXPECT_LE(executions(r), 1024U);
}

template <class P>
struct a_thread_that_never_ends : turns<P, 3, 3> {
  using turns<P, 3, 3>::turns;
  void thread(unsigned index) {
    turns<P, 3, 3>::thread(index);
    for (volatile bool ever = true; index == 2 && ever;) {
    }
  }
};

TEST(ExplorerSearch, ATimeLimitOfACheckIsKept) {
  check::options options;
  options.seconds = 1e-9;
  const check::result r = run<four_turns>({}, options);
  EXPECT_EQ(r.verdict, verdict::incomplete);
  EXPECT_EQ(r.message, "the time limit ended the search");
  const check::result endless = run<a_thread_that_never_ends>({}, options);
  expect_message(endless, "endless execution", "it goes on in thread 2, after ");
  EXPECT_NE(endless.history.find("thread 2"), std::string::npos) << endless.history;
}

TEST(ExplorerSearch, ProgressIsReported) {
  std::uint64_t last = 0;
  double done = 0;
  check::options options;
  options.progress = [&](std::uint64_t executions, double part) {
    EXPECT_EQ(executions, last + 1024);
    EXPECT_GT(part, done);
    EXPECT_LT(part, 1);
    last = executions;
    done = part;
  };
  expect_executions(run<four_turns>({}, options), 2520);
  EXPECT_EQ(last, 2048U);
}

TEST(ExplorerSearch, WhatItCannotDoIsAnError) {
  for (const check::search& s : {check::search::random(100), check::search::bounded(2)}) {
    EXPECT_THROW((check::run_on_graphs<graph_platform, message_passing>({}, s, {})),
                 std::invalid_argument);
  }
}

/// More threads than the explorer has stacks for.
struct crowd final : model::program {
  [[nodiscard]] unsigned threads() const override { return model::most_threads + 1; }
  void before() override {}
  void thread(unsigned) override {}
  void after() override {}
};

TEST(ExplorerSearch, TooManyThreadsAreAnError) {
  crowd program;
  EXPECT_THROW((void)model::explore(program), std::invalid_argument);
}

template <template <class> class Test>
void expect_refused(const std::string& which, std::string_view message) {
  try {
    const check::result r = replay<Test>(which);
    ADD_FAILURE() << which << " is not refused:\n" << r.history;
  } catch (const std::invalid_argument& e) {
    EXPECT_NE(std::string_view(e.what()).find(message), std::string_view::npos) << e.what();
  }
}

TEST(ExplorerSearch, AMalformedReplayIsRefused) {
  for (const char* const other : {"7", "seed:7", "graph", "graphs:-"})
    expect_refused<message_passing>(other, "is not of the explorer");
  for (const char* const token : {"x", "w", "w1x", "w99999999999", "1", "1.", "1.x", "c", "c256",
                                  "-1", "ic", "i2", "--", " i"})
    expect_refused<message_passing>("graph:-,-/w1/" + std::string(token),
                                    "\"" + std::string(token) + "\" is no event");
  // No such thread, no such event, an event that is no write.
  for (const char* const source : {"7.0", "1.1", "0.0"})
    expect_refused<message_passing>("graph:-,-/w1/" + std::string(source), "is no event");
  // What goes on goes on from at least twice as much, and ends.
  for (const char* const rest :
       {"1x5", "i,1x5", "i,i,i,2x5", "i,i,0x5", "i,i,1x", "i,i,x5", "i,i,1x5x", "i,i,1x99999999"})
    expect_refused<message_passing>("graph:-,-/w1/" + std::string(rest), "is no event");
  expect_refused<message_passing>("graph:-,-/w1/1.0/i", "threads");
}

TEST(ExplorerSearch, AReplayWithTooFewThreadsIsRefused) {
  expect_refused<message_passing>("graph:", "has 0 threads and the program 2");
  expect_refused<message_passing>("graph:-/w1", "has 1 threads and the program 2");
  expect_refused<message_passing>("graph:-/w1/1.0/", "has 3 threads and the program 2");
}

/// Thread 0 writes two atomics, thread 1 reads and chooses.
template <class P>
struct mixed : plain {
  static constexpr unsigned threads = 2;
  explicit mixed(const config&) {}
  void thread(unsigned index) {
    if (index == 0) {
      a.store(1, at<"mixed.a">(core::relaxed));
      b.store(1, at<"mixed.b">(core::release));
      (void)a.fetch_add(1, at<"mixed.add">(core::relaxed));
    } else {
      (void)b.load(at<"mixed.load_b">(core::acquire));
      (void)a.load(at<"mixed.load_a">(core::acquire));
      (void)P::choose(2);
    }
  }
  typename P::template atomic<unsigned> a{0}, b{0};
};

/// Each thread reads and then writes what the other one reads.
template <class P>
struct load_buffering : plain {
  static constexpr unsigned threads = 2;
  explicit load_buffering(const config&) {}
  void thread(unsigned index) {
    (void)n[index].load(at<"buffering.load">(core::relaxed));
    n[1 - index].store(1, at<"buffering.store">(core::relaxed));
  }
  using atomic = typename P::template atomic<unsigned>;
  std::array<atomic, 2> n{atomic(0), atomic(0)};
};

TEST(ExplorerSearch, AReplayOfAnotherProgramIsRefused) {
  const std::string all = "graph:-,-/w1,w1,1.0,w2/";
  const std::string part = "graph:-/w1,w1,1.0,w2/";
  expect_executions(replay<mixed>(all + "1.1,1.0,c1"), 1);
  expect_executions(replay<mixed>(part + "i,i"), 1);
  const auto refused = [](const std::string& which) {
    expect_refused<mixed>(which, "the program has no execution \"" + which + "\"");
  };
  refused(part + "1.1,i");             // older than what happens before
  refused(part + "1.0");               // from a write of another atomic
  refused(part + "1.1,1.0,c2");        // a value that is not chosen among
  refused(part + "1.1,1.0,i");         // a read in place of a choice
  refused(part + "1.1,-");             // something else in place of a read
  refused(all + "1.1,1.0,c1,-");       // more than the thread does
  refused("graph:-/w1,w1,1.0,w1/");    // before the write that was read
  refused("graph:-/w1,w1,i,w2/");      // what comes before it is not read
  refused("graph:-/w2,w1/");           // second, without a first
  refused("graph:-/w1,w1,2.0,w2/w1");  // from what is a read
  refused("graph:-,-/w1/");            // the end of threads that have not ended
}

TEST(ExplorerSearch, AReplayInWhichThreadsReadFromEachOthersFutureIsRefused) {
  expect_executions(run<load_buffering>(), 3);
  expect_executions(replay<load_buffering>("graph:-,-/2.1,w1/i,w1"), 1);
  expect_refused<load_buffering>("graph:-,-/2.1,w1/1.1,w1", "the program has no execution");
}

/// Does in its second execution what `second` says, else what `first` says.
class changing final : public model::program {
 public:
  using atomic = graph_platform::atomic<unsigned>;
  using body = void (*)(atomic& n);
  changing(body first, body second) : first_(first), second_(second) {}

  [[nodiscard]] unsigned threads() const override { return 1; }
  void before() override {
    ++runs_;
    n_ = new atomic(0);
  }
  void thread(unsigned) override { (runs_ == 2 ? second_ : first_)(*n_); }
  void after() override {
    delete n_;
    (void)model::choose(2);
  }

 private:
  body first_;
  body second_;
  unsigned runs_ = 0;
  atomic* n_ = nullptr;
};

void expect_nondeterminism(changing::body first, changing::body second) {
  changing program(first, second);
  const model::explore_result r = model::explore(program);
  EXPECT_EQ(r.end, model::end_of_search::failed);
  EXPECT_EQ(r.failure, "nondeterminism");
  EXPECT_NE(r.message.find("what it did in an earlier run with the same values"), std::string::npos)
      << r.message;
  EXPECT_NE(r.history.find("This is not the execution that failed"), std::string::npos);
}

void loads(changing::atomic& n) { (void)n.load(at<"changing.load">(core::relaxed)); }
void stores(changing::atomic& n) { n.store(1, at<"changing.store">(core::relaxed)); }
void adds(changing::atomic& n) { (void)n.fetch_add(1, at<"changing.add">(core::relaxed)); }

TEST(ExplorerSearch, AProgramThatChangesBetweenExecutionsIsReported) {
  expect_nondeterminism(loads, stores);
  expect_nondeterminism(stores, loads);
  expect_nondeterminism(loads, [](changing::atomic&) {});
  expect_nondeterminism(
      stores, [](changing::atomic& n) { n.store(2, at<"changing.store">(core::relaxed)); });
  expect_nondeterminism(loads, [](changing::atomic&) {
    changing::atomic another(0);
    loads(another);
  });
  expect_nondeterminism(stores, [](changing::atomic&) { (void)model::choose(2); });
}

TEST(ExplorerSearch, AnOperationThatChangesBetweenExecutionsIsReported) {
  expect_nondeterminism(adds, loads);
  expect_nondeterminism(
      adds, [](changing::atomic& n) { (void)n.fetch_add(2, at<"changing.add">(core::relaxed)); });
  expect_nondeterminism([](changing::atomic&) { (void)model::choose(2); },
                        [](changing::atomic&) { (void)model::choose(3); });
}

/// The second execution ends before the choice that the first has made.
class shortened final : public model::program {
 public:
  [[nodiscard]] unsigned threads() const override { return 0; }
  void before() override { ++runs_; }
  void thread(unsigned) override {}
  void after() override {
    if (runs_ != 2) (void)model::choose(2);
  }

 private:
  unsigned runs_ = 0;
};

TEST(ExplorerSearch, AnEndThatChangesBetweenExecutionsIsReported) {
  shortened program;
  const model::explore_result r = model::explore(program);
  EXPECT_EQ(r.failure, "nondeterminism");
  EXPECT_NE(r.message.find("after ends before what it did"), std::string::npos) << r.message;
}

/// Fails once, whatever it reads.
class failing_once final : public model::program {
 public:
  [[nodiscard]] unsigned threads() const override { return 1; }
  void before() override { ++runs_; }
  void thread(unsigned) override {
    if (runs_ == 1) model::fail(kind::assertion, "the first run");
  }
  void after() override {}

 private:
  unsigned runs_ = 0;
};

TEST(ExplorerSearch, AFailureThatDoesNotComeAgainIsReportedWithAWarning) {
  failing_once program;
  const model::explore_result r = model::explore(program);
  EXPECT_EQ(r.end, model::end_of_search::failed);
  EXPECT_EQ(r.failure, "nondeterminism");
  EXPECT_EQ(r.message,
            "an execution has failed (assertion: the first run), and when it is run again it does "
            "not fail");
  EXPECT_NE(r.history.find("This is not the execution that failed"), std::string::npos);
}

template <class P>
struct choices : plain {
  static constexpr unsigned threads = 2;
  static constexpr bool shares_nothing = true;
  struct config {
    std::array<std::array<unsigned, 3>, 5>* chosen = nullptr;
  };
  explicit choices(const config& c) : config_(c) {}
  void thread(unsigned index) {
    chosen[index] = P::choose(index == 0 ? 5 : 3);
    P::note("chosen");
  }
  void after() {
    if (config_.chosen != nullptr) ++(*config_.chosen)[chosen[0]][chosen[1]];
  }
  const config& config_;
  std::array<unsigned, 2> chosen{};
};

TEST(ExplorerSearch, EachCombinationOfChoicesIsMadeOnce) {
  std::array<std::array<unsigned, 3>, 5> chosen{};
  expect_executions(run<choices>({&chosen}), 15);
  for (const auto& row : chosen) {
    for (const unsigned n : row) EXPECT_EQ(n, 1U);
  }
  EXPECT_NE(replay<choices>("graph:-/c4/c2").history.find("chosen"), std::string::npos);
}

template <class P>
struct many_choices : plain {
  static constexpr unsigned threads = 1;
  struct config {
    unsigned n = 0;
  };
  explicit many_choices(const config& c) : n(c.n) {}
  void thread(unsigned) { (void)P::choose(n); }
  unsigned n;
};

TEST(ExplorerSearch, AChoiceAmongTooManyIsAnError) {
  expect_executions(run<many_choices>({255}), 255);
  expect_failed<many_choices>(kind::assertion, "a choice among 256", {256});
  expect_failed<many_choices>(kind::assertion, "a choice among 0", {0});
}

/// The threads together hold more than a search may.
template <class P>
struct hoard : plain {
  static constexpr unsigned threads = 5;
  static constexpr bool shares_nothing = true;
  explicit hoard(const config&) {}
  void thread(unsigned) {
    constexpr std::size_t much = std::size_t{14} << 20U;
    P::deallocate(P::allocate(much, 8), much, 8);
  }
};

TEST(ExplorerSearch, ThatTakesTooMuchMemoryFails) {
  const check::result r = run<hoard>();
  EXPECT_EQ(r.verdict, verdict::failed);
  EXPECT_EQ(r.failure, kind::memory);
  EXPECT_NE(r.message.find("MiB"), std::string::npos) << r.message;
}

TEST(ExplorerSearch, SearchesInSeveralThreadsDoNotMeet) {
  std::array<check::result, 2> results;
  {
    std::vector<std::jthread> threads;
    for (check::result& r : results) threads.emplace_back([&r] { r = run<four_turns>(); });
  }
  for (const check::result& r : results) expect_executions(r, 2520);
}

// ---- Faults

template <class Test>
model::explore_result explore_with(const model::faults& faults,
                                   const typename Test::config& config = {},
                                   const std::string& replay = {}) {
  check::graph_test<Test> program(config);
  model::explore_options options;
  options.faults = faults;
  options.replay = replay;
  return model::explore(program, options);
}

void expect_explored(const model::explore_result& r, std::uint64_t executions) {
  EXPECT_EQ(r.end, model::end_of_search::exhausted) << r.message << '\n' << r.history;
  EXPECT_EQ(r.complete, executions);
}

/// Sets an atomic of the thread's own, until it succeeds.
template <class P>
struct weak_loop : plain {
  static constexpr unsigned threads = 2;
  static constexpr bool shares_nothing = true;
  explicit weak_loop(const config&) {}
  void thread(unsigned index) {
    unsigned expected = 0;
    while (!n[index].compare_exchange_weak(expected, 1,
                                           at<"weak.set">(core::relaxed, core::relaxed))) {
      if (expected != 0) P::fail(kind::assertion, "it failed with a value that is not there");
    }
  }
  using atomic = typename P::template atomic<unsigned>;
  std::array<atomic, 2> n{atomic(0), atomic(0)};
};

// Each thread fails 0 to `weak_failures` times.
TEST(ExplorerFaults, AWeakCompareExchangeFailsAsOftenAsItMay) {
  using test = weak_loop<graph_platform>;
  expect_executions(run<weak_loop>(), 1);
  expect_explored(explore_with<test>({}), 1);
  expect_explored(explore_with<test>({.weak_failures = 1}), 4);
  expect_explored(explore_with<test>({.weak_failures = 3}), 16);
  expect_explored(explore_with<test>({.spurious_wakes = 1, .failed_allocations = 1}), 1);
}

/// Waits in a loop, as one should, and counts how often it was woken.
template <class P>
struct patient_waiter : plain {
  static constexpr unsigned threads = 2;
  struct config {
    std::array<unsigned, 4>* times = nullptr;
  };
  explicit patient_waiter(const config& c) : config_(c) {}
  void thread(unsigned index) {
    if (index == 0) {
      word.store(1, at<"patient.store">(core::release));
      P::wake(&word, 1);
      return;
    }
    while (word.load(at<"patient.load">(core::acquire)) == 0) {
      if (P::wait(word, 0, core::never) == core::wait_result::woken) ++woken;
    }
  }
  void after() { ++(*config_.times)[woken]; }
  const config& config_;
  unsigned woken = 0;
  typename P::template atomic<std::uint32_t> word{0};
};

// Besides the wake that is meant.
TEST(ExplorerFaults, AWaitEndsWithoutAReasonAsOftenAsItMay) {
  using test = patient_waiter<graph_platform>;
  for (const unsigned budget : {0U, 1U, 2U}) {
    std::array<unsigned, 4> times{};
    const model::explore_result r = explore_with<test>({.spurious_wakes = budget}, {&times});
    EXPECT_EQ(r.end, model::end_of_search::exhausted) << r.message;
    for (unsigned n = 0; n < times.size(); ++n) EXPECT_EQ(times[n] > 0, n <= budget + 1) << n;
  }
}

/// An allocation that may fail, twice.
template <class P>
struct two_allocations : plain {
  static constexpr unsigned threads = 1;
  struct config {
    std::array<unsigned, 4>* failed = nullptr;
  };
  explicit two_allocations(const config& c) : config_(c) {}
  void thread(unsigned) {
    for (unsigned n = 0; n < 2; ++n) {
      try {
        P::deallocate(P::allocate(8, 8), 8, 8);
      } catch (const std::bad_alloc&) {
        failed |= 1U << n;
      }
    }
  }
  void after() {
    if (config_.failed != nullptr) ++(*config_.failed)[failed];
  }
  const config& config_;
  unsigned failed = 0;
};

TEST(ExplorerFaults, AnAllocationFailsAsOftenAsItMay) {
  using test = two_allocations<graph_platform>;
  expect_executions(run<two_allocations>(), 1);
  std::array<unsigned, 4> failed{};
  expect_explored(explore_with<test>({.failed_allocations = 1}, {&failed}), 3);
  EXPECT_EQ(failed, (std::array<unsigned, 4>{1, 1, 1, 0}));
  failed = {};
  expect_explored(explore_with<test>({.failed_allocations = 2}, {&failed}), 4);
  EXPECT_EQ(failed, (std::array<unsigned, 4>{1, 1, 1, 1}));
}

/// Relies on memory.
template <class P>
struct careless_allocation : plain {
  static constexpr unsigned threads = 1;
  explicit careless_allocation(const config&) {}
  void thread(unsigned) { P::deallocate(P::allocate(8, 8), 8, 8); }
};

TEST(ExplorerFaults, AReplayHasTheFaultsOfItsExecution) {
  using test = careless_allocation<graph_platform>;
  const model::faults faults{.failed_allocations = 1};
  const model::explore_result r = explore_with<test>(faults);
  EXPECT_EQ(r.failure, kind::assertion);
  EXPECT_NE(r.message.find("std::bad_alloc"), std::string::npos) << r.message;
  const model::explore_result again = explore_with<test>(faults, {}, r.replay);
  EXPECT_EQ(again.message, r.message);
  EXPECT_EQ(again.history, r.history);
  EXPECT_THROW(explore_with<test>({}, {}, r.replay), std::invalid_argument);
}

// ---- Channels

struct small_geometry {
  using index = std::uint8_t;
  static constexpr index first_lap = 254;
  static constexpr std::size_t block_length(std::size_t) { return 2; }
};

struct channel_config {
  std::optional<std::size_t> capacity;
  bool timed = false;         // all sends, and the first receive of each receiver
  bool leaves_early = false;  // the receivers go after one message
};

/// So many senders send `Each` messages; so many receivers receive until all of them have gone.
template <class P, class Geometry, unsigned Senders, int Each, unsigned Receivers>
struct traffic : plain {
  static constexpr unsigned threads = Senders + Receivers;
  using config = channel_config;
  using parts = core::shipped_parts<P, Geometry>;
  using sender = core::basic_sender<int, P, parts, core::receivers::many>;
  using receiver = core::basic_receiver<int, P, parts, core::receivers::many>;

  explicit traffic(const config& c) : config_(c) {}

  void before() {
    auto* const c = config_.capacity ? sender::channel_type::make_bounded(*config_.capacity)
                                     : sender::channel_type::make_unbounded();
    tx[0].emplace(c);
    rx[0].emplace(c);
    for (unsigned s = 1; s < Senders; ++s) tx[s].emplace(*tx[0]);
    for (unsigned r = 1; r < Receivers; ++r) rx[r].emplace(*rx[0]);
  }

  void thread(unsigned index) {
    if (index < Senders) {
      for (int i = 0; i < Each; ++i) send(*tx[index], static_cast<int>(index) * 10 + i);
      tx[index].reset();
    } else {
      receive(*rx[index - Senders], index - Senders);
      rx[index - Senders].reset();
    }
  }

  void send(const sender& to, int value) {
    const auto sent = config_.timed ? to.send_for(value, std::chrono::seconds(1)) : to.send(value);
    if (sent) return;
    if (sent.error().value != value) P::fail(kind::lost, "another value was handed back");
    const bool timeout = config_.timed && sent.error().reason == runnel::send_errc::timeout;
    if (!timeout && !config_.leaves_early) P::fail(kind::assertion, "a send failed");
    ++handed_back[static_cast<std::size_t>(value / 10)];
  }

  void receive(const receiver& from, unsigned index) {
    for (bool first = true;; first = false) {
      const auto r = first && config_.timed ? from.recv_for(std::chrono::seconds(1)) : from.recv();
      if (r) received[index].push_back(*r);
      if (r ? config_.leaves_early : r.error() == runnel::recv_errc::disconnected) return;
    }
  }

  void after() {
    std::array<int, 20> times{};
    std::size_t n = 0;
    for (const auto& values : received) {
      n += values.size();
      std::array<int, Senders> last;
      last.fill(-1);
      for (const int v : values) {
        if (++times[static_cast<std::size_t>(v)] > 1) P::fail(kind::duplicate, "received twice");
        if (v % 10 <= std::exchange(last[static_cast<std::size_t>(v / 10)], v % 10))
          P::fail(kind::order, "a sender's messages were received in another order");
      }
    }
    for (const std::size_t h : handed_back) n += h;
    if (!config_.leaves_early && n != std::size_t{Senders} * Each)
      P::fail(kind::lost, std::to_string(n) + " messages were received or handed back");
  }

  const config& config_;
  std::array<std::optional<sender>, Senders> tx;
  std::array<std::optional<receiver>, Receivers> rx;
  std::array<std::vector<int>, Receivers> received;
  std::array<std::size_t, Senders> handed_back{};
};

template <class P>
using one_message = traffic<P, core::shipped_geometry, 1, 1, 1>;
template <class P>
using two_messages = traffic<P, core::shipped_geometry, 1, 2, 1>;
template <class P>
using two_messages_in_small_blocks = traffic<P, small_geometry, 1, 2, 1>;
template <class P>
using two_senders = traffic<P, small_geometry, 2, 1, 1>;
template <class P>
using two_receivers = traffic<P, small_geometry, 1, 2, 2>;

constexpr std::optional<std::size_t> unbounded = std::nullopt;

template <template <class> class Test>
void expect_delivered(const std::vector<channel_config>& channels) {
  for (const channel_config& c : channels) {
    SCOPED_TRACE((c.capacity ? "capacity " + std::to_string(*c.capacity) : "unbounded") +
                 (c.timed ? ", timed" : "") + (c.leaves_early ? ", leaves early" : ""));
    expect_passed(run<Test, composed_platform>(c));
  }
}

TEST(ExplorerChannel, DeliversAMessage) {
  for (const auto capacity : {unbounded, {0}, {1}, {2}})
    expect_delivered<one_message>({{capacity}, {capacity, true}, {capacity, false, true}});
}

TEST(ExplorerChannel, DeliversMessagesInTheirOrder) {
  const std::vector<channel_config> channels{
      {unbounded}, {unbounded, true}, {unbounded, false, true},
      {0},         {0, true},         {0, false, true},
      {1},         {1, false, true},  {2},
      {2, true},   {2, false, true}};
  expect_delivered<two_messages>(channels);
  expect_delivered<two_messages_in_small_blocks>(channels);
}

TEST(ExplorerChannel, DeliversTheMessagesOfTwoSenders) {
  expect_delivered<two_senders>(
      {{unbounded, false, true}, {0}, {0, true}, {0, false, true}, {2, false, true}});
}

TEST(ExplorerChannel, DeliversEachMessageToOneOfTwoReceivers) {
  expect_delivered<two_receivers>({{0}, {0, false, true}});
}

/// Two receivers empty two blocks: the second replaces the first as the spare one, which ends.
template <class P>
struct emptied_blocks : plain {
  static constexpr unsigned threads = 2;
  using parts = core::shipped_parts<P, small_geometry>;
  using sender = core::basic_sender<int, P, parts, core::receivers::many>;
  using receiver = core::basic_receiver<int, P, parts, core::receivers::many>;
  explicit emptied_blocks(const config&) {}
  void before() {
    auto* const c = sender::channel_type::make_unbounded();
    const sender tx(c);
    rx[0].emplace(c);
    rx[1].emplace(*rx[0]);
    for (const int message : {1, 2, 3, 4}) (void)tx.send(message);
  }
  void thread(unsigned index) {
    for (int i = 0; i < 2; ++i) received[index] += rx[index]->recv().value_or(0);
    rx[index].reset();
  }
  void after() {
    if (received[0] + received[1] != 10) P::fail(kind::lost, "the messages were not received");
  }
  std::array<std::optional<receiver>, 2> rx;
  std::array<int, 2> received{};
};

TEST(ExplorerChannel, TwoReceiversEmptyBlocks) {
  expect_passed(run<emptied_blocks, composed_platform>());
}

TEST(ExplorerChannel, MissingEdgesAreDataRaces) {
  constexpr std::string_view unordered = "does not happen before";
  for (const char* const site : {"ring.publish", "ring.see_message", "count.drop"}) {
    const weakened w(site);
    expect_failed<two_receivers, composed_platform>(kind::data_race, unordered, {2});
  }
  for (const char* const site : {"list.publish", "list.see_message"}) {
    const weakened w(site);
    expect_failed<two_receivers, composed_platform>(kind::data_race, unordered, {unbounded});
  }
  const weakened w("list.receive_done");
  expect_failed<emptied_blocks, composed_platform>(kind::data_race, unordered);
}

}  // namespace

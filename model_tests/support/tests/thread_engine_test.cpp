// SPDX-License-Identifier: MIT
//
// The engine of real threads on small tests whose outcome is known: each verdict is seen.
#include "../thread_engine.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace runnel::check {
namespace {

using core::acquire;
using core::at;
using core::relaxed;
using core::release;

struct nothing {};

template <class P>
struct two_threads {
  static constexpr unsigned threads = 2;
  using config = nothing;
  explicit two_threads(const config&) {}
  void before() {}
  void after() {}
};

options impatient() {
  options o;
  o.patience = std::chrono::milliseconds(200);
  return o;
}

template <template <class> class Test>
result run(std::uint64_t executions = 100, const options& o = {}) {
  return run_on_threads<Test>(typename Test<thread_platform>::config{},
                              search::random(executions, 7), o);
}

void expect_failure(const result& r, std::string_view kind, const std::string& message) {
  EXPECT_EQ(r.verdict, verdict::failed);
  EXPECT_EQ(r.failure, kind);
  EXPECT_NE(r.message.find(message), std::string::npos) << r.message;
  EXPECT_NE(r.message.find("of seed 7"), std::string::npos) << r.message;
}

template <class P>
struct increments : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned) { (void)sum.fetch_add(1, at<"test.add">(relaxed)); }
  void after() {
    if (sum.load(at<"test.sum">(relaxed)) != 2) P::fail(kind::assertion, "another sum");
  }
  typename P::template atomic<std::uint32_t> sum{0};
};

TEST(Threads, RunEachExecution) {
  const result r = run<increments>(50);
  EXPECT_EQ(r.verdict, verdict::passed) << r.message;
  EXPECT_EQ(r.executions, 50U);
  EXPECT_EQ(r.details, "delays from seed 7");
}

TEST(Threads, ALimitIsNoPass) {
  options o;
  o.limit = 3;
  const result r = run<increments>(50, o);
  EXPECT_EQ(r.verdict, verdict::incomplete);
  EXPECT_EQ(r.executions, 3U);
}

TEST(Threads, OtherSearchesAndReplaysAreRefused) {
  EXPECT_THROW(run_on_threads<increments>({}, search::full(), {}), std::invalid_argument);
  options o;
  o.replay = "random:1";
  EXPECT_THROW(run<increments>(50, o), std::invalid_argument);
}

template <class P>
struct assertion_in_a_thread : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    if (index == 1) P::fail(kind::lost, "a value is gone");
  }
};

TEST(Threads, AnAssertionOfAThreadFails) {
  expect_failure(run<assertion_in_a_thread>(), kind::lost, "a value is gone (in run 1 of");
}

template <class P>
struct exception_in_a_thread : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned) { throw std::runtime_error("out of luck"); }
};

TEST(Threads, AnExceptionFails) {
  expect_failure(run<exception_in_a_thread>(), kind::assertion, "out of luck");
}

template <class P>
struct forgotten_memory : two_threads<P> {
  using two_threads<P>::two_threads;
  void before() { memory = P::allocate(8, 8); }
  void thread(unsigned) {}
  ~forgotten_memory() { P::deallocate(memory, 8, 8); }
  void* memory = nullptr;
};
template <class P>
struct lost_memory : forgotten_memory<P> {
  using forgotten_memory<P>::forgotten_memory;
  void after() { this->memory = nullptr; }
};

TEST(Threads, MemoryThatIsNotFreedIsALeak) {
  EXPECT_EQ(run<forgotten_memory>().verdict, verdict::passed);
  expect_failure(run<lost_memory>(), kind::leak, "still allocated");
}

template <class P>
struct nobody_wakes : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    if (index == 0) return;
    enters<P>("recv");
    (void)P::wait(word, 0, core::never);
    leaves<P>();
  }
  typename P::template atomic<std::uint32_t> word{0};
};

TEST(Threads, AHangSaysWhichThreadIsInWhichCall) {
  expect_failure(run<nobody_wakes>(1, impatient()), kind::deadlock,
                 "thread 0 is at its end, thread 1 is in recv");
}

template <class P>
struct endless_loop : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    if (index == 0) return;
    enters<P>("send");
    (void)P::await(word, [](std::uint32_t v) { return v != 0; }, at<"test.await">(relaxed));
  }
  typename P::template atomic<std::uint32_t> word{0};
};

TEST(Threads, AThreadThatSpinsForEverHangs) {
  expect_failure(run<endless_loop>(1, impatient()), kind::deadlock, "thread 1 is in send");
}

/// A receive that finds nothing after the send has returned, or the other way round.
template <class P, bool Wrong>
struct ordered_calls : two_threads<P> {
  using two_threads<P>::two_threads;
  void thread(unsigned index) {
    if (index == 0) {
      calls.end(calls.begin(spec::op::try_send, 1), spec::response::ok);
      flag.store(1, at<"test.flag">(relaxed));
    } else {
      (void)P::await(flag, [](std::uint32_t f) { return f != 0; }, at<"test.await">(relaxed));
      const std::size_t call = calls.begin(spec::op::try_recv);
      if (Wrong)
        calls.end(call, spec::response::empty);
      else
        calls.end(call, spec::response::ok, 1);
    }
  }
  void after() {
    spec::state start;
    start.senders = 1;
    start.receivers = 1;
    known_histories known;
    calls.check(start, known);
  }
  recorder<P> calls;
  typename P::template atomic<std::uint32_t> flag{0};
};
template <class P>
using right_calls = ordered_calls<P, false>;
template <class P>
using wrong_calls = ordered_calls<P, true>;

TEST(Threads, RealTimeOrdersCalls) {
  EXPECT_EQ(run<right_calls>().verdict, verdict::passed);
  const result r = run<wrong_calls>();
  expect_failure(r, kind::order, "explains 'try_recv -> empty' of thread 1");
  EXPECT_NE(r.history.find("try_send"), std::string::npos) << r.history;
}

/// A note that is written before a call and read after another one.
template <class P>
struct message_passing : two_threads<P> {
  struct config {
    std::memory_order publish = release;
  };
  explicit message_passing(const config& c) : two_threads<P>(nothing{}), publish(c.publish) {
    note.construct(0);
  }
  ~message_passing() { note.destroy(); }
  void thread(unsigned index) {
    if (index == 0) {
      note.write([](int& n) { n = 1; });
      const std::size_t call = calls.begin(spec::op::send, 1);
      flag.store(1, at<"test.publish">(publish));
      calls.end(call, spec::response::ok);
    } else {
      const std::size_t call = calls.begin(spec::op::recv);
      (void)P::await(flag, [](std::uint32_t f) { return f != 0; }, at<"test.see">(acquire));
      calls.end(call, spec::response::ok, 1);
      if (note.read([](const int& n) { return n; }) != 1) P::fail(kind::assertion, "no note");
    }
  }
  const std::memory_order publish;
  recorder<P> calls;
  typename P::template atomic<std::uint32_t> flag{0};
  typename P::template cell<int> note;
};

TEST(Threads, RecordingHidesNoSynchronizationThatIsThere) {
  EXPECT_EQ(run<message_passing>().verdict, verdict::passed);
}

#ifdef __has_feature
#if __has_feature(thread_sanitizer)
TEST(ThreadsDeathTest, ThreadSanitizerSeesARaceThroughTheRecording) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        (void)run_on_threads<message_passing>({relaxed}, search::random(1000), {});
        std::exit(0);
      },
      testing::ExitedWithCode(66), "data race");
}
#endif
#endif

}  // namespace
}  // namespace runnel::check

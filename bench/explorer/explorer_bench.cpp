// SPDX-License-Identifier: MIT
//
// Executions of the explorer per second of one core, for a small program that other model checkers are
// measured with, a queue by itself, and a whole channel; and how searches grow with the length of a
// program. Every search is exhaustive.
#include "programs.hpp"
#include "runs/runs.hpp"
#include "support/composed_platform.hpp"
#include "support/graph_engine.hpp"

#include <runnel/model/atomic.hpp>
#include <runnel/model/explore.hpp>
#include <runnel/model/thread.hpp>
#include <runnel/model/var.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace runnel {
namespace {

/// "fib_bench": two threads add each other's number five times, a third looks at the sums.
template <class P>
class fibonacci {
 public:
  static constexpr unsigned threads = 3;
  struct config {};

  explicit fibonacci(const config&) {}
  void before() {}
  void thread(unsigned index) {
    if (index < 2) {
      for (int i = 0; i < 5; ++i) add(index == 0 ? x_ : y_);
    } else if (x_.load(core::at<"x">(core::acquire)) > 144 ||
               y_.load(core::at<"y">(core::acquire)) > 144) {
      P::fail("assertion", "a sum is too large");
    }
  }
  void after() {}

 private:
  using number = typename P::template atomic<int>;

  void add(number& mine) {
    const int x = x_.load(core::at<"x">(core::acquire));
    const int y = y_.load(core::at<"y">(core::acquire));
    mine.store(x + y, core::at<"sum">(core::release));
  }

  number x_{1};
  number y_{1};
};

/// One thread stores seq_cst n times, the other reads once: n + 1 executions, of n events and some.
class sequential final : public model::program {
 public:
  explicit sequential(int n) : n_(n) {}
  [[nodiscard]] unsigned threads() const override { return 2; }
  void before() override { x_ = new model::atomic<int>(0); }
  void thread(unsigned index) override {
    if (index == 1) return void(x_->load());
    for (int i = 1; i <= n_; ++i) x_->store(i);
  }
  void after() override { delete x_; }

 private:
  int n_;
  model::atomic<int>* x_ = nullptr;
};

/// Two threads, each with its half of some locations, make so many writes and reads: one execution.
class apart final : public model::program {
 public:
  apart(int accesses, int locations)
      : accesses_(static_cast<std::size_t>(accesses) / 2),
        mine_(static_cast<std::size_t>(locations) / 2) {}
  [[nodiscard]] unsigned threads() const override { return 2; }
  void before() override { all_ = new locations(2 * mine_); }
  void thread(unsigned index) override {
    for (std::size_t i = 0; i < accesses_; ++i) {
      model::atomic<int>& x = (*all_)[index * mine_ + i % mine_];
      x.store(static_cast<int>(i), std::memory_order::relaxed);
      (void)x.load(std::memory_order::relaxed);
    }
  }
  void after() override { delete all_; }
  [[nodiscard]] bool may_share_nothing() const override { return true; }

 private:
  using locations = std::vector<model::atomic<int>>;
  std::size_t accesses_;
  std::size_t mine_;
  locations* all_ = nullptr;
};

/// A program that counts the events of its complete executions.
class counted final : public model::program {
 public:
  explicit counted(model::program& p) : program_(p) {}
  [[nodiscard]] unsigned threads() const override { return program_.threads(); }
  void before() override { program_.before(); }
  void thread(unsigned index) override { program_.thread(index); }
  void after() override {
    program_.after();
    const model::moment end = model::now();
    for (unsigned t = 0; t <= threads(); ++t) events_ += static_cast<std::uint64_t>(end.seen[t]);
    ++executions_;
  }
  [[nodiscard]] bool may_share_nothing() const override { return program_.may_share_nothing(); }
  [[nodiscard]] double events_per_execution() const {
    return static_cast<double>(events_) / static_cast<double>(executions_);
  }

 private:
  model::program& program_;
  std::uint64_t events_ = 0;
  std::uint64_t executions_ = 0;
};

/// Plain memory is watched where the program does not look at it without order, as histories do.
void search(benchmark::State& state, model::program& p, const model::faults& faults = {},
            bool watches_memory = false) {
  counted program(p);
  model::explore_options how;
  how.watches_memory = watches_memory;
  how.faults = faults;
  std::uint64_t executions = 0;
  for ([[maybe_unused]] const auto again : state) {
    const model::explore_result r = model::explore(program, how);
    if (r.end != model::end_of_search::exhausted) return state.SkipWithError(r.message.c_str());
    executions = r.complete;
    state.counters["blocked"] = static_cast<double>(r.blocked);
  }
  const auto n = static_cast<double>(executions);
  state.counters["executions"] = n;
  state.counters["events/execution"] = program.events_per_execution();
  state.counters["executions/s"] =
      benchmark::Counter(n, benchmark::Counter::kIsIterationInvariantRate);
}

template <class Platform, template <class> class Test>
void search_test(benchmark::State& state, const typename Test<Platform>::config& config,
                 const model::faults& faults = {}, bool watches_memory = false) {
  check::graph_test<Test<Platform>> program(config);
  search(state, program, faults, watches_memory);
}

void fib_bench(benchmark::State& state) {
  search_test<check::graph_platform, fibonacci>(state, {});
}

void fib_bench_watched(benchmark::State& state) {
  search_test<check::graph_platform, fibonacci>(state, {}, {}, true);
}

/// Two senders and two receivers; in each thread a compare-exchange may fail without a reason.
void ring(benchmark::State& state) {
  using test = check::queue_test<check::shipped, 4, check::queue_kind::ring, 1>;
  const check::queue_program p{
      1, {{check::try_send(1)}, {check::try_send(2)}, {check::try_recv()}, {check::try_recv()}}, 1};
  search_test<check::graph_platform, test::on>(state, p, {.weak_failures = 1, .spurious_wakes = 1});
}

/// Two senders block for room, the receiver takes one message and goes.
void channel(benchmark::State& state) {
  using test = check::program_test<check::shipped, 3, false, 1>;
  const check::program p{1,
                         {check::sender({check::send(1)}), check::sender({check::send(2)}),
                          check::receiver({check::recv()})},
                         1};
  search_test<check::composed_platform, test::on>(state, p);
}

// The same programs as code that was not written for the explorer are in native_bench.cpp.

struct vocabulary {
  template <class T>
  using atomic = model::atomic<T>;
  template <class T>
  using plain = model::var<T>;
  using thread = model::thread;
  static void require(bool holds) {
    if (!holds) model::fail("assertion", "a sum is too large");
  }
};

class started_by_one final : public model::program {
 public:
  explicit started_by_one(void (*body)()) : body_(body) {}
  [[nodiscard]] unsigned threads() const override { return 1; }
  void before() override {}
  void thread(unsigned) override { body_(); }
  void after() override {}

 private:
  void (*body_)();
};

void fib_bench_threads(benchmark::State& state) {
  started_by_one program(bench::fibonacci<vocabulary>);
  search(state, program);
}

void counters_threads(benchmark::State& state) {
  started_by_one program(bench::counters<vocabulary>);
  search(state, program);
}

// How the search grows with the length of a program. Of `seq_cst_stores` the time that counts is that of
// an execution, since there are as many as stores.

void seq_cst_stores(benchmark::State& state) {
  sequential program(static_cast<int>(state.range(0)));
  search(state, program);
}

void private_locations(benchmark::State& state) {
  apart program(static_cast<int>(state.range(0)), static_cast<int>(state.range(0)));
  search(state, program);
}

void private_accesses(benchmark::State& state) {
  apart program(static_cast<int>(state.range(0)), 2);
  search(state, program);
}

BENCHMARK(fib_bench)->Unit(benchmark::kMillisecond);
BENCHMARK(fib_bench_watched)->Unit(benchmark::kMillisecond);
BENCHMARK(ring)->Unit(benchmark::kMillisecond);
BENCHMARK(channel)->Unit(benchmark::kMillisecond);
BENCHMARK(fib_bench_threads)->Unit(benchmark::kMillisecond);
BENCHMARK(counters_threads)->Unit(benchmark::kMillisecond);
BENCHMARK(seq_cst_stores)->Arg(400)->Arg(800)->Unit(benchmark::kMillisecond);
BENCHMARK(private_locations)->Arg(400)->Arg(800)->Unit(benchmark::kMillisecond);
BENCHMARK(private_accesses)->Arg(400)->Arg(800)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace runnel

BENCHMARK_MAIN();

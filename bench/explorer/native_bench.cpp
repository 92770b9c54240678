// SPDX-License-Identifier: MIT
//
// The programs of programs.hpp as code that was not written for the explorer. See explorer_bench.cpp for the other half.
#include "programs.hpp"

#include <runnel/model/native.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <thread>

namespace runnel {
namespace {

struct standard {
  template <class T>
  using atomic = std::atomic<T>;
  template <class T>
  using plain = T;
  using thread = std::thread;
  static void require(bool holds) { runnel_require(holds ? 1 : 0, "the sums are small enough"); }
};

void search(benchmark::State& state, void (*program)()) {
  std::uint64_t executions = 0;
  for ([[maybe_unused]] const auto again : state) {
    const model::explore_result r = model::explore_native(program);
    if (r.end != model::end_of_search::exhausted) return state.SkipWithError(r.message.c_str());
    executions = r.complete;
  }
  const auto n = static_cast<double>(executions);
  state.counters["executions"] = n;
  state.counters["executions/s"] =
      benchmark::Counter(n, benchmark::Counter::kIsIterationInvariantRate);
}

void fib_bench(benchmark::State& state) { search(state, bench::fibonacci<standard>); }
void counters(benchmark::State& state) { search(state, bench::counters<standard>); }
void start_up(benchmark::State& state) {
  search(state, [] {});
}

BENCHMARK(fib_bench)->Unit(benchmark::kMillisecond);
BENCHMARK(counters)->Unit(benchmark::kMillisecond);
BENCHMARK(start_up)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace runnel

BENCHMARK_MAIN();

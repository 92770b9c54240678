// SPDX-License-Identifier: MIT
//
// What single operations cost in one thread.
#include <runnel/mpmc.hpp>
#include <runnel/mpsc.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>

namespace {

// A capacity, or this for an unbounded channel.
constexpr std::int64_t unbounded = -1;

auto make(const benchmark::State& state) {
  const auto capacity = state.range(0);
  return capacity == unbounded
             ? runnel::mpmc::channel<std::uint64_t>()
             : runnel::mpmc::sync_channel<std::uint64_t>(static_cast<std::size_t>(capacity));
}

void send_and_receive(benchmark::State& state) {
  const auto [tx, rx] = make(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(tx.try_send(1).has_value());
    benchmark::DoNotOptimize(rx.try_recv().has_value());
  }
}

void receive_from_empty(benchmark::State& state) {
  const auto [tx, rx] = make(state);
  for (auto _ : state) benchmark::DoNotOptimize(rx.try_recv().has_value());
}

void send_to_full(benchmark::State& state) {
  const auto [tx, rx] = make(state);
  while (tx.try_send(1)) continue;
  for (auto _ : state) benchmark::DoNotOptimize(tx.try_send(1).has_value());
}

void size(benchmark::State& state) {
  const auto [tx, rx] = make(state);
  for (auto _ : state) benchmark::DoNotOptimize(rx.size());
}

void create_and_drop(benchmark::State& state) {
  for (auto _ : state) {
    auto ends = make(state);
    benchmark::DoNotOptimize(ends);
  }
}

void clone_and_drop(benchmark::State& state) {
  const auto [tx, rx] = make(state);
  for (auto _ : state) {
    auto another = tx;
    benchmark::DoNotOptimize(another);
  }
}

void bounded_and_unbounded(benchmark::internal::Benchmark* b) {
  b->ArgName("capacity")->Arg(1)->Arg(1024)->Arg(unbounded);
}

void all_kinds(benchmark::internal::Benchmark* b) {
  b->ArgName("capacity")->Arg(0)->Arg(1)->Arg(1024)->Arg(unbounded);
}

BENCHMARK(send_and_receive)->Apply(bounded_and_unbounded);
BENCHMARK(receive_from_empty)->Apply(all_kinds);
BENCHMARK(send_to_full)->ArgName("capacity")->Arg(0)->Arg(1)->Arg(1024);
BENCHMARK(size)->Apply(all_kinds);
BENCHMARK(create_and_drop)->Apply(all_kinds);
BENCHMARK(clone_and_drop)->Apply(all_kinds);

}  // namespace

BENCHMARK_MAIN();

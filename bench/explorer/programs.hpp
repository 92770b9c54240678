// SPDX-License-Identifier: MIT
//
// Programs for both front ends: with std::atomic, std::thread and plain data, and with the types of
// runnel::model in their places.
#pragma once

#include <atomic>
#include <vector>

namespace runnel::bench {

/// "fib_bench": two threads add each other's number five times, a third looks at the sums.
template <class V>
void fibonacci() {
  typename V::template atomic<int> x(1);
  typename V::template atomic<int> y(1);
  const auto add = [](auto& mine, const auto& a, const auto& b) {
    for (int i = 0; i < 5; ++i)
      mine.store(a.load(std::memory_order::acquire) + b.load(std::memory_order::acquire),
                 std::memory_order::release);
  };
  typename V::thread first([&] { add(x, x, y); });
  typename V::thread second([&] { add(y, x, y); });
  typename V::thread third([&] {
    V::require(x.load(std::memory_order::acquire) <= 144 &&
               y.load(std::memory_order::acquire) <= 144);
  });
  first.join();
  second.join();
  third.join();
}

/// Five threads, each of which writes what is its own and counts twice: 10!/2^5 executions.
template <class V>
void counters() {
  typename V::template atomic<int> count(0);
  std::vector<typename V::template plain<int>> own(5);
  std::vector<typename V::thread> threads;
  for (auto& mine : own) {
    threads.emplace_back([&mine, &count] {
      mine = 1;
      for (int i = 0; i < 2; ++i) count.fetch_add(1, std::memory_order::relaxed);
    });
  }
  for (auto& t : threads) t.join();
}

}  // namespace runnel::bench

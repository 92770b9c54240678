// SPDX-License-Identifier: MIT
//
// The program of coroutine_pipeline.cpp with a thread for each stage.
#include <runnel/mpsc.hpp>

#include <cstddef>
#include <future>
#include <iostream>
#include <thread>
#include <utility>
#include <vector>

namespace {

void count(runnel::mpsc::sender<long> to, long last) {
  for (long n = 1; n <= last; ++n) {
    if (!to.send(n)) return;
  }
}

void add_one(runnel::mpsc::receiver<long> from, runnel::mpsc::sender<long> to) {
  while (const auto n = from.recv()) {
    if (!to.send(*n + 1)) return;
  }
}

void sum(runnel::mpsc::receiver<long> from, std::promise<long> result) {
  long total = 0;
  while (const auto n = from.recv()) total += *n;
  result.set_value(total);
}

}  // namespace

int main() {
  constexpr std::size_t capacity = 4;
  constexpr int stages = 20;
  std::promise<long> result;
  std::future<long> total = result.get_future();

  std::vector<std::jthread> threads;
  auto [first, from] = runnel::mpsc::sync_channel<long>(capacity);
  threads.emplace_back(count, std::move(first), 1000);
  for (int i = 0; i < stages; ++i) {
    auto [to, next] = runnel::mpsc::sync_channel<long>(capacity);
    threads.emplace_back(add_one, std::move(from), std::move(to));
    from = std::move(next);
  }
  threads.emplace_back(sum, std::move(from), std::move(result));

  std::cout << "the sum is " << total.get() << '\n';
}

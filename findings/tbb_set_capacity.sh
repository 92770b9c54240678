#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# oneTBB 2021.8: a thread that is blocked in push of a concurrent_bounded_queue stays so when set_capacity
# makes room; a try_push that comes later is done; the next pop wakes the thread up.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need libtbb-dev 2021.8.0-2+deb12u1

cat >push.cpp <<'CODE'
#include <oneapi/tbb/concurrent_queue.h>
#include <atomic>
#include <chrono>
#include <iostream>
#include <thread>

int main() {
  tbb::concurrent_bounded_queue<int> queue;
  queue.set_capacity(1);
  queue.push(1);
  std::atomic<bool> pushed{false};
  std::thread pusher([&] {
    queue.push(2);
    pushed = true;
  });
  while (queue.size() != 2) std::this_thread::yield();  // it counts the one that is about to wait
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  queue.set_capacity(10);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  std::cout << pushed;
  std::cout << queue.try_push(3);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  std::cout << pushed;
  int value = 0;
  queue.pop(value);
  pusher.join();
  std::cout << pushed << '\n';
}
CODE
g++ -std=c++20 push.cpp -o push -ltbb -pthread
timeout 20 ./push >found
expect "pushed after set_capacity; try_push; pushed then; pushed after a pop" 0101 "$(cat found)"

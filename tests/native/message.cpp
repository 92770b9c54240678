// SPDX-License-Identifier: MIT
//
// A program that knows nothing of a check.
#include <atomic>
#include <thread>

#ifndef ORDER
#define ORDER release
#endif

namespace {

int message = 0;
std::atomic<bool> ready{false};

}  // namespace

int main() {
  std::thread sender([] {
    message = 42;
    ready.store(true, std::memory_order::ORDER);
  });
  while (!ready.load(std::memory_order::acquire)) {
  }
  const bool is_whole = message == 42;
  sender.join();
  return is_whole ? 0 : 1;
}

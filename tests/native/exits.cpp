// SPDX-License-Identifier: MIT
//
// A program that ends by exit, called by another thread than main, while one still waits for what never comes.
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#ifndef STATUS
#define STATUS 0
#endif

namespace {

std::mutex mutex;
std::condition_variable changed;
int done = 0;
bool more = false;

}  // namespace

int main() {
  std::thread server([] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return more; });
  });
  std::thread worker([] {
    const std::lock_guard guard(mutex);
    done = 1;
    std::exit(STATUS);
  });
  worker.join();
  server.join();
  return done;
}

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# GCC 12: no_sanitize("thread") takes the hooks of atomic operations away as well, Clang 19 keeps them.
#
# A thread writes a number and publishes it with a release store, another waits for that with acquire
# loads and reads the number: no race. With the attribute on the function that publishes, ThreadSanitizer
# built by GCC has not seen the release and reports a data race, status 66. Clang leaves out the hooks of
# plain accesses alone and reports nothing.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need clang-19 1:19.1.7-3~deb12u1
need libclang-rt-19-dev 1:19.1.7-3~deb12u1

cat >publish.cpp <<'CODE'
#include <atomic>
#include <thread>

int number = 0;
std::atomic<int> published{0};

__attribute__((noinline ATTRIBUTE)) void publish() {
  published.store(1, std::memory_order_release);
}

int main() {
  int seen = 0;
  std::thread reader([&seen] {
    while (published.load(std::memory_order_acquire) == 0) std::this_thread::yield();
    seen = number;
  });
  number = 42;
  publish();
  reader.join();
  return seen == 42 ? 0 : 1;
}
CODE
# try COMPILER ATTRIBUTE: the status of the program.
try() {
  "$1" -std=c++20 -O2 -g -fsanitize=thread -pthread "-DATTRIBUTE=$2" -o publish publish.cpp
  # Without random addresses, which older runtimes of ThreadSanitizer cannot always stand.
  status_of setarch --addr-no-randomize ./publish
}
without=', no_sanitize("thread")'
expect 'GCC, with hooks: status' 0 "$(try g++-12 '')"
expect 'GCC, no_sanitize: status' 66 "$(try g++-12 "$without")"
expect 'GCC, no_sanitize: races' 1 "$(lines_with 'WARNING: ThreadSanitizer: data race')"
expect 'Clang, with hooks: status' 0 "$(try clang++-19 '')"
expect 'Clang, no_sanitize: status' 0 "$(try clang++-19 "$without")"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# libstdc++ 12: std::counting_semaphore waits and wakes with futex calls that are shared between
# processes.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need strace 6.1-0.1

cat >semaphore.cpp <<'CODE'
#include <semaphore>
#include <thread>

int main() {
  std::counting_semaphore<8> semaphore(0);
  std::thread waits([&] { semaphore.acquire(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  semaphore.release();
  waits.join();
}
CODE
g++-12 -std=c++20 semaphore.cpp -o semaphore -pthread
strace -f -e trace=futex -o calls ./semaphore
expect "shared wake-ups" yes "$(grep -q 'FUTEX_WAKE,' calls && echo yes || echo no)"
expect "private wake-ups" no "$(grep -q 'FUTEX_WAKE_PRIVATE' calls && echo yes || echo no)"

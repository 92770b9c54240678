#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# GCC 12 for RISC-V has no instructions in place for a read-modify-write of an atomic of one byte: it calls a
# library that it does not link by itself. So programs with std::barrier, whose tickets are bytes in libstdc++,
# or with an exchange of a std::atomic<bool>, do not link unless they are given -latomic. Loads and stores of
# such atomics, and read-modify-writes of four bytes, do.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12-riscv64-linux-gnu 12.2.0-13cross1

cat >barrier.cpp <<'CODE'
#include <barrier>

int main() {
  std::barrier<> alone(1);
  alone.arrive_and_wait();
}
CODE
cat >exchange.cpp <<'CODE'
#include <atomic>

std::atomic<FLAG> flag{0};

int main() { return static_cast<int>(flag.exchange(1)); }
CODE
cat >store.cpp <<'CODE'
#include <atomic>

std::atomic<bool> flag{false};

int main() {
  flag.store(true);
  return flag.load() ? 0 : 1;
}
CODE

# links FILE ARGUMENT...: whether it does.
links() {
  if riscv64-linux-gnu-g++-12 -std=c++20 -O2 "$@" -o program 2>messages; then
    echo yes
  elif grep -q 'undefined reference to `__atomic' messages; then
    echo "needs the library"
  else
    cat messages >&2
    echo no
  fi
}
expect 'std::barrier' 'needs the library' "$(links barrier.cpp)"
expect 'std::barrier with -latomic' yes "$(links barrier.cpp -latomic)"
expect 'exchange of a bool' 'needs the library' "$(links exchange.cpp -DFLAG=bool)"
expect 'exchange of an int' yes "$(links exchange.cpp -DFLAG=int)"
expect 'load and store of a bool' yes "$(links store.cpp)"

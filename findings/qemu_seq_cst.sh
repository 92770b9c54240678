#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# qemu-user 7.2 on x86-64 lets a guest's seq_cst load overtake its seq_cst store to another place.
#
# Two AArch64 threads each store 1 to a place of their own with seq_cst (stlr), then load the other's
# with seq_cst (ldar). C++ and AArch64 forbid that both read 0. Compiled for x86-64, where the store is
# an xchg, it is never seen. Under the emulator, which makes plain accesses of both, it was seen up to
# 148,115 times in ten million on a machine with two processors, and never on one processor, where a
# change of threads empties the store buffer.
#
# Other orders that AArch64 allows (message passing, load buffering) such a host never shows: tests under
# the emulator may fail though the code is right, and their passing says nothing about orders.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need qemu-user 1:7.2+dfsg-7+deb12u18+b3
need g++-12 12.2.0-14+deb12u1
need g++-12-aarch64-linux-gnu 12.2.0-14cross1

if [[ $(uname -m) != x86_64 || $(nproc) -lt 2 ]]; then
  echo "$0: needs x86-64 and two processors" >&2
  exit 2
fi

cat >both.cpp <<'CODE'
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

constexpr int places = 4096;
struct alignas(64) place { std::atomic<int> value{0}; };
place first[places], second[places];
int seen_by_first[places], seen_by_second[places];
std::atomic<long> arrived{0};

void meet(long times) {
  arrived.fetch_add(1);
  while (arrived.load() < 2 * times) std::this_thread::yield();
}

void run(place* mine, place* others, int* seen, long round) {
  meet(2 * round + 1);
  for (int i = 0; i < places; ++i) {
    mine[i].value.store(1, std::memory_order_seq_cst);
    seen[i] = others[i].value.load(std::memory_order_seq_cst);
  }
  meet(2 * round + 2);
}

int main(int, char** argv) {
  const long rounds = std::atol(argv[1]);
  long both = 0;
  std::thread other([&] {
    for (long r = 0; r < rounds; ++r) run(second, first, seen_by_second, r);
  });
  for (long r = 0; r < rounds; ++r) {
    for (int i = 0; i < places; ++i) {
      first[i].value.store(0, std::memory_order_relaxed);
      second[i].value.store(0, std::memory_order_relaxed);
    }
    run(first, second, seen_by_first, r);
    for (int i = 0; i < places; ++i) both += seen_by_first[i] == 0 && seen_by_second[i] == 0;
  }
  other.join();
  std::printf("%ld of %ld\n", both, rounds * places);
}
CODE
g++-12 -std=c++20 -O2 -pthread -o native both.cpp
aarch64-linux-gnu-g++-12 -std=c++20 -O2 -pthread -o guest both.cpp
emulator=(qemu-aarch64 -L /usr/aarch64-linux-gnu)

# how_often ROUNDS COMMAND...: prints what it has counted; whether both have read 0.
how_often() {
  local rounds=$1 counted
  shift
  counted=$(timeout 120 "$@" "$rounds")
  echo "${*: -1}: both read 0 in $counted" >&2
  if [[ $counted == 0\ * ]]; then echo never; else echo sometimes; fi
}
processor=$(taskset --cpu-list --pid $$)
processor=${processor##*: }
expect 'native' never "$(how_often 2440 ./native)"
expect 'emulated, on one processor' never \
  "$(how_often 2440 taskset --cpu-list "${processor%%[,-]*}" "${emulator[@]}" ./guest)"
# Where others keep the processors busy, the two threads may hardly run at the same time.
often=never
for ((attempt = 0; attempt < 20; ++attempt)); do
  often=$(how_often 2440 "${emulator[@]}" ./guest)
  if [[ $often != never ]]; then break; fi
done
expect 'emulated' sometimes "$often"

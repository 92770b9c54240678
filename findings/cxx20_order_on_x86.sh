#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# On x86-64 GCC 12 compiles a program to what the words of C++20 forbid.
#
# Two threads each store 1 to a place of their own with release, load it with seq_cst, then load the other's with
# seq_cst. Both see their own 1. If both then see 0, each load of a 1 is coherence-ordered after a load of a 0 of the
# same place ([atomics.order] 3), so it has to be later in the one order of seq_cst operations ([atomics.order] 4): a
# circle. LWG issue 3941 calls that an error of the wording; RC11, which was to be put into words, allows it. The store
# becomes a plain mov, as do the loads, and the processor takes a thread's own store from its store buffer before
# others can see it: on a machine with two processors, beside other work, it was seen 381 to 18,724 times in ten
# million, and in half of the runs never. With a store that is seq_cst, an xchg, it never was.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1

if [[ $(uname -m) != x86_64 || $(nproc) -lt 2 ]]; then
  echo "$0: needs x86-64 and two processors" >&2
  exit 2
fi

cat >own_first.cpp <<'CODE'
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

constexpr std::size_t cells = 4096;
struct alignas(64) cell {
  std::atomic<int> value{0};
};
std::array<cell, cells> left, right;
std::array<int, cells> own_left, own_right, other_left, other_right;
std::atomic<long> turns{0};

void wait_for_both(long turn) {
  turns.fetch_add(1);
  while (turns.load() < 2 * turn) std::this_thread::yield();
}

void part(std::array<cell, cells>& mine, std::array<cell, cells>& others, std::array<int, cells>& own,
          std::array<int, cells>& other, long turn) {
  wait_for_both(turn);
  for (std::size_t i = 0; i < cells; ++i) {
    mine[i].value.store(1, std::memory_order::STORE);
    own[i] = mine[i].value.load(std::memory_order::seq_cst);
    other[i] = others[i].value.load(std::memory_order::seq_cst);
  }
  wait_for_both(turn + 1);
}

int main(int, char** argv) {
  const long rounds = std::atol(argv[1]);
  std::thread second([&] {
    for (long r = 0; r < rounds; ++r) part(right, left, own_right, other_right, 2 * r + 1);
  });
  long circles = 0;
  for (long r = 0; r < rounds; ++r) {
    for (std::size_t i = 0; i < cells; ++i) left[i].value = right[i].value = 0;
    part(left, right, own_left, other_left, 2 * r + 1);
    for (std::size_t i = 0; i < cells; ++i)
      circles += own_left[i] == 1 && own_right[i] == 1 && other_left[i] == 0 && other_right[i] == 0;
  }
  second.join();
  std::printf("%ld of %ld\n", circles, rounds * static_cast<long>(cells));
}
CODE
for order in release seq_cst; do
  g++-12 -std=c++20 -O2 -pthread -D STORE="$order" -o "$order" own_first.cpp
done

# how_often PROGRAM: prints what it has counted; whether there was a circle.
how_often() {
  local counted
  counted=$(timeout 120 "./$1" 2440)
  echo "a store that is $1: a circle in $counted" >&2
  if [[ $counted == 0\ * ]]; then echo never; else echo sometimes; fi
}
expect 'seq_cst stores' never "$(how_often seq_cst)"
# Where others keep the processors busy, the two threads may hardly run at the same time.
often=never
for ((attempt = 0; attempt < 20; ++attempt)); do
  often=$(how_often release)
  if [[ $often != never ]]; then break; fi
done
expect 'release stores' sometimes "$often"

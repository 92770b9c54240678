#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Clang 19: accesses to an atomic variable disappear if it has internal linkage and one function alone uses it.
#
# In Peterson's lock a thread gives the turn away, and then waits as long as the other one wants to enter and it is not
# its own turn. At -O1 and above, of a `static` atomic `turn` that only this function stores and loads, both with seq_cst,
# neither the store nor the load is left: as if nobody else could have stored meanwhile. But other threads run the
# same function. What is left waits for the other's flag alone; two threads that have both set theirs wait for
# ever. With external linkage, at -O0, and with GCC both accesses are there. So it is in C as well.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need clang-19 1:19.1.7-3~deb12u1

cat >turn.cpp <<'CODE'
#include <atomic>
LINKAGE std::atomic<int> flags[2];
LINKAGE std::atomic<int> turn;
int count;
void add(int me) {
  flags[me] = 1;
  turn = 1 - me;
  while (flags[1 - me] != 0 && turn != me) {
  }
  ++count;
  flags[me] = 0;
}
CODE

# How many instructions use the variable. LINKAGE is the last argument.
uses() {
  "${@:1:$#-1}" -std=c++17 -D LINKAGE="${*: -1}" -S -o - turn.cpp | grep -cE 'turn\(%rip\)' || true
}

expect "clang++-19 -O0, static" 2 "$(uses clang++-19 -O0 static)"
expect "clang++-19 -O1, static" 0 "$(uses clang++-19 -O1 static)"
expect "clang++-19 -O2, static" 0 "$(uses clang++-19 -O2 static)"
expect "clang++-19 -O2, external linkage" 2 "$(uses clang++-19 -O2 "")"
expect "g++-12 -O2, static" 2 "$(uses g++-12 -O2 static)"

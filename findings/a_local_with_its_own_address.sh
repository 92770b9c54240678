#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# GCC 12 and Clang 19 leave a local object in memory in which nothing is but a reference and its own address, though
# nobody reads it, where the function has an atomic operation, be it a relaxed load: three instructions. With a null
# pointer in its place, or without an atomic operation, nothing is stored. So a guard whose check is compiled out
# costs something at each use.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need clang-19 '1:19.1.7-3~deb12u1'

cat >guard.cpp <<'CODE'
#include <atomic>

struct guard {
  explicit guard(int& used) : of(used), who(WHO) {}
  int& of;
  const void* who;
};

int work(std::atomic<int>& a, int& used) {
  const guard g(used);
  return BODY;
}
CODE

# stores COMPILER WHO BODY: how many instructions of the function have to do with the stack.
stores() {
  "$1" -std=c++20 -O3 -fno-asynchronous-unwind-tables -Wno-unused-variable "-DWHO=$2" "-DBODY=$3" -S guard.cpp -o - |
    grep -c '[(]%rsp[)]' || true
}
load='used + a.load(std::memory_order_relaxed)'
expect 'GCC, its own address, a relaxed load' 3 "$(stores g++-12 this "$load")"
expect 'GCC, a null pointer, a relaxed load' 0 "$(stores g++-12 nullptr "$load")"
expect 'Clang, a null pointer, a relaxed load' 0 "$(stores clang++-19 nullptr "$load")"
expect 'Clang, its own address, no atomic' 0 "$(stores clang++-19 this ++used)"
expect 'GCC, its own address, no atomic' 0 "$(stores g++-12 this ++used)"
expect 'Clang, its own address, a relaxed load' 3 "$(stores clang++-19 this "$load")"

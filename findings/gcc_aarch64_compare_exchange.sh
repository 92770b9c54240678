#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# GCC 12 compiles a compare-exchange with the orders (relaxed, acquire) on AArch64 as one with acq_rel.
#
# Since C++17 the order of a failure may be stronger than that of a success. GCC 12 warns that it may not
# (-Winvalid-memory-model), and emits casal, acquire and release; Clang 19 emits casa, acquire. So the
# machine code of a program whose success has too weak an order may be right all the same.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12-aarch64-linux-gnu 12.2.0-14cross1
need clang-19 1:19.1.7-3~deb12u1

cat >exchange.cpp <<'CODE'
bool exchange(int* at, int* expected) {
  return __atomic_compare_exchange_n(at, expected, 1, false, __ATOMIC_SUCCESS, __ATOMIC_FAILURE);
}
CODE
# instruction SUCCESS FAILURE COMPILER...: the compare-and-swap that is made of these orders.
instruction() {
  local orders=("-D__ATOMIC_SUCCESS=__ATOMIC_$1" "-D__ATOMIC_FAILURE=__ATOMIC_$2")
  shift 2
  "$@" -std=c++20 -O2 -march=armv8.1-a "${orders[@]}" -S -o - exchange.cpp 2>messages |
    grep --only-matching --extended-regexp '\bcas[a-z]*'
}
gcc=(aarch64-linux-gnu-g++-12)
clang=(clang++-19 --target=aarch64-linux-gnu)
expect 'GCC, (relaxed, relaxed)' cas "$(instruction RELAXED RELAXED "${gcc[@]}")"
expect 'GCC, (acquire, acquire)' casa "$(instruction ACQUIRE ACQUIRE "${gcc[@]}")"
expect 'GCC, (relaxed, acquire)' casal "$(instruction RELAXED ACQUIRE "${gcc[@]}")"
expect 'GCC warns' 1 "$(grep --count 'cannot be stronger than success memory model' messages)"
expect 'Clang, (relaxed, relaxed)' cas "$(instruction RELAXED RELAXED "${clang[@]}")"
expect 'Clang, (relaxed, acquire)' casa "$(instruction RELAXED ACQUIRE "${clang[@]}")"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# GCC 12 with -fsanitize=thread: a copy of a constant size leaves no trace.
#
# ThreadSanitizer sees an access because the compiler calls __tsan_read or __tsan_write before it. At -O2 GCC 12
# expands a memcpy of 64 bytes between two pointers into loads and stores after that pass, with none of those calls: a
# race of two such copies is not reported. With -fno-builtin-memcpy, or with a size that is not known, the call of
# memcpy is left, which ThreadSanitizer's library replaces. Clang 19 calls __tsan_memcpy at every level.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need clang-19 1:19.1.7-3~deb12u1

cat >copy.cpp <<'CODE'
#include <cstring>
void copy(char* to, const char* from) { std::memcpy(to, from, 64); }
CODE

# The accesses that the compiler tells of, and calls of memcpy, within the function.
seen() {
  "$@" -std=c++17 -fsanitize=thread -S -o - copy.cpp |
    { grep -oE '(call|jmp)[a-z]*[[:space:]]+(__tsan_(read|write|memcpy)[a-z0-9_]*|memcpy)' || true; } |
    awk '{print $2}' | sort | uniq -c | awk '{print $2 " x" $1}' | paste -sd' ' -
}


expect "g++-12 -O2" "" "$(seen g++-12 -O2)"
expect "g++-12 -O2 -fno-builtin-memcpy" "memcpy x1" "$(seen g++-12 -O2 -fno-builtin-memcpy)"
expect "clang++-19 -O2" "__tsan_memcpy x1" "$(seen clang++-19 -O2)"
expect "clang++-19 -O0" "__tsan_memcpy x1" "$(seen clang++-19 -O0)"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Where oneTBB's headers are installed, a program that includes libstdc++ 12's <execution> and uses nothing of it does
# not link without the optimizer, unless it is given -ltbb or told to leave oneTBB out. With -O2 it does. stdexec
# includes that header.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need libtbb-dev 2021.8.0-2+deb12u1

cat >program.cpp <<'CODE'
#include <execution>

int main() {}
CODE

# links ARGUMENT...: whether it does.
links() {
  if g++-12 -std=c++20 program.cpp "$@" -o program 2>messages; then
    echo yes
  elif grep -q 'undefined reference to .tbb::detail::' messages; then
    echo 'needs oneTBB'
  else
    cat messages >&2
    echo no
  fi
}
expect 'without the optimizer' 'needs oneTBB' "$(links -O0)"
expect 'with -ltbb' yes "$(links -O0 -ltbb)"
expect 'without its parallel algorithms' yes "$(links -O0 -D_GLIBCXX_USE_TBB_PAR_BACKEND=0)"
expect 'with the optimizer' yes "$(links -O2)"

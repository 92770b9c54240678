#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Spin 6.5.2: a statement of a guard that only leaves a loop is never listed as unreached.
#
# In the model x is always 1. Of two options that are never taken, the one that does something is listed
# and the one that only leaves the loop is not, also without statement merging (-o3): "(0 of N states)"
# does not say that each option was taken.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need spin 6.5.2+dfsg-1
need gcc-12 12.2.0-14+deb12u1

cat >model.pml <<'MODEL'
byte x = 1, y;
active proctype counter() {
  do
  :: x == 1 && y < 3 -> y++
  :: x == 2 -> break
  :: x == 3 -> y = 7; break
  :: y == 3 -> goto over
  od;
over:
  y = 0
}
MODEL
for merging in "" -o3; do
  spin -a ${merging:+"$merging"} model.pml
  gcc-12 -w -DSAFETY -o pan pan.c
  ./pan >output
  expect "spin -a $merging: the option that does something is listed" 1 "$(lines_with '"y = 7"')"
  expect "spin -a $merging: the option that only leaves is listed" 0 "$(lines_with 'model.pml:5')"
done

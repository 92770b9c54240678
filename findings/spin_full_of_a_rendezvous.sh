#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Spin 6.5.2: full(q) of a rendezvous channel is true in a simulation and false in a verification.
#
# So a model whose process waits for nfull(q) before it sends goes on in the verifier and stands still in
# the simulation. (A channel of capacity 0 holds as many messages as it can, which is what the
# simulation says.)
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need spin 6.5.2+dfsg-1
need gcc-12 12.2.0-14+deb12u1

cat >model.pml <<'MODEL'
chan q = [0] of { byte };
active proctype looks() {
  if
  :: full(q) -> assert(IS_FULL)
  :: nfull(q) -> assert(!IS_FULL)
  fi
}
MODEL
expect 'simulation, full(q) is said to be true: status' 0 "$(status_of spin -DIS_FULL=1 model.pml)"
expect 'simulation, full(q) is said to be false: status' 1 "$(status_of spin -DIS_FULL=0 model.pml)"

for is_full in 0 1; do
  spin -a -DIS_FULL=$is_full model.pml
  gcc-12 -w -DSAFETY -o pan pan.c
  ./pan >output
  expect "verification, full(q) is said to be $is_full: violations" $is_full \
    "$(lines_with 'pan:1: assertion violated')"
done

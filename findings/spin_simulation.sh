#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Spin 6.5.2: a simulation goes on after a d_step that blocks, keeps what that step has done so far, and
# ends with the number of errors modulo 256 as its status.
#
# A verification of the same model ends with the error "block in d_step seq". The simulation reports the
# error each time the process is scheduled, lets the others run, and ends. With 257 errors its status is 1,
# with 1859 it is 67, and with a multiple of 256 it would be 0.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need spin 6.5.2+dfsg-1
need gcc-12 12.2.0-14+deb12u1

cat >one.pml <<'MODEL'
byte x;
active proctype blocks() { d_step { x = 1; (x == 2); x = 3 } }
active proctype other() { (x == 1); printf("the other process sees x = %d\n", x) }
MODEL
errors='Error: stmnt in d_step blocks'
status=$(status_of spin -n1 one.pml)
expect 'the step is half done, and the other process goes on' 1 \
  "$(lines_with 'the other process sees x = 1')"
expect 'status: the number of errors' "$(lines_with "$errors")" "$status"

spin -a one.pml
gcc-12 -w -DSAFETY -o pan pan.c
expect 'verifier: status' 0 "$(status_of ./pan)"
expect 'verifier: errors' 1 "$(lines_with 'pan:1: block in d_step seq')"

cat >many.pml <<'MODEL'
byte x;
active [128] proctype blocks() { d_step { x = 1; (x == 2); x = 3 } }
MODEL
status=$(status_of spin -n1 many.pml)
expect '128 processes: errors' 1859 "$(lines_with "$errors")"
expect '128 processes: status' $((1859 % 256)) "$status"

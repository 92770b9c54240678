#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Spin 6.5.2: a verifier ends with status 0 whatever it has found, and says "errors: 0" of a search that
# -m has cut off, breadth first as well.
#
# The model counts to 50 and claims that it never does. Its whole search finds the violation and says
# "errors: 1"; the same search with -m10 sees no state in which the claim is looked at, and says "Full
# statespace search" and "errors: 0". All end with status 0. Only a line "max search depth too small"
# tells the two kinds of "errors: 0" from each other. A script that takes the status, or that line, for
# the verdict passes all models.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need spin 6.5.2+dfsg-1
need gcc-12 12.2.0-14+deb12u1

cat >model.pml <<'MODEL'
byte n;
active proctype counter() {
  do
  :: n < 50 -> n++
  :: n == 50 -> break
  od;
  assert(n != 50)
}
MODEL
spin -a model.pml
gcc-12 -w -DSAFETY -DNOCLAIM -o depth_first pan.c
gcc-12 -w -DSAFETY -DNOCLAIM -DBFS -o breadth_first pan.c

for search in depth_first breadth_first; do
  expect "$search, whole: status" 0 "$(status_of "./$search")"
  expect "$search, whole: errors" 1 "$(lines_with 'errors: 1')"
  expect "$search, whole: violations" 1 "$(lines_with 'assertion violated (n!=50)')"
  expect "$search, cut: status" 0 "$(status_of "./$search" -m10)"
  expect "$search, cut: says that there are no errors" 1 "$(lines_with 'errors: 0')"
  expect "$search, cut: says that all was searched" 1 "$(lines_with 'Full statespace search')"
  expect "$search, cut: says that it was cut" 1 "$(lines_with 'error: max search depth too small')"
done

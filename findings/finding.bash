# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the scripts have in common: each works in a temporary folder of its own, with packages of pinned
# versions, and ends with status 1 if something is not as it was found.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# need PACKAGE VERSION: says what is installed, and installs what is not. Another version is left as it
# is: what was found need not hold there.
need() {
  local there sudo=()
  there=$(dpkg-query --show --showformat '${Version}' "$1" 2>/dev/null || true)
  if [[ -z $there ]]; then
    if [[ $(id -u) -ne 0 ]]; then sudo=(sudo); fi
    "${sudo[@]}" apt-get install --yes --no-install-recommends "$1=$2" >&2
    there=$2
  fi
  echo "$1 $there"
  if [[ $there != "$2" ]]; then
    echo "$0: this was found with $1 $2; there is $there" >&2
    exit 2
  fi
}

# expect WHAT FOUND NOW
expect() {
  echo "$1: $3"
  if [[ $3 != "$2" ]]; then
    echo "$0: $1 was '$2' when this was found" >&2
    exit 1
  fi
}

# status_of COMMAND...: its exit status, at most a minute later.
status_of() {
  local status=0
  timeout 60 "$@" >output 2>&1 || status=$?
  echo "$status"
}

# lines_with TEXT: how many lines of the last command's output have it.
lines_with() {
  grep --count --fixed-strings -- "$1" output || true
}

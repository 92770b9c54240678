#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Boost.Asio 1.74's <boost/asio/awaitable.hpp> uses std::exchange and does not include <utility>. As the first header of
# a program it does not compile with GCC 12; after <utility> it does. Standalone Asio 1.22 has the include. (Clang 19
# sees nothing of the header unless BOOST_ASIO_HAS_CO_AWAIT is defined.)
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need g++-12 12.2.0-14+deb12u1
need libboost1.74-dev 1.74.0+ds1-21
need libasio-dev 1:1.22.1-1

# tries LINE...: whether a program of these lines compiles.
tries() {
  { printf '%s\n' "$@"; echo 'int main() {}'; } >program.cpp
  if g++-12 -std=c++20 -fsyntax-only program.cpp 2>messages; then
    echo yes
  elif grep -q 'is not a member of .std.; did you mean .*exchange' messages; then
    echo 'no std::exchange'
  else
    cat messages >&2
    echo no
  fi
}
boost='#include <boost/asio/awaitable.hpp>'
expect 'Boost.Asio first' 'no std::exchange' "$(tries "$boost")"
expect 'Boost.Asio after <utility>' yes "$(tries '#include <utility>' "$boost")"
expect 'standalone Asio first' yes "$(tries '#include <asio/awaitable.hpp>')"

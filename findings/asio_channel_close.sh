#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Asio 1.22.1, experimental channels: a close hides what is buffered, though ready() still says true; and
# after a receive that was cancelled, a send that is tried finds no room in an empty channel.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need libasio-dev 1:1.22.1-1

cat >channel.cpp <<'CODE'
#include <asio.hpp>
#include <asio/experimental/channel.hpp>
#include <iostream>

int main() {
  using channel = asio::experimental::channel<void(asio::error_code, int)>;
  asio::io_context io;
  channel closed(io, 4);
  closed.try_send(asio::error_code(), 1);
  closed.close();
  std::cout << closed.ready() << closed.try_receive([](asio::error_code, int) {});

  channel cancelled(io, 4);
  cancelled.async_receive([](asio::error_code e, int) { std::cout << bool(e); });
  cancelled.cancel();
  io.run();
  std::cout << cancelled.try_send(asio::error_code(), 1) << cancelled.try_send(asio::error_code(), 2) << '\n';
}
CODE
g++ -std=c++20 channel.cpp -o channel -pthread
./channel >found
expect "ready, received after close; cancelled; sent, sent after that" 10100 "$(cat found)"

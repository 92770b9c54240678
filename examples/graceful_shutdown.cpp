// SPDX-License-Identifier: MIT
//
// Graceful shutdown: no new requests, those already accepted are served, and nobody waits longer
// than a deadline. Workers wait with recv_for, so that they can also do something while idle.
#include <runnel/runnel.hpp>

#include <chrono>
#include <iostream>
#include <thread>
#include <utility>

using namespace std::chrono_literals;

namespace {

struct request {
  int number;
};

/// What a worker says when it leaves.
struct farewell {
  int served;
};

void serve(runnel::mpmc::receiver<request> requests, runnel::mpsc::sender<farewell> farewells) {
  int served = 0;
  for (;;) {
    const auto request = requests.recv_for(20ms);
    if (request) {
      ++served;
    } else if (request.error() == runnel::recv_errc::disconnected) {
      break;  // all is served, and nothing will come
    }
    // Else `timeout`: idle, the moment to flush a file or to close an old connection.
  }
  (void)farewells.send({served});  // the one who waits for it may have lost patience and gone
}

}  // namespace

int main() {
  auto [sender, requests] = runnel::mpmc::sync_channel<request>(8);
  auto [farewell_sender, farewells] = runnel::mpsc::channel<farewell>();
  std::jthread first(serve, requests, farewell_sender);
  std::jthread second(serve, std::move(requests), std::move(farewell_sender));

  for (int i = 0; i < 100; ++i) {
    if (!sender.send({i})) return 1;
  }
  sender.reset();  // no new requests

  const auto deadline = std::chrono::steady_clock::now() + 30s;
  int served = 0;
  int left = 0;
  auto next = farewells.recv_until(deadline);
  for (; next; next = farewells.recv_until(deadline)) {
    served += next->served;
    ++left;
  }
  if (next.error() == runnel::recv_errc::timeout) {
    std::cout << "gave up waiting for the workers" << std::endl;
    std::quick_exit(1);
  }
  std::cout << "served " << served << " requests, " << left << " workers have left\n";
}

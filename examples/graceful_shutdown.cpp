// SPDX-License-Identifier: MIT
//
// Graceful shutdown: a stop token ends the acceptance of requests, those already accepted are served, and
// nobody waits longer than a deadline.
//
// A stop does not go before what is possible: a send with a token is done where there is room. So a loop
// of sends that never wait looks at the token by itself.
#include <runnel/runnel.hpp>
#include <runnel/stop.hpp>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <stop_token>
#include <thread>
#include <utility>

using namespace std::chrono_literals;

namespace {

struct request {
  int number;
};
struct reply {
  int number;
};

/// Until it is stopped, also while all workers are busy. Then its sender goes, and workers that have served
/// what it had accepted see `disconnected`.
void accept(const std::stop_token& stop, runnel::mpmc::sender<request> requests, int& accepted) {
  while (!stop.stop_requested() && requests.send({accepted}, stop)) ++accepted;
}

void serve(const runnel::mpmc::receiver<request>& requests,
           const runnel::mpsc::sender<reply>& replies) {
  while (const auto r = requests.recv()) {
    if (!replies.send({r->number})) return;  // the one who waits for it has lost patience and gone
  }
}

}  // namespace

int main() {
  auto [request_sender, requests] = runnel::mpmc::sync_channel<request>(8);
  auto [reply_sender, replies] = runnel::mpsc::channel<reply>();
  int accepted = 0;
  std::jthread first(serve, requests, reply_sender);
  std::jthread second(serve, std::move(requests), std::move(reply_sender));
  std::jthread acceptor(accept, std::move(request_sender), std::ref(accepted));

  int served = 0;
  while (served < 100 && replies.recv()) ++served;
  acceptor.request_stop();

  const auto deadline = std::chrono::steady_clock::now() + 30s;
  auto next = replies.recv_until(deadline);
  for (; next; next = replies.recv_until(deadline)) ++served;
  if (next.error() == runnel::recv_errc::timeout) {
    std::cout << "gave up waiting for the workers" << std::endl;
    std::quick_exit(1);
  }
  acceptor.join();
  std::cout << (served == accepted ? "all" : "not all") << " that was accepted has been served\n";
}

// SPDX-License-Identifier: MIT
//
// A pipeline with back-pressure: source -> stage -> sink, joined by small bounded channels. The
// source never ends by itself. It cannot run away, since it blocks while the channel is full; and
// it stops when the sink has enough, since each stage sees that the next one has gone.
#include <runnel/runnel.hpp>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <thread>
#include <utility>

namespace {

constexpr std::size_t capacity = 2;

/// How many numbers the source has sent.
std::atomic<int> sent{0};

void count(runnel::mpsc::sender<int> to) {
  for (int n = 1; to.send(n); ++n) sent = n;
}

void square(runnel::mpsc::receiver<int> from, runnel::mpsc::sender<int> to) {
  for (const int n : from) {
    if (!to.send(n * n)) return;  // nobody takes squares any more
  }
}

}  // namespace

int main() {
  auto [number_sender, number_receiver] = runnel::mpsc::sync_channel<int>(capacity);
  auto [square_sender, square_receiver] = runnel::mpsc::sync_channel<int>(capacity);

  const std::jthread source(count, std::move(number_sender));
  const std::jthread stage(square, std::move(number_receiver), std::move(square_sender));

  int taken = 0;
  int ahead = 0;
  for (const int n : square_receiver) {
    ahead = std::max(ahead, sent - taken);
    std::cout << n << '\n';
    if (++taken == 8) break;
  }
  square_receiver.reset();  // enough: the stage's next send fails, and then the source's

  // Two channels of two, one number in the hands of the stage and one in those of the sink.
  std::cout << "never more than 6 ahead: " << (ahead <= 6 ? "true" : "false") << '\n';
}

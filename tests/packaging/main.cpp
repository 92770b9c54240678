// SPDX-License-Identifier: MIT
//
// A program that uses Runnel the way it is packaged: each consumer project builds it.
#include <runnel/runnel.hpp>

#include <iostream>
#include <thread>

int main() {
  auto [sender, receiver] = runnel::mpsc::sync_channel<int>(1);
  std::thread producer([sender = std::move(sender)]() mutable {
    for (int i = 1; i <= 4 && sender.send(i); ++i) {
    }
    sender.reset();
  });
  int sum = 0;
  for (const int i : receiver) sum += i;
  producer.join();
  std::cout << "runnel " << RUNNEL_VERSION_MAJOR << '.' << RUNNEL_VERSION_MINOR << '.'
            << RUNNEL_VERSION_PATCH << ": " << sum << '\n';
}

// SPDX-License-Identifier: MIT
//
// Every operation once, on each kind of channel. It needs neither exceptions nor RTTI.
#pragma once

#include <runnel/runnel.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>

namespace {

using namespace std::chrono_literals;
using message = std::unique_ptr<int>;

void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::exit(EXIT_FAILURE);
}
#define EXPECT(...) expect((__VA_ARGS__), #__VA_ARGS__)

message made(int i) { return std::make_unique<int>(i); }

template <class Sender, class Receiver>
void each_send_is_received(Sender tx, Receiver rx) {
  std::thread sending([&tx] {
    EXPECT(tx.send(made(0)).has_value());
    EXPECT(tx.send_for(made(1), 60s).has_value());
    EXPECT(tx.send_until(made(2), std::chrono::steady_clock::now() + 60s).has_value());
    while (!tx.try_send(made(3))) std::this_thread::yield();
    const Sender other = tx;
    EXPECT(other.same_channel(tx) && !tx.is_disconnected());
    for (int i = 4; i < 8; ++i) EXPECT(other.send(made(i)).has_value());
    tx.reset();
  });
  EXPECT(**rx.recv() == 0);
  EXPECT(**rx.recv_for(60s) == 1);
  EXPECT(**rx.recv_until(std::chrono::steady_clock::now() + 60s) == 2);
  auto third = rx.recv();
  EXPECT(third.has_value() && **third == 3);
  int next = 4;
  for (message m : rx) EXPECT(*m == next++);
  EXPECT(next == 8);
  sending.join();
  EXPECT(!tx && rx.is_disconnected() && rx.empty() && rx.size() == 0);
  EXPECT(rx.try_recv().error() == runnel::recv_errc::disconnected);
}

template <class Sender, class Receiver>
void failures_are_results(Sender tx, Receiver rx) {
  EXPECT(rx.try_recv().error() == runnel::recv_errc::empty);
  EXPECT(rx.recv_for(1ms).error() == runnel::recv_errc::timeout);
  for ([[maybe_unused]] message m : rx.try_iter()) EXPECT(false);
  const auto capacity = tx.capacity();
  if (capacity) {
    for (std::size_t i = 0; i < *capacity; ++i) EXPECT(tx.try_send(made(9)).has_value());
    EXPECT(tx.full());
    auto refused = tx.try_send(made(10));
    EXPECT(refused.error().reason == runnel::send_errc::full && *refused.error().value == 10);
    EXPECT(tx.send_for(made(11), 1ms).error().reason == runnel::send_errc::timeout);
  }
  EXPECT(!tx.closed_for(1ms));
  rx.close();
  tx.closed();
  EXPECT(tx.closed_until(std::chrono::steady_clock::now()) && rx.is_disconnected());
  rx.reset();
  auto handed_back = tx.send(made(12));
  EXPECT(handed_back.error().reason == runnel::send_errc::disconnected);
  EXPECT(*handed_back.error().value == 12);
  const std::error_code code = handed_back.error().reason;
  EXPECT(!code.message().empty());
}

template <class Make>
void try_all(Make make) {
  auto [tx, rx] = make();
  each_send_is_received(std::move(tx), std::move(rx));
  auto [other_tx, other_rx] = make();
  failures_are_results(std::move(other_tx), std::move(other_rx));
}

void all_operations() {
  for (const std::size_t capacity : {0UZ, 1UZ, 2UZ, 64UZ}) {
    try_all([capacity] { return runnel::mpsc::sync_channel<message>(capacity); });
    try_all([capacity] { return runnel::mpmc::sync_channel<message>(capacity); });
  }
  try_all([] { return runnel::mpsc::channel<message>(); });
  try_all([] { return runnel::mpmc::channel<message>(); });
}

}  // namespace

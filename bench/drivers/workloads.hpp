// SPDX-License-Identifier: MIT
//
// The workloads, over a peer:
//
//   struct peer {
//     static bool supports(const options&);
//     template <class T> static auto make(std::optional<std::size_t> capacity);
//   };
//
// `make` gives a pair of handles with send(T&&) and T recv(). What there may be several of is copied.
#pragma once

#include "coroutine_workload.hpp"
#include "crew.hpp"
#include "messages.hpp"
#include "options.hpp"
#include "select_workloads.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

inline bool is_select(const options& o) {
  return o.workload == "select" || o.workload == "try_select" || o.workload == "select_rx" ||
         o.workload == "select_both";
}

inline bool is_throughput(const options& o) {
  return o.workload == "spsc" || o.workload == "mpsc" || o.workload == "mpmc";
}

template <class Peer>
concept has_coroutines = requires { typename Peer::coroutines; };

template <class Peer>
concept has_selects = requires { typename Peer::selects; };

template <class Peer, std::size_t Bytes>
struct workloads {
  using value_type = message<Bytes>;

  static void run(const options& o) {
    if (o.by_reference) {
      by_reference(o);
    } else if (is_throughput(o)) {
      throughput(o);
    } else if constexpr (Bytes == small) {
      if (o.workload == "seq") sequential(o);
      if (o.workload == "pingpong") ping_pong(o);
      if (o.workload == "latency") latency(o);
      if (o.workload == "blocked" || o.workload == "slow") slow(o);
      if constexpr (has_coroutines<Peer>) {
        if (is_awaited(o)) coroutine_workload<typename Peer::coroutines>::run(o);
      }
      if constexpr (has_selects<Peer>) {
        if (is_select(o)) select_workloads<Peer>::run(o);
      }
    }
  }

 private:
  static constexpr std::uint64_t batch = 1000;

  static void sequential(const options& o) {
    auto [tx, rx] = Peer::template make<value_type>(o.capacity);
    std::uint64_t sum = 0;
    const auto began = clock::now();
    for (std::uint64_t i = 0; i < o.messages; i += batch) {
      const auto end = std::min(i + batch, o.messages);
      for (auto v = i; v < end; ++v) tx.send(value_type(v));
      for (auto v = i; v < end; ++v) sum += rx.recv().value();
    }
    const auto took = clock::now() - began;
    verify(sum, o.messages);
    print_throughput(took, o.messages);
  }

  template <class Sender>
  static void send_all(Sender& tx, share mine) {
    for (auto v = mine.first; v < mine.last; ++v) tx.send(value_type(v));
  }
  template <class Receiver>
  static std::uint64_t sum_of_all(Receiver& rx, share mine) {
    std::uint64_t sum = 0;
    for (auto v = mine.first; v < mine.last; ++v) sum += rx.recv().value();
    return sum;
  }

  static void throughput(const options& o) {
    auto [sender, receiver] = Peer::template make<value_type>(o.capacity);
    std::atomic<std::uint64_t> total = 0;
    crew threads(o.senders + o.receivers);
    for (std::size_t i = 0; auto& one : handles(std::move(sender), o.senders)) {
      threads.sends([tx = std::move(one), mine = share(o.messages, o.senders, i++)]() mutable {
        send_all(tx, mine);
      });
    }
    for (std::size_t i = 0; auto& one : handles(std::move(receiver), o.receivers)) {
      threads.receives(
          [&total, rx = std::move(one), mine = share(o.messages, o.receivers, i++)]() mutable {
            total += sum_of_all(rx, mine);
          });
    }
    const auto took = threads.finish();
    verify(total, o.messages);
    print_throughput(took, o.messages);
  }

  /// Both handles stay where they were made, side by side in one cache line, as locals usually do.
  static void by_reference(const options& o) {
    alignas(64) auto ends = Peer::template make<value_type>(o.capacity);
    auto& [sender, receiver] = ends;
    alignas(64) std::uint64_t sum = 0;
    crew threads(2);
    threads.sends([&tx = sender, all = share(o.messages, 1, 0)] { send_all(tx, all); });
    threads.receives(
        [&sum, &rx = receiver, all = share(o.messages, 1, 0)] { sum = sum_of_all(rx, all); });
    const auto took = threads.finish();
    verify(sum, o.messages);
    print_throughput(took, o.messages);
  }

  static void ping_pong(const options& o) {
    auto [ping_tx, ping_rx] = Peer::template make<value_type>(o.capacity);
    auto [pong_tx, pong_rx] = Peer::template make<value_type>(o.capacity);
    std::uint64_t sum = 0;
    crew threads(2);
    threads.sends([n = o.messages, rx = std::move(ping_rx), tx = std::move(pong_tx)]() mutable {
      for (std::uint64_t i = 0; i < n; ++i) tx.send(rx.recv());
    });
    threads.receives(
        [&sum, n = o.messages, rx = std::move(pong_rx), tx = std::move(ping_tx)]() mutable {
          for (std::uint64_t i = 0; i < n; ++i) {
            tx.send(value_type(i));
            sum += rx.recv().value();
          }
        });
    const auto took = threads.finish();
    verify(sum, o.messages);
    print_throughput(took, o.messages);
  }

  static void latency(const options& o) {
    auto [sender, receiver] = Peer::template make<value_type>(o.capacity);
    std::vector<std::uint64_t> waits(o.messages);
    const auto epoch = clock::now();
    const auto now = [epoch] { return nanoseconds(clock::now() - epoch); };
    crew threads(2);
    threads.sends([&o, now, tx = std::move(sender)]() mutable {
      const auto began = now();
      for (std::uint64_t i = 0; i < o.messages; ++i) {
        const auto due = began + i * nanoseconds(o.interval);
        auto sent = now();
        while (sent < due) sent = now();
        tx.send(value_type(sent));
      }
    });
    threads.receives([&waits, now, rx = std::move(receiver)]() mutable {
      for (auto& wait : waits) {
        const auto sent = rx.recv().value();
        wait = now() - sent;
      }
    });
    threads.finish();
    std::ranges::sort(waits);
    const auto at = [&](std::uint64_t permille) {
      return static_cast<unsigned long long>(waits[(waits.size() - 1) * permille / 1000]);
    };
    std::printf("{\"p50\": %llu, \"p99\": %llu, \"p99.9\": %llu, \"max\": %llu}\n", at(500),
                at(990), at(999), at(1000));
  }

  /// A message now and then; a receiver that is blocked for long is the case of one message.
  static void slow(const options& o) {
    auto [sender, receiver] = Peer::template make<value_type>(o.capacity);
    std::uint64_t sum = 0;
    std::clock_t cpu_before = 0;
    std::clock_t cpu_after = 0;
    crew threads(2);
    threads.sends([&o, &cpu_before, tx = std::move(sender)]() mutable {
      cpu_before = std::clock();
      for (std::uint64_t v = 0; v < o.messages; ++v) {
        std::this_thread::sleep_for(o.interval);
        tx.send(value_type(v));
      }
    });
    threads.receives([&sum, &cpu_after, n = o.messages, rx = std::move(receiver)]() mutable {
      for (std::uint64_t i = 0; i < n; ++i) sum += rx.recv().value();
      cpu_after = std::clock();
    });
    const auto took = threads.finish();
    const auto cpu = static_cast<double>(cpu_after - cpu_before) * 1e3 / CLOCKS_PER_SEC;
    verify(sum, o.messages);
    std::printf("{\"cpu_ms\": %.3f, \"wall_ms\": %.3f}\n", cpu,
                static_cast<double>(nanoseconds(took)) / 1e6);
  }
};

inline int unsupported() {
  std::puts("unsupported");
  return 3;
}

/// Runs a workload; the exit status: 0, or 1 where messages are wrong.
template <class Run>
int status_of(Run run) {
  try {
    run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return 0;
}

/// Returns the exit status: that, or 3 where the peer has no such channel.
template <class Peer>
int drive(const options& o) {
  if (!Peer::supports(o) || (o.bytes != small && !is_throughput(o)) ||
      (o.by_reference && o.workload != "spsc") || (is_select(o) && !has_selects<Peer>) ||
      (is_awaited(o) && !has_coroutines<Peer>))
    return unsupported();
  return status_of([&o] {
    switch (o.bytes) {
      case 64: workloads<Peer, 64>::run(o); break;
      case 256: workloads<Peer, 256>::run(o); break;
      default: workloads<Peer, small>::run(o);
    }
  });
}

/// The same of a peer that has nothing but coroutines.
template <class Coroutines>
int drive_coroutines(const options& o) {
  if (!is_awaited(o) || o.bytes != small || o.by_reference) return unsupported();
  return status_of([&o] { coroutine_workload<Coroutines>::run(o); });
}

}  // namespace bench

// SPDX-License-Identifier: MIT
//
// The workloads in which threads wait in several channels at once, over a peer that has besides
//
//   using selects = ...;    with, for receiving and sending handles of n channels,
//     static T receive_one_of(rx...)             waits for a message of any, cases known when compiled
//     static bool try_receive_one_of(rx...)      whether one of them had a message
//     receive_any<T>(std::vector<Rx>).recv()     waits for a message of any, cases known when it runs
//     send_any<T>(std::vector<Tx>).send(T)       sends to any that has room
#pragma once

#include "crew.hpp"
#include "messages.hpp"
#include "options.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

namespace bench {

template <class Peer>
struct select_workloads {
  using value_type = message<small>;
  using selects = typename Peer::selects;

  static void run(const options& o) {
    if (o.workload == "select_rx") {
      from_many(o);
    } else if (o.workload == "select_both") {
      both(o);
    } else if (o.channels == 2) {
      alone(o, std::make_index_sequence<2>());
    } else if (o.channels == 4) {
      alone(o, std::make_index_sequence<4>());
    } else {
      throw std::runtime_error("2 or 4 channels");
    }
  }

 private:
  /// One thread sends to the channels in turn, and selects. Or it only looks.
  template <std::size_t... I>
  static void alone(const options& o, std::index_sequence<I...>) {
    std::array ends{((void)I, Peer::template make<value_type>(o.capacity))...};
    std::uint64_t sum = 0;
    const auto began = clock::now();
    if (o.workload == "select") {
      for (std::uint64_t v = 0; v < o.messages; ++v) {
        ends[v % sizeof...(I)].first.send(value_type(v));
        sum += selects::template receive_one_of<value_type>(ends[I].second...).value();
      }
    } else {
      for (std::uint64_t v = 0; v < o.messages; ++v)
        sum += selects::try_receive_one_of(ends[I].second...) ? 1 : v;
    }
    const auto took = clock::now() - began;
    verify(sum, o.messages);
    print_throughput(took, o.messages);
  }

  /// Each sender has its channel, one thread selects.
  static void from_many(const options& o) {
    std::uint64_t sum = 0;
    crew threads(o.senders + 1);
    using receiver = decltype(Peer::template make<value_type>(o.capacity).second);
    std::vector<receiver> receivers;
    std::vector<decltype(Peer::template make<value_type>(o.capacity).first)> keep_connected;
    for (std::size_t i = 0; i < o.senders; ++i) {
      auto [tx, rx] = Peer::template make<value_type>(o.capacity);
      receivers.push_back(std::move(rx));
      keep_connected.push_back(tx);
      threads.sends([to = std::move(tx), mine = share(o.messages, o.senders, i)]() mutable {
        for (auto v = mine.first; v < mine.last; ++v) to.send(value_type(v));
      });
    }
    threads.receives([&sum, n = o.messages, all = std::move(receivers)]() mutable {
      typename selects::template receive_any<value_type, receiver> any(std::move(all));
      for (std::uint64_t i = 0; i < n; ++i) sum += any.recv().value();
    });
    const auto took = threads.finish();
    verify(sum, o.messages);
    print_throughput(took, o.messages);
  }

  /// As many channels as senders; all threads select among all of them.
  static void both(const options& o) {
    std::atomic<std::uint64_t> total = 0;
    crew threads(o.senders + o.receivers);
    using pair = decltype(Peer::template make<value_type>(o.capacity));
    std::vector<typename pair::first_type> senders;
    std::vector<typename pair::second_type> receivers;
    for (std::size_t i = 0; i < o.senders; ++i) {
      auto [tx, rx] = Peer::template make<value_type>(o.capacity);
      senders.push_back(std::move(tx));
      receivers.push_back(std::move(rx));
    }
    for (std::size_t i = 0; i < o.senders; ++i) {
      threads.sends([all = senders, mine = share(o.messages, o.senders, i)]() mutable {
        typename selects::template send_any<value_type, typename pair::first_type> any(
            std::move(all));
        for (auto v = mine.first; v < mine.last; ++v) any.send(value_type(v));
      });
    }
    for (std::size_t i = 0; i < o.receivers; ++i) {
      threads.receives(
          [&total, all = receivers, mine = share(o.messages, o.receivers, i)]() mutable {
            typename selects::template receive_any<value_type, typename pair::second_type> any(
                std::move(all));
            std::uint64_t sum = 0;
            for (auto v = mine.first; v < mine.last; ++v) sum += any.recv().value();
            total += sum;
          });
    }
    const auto took = threads.finish();
    verify(total, o.messages);
    print_throughput(took, o.messages);
  }
};

}  // namespace bench

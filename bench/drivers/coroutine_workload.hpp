// SPDX-License-Identifier: MIT
//
// Two coroutines in one thread: one sends, the other receives. A peer that has them:
//
//   struct coroutines {
//     class loop { void run(); };                               where both run, until both have ended
//     template <class T> static auto make(loop&, capacity);     a pair of ends
//     static task send_all(loop&, Sender, messages);            begin at once
//     static task sum_of_all(loop&, Receiver, messages, std::uint64_t& sum);
//   };
#pragma once

#include "crew.hpp"
#include "messages.hpp"
#include "options.hpp"

#include <cstdint>
#include <utility>

namespace bench {

template <class Coroutines>
struct coroutine_workload {
  static void run(const options& o) {
    typename Coroutines::loop loop;
    auto [tx, rx] = Coroutines::template make<message<small>>(loop, o.capacity);
    std::uint64_t sum = 0;
    const auto began = clock::now();
    Coroutines::sum_of_all(loop, std::move(rx), o.messages, sum);
    Coroutines::send_all(loop, std::move(tx), o.messages);
    loop.run();
    const auto took = clock::now() - began;
    verify(sum, o.messages);
    print_throughput(took, o.messages);
  }
};

}  // namespace bench

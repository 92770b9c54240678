// SPDX-License-Identifier: MIT
//
// Coroutines that send, and others that receive, in one thread or on a pool of two. A peer that has them:
//
//   struct coroutines {
//     class loop;  class pool;                     where so many coroutines run, of one thread and of two:
//                                                  loop(coroutines), void run() until all have ended
//     make<T>(executor, capacity)                  a pair of ends, which can be copied where there are several
//     send(executor, sender, share)                begin
//     receive(executor, receiver, share, total)
//   };
#pragma once

#include "crew.hpp"
#include "messages.hpp"
#include "options.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace bench {

inline bool is_awaited(const options& o) {
  return o.workload == "coroutines" || o.workload == "pool";
}

template <class Coroutines>
struct coroutine_workload {
  static void run(const options& o) {
    if (o.workload == "pool")
      run_on<typename Coroutines::pool>(o);
    else
      run_on<typename Coroutines::loop>(o);
  }

 private:
  template <class Executor>
  static void run_on(const options& o) {
    Executor executor(o.senders + o.receivers);
    auto [tx, rx] = Coroutines::template make<message<small>>(executor, o.capacity);
    std::atomic<std::uint64_t> total = 0;
    const auto began = clock::now();
    for (std::size_t i = 0; auto& one : handles(std::move(rx), o.receivers))
      Coroutines::receive(executor, std::move(one), share(o.messages, o.receivers, i++), total);
    for (std::size_t i = 0; auto& one : handles(std::move(tx), o.senders))
      Coroutines::send(executor, std::move(one), share(o.messages, o.senders, i++));
    executor.run();
    const auto took = clock::now() - began;
    verify(total, o.messages);
    print_throughput(took, o.messages);
  }
};

}  // namespace bench

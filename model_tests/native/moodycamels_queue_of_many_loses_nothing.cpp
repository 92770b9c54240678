// SPDX-License-Identifier: MIT
//
// Cameron Desrochers' ConcurrentQueue, of many producers and consumers, and the one that waits. Without a token a
// producer is found by a hash of an address: then the number of executions depends on where the program lies.
#include "corpus.hpp"

#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/concurrentqueue.h>

namespace {

using corpus::demand;
using corpus::in_threads;
using corpus::passes;

constexpr const char* library = RUNNEL_CONCURRENTQUEUE;

TEST(Moodycamel, AQueueOfManyLosesNothing) {
  passes({library, "a ConcurrentQueue of two producers with tokens and a consumer",
          [] {
            moodycamel::ConcurrentQueue<int> q(4);
            int received = 0;
            const auto send = [&q](int m) { q.enqueue(moodycamel::ProducerToken(q), m); };
            in_threads([&] { send(1); }, [&] { send(2); },
                       [&] {
                         int m = 0;
                         if (q.try_dequeue(m)) received += m;
                       });
            int m = 0;
            while (q.try_dequeue(m)) received += m;
            demand(received == 3, "each comes once");
          }},
         {292, 292});
}

TEST(Moodycamel, AQueueOfManyWakes) {
  passes({library, "a BlockingConcurrentQueue wakes its consumer",
          [] {
            moodycamel::BlockingConcurrentQueue<int> q(4);
            in_threads([&] { q.enqueue(1); },
                       [&] {
                         int m = 0;
                         q.wait_dequeue(m);
                         demand(m == 1, "it comes");
                       });
          },
          true},
         {4, 4});
}

}  // namespace

// SPDX-License-Identifier: MIT
//
// Cameron Desrochers' queues of one producer and one consumer: without bounds, with, and such as wait.
#include "corpus.hpp"

#include <readerwriterqueue/readerwritercircularbuffer.h>
#include <readerwriterqueue/readerwriterqueue.h>

namespace {

using corpus::demand;
using corpus::in_threads;
using corpus::passes;

constexpr const char* library = RUNNEL_READERWRITERQUEUE;

TEST(Moodycamel, AQueueOfOneKeepsItsOrder) {
  passes({library, "a ReaderWriterQueue keeps the order",
          [] {
            moodycamel::ReaderWriterQueue<int> q(1);
            int next = 1;
            in_threads([&] { q.enqueue(1), q.enqueue(2); },
                       [&] {
                         int m = 0;
                         if (q.try_dequeue(m)) demand(m == next++, "in order");
                       });
            int m = 0;
            while (q.try_dequeue(m)) demand(m == next++, "in order");
            demand(next == 3, "both come");
          }},
         {4, 4});
}

TEST(Moodycamel, AQueueOfOneWakes) {
  passes({library, "a BlockingReaderWriterQueue wakes its consumer",
          [] {
            moodycamel::BlockingReaderWriterQueue<int> q(1);
            in_threads([&] { q.enqueue(1); },
                       [&] {
                         int m = 0;
                         q.wait_dequeue(m);
                         demand(m == 1, "it comes");
                       });
          },
          true},
         {4, 7});
}

TEST(Moodycamel, ARingOfOneWakesBoth) {
  passes({library, "a BlockingReaderWriterCircularBuffer of one wakes both sides",
          [] {
            moodycamel::BlockingReaderWriterCircularBuffer<int> q(1);
            in_threads([&] { q.wait_enqueue(1), q.wait_enqueue(2); },
                       [&] {
                         int m = 0;
                         for (int next : {1, 2}) {
                           q.wait_dequeue(m);
                           demand(m == next, "in order");
                         }
                       });
          },
          true},
         {64, 343});
}

}  // namespace

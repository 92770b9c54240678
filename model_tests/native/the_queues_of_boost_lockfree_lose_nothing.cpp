// SPDX-License-Identifier: MIT
//
// Boost.Lockfree. Its pool of nodes of a fixed size (detail/freelist.hpp) puts a node back by writing the link to the next
// free one into the node itself, as plain data; a thread that was slower to take that node reads the same
// word there. The value is thrown away, as the tag of the head has changed: but it is a data race all the
// same, undefined by [intro.races].
#include "corpus.hpp"

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>

namespace {

using corpus::demand;
using corpus::fails;
using corpus::in_threads;
using corpus::passes;

constexpr const char* library = RUNNEL_BOOST;

TEST(BoostLockfree, ARingKeepsItsOrder) {
  passes({library, "an spsc_queue of two keeps the order",
          [] {
            boost::lockfree::spsc_queue<int, boost::lockfree::capacity<2>> q;
            in_threads([&] { demand(q.push(1) && q.push(2), "there is room"); },
                       [&] {
                         int next = 1;
                         for (int i = 0; i < 2; ++i)
                           q.consume_one([&](int m) { demand(m == next++, "in order"); });
                       });
          }},
         {9, 9});
}

TEST(BoostLockfree, ARingThatIsFullTurns) {
  passes({library, "an spsc_queue of one is full until its message is taken",
          [] {
            boost::lockfree::spsc_queue<int, boost::lockfree::capacity<1>> q;
            int sent = 0;
            int received = 0;
            in_threads(
                [&] {
                  for (int i = 0; i < 2; ++i) sent += q.push(1) ? 1 : 0;
                },
                [&] {
                  int m = 0;
                  while (!q.pop(m)) {
                  }
                  ++received;
                });
            int m = 0;
            while (q.pop(m)) ++received;
            demand(sent == received, "nothing is lost");
          }},
         {2, 4});
}

TEST(BoostLockfree, AQueueOfTwoThreads) {
  passes({library, "a queue of fixed size, one pushes and one pops",
          [] {
            boost::lockfree::queue<int, boost::lockfree::capacity<2>> q;
            in_threads([&] { demand(q.push(1), "there is room"); },
                       [&] {
                         int m = 0;
                         if (q.pop(m)) demand(m == 1, "it is whole");
                       });
          }},
         {4, 4});
}

/// Each pushes one and pops one: a node is used anew.
template <class Container>
void use_twice(Container& c) {
  const auto use = [&] {
    int m = 0;
    if (c.push(1)) demand(c.pop(m), "there is one");
  };
  in_threads(use, use);
}

TEST(BoostLockfree, NodesOfAStackAreUsedAnew) {
  fails({library, "a stack of fixed size, two push and pop",
         [] {
           boost::lockfree::stack<int, boost::lockfree::capacity<2>> s;
           use_twice(s);
         }},
        "data race", "the read by thread 1");
}

TEST(BoostLockfree, NodesOfAGrowingStackAreUsedAnew) {
  fails({library, "a stack with nodes of the heap, two push and pop",
         [] {
           boost::lockfree::stack<int> s(2);
           use_twice(s);
         }},
        "data race", "stack.hpp");
}

TEST(BoostLockfree, NodesOfAQueueAreUsedAnew) {
  fails({library, "a queue with nodes of the heap, two push and pop",
         [] {
           boost::lockfree::queue<int> q(2);
           use_twice(q);
         }},
        "data race", "queue.hpp");
}

}  // namespace

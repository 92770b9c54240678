// SPDX-License-Identifier: MIT
//
// The bounded queues of Maxim Egorushkin's atomic_queue.
#include "corpus.hpp"

#include <atomic_queue/atomic_queue.h>

#include <string>

namespace {

using corpus::demand;
using corpus::in_threads;
using corpus::passes;

constexpr const char* library = RUNNEL_ATOMIC_QUEUE;

TEST(AtomicQueue, OfAtomics) {
  passes({library, "an AtomicQueue of two, one pushes and one pops",
          [] {
            atomic_queue::AtomicQueue<unsigned, 2> q;
            in_threads([&] { q.push(1); }, [&] { demand(q.pop() == 1, "it comes"); });
          }},
         {1, 1});
}

TEST(AtomicQueue, OfObjects) {
  passes({library, "an AtomicQueue2 of strings, two push and try to pop",
          [] {
            atomic_queue::AtomicQueue2<std::string, 2> q;
            const std::string text = "a text that is too long to be in the string itself";
            in_threads([&] { q.push(text); }, [&] { demand(q.pop() == text, "it is whole"); });
          }},
         {1, 1});
}

TEST(AtomicQueue, ThatIsFull) {
  passes({library, "an AtomicQueue with room for one takes one of two",
          [] {
            atomic_queue::AtomicQueue<unsigned, 1> q;
            unsigned pushed = 0;
            unsigned pushed_too = 0;
            in_threads([&] { pushed = q.try_push(1) ? 1 : 0; },
                       [&] { pushed_too = q.try_push(2) ? 1 : 0; });
            unsigned m = 0;
            unsigned popped = 0;
            while (q.try_pop(m)) ++popped;
            demand(popped == pushed + pushed_too, "nothing is lost");
          }},
         {4, 4});
}

}  // namespace

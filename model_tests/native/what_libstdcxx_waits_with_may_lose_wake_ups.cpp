// SPDX-License-Identifier: MIT
//
// What GCC's library builds on futexes (bits/atomic_wait.h): who waits says so in a count, then sleeps if the value is
// still what it was; who notifies looks at the count first. That needs the value to be written before the
// count is read in the order of all seq_cst operations. So a wake-up is lost where the value is written with less.
//
// Who waits for a semaphore reads the counter for the futex first, and then tries to take one. If the counter goes from 1
// to 0 and back to 1 meanwhile, it sleeps because the counter is 1.
#include "corpus.hpp"

#include <atomic>
#include <barrier>
#include <latch>
#include <semaphore>

namespace {

using corpus::demand;
using corpus::fails;
using corpus::in_threads;
using corpus::passes;

constexpr const char* library = RUNNEL_LIBSTDCXX;

int data = 0;
std::atomic<int> value{0};

TEST(Libstdcxx, ASemaphoreHandsOver) {
  passes({library, "a semaphore hands over what was written before its release",
          [] {
            std::counting_semaphore<> s(0);
            in_threads(
                [&] {
                  data = 1;
                  s.release();
                },
                [&] {
                  s.acquire();
                  demand(data == 1, "the release happens before");
                });
          },
          true},
         {7, 7});
}

TEST(Libstdcxx, ASemaphoreOfOneSleepsThoughItIsFree) {
  fails({library, "a semaphore of one lets one in after the other",
         [] {
           std::binary_semaphore s(1);
           const auto add = [&] {
             s.acquire();
             ++data;
             s.release();
           };
           in_threads(add, add);
           demand(data == 2, "nothing is lost");
         },
         true},
        "deadlock", "whose value is 1");
}

TEST(Libstdcxx, ABarrierMeets) {
  passes({library, "a barrier lets nobody through alone",
          [] {
            std::barrier b(2);
            int here = 0;
            in_threads(
                [&] {
                  here = 1;
                  b.arrive_and_wait();
                },
                [&] {
                  b.arrive_and_wait();
                  demand(here == 1, "the arrival happens before");
                });
          },
          true},
         {92, 112});
}

TEST(Libstdcxx, ALatchLosesAWakeUp) {
  fails({library, "a latch wakes who waits",
         [] {
           std::latch l(1);
           in_threads([&] { l.count_down(); }, [&] { l.wait(); });
         }},
        "lost wake-up", "sleeps on");
}

TEST(Libstdcxx, AReleaseStoreAndNotifyLoseAWakeUp) {
  fails({library, "a release store and notify_one wake who waits",
         [] {
           in_threads(
               [] {
                 value.store(1, std::memory_order::release);
                 value.notify_one();
               },
               [] { value.wait(0, std::memory_order::acquire); });
         }},
        "lost wake-up", "sleeps on");
}

TEST(Libstdcxx, ASeqCstStoreAndNotifyWake) {
  passes({library, "a seq_cst store and notify_one wake who waits",
          [] {
            in_threads(
                [] {
                  data = 1;
                  value.store(1);
                  value.notify_one();
                },
                [] {
                  value.wait(0);
                  demand(data == 1, "the store happens before");
                });
          },
          true},
         {11, 8});
}

}  // namespace

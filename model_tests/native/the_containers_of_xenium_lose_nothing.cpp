// SPDX-License-Identifier: MIT
//
// Manuel Pöter's xenium: containers without locks, with several ways to reclaim memory.
//
// In the bounded k-FIFO queue a push and a pop may undo each other's steps for ever: the pop moves the tail on over the
// item that it has found; so the push, before it returns, takes the item back as one that is out of the valid
// region, and puts it behind the new tail, where the pop finds it. Neither ends, though both go on, and no
// operation of the queue does: it is not lock-free in this state.
#include "corpus.hpp"

#include <xenium/chase_work_stealing_deque.hpp>
#include <xenium/harris_michael_list_based_set.hpp>
#include <xenium/kirsch_bounded_kfifo_queue.hpp>
#include <xenium/left_right.hpp>
#include <xenium/michael_scott_queue.hpp>
#include <xenium/reclamation/hazard_pointer.hpp>
#include <xenium/reclamation/lock_free_ref_count.hpp>
#include <xenium/seqlock.hpp>
#include <xenium/vyukov_bounded_queue.hpp>
#include <xenium/vyukov_hash_map.hpp>

namespace {

using corpus::demand;
using corpus::fails;
using corpus::in_threads;
using corpus::passes;

constexpr const char* library = RUNNEL_XENIUM;

TEST(Xenium, AWorkStealingDeque) {
  passes({library, "a chase_work_stealing_deque, its owner and a thief take the last",
          [] {
            int item = 1;
            xenium::chase_work_stealing_deque<int, xenium::policy::capacity<2>> d;
            demand(d.try_push(&item), "there is room");
            int* a = nullptr;
            int* b = nullptr;
            bool popped = false;
            bool stolen = false;
            in_threads([&] { popped = d.try_pop(a); }, [&] { stolen = d.try_steal(b); });
            demand(popped != stolen, "one of them has it");
          }},
         {9, 9});
}

TEST(Xenium, ASeqlock) {
  passes({library, "a seqlock is read while it is written",
          [] {
            struct pair {
              long a;
              long b;
            };
            xenium::seqlock<pair> s(pair{0, 0});
            in_threads([&] { s.store(pair{1, 1}); },
                       [&] {
                         const pair p = s.load();
                         demand(p.a == p.b, "it is whole");
                       });
          }},
         {11, 11});
}

TEST(Xenium, ABoundedQueue) {
  passes({library, "a vyukov_bounded_queue of two, one pushes and one pops",
          [] {
            xenium::vyukov_bounded_queue<int> q(2);
            in_threads([&] { demand(q.try_push(1), "there is room"); },
                       [&] {
                         int m = 0;
                         if (q.try_pop(m)) demand(m == 1, "it is whole");
                       });
          }},
         {3, 3});
}

TEST(Xenium, AQueueWithHazardPointers) {
  passes({library, "a michael_scott_queue with hazard pointers, one pushes and one pops",
          [] {
            xenium::michael_scott_queue<
                int, xenium::policy::reclaimer<xenium::reclamation::hazard_pointer<>>>
                q;
            in_threads([&] { q.push(1); },
                       [&] {
                         int m = 0;
                         if (q.try_pop(m)) demand(m == 1, "it is whole");
                       });
          }},
         {470, 470});
}

TEST(Xenium, AQueueWithCountedNodes) {
  passes({library, "a michael_scott_queue with counted nodes, one pushes and one pops",
          [] {
            xenium::michael_scott_queue<
                int, xenium::policy::reclaimer<xenium::reclamation::lock_free_ref_count<>>>
                q;
            in_threads([&] { q.push(1); },
                       [&] {
                         int m = 0;
                         if (q.try_pop(m)) demand(m == 1, "it is whole");
                       });
          }},
         {240, 240});
}

TEST(Xenium, LeftAndRight) {
  passes(
      {library, "a left_right is read while it is updated",
       [] {
         xenium::left_right<int> lr(0);
         in_threads(
             [&] { lr.update([](int& v) { v = 1; }); },
             [&] { lr.read([](const int& v) { demand(v == 0 || v == 1, "it is one of them"); }); });
       }},
      {4, 6});
}

TEST(Xenium, ASet) {
  passes({library, "a harris_michael_list_based_set, one inserts and one erases",
          [] {
            xenium::harris_michael_list_based_set<
                int, xenium::policy::reclaimer<xenium::reclamation::hazard_pointer<>>>
                s;
            bool erased = false;
            in_threads([&] { demand(s.emplace(1), "it is new"); }, [&] { erased = s.erase(1); });
            demand(s.contains(1) != erased, "it is there or was erased");
          }},
         {554, 554});
}

TEST(Xenium, AKFifo) {
  fails({library,
         "a kirsch_bounded_kfifo_queue, one pushes and one pops",
         [] {
           int item = 1;
           xenium::kirsch_bounded_kfifo_queue<int*> q(1, 2);
           in_threads([&] { demand(q.try_push(&item), "there is room"); },
                      [&] {
                        int* m = nullptr;
                        if (q.try_pop(m)) demand(*m == 1, "it is whole");
                      });
         },
         false,
         // It draws the place where it begins by rdtsc; with a k of 1 there is one.
         {"xenium::kirsch_bounded_kfifo_queue*"}},
        "livelock", "kirsch_bounded_kfifo_queue.hpp");
}

TEST(Xenium, AHashMap) {
  passes(
      {library, "a vyukov_hash_map with hazard pointers, one inserts and one looks",
       [] {
         xenium::vyukov_hash_map<int, int,
                                 xenium::policy::reclaimer<xenium::reclamation::hazard_pointer<>>>
             map(1);
         in_threads([&] { demand(map.emplace(1, 2), "it is new"); },
                    [&] {
                      decltype(map)::accessor a;
                      if (map.try_get_value(1, a)) demand(*a == 2, "it is whole");
                    });
       }},
      {188, 188});
}

}  // namespace

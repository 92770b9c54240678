// SPDX-License-Identifier: MIT
//
// Counted pointers, promises, stops and condition variables of GCC's library. Only atomic<shared_ptr> fails: its load
// copies the pointer under a lock bit, and gives that back with `relaxed`. So nothing makes the plain read of the
// pointer happen before the write of the next store: a data race, undefined by [intro.races].
#include "corpus.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <utility>

namespace {

using corpus::demand;
using corpus::fails;
using corpus::in_threads;
using corpus::passes;

constexpr const char* library = RUNNEL_LIBSTDCXX;

int data = 0;
std::atomic<std::shared_ptr<int>> shared;

TEST(Libstdcxx, TheLastPointerDestroys) {
  passes({library, "the last of two shared_ptr destroys, after both were used",
          [] {
            auto a = std::make_shared<int>(1);
            auto b = a;
            in_threads(
                [&] {
                  demand(*a == 1, "it is there");
                  a.reset();
                },
                [&] {
                  demand(*b == 1, "it is there");
                  b.reset();
                });
          }},
         {2, 2});
}

TEST(Libstdcxx, AWeakPointerLocksOrNot) {
  passes({library, "a weak_ptr has all of the object, or none",
          [] {
            auto a = std::make_shared<int>(1);
            const std::weak_ptr<int> w = a;
            in_threads([&] { a.reset(); },
                       [&] {
                         if (const auto p = w.lock()) demand(*p == 1, "it is whole");
                       });
            demand(w.expired(), "nobody has it");
          }},
         {5, 5});
}

TEST(Libstdcxx, AnAtomicPointerIsRead) {
  fails({library, "an atomic shared_ptr is loaded while it is stored",
         [] {
           in_threads([] { shared.store(std::make_shared<int>(1)); },
                      [] {
                        if (const auto p = shared.load()) demand(*p == 1, "it is whole");
                      });
         }},
        "data race", "shared by thread");
}

TEST(Libstdcxx, APromiseIsKept) {
  passes({library, "a promise hands over a value",
          [] {
            std::promise<int> p;
            auto f = p.get_future();
            in_threads([&] { p.set_value(3); },
                       [&] { demand(f.get() == 3, "the value is there"); });
          }},
         {5, 5});
}

TEST(Libstdcxx, AnAsyncThrows) {
  passes({library, "an async hands over what it throws",
          [] {
            auto f = std::async(std::launch::async, [] { throw std::runtime_error("as it must"); });
            bool caught = false;
            try {
              f.get();
            } catch (const std::runtime_error&) {
              caught = true;
            }
            demand(caught, "it is thrown on");
          }},
         {1, 1});
}

TEST(Libstdcxx, OnceIsOnce) {
  passes({library, "call_once is done once, also when the first throws",
          [] {
            std::once_flag flag;
            int tries = 0;
            const auto use = [&] {
              try {
                std::call_once(flag, [&] {
                  if (++tries == 1) throw 1;
                  data = 1;
                });
                demand(data == 1, "it is done");
              } catch (int) {
              }
            };
            in_threads(use, use);
            demand(tries == 2, "the second did it");
          }},
         {2, 2});
}

TEST(Libstdcxx, AStopCallsBackOnce) {
  passes({library, "a stop_callback is called once, or not any more",
          [] {
            std::stop_source source;
            int called = 0;
            in_threads([&] { source.request_stop(); },
                       [&] { std::stop_callback callback(source.get_token(), [&] { ++called; }); });
            demand(called <= 1, "not twice");
          }},
         {676, 454});
}

TEST(Libstdcxx, AStopEndsAWait) {
  passes({library, "a stop ends a wait of condition_variable_any",
          [] {
            std::mutex m;
            std::condition_variable_any c;
            std::stop_source source;
            in_threads([&] { source.request_stop(); },
                       [&] {
                         std::unique_lock lock(m);
                         demand(!c.wait(lock, source.get_token(), [] { return false; }),
                                "it stops");
                       });
          }},
         {674, 563});
}

}  // namespace

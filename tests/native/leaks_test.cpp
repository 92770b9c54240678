// SPDX-License-Identifier: MIT
//
// What of the memory of a program is lost, and what something still leads to.
#include "exploring.hpp"

#include <gtest/gtest.h>

#include <pthread.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <source_location>
#include <string>
#include <vector>

/// Another file could read them: the compiler leaves out no write.
namespace leaks_test {

struct node {
  int value = 0;
  node* next = nullptr;
};

std::atomic<node*> top{nullptr};
node* kept = nullptr;
std::vector<std::unique_ptr<int>> many;
thread_local node* of_thread = nullptr;

}  // namespace leaks_test

namespace {

using namespace leaks_test;
using namespace native_tests;

void push(order how) {
  auto* const n = new node{1, top.load(order::acquire)};
  while (!top.compare_exchange_weak(n->next, n, how, order::acquire)) {
  }
}

TEST(Leaks, AreTheMemoryToWhichNothingLeads) {
  const auto lost = [] { in_threads([] { [[maybe_unused]] node* volatile n = new node; }); };
  const unsigned line = std::source_location::current().line() - 1;
  expect_fails(explore_native(lost), "leak",
               "16 bytes that were allocated at leaks_test.cpp:" + std::to_string(line));
  expect_passes(explore_native(lost, {}, {.may_leak = true}));
  expect_fails(explore_native([] {
                 void* volatile p = std::malloc(24);
                 in_threads([] { top = nullptr; });
                 (void)p;
               }),
               "leak", "24 bytes");
}

TEST(Leaks, AreToldWithWhatWasLostWithThem) {
  expect_fails(explore_native([] {
                 kept = new node;
                 kept->next = new node{2, new node{3, kept->next}};
                 in_threads([] { kept = new node{4, kept == nullptr ? kept : nullptr}; });
               }),
               "leak", "with the 2 others that are, 48 bytes");
}

TEST(Leaks, AreFoundInTheExecutionsThatLoseSomething) {
  static std::atomic<bool> taken{false};
  static const auto put = [] {
    auto* const n = new node;
    if (!taken.exchange(true)) kept = n;
  };
  expect_passes(explore_native([] { in_threads(put, [] { (void)taken.load(); }); }));
  expect_fails(explore_native([] { in_threads(put, [] { taken.store(true); }); }), "leak",
               "16 bytes");
}

TEST(Leaks, AreNotWhatVariablesLeadTo) {
  const explore_result r = explore_native([] {
    in_threads([] { push(order::release); }, [] { push(order::release); });
    kept = new node{2, new node};
    many.push_back(std::make_unique<int>(1));
    of_thread = new node;
    pthread_key_t key{};
    pthread_key_create(&key, nullptr);
    pthread_setspecific(key, new node);
  });
  expect_passes(r);
}

/// Each thread is the first where the other is the last: in no order of their steps does memory hold the last of both.
TEST(Leaks, AreNotWhatTheLastValueOfAnAtomicLeadsTo) {
  static std::array<std::atomic<node*>, 2> last;
  static std::array<node*, 4> all;
  const explore_result r = explore_native([] {
    for (node*& n : all) n = new node;
    in_threads(
        [] {
          last[0].store(all[0], order::relaxed);
          last[1].store(all[1], order::relaxed);
        },
        [] {
          last[1].store(all[2], order::relaxed);
          last[0].store(all[3], order::relaxed);
        });
    for (node*& n : all) {
      if (n != last[0] && n != last[1]) delete n;
      n = nullptr;
    }
  });
  expect_passes(r);
  EXPECT_EQ(r.complete, 4U);
}

TEST(Leaks, AreWhatAThreadThatHasEndedLedTo) {
  const auto body = [] { in_threads([] { of_thread = new node; }); };
  const unsigned line = std::source_location::current().line() - 1;
  expect_fails(explore_native(body), "leak", "leaks_test.cpp:" + std::to_string(line));
}

}  // namespace

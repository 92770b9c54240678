// SPDX-License-Identifier: MIT
//
// What a search costs as programs get longer, counted in steps and not in time.
#include "explorer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

using runnel::model::event;
using runnel::model::event_kind;
using runnel::model::explorer;
using order = std::memory_order;

event access(event_kind kind, std::uint32_t location, order o) {
  event e;
  e.kind = kind;
  e.location = location;
  e.order = o;
  return e;
}
event load(std::uint32_t l, order o = order::relaxed) { return access(event_kind::read, l, o); }
event store(std::uint32_t l, order o = order::relaxed) { return access(event_kind::write, l, o); }

using thread = std::vector<event>;

/// What a search has cost.
struct cost {
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  std::size_t memory = 0;
};

void append(explorer& e, unsigned t, const event& next) {
  if (next.kind == event_kind::read) {
    (void)e.add_read(t, next, runnel::model::acceptance());
  } else {
    ASSERT_TRUE(e.add_write(t, next));
  }
}

/// Searches all executions of threads that always do the same.
cost search(const std::vector<thread>& threads, std::uint32_t locations) {
  explorer e(static_cast<unsigned>(threads.size() + 1));
  for (std::uint32_t l = 0; l < locations; ++l) e.current().set_init(l, 0);
  event spawn;
  spawn.kind = event_kind::spawn;
  (void)e.add_other(0, spawn);
  cost c;
  do {
    ++c.executions;
    for (unsigned t = 1; t <= threads.size(); ++t) {
      const thread& all = threads[t - 1];
      while (e.current().length(t) < all.size()) append(e, t, all[e.current().length(t)]);
    }
  } while (e.advance());
  c.steps = e.steps();
  c.memory = e.memory();
  return c;
}

/// A thread that writes and reads a location of its own, n times each.
thread private_accesses(std::uint32_t l, int n) {
  thread t;
  for (int i = 0; i < n; ++i) {
    t.push_back(store(l));
    t.push_back(load(l));
  }
  return t;
}

thread stores(std::uint32_t l, int n, order o) {
  return thread(static_cast<std::size_t>(n), store(l, o));
}

TEST(Scaling, WhatThreadsDoByThemselvesCostsNothing) {
  const cost c = search({private_accesses(0, 800), private_accesses(1, 800)}, 2);
  EXPECT_EQ(c.executions, 1U);
  EXPECT_EQ(c.steps, 0U);
}

/// The write revisits a read that everything else comes after.
TEST(Scaling, ARevisitLooksAtEachEventOnce) {
  const auto beside = [](int n) {
    thread reader{load(2)};
    const thread rest = private_accesses(0, n);
    reader.insert(reader.end(), rest.begin(), rest.end());
    thread writer = private_accesses(1, n);
    writer.push_back(store(2));
    return search({reader, writer}, 3);
  };
  const cost c = beside(400);
  EXPECT_EQ(c.executions, 2U);
  EXPECT_GT(c.steps, 0U);
  EXPECT_LE(beside(800).steps, 2 * c.steps + 10);
}

void expect_linear_per_execution(const cost& half, const cost& whole) {
  EXPECT_EQ(half.executions, 401U);
  EXPECT_EQ(whole.executions, 801U);
  EXPECT_GT(half.steps, 0U);
  const auto per_execution = [](const cost& c) {
    return static_cast<double>(c.steps) / static_cast<double>(c.executions);
  };
  EXPECT_LE(per_execution(whole), 2.1 * per_execution(half));
}

TEST(Scaling, SeqCstStoresBeforeAReaderAreLinearPerExecution) {
  const auto search_with = [](int n) {
    return search({stores(0, n, order::seq_cst), {load(0, order::seq_cst)}}, 1);
  };
  expect_linear_per_execution(search_with(400), search_with(800));
}

/// What is read happens before a second load, of what the writer writes last.
TEST(Scaling, SeqCstStoresToTwoLocationsAreLinearPerExecution) {
  const auto search_with = [](int n) {
    thread writer = stores(0, n, order::seq_cst);
    writer.push_back(load(1, order::seq_cst));
    return search({writer, {store(1, order::seq_cst), load(0, order::seq_cst)}}, 2);
  };
  const cost half = search_with(400);
  const cost whole = search_with(800);
  EXPECT_LE(static_cast<double>(whole.steps) / static_cast<double>(whole.executions),
            2.1 * static_cast<double>(half.steps) / static_cast<double>(half.executions));
}

/// Each store revisits the read once more: as deep as there are stores.
TEST(Scaling, MemoryIsLinearInTheDepthOfRevisits) {
  const auto search_with = [](int n) {
    return search({{load(0)}, stores(0, n, order::relaxed)}, 1);
  };
  const cost half = search_with(400);
  const cost whole = search_with(800);
  EXPECT_EQ(half.executions, 401U);
  EXPECT_EQ(whole.executions, 801U);
  EXPECT_LE(whole.memory, 2 * half.memory + half.memory / 5);
}

}  // namespace

// SPDX-License-Identifier: MIT
//
// A counterexample says what one needs to understand it: orders, fences, places, names, values; each thing
// once, and not four thousand times.
#include <runnel/model/check.hpp>

#include <folded.hpp>
#include <readable.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>

namespace runnel::model {
namespace {

using order = std::memory_order;

std::string line(unsigned n) { return "counterexample_test.cpp:" + std::to_string(n); }

/// Columns are as wide as they have to be.
std::string without_columns(const std::string& text) {
  std::string s;
  for (const char c : text) {
    if (c != ' ' || !s.ends_with(' ')) s += c;
  }
  return s;
}

void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(without_columns(text).find(part), std::string::npos) << part << "\nis not in\n" << text;
}

// ---- Lines

struct named {
  var<int> value{0, "value"};
  atomic<bool> ready{false, "ready"};
  cell<int> storage{"storage"};
};

/// What ships says the same.
template <template <class> class Atomic, class Int>
struct named_by_its_class {
  named_by_its_class() { RUNNEL_MODEL_MEMBERS(value_, ready_); }

  Int value_{0};
  Atomic<bool> ready_{false};
};

TEST(Counterexample, HasTheNamesOfMembers) {
  const named_by_its_class<std::atomic, int> ships;
  EXPECT_EQ(ships.value_, 0);
  using state = named_by_its_class<atomic, var<int>>;
  const explore_result r = explore<state>(
      {},
      [](state& s) {
        s.value_ = 1;
        s.ready_.store(true, order::relaxed);
      },
      [](state& s) {
        if (s.ready_.load(order::acquire)) (void)s.value_.get();
      });
  EXPECT_EQ(r.failure, "data race");
  expect_contains(r.history, " write value_\n");
  expect_contains(r.history, " store ready_ = 1 (relaxed)\n");
}

TEST(Counterexample, HasOrdersFencesNamesAndPlacesOfPlainAccesses) {
  unsigned first = 0;
  const explore_result r = explore<named>(
      {},
      [&](named& s) {
        first = std::source_location::current().line();
        s.value.set(1);
        fence(order::acquire);
        s.ready.store(true, order::relaxed);
      },
      [](named& s) {
        if (s.ready.load(order::acquire)) (void)s.value.get();
      });
  EXPECT_EQ(r.failure, "data race");
  EXPECT_EQ(r.message.find("a write to value by thread 0 at " + line(first + 1) +
                           ", does not happen before the read by thread 1 at " + line(first + 6)),
            0U)
      << r.message;
  expect_contains(r.history, "before construct value\n");
  expect_contains(r.history, line(first + 1) + " write value\n");
  expect_contains(r.history, line(first + 2) + " fence acquire\n");
  expect_contains(r.history, line(first + 3) + " store ready = 1 (relaxed)\n");
  expect_contains(r.history, line(first + 6) + " load ready -> 1 (acquire)\n");
  expect_contains(r.history, line(first + 6) + " fails: data race\n");
  EXPECT_EQ(r.history.find(r.message), std::string::npos) << "it is told twice";
}

TEST(Counterexample, HasTheOrderThatACompareExchangeCameTo) {
  struct state {
    atomic<int> n{0};
  };
  const auto exchanges = [](state& s) {
    int zero = 0;
    const bool done = s.n.compare_exchange_strong(zero, 1, order::acq_rel, order::relaxed);
    if (!done) fail("assertion", "the other was first");
  };
  const explore_result r = explore<state>({}, exchanges, exchanges);
  expect_contains(r.history, "modify atomic 0 -> 0, = 1 (acq_rel)\n");
  expect_contains(r.history, "fail atomic 0 -> 1 (relaxed)\n");
}

TEST(Counterexample, NumbersObjectsThatHaveOneName) {
  struct state {
    atomic<int> a{0, "n"};
    atomic<int> b{0, "n"};
  };
  const explore_result r = explore<state>(
      {}, [](state& s) { s.a = 1; }, [](state& s) { require(s.a == s.b, "differs"); });
  expect_contains(r.history, "store n (0) = 1");
  expect_contains(r.history, "load n (1) -> 0");
}

TEST(Counterexample, HasTheValueThatAWaitWasGiven) {
  struct state {
    atomic<int> n{7, "n"};
  };
  const explore_result r =
      explore<state>({}, [](state& s) { s.n.wait(7); }, [](state& s) { (void)s.n.load(); });
  EXPECT_EQ(r.failure, "deadlock");
  expect_contains(r.history, "sleeps on n while it is 7\n");
  EXPECT_EQ(r.history.find("another value"), std::string::npos) << r.history;
}

// ---- Loops

struct spinning {
  atomic<int> counter{0, "counter"};
  atomic<bool> go{false, "go"};
};

TEST(Counterexample, BlamesTheThreadThatLoopsAndFoldsItsLines) {
  unsigned loop = 0;
  const explore_result r = explore<spinning>(
      {},
      [](spinning& s) {
        for (int i = 0; i < 3; ++i) s.counter.fetch_add(1);
      },
      [&](spinning& s) {
        loop = std::source_location::current().line() + 1;
        while (!s.go.load(order::acquire)) s.counter.store(2);
      });
  EXPECT_EQ(r.failure, "livelock");
  expect_contains(r.message, " of them by thread 1, the last one at " + line(loop));
  expect_contains(r.message, "await");
  EXPECT_LT(std::ranges::count(r.history, '\n'), 20) << r.history;
  expect_contains(r.history, ", these 2 lines");
  EXPECT_LT(r.replay.size(), 100U) << r.replay;

  explore_options how;
  how.replay = r.replay;
  const explore_result again = explore<spinning>(
      how,
      [](spinning& s) {
        for (int i = 0; i < 3; ++i) s.counter.fetch_add(1);
      },
      [&](spinning& s) {
        loop = std::source_location::current().line() + 1;
        while (!s.go.load(order::acquire)) s.counter.store(2);
      });
  EXPECT_EQ(again.failure, "livelock");
}

/// The name has each event of the execution with which the run begins.
TEST(Counterexample, HasAShortNameAlsoIfItIsLong) {
  const auto loops = [](spinning& s) {
    for (int i = 0; i < 100; ++i) {
      (void)s.counter.load();
      s.counter.store(i);
    }
    s.go = true;
  };
  const auto looks = [](spinning& s) { require(s.go, "it does not go"); };
  const explore_result r = explore<spinning>({}, loops, looks);
  EXPECT_EQ(r.failure, "assertion");
  EXPECT_LT(r.replay.size(), 60U) << r.replay;
  expect_contains(r.replay, "2x19");
  explore_options how;
  how.replay = r.replay;
  const explore_result again = explore<spinning>(how, loops, looks);
  EXPECT_EQ(again.message, r.message);
  EXPECT_EQ(again.history, r.history);
}

TEST(Folded, TellsWhatRepeats) {
  const std::string begin = std::string(40, ' ');
  const auto lines = [&](int n, const std::string& text) {
    std::string s;
    for (int i = 0; i < n; ++i) s += begin + text + '\n';
    return s;
  };
  EXPECT_EQ(folded(""), "");
  EXPECT_EQ(folded(lines(3, "load")), lines(3, "load"));
  EXPECT_EQ(folded(lines(5, "load")), lines(1, "load") + "          × 5\n");
  std::string counts;
  for (int i = 0; i < 12; ++i) counts += begin + "store = " + std::to_string(i) + '\n';
  EXPECT_EQ(folded("first\n" + counts + "last"), "first\n" + begin +
                                                     "store = 0\n          × 12; the last time:\n" +
                                                     begin + "store = 11\nlast");
  // A place is no number.
  EXPECT_EQ(folded("a.cpp:1\na.cpp:2\na.cpp:3\na.cpp:4\na.cpp:5\n"),
            "a.cpp:1\na.cpp:2\na.cpp:3\na.cpp:4\na.cpp:5\n");
}

// ---- Numbers and sentences

TEST(Readable, NumbersHaveUnits) {
  EXPECT_EQ(readable(0), "0");
  EXPECT_EQ(readable(999), "999");
  EXPECT_EQ(readable(1000), "1,000");
  EXPECT_EQ(readable(1234567), "1,234,567");
  EXPECT_EQ(readable_time(0.0123), "12 ms");
  EXPECT_EQ(readable_time(0.9996), "1.0 s");
  EXPECT_EQ(readable_time(3.44), "3.4 s");
  EXPECT_EQ(readable_time(125), "2 min 5 s");
  EXPECT_EQ(readable_time(3 * 3600 + 12 * 60), "3 h 12 min");
  EXPECT_EQ(readable_size(1000), "1000 bytes");
  EXPECT_EQ(readable_size(1536), "1.5 KiB");
  EXPECT_EQ(readable_size(30U << 20U), "30 MiB");
  EXPECT_EQ(readable_part(0.4321), "43 %");
}

}  // namespace
}  // namespace runnel::model

// SPDX-License-Identifier: MIT
//
// Plain data: a race is found if there is one in some execution, and none is made up.
#include "racing.hpp"

#include <runnel/model/explore.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace runnel::litmus {
namespace {

/// The kind of failure; empty if the whole search finds none.
std::string failure(std::vector<racing::body> threads, racing::body last = {}) {
  racing p(std::move(threads), std::move(last));
  const model::explore_result r = model::explore(p);
  EXPECT_NE(r.end, model::end_of_search::cut);
  return r.failure;
}

racing::body sends(order o) {
  return [o](shared& s) {
    s.data.write(1);
    s.flag.store(1, o);
  };
}
racing::body receives(order o) {
  return [o](shared& s) {
    if (s.flag.load(o) != 1) return;
    EXPECT_EQ(s.data.read(), 1);
  };
}

TEST(Races, AFlagPublishesIfReleaseMeetsAcquire) {
  EXPECT_EQ(failure({sends(rel), receives(acq)}), "");
  EXPECT_EQ(failure({sends(sc), receives(sc)}), "");
  EXPECT_EQ(failure({sends(rlx), receives(acq)}), "data race");
  EXPECT_EQ(failure({sends(rel), receives(rlx)}), "data race");
}

TEST(Races, WhoDoesNotLookAtTheFlagRaces) {
  EXPECT_EQ(failure({sends(rel),
                     [](shared& s) {
                       (void)s.flag.load(acq);
                       (void)s.data.read();
                     }}),
            "data race");
}

TEST(Races, FencesPublishInPairs) {
  const auto sender = [](bool fenced) {
    return [fenced](shared& s) {
      s.data.write(1);
      if (fenced) model::fence(rel);
      s.flag.store(1, rlx);
    };
  };
  const auto receiver = [](bool fenced) {
    return [fenced](shared& s) {
      if (s.flag.load(rlx) == 0) return;
      if (fenced) model::fence(acq);
      (void)s.data.read();
    };
  };
  EXPECT_EQ(failure({sender(true), receiver(true)}), "");
  EXPECT_EQ(failure({sender(false), receiver(true)}), "data race");
  EXPECT_EQ(failure({sender(true), receiver(false)}), "data race");
}

TEST(Races, ReadModifyWritesContinueAReleaseSequenceAndStoresDoNot) {
  const racing::body updates = [](shared& s) { s.flag.fetch_add(1, rlx); };
  const racing::body takes_2 = [](shared& s) {
    if (s.flag.load(acq) == 2) (void)s.data.read();
  };
  EXPECT_EQ(failure({sends(rel), updates, takes_2}), "");
  EXPECT_EQ(failure({[](shared& s) {
                       s.data.write(1);
                       s.flag.store(1, rel);
                       s.flag.store(2, rlx);
                     },
                     takes_2}),
            "data race");
}

TEST(Races, AFailedCompareExchangeHasItsOwnOrder) {
  const auto receiver = [](order success, order failure_order) {
    return [=](shared& s) {
      int seen = 7;
      if (!s.flag.compare_exchange_strong(seen, 8, success, failure_order) && seen == 1)
        (void)s.data.read();
    };
  };
  EXPECT_EQ(failure({sends(rel), receiver(rlx, acq)}), "");
  EXPECT_EQ(failure({sends(rel), receiver(acq, rlx)}), "data race");
}

TEST(Races, ReadsDoNotRaceWithReads) {
  const racing::body reads = [](shared& s) { (void)s.data.read(); };
  const racing::body writes = [](shared& s) { s.data.write(1); };
  EXPECT_EQ(failure({reads, reads, reads}), "");
  EXPECT_EQ(failure({reads, reads, writes}), "data race");
  EXPECT_EQ(failure({writes, writes}), "data race");
}

TEST(Races, ALockExcludesIfItsReleaseIsOne) {
  const auto locked = [](order unlock) {
    return [unlock](shared& s) {
      for (int expected = 0; !s.flag.compare_exchange_strong(expected, 1, acq, rlx); expected = 0)
        (void)s.flag.await([](int v) { return v == 0; }, rlx);
      s.data.write(s.data.read() + 1);
      s.flag.store(0, unlock);
    };
  };
  const racing::body sum = [](shared& s) { EXPECT_EQ(s.data.read(), 2); };
  EXPECT_EQ(failure({locked(rel), locked(rel)}, sum), "");
  EXPECT_EQ(failure({locked(rlx), locked(rlx)}, sum), "data race");
}

/// No interleaving has this race: both have to miss the other's flag.
TEST(Races, OfStoreBufferingAloneAreFound) {
  const auto enters = [](bool first, order o) {
    return [=](shared& s) {
      (first ? s.flag : s.other).store(1, rlx);
      model::fence(o);
      if ((first ? s.other : s.flag).load(rlx) == 0) s.data.write(1);
    };
  };
  EXPECT_EQ(failure({enters(true, sc), enters(false, sc)}), "");
  EXPECT_EQ(failure({enters(true, sc), enters(false, acq_rel)}), "data race");
}

TEST(Races, AfterAllThreadsThereAreNone) {
  EXPECT_EQ(
      failure({[](shared& s) { s.data.write(3); }}, [](shared& s) { EXPECT_EQ(s.data.read(), 3); }),
      "");
}

}  // namespace
}  // namespace runnel::litmus

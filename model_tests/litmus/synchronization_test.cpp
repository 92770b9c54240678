// SPDX-License-Identifier: MIT
//
// Which places synchronize, in how many executions; and what is left when two places are severed.
#include "racing.hpp"

#include <runnel/model/explore.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace runnel::litmus {
namespace {

using bodies = std::vector<racing::body>;

racing::body sends(order o) {
  return [o](shared& s) {
    s.data.write(1);
    s.flag.store(1, o, {"send"});
  };
}
racing::body receives(order o) {
  return [o](shared& s) {
    if (s.flag.load(o, {"receive"}) != 0) (void)s.data.read();
  };
}
racing::body sends_with_a_fence(order of_the_store = rlx) {
  return [of_the_store](shared& s) {
    s.data.write(1);
    model::fence(rel, {"send fence"});
    s.flag.store(1, of_the_store, {"send"});
  };
}
racing::body receives_with_a_fence(order of_the_load = rlx) {
  return [of_the_load](shared& s) {
    const int seen = s.flag.load(of_the_load, {"receive"});
    model::fence(acq, {"receive fence"});
    if (seen != 0) (void)s.data.read();
  };
}
racing::body updates(order o) {
  return [o](shared& s) { s.flag.fetch_add(1, o, {"update"}); };
}
/// Nothing is read: no race ends the search.
racing::body looks(order o) {
  return [o](shared& s) { (void)s.flag.load(o, {"receive"}); };
}

/// One pair a line: "release -> acquire: executions, of which continued".
std::string observed(bodies threads, unsigned jobs = 1) {
  racing p(std::move(threads));
  model::explore_options options;
  options.observes = true;
  options.jobs = jobs;
  const model::explore_result r = model::explore(p, options);
  EXPECT_EQ(r.end, model::end_of_search::exhausted) << r.message;
  std::string text;
  for (const model::synchronization& s : r.synchronizations)
    text += s.places.release + " -> " + s.places.acquire + ": " + std::to_string(s.executions) +
            ", " + std::to_string(s.continued) + '\n';
  return text;
}

TEST(Synchronization, OfAReleaseAndAnAcquire) {
  EXPECT_EQ(observed({sends(rel), receives(acq)}), "send -> receive: 1, 0\n");
  EXPECT_EQ(observed({sends(sc), receives(sc)}), "send -> receive: 1, 0\n");
  EXPECT_EQ(observed({sends(rlx), looks(acq)}), "");
  EXPECT_EQ(observed({sends(rel), looks(rlx)}), "");
}

TEST(Synchronization, IsRecordedIfAskedFor) {
  racing p({sends(rel), receives(acq)});
  EXPECT_TRUE(model::explore(p).synchronizations.empty());
}

TEST(Synchronization, OfFences) {
  EXPECT_EQ(observed({sends_with_a_fence(), receives_with_a_fence()}),
            "send fence -> receive fence: 1, 0\n");
  EXPECT_EQ(observed({sends_with_a_fence(), receives(acq)}), "send fence -> receive: 1, 0\n");
  EXPECT_EQ(observed({sends(rel), receives_with_a_fence()}), "send -> receive fence: 1, 0\n");
  // An operation that orders by itself is the side; the fence adds nothing to it.
  EXPECT_EQ(observed({sends_with_a_fence(rel), receives_with_a_fence(acq)}),
            "send -> receive: 1, 0\n");
}

TEST(Synchronization, ThroughReadModifyWrites) {
  EXPECT_EQ(observed({sends(rel), updates(rlx), looks(acq)}), "send -> receive: 3, 1\n");
  EXPECT_EQ(observed({sends(rel), updates(acq_rel), looks(acq)}),
            "send -> receive: 3, 1\nsend -> update: 3, 0\nupdate -> receive: 2, 0\n");
  // A store begins a release sequence of its own.
  EXPECT_EQ(observed({[](shared& s) {
                        s.flag.store(1, rel, {"send"});
                        s.flag.store(2, rlx, {"again"});
                      },
                      looks(acq)}),
            "send -> receive: 1, 0\n");
}

TEST(Synchronization, CountsAnExecutionOnce) {
  EXPECT_EQ(observed({sends(rel),
                      [](shared& s) {
                        if (s.flag.load(acq, {"receive"}) == 0) return;
                        (void)s.flag.load(acq, {"receive"});
                      }}),
            "send -> receive: 1, 0\n");
}

/// The same with a message that is sent before the threads start.
class prepared final : public racing {
 public:
  using racing::racing;
  void before() override {
    racing::before();
    sends(rel)(all());
  }
};

TEST(Synchronization, NotWithinAThreadNorWithWhatIsOrderedAnyway) {
  EXPECT_EQ(observed({[](shared& s) {
              s.flag.store(1, rel, {"send"});
              (void)s.flag.load(acq, {"receive"});
            }}),
            "");
  racing p({sends(rel)}, [](shared& s) { (void)s.flag.load(acq, {"receive"}); });
  model::explore_options options;
  options.observes = true;
  EXPECT_TRUE(model::explore(p, options).synchronizations.empty());
  prepared q({receives(acq)});
  EXPECT_TRUE(model::explore(q, options).synchronizations.empty());
}

TEST(Synchronization, IsTheSameWithManyJobs) {
  const bodies threads{updates(acq_rel), updates(sc), updates(rlx), updates(rel)};
  const std::string alone = observed(threads);
  EXPECT_NE(alone, "");
  for (const unsigned jobs : {2U, 3U, 7U}) EXPECT_EQ(observed(threads, jobs), alone);
}

TEST(Synchronization, OfMorePlacesThanFitAtFirst) {
  static constexpr unsigned many = 200;
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (unsigned i = 0; i < many; ++i) all.push_back("receive " + std::to_string(1000 + i));
    return all;
  }();
  const std::string text = observed({[](shared& s) { s.flag.store(1, rel, {"send"}); },
                                     [](shared& s) {
                                       const auto sent = [](int v) { return v == 1; };
                                       s.flag.await(sent, rlx, {"wait"});
                                       for (const std::string& n : names)
                                         (void)s.flag.load(acq, {n.c_str()});
                                     }});
  EXPECT_EQ(std::ranges::count(text, '\n'), many);
  EXPECT_NE(text.find("send -> receive 1199: 1, 0\n"), std::string::npos);
}

/// The kind of failure if the pair orders nothing; empty if the whole search finds none.
std::string without(const std::string& release, const std::string& acquire, bodies threads) {
  racing p(std::move(threads));
  model::explore_options options;
  options.severed = {release, acquire};
  const model::explore_result r = model::explore(p, options);
  EXPECT_NE(r.end, model::end_of_search::cut);
  return r.failure;
}

TEST(SeveredPlaces, RaceIfNothingElseOrders) {
  const bodies threads{sends(rel), receives(acq)};
  EXPECT_EQ(without("send", "receive", threads), "data race");
  EXPECT_EQ(without("receive", "send", threads), "");
  EXPECT_EQ(without("send", "update", threads), "");
  EXPECT_EQ(without("update", "receive", threads), "");
}

TEST(SeveredPlaces, AreThoseOfFences) {
  const bodies fences{sends_with_a_fence(), receives_with_a_fence()};
  EXPECT_EQ(without("send fence", "receive fence", fences), "data race");
  EXPECT_EQ(without("send", "receive", fences), "");
  EXPECT_EQ(without("send fence", "receive", {sends_with_a_fence(), receives(acq)}), "data race");
  EXPECT_EQ(without("send", "receive fence", {sends(rel), receives_with_a_fence()}), "data race");
}

TEST(SeveredPlaces, LeaveWhatAnotherSideOrders) {
  EXPECT_EQ(without("send", "receive", {sends_with_a_fence(rel), receives(acq)}), "");
  EXPECT_EQ(without("send", "receive", {sends(rel), receives_with_a_fence(acq)}), "");
}

TEST(SeveredPlaces, AreThoseThatAReleaseSequenceConnects) {
  const racing::body takes_2 = [](shared& s) {
    if (s.flag.load(acq, {"receive"}) == 2) (void)s.data.read();
  };
  EXPECT_EQ(without("update", "receive", {sends(rel), updates(rlx), takes_2}), "");
  EXPECT_EQ(without("send", "receive", {sends(rel), updates(rlx), takes_2}), "data race");
  EXPECT_EQ(without("send", "receive", {sends(rel), updates(rel), takes_2}), "data race");
  // The update has acquired what it hands on.
  EXPECT_EQ(without("send", "receive", {sends(rel), updates(acq_rel), takes_2}), "");
}

TEST(SeveredPlaces, AreCalledAsInAHistory) {
  const std::string here = "synchronization_test.cpp:";
  const auto line = std::to_string(__LINE__ + 3);
  const racing::body sender = [](shared& s) {
    s.data.write(1);
    s.flag.store(1, rel);
  };
  EXPECT_EQ(without(here + line, "receive", {sender, receives(acq)}), "data race");
  EXPECT_EQ(without(here + "1", "receive", {sender, receives(acq)}), "");
}

/// Independent reads of independent writes: what one reads from is before it in the total order, whether
/// it orders other things or not.
TEST(SeveredPlaces, StayInTheTotalOrder) {
  const auto writes = [](model::atomic<int> shared::* flag) {
    return [flag](shared& s) { (s.*flag).store(1, sc, {"write"}); };
  };
  const auto reads = [](model::atomic<int> shared::* first, model::atomic<int> shared::* second,
                        int& seen) {
    return [=, &seen](shared& s) {
      seen = (s.*first).load(sc, {"read"});
      seen = 2 * seen + (s.*second).load(sc, {"read"});
    };
  };
  int one = 0;
  int other = 0;
  racing p({writes(&shared::flag), writes(&shared::other),
            reads(&shared::flag, &shared::other, one), reads(&shared::other, &shared::flag, other)},
           [&](shared&) {
             if (one == 2 && other == 2) model::fail("assertion", "two orders of the writes");
           });
  model::explore_options options;
  options.severed = {"write", "read"};
  EXPECT_EQ(model::explore(p, options).end, model::end_of_search::exhausted);
}

/// Coherence is not an edge between threads that could be taken out.
TEST(SeveredPlaces, StayCoherent) {
  EXPECT_EQ(without("send", "receive",
                    {[](shared& s) {
                       s.flag.store(1, rel, {"send"});
                       s.flag.store(2, rel, {"send"});
                     },
                     [](shared& s) {
                       const int first = s.flag.load(acq, {"receive"});
                       const int second = s.flag.load(acq, {"receive"});
                       if (second < first) model::fail("assertion", "it went back");
                     }}),
            "");
}

}  // namespace
}  // namespace runnel::litmus

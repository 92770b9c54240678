// SPDX-License-Identifier: MIT
//
// Waiting and waking: who waits for ever is found, and only who does.
#include "explored.hpp"
#include "inspect.hpp"
#include "program.hpp"

#include <runnel/model/explore.hpp>
#include <runnel/model/runtime.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace runnel::litmus {
namespace {

// ---- The futex

/// A word that threads wait at.
class word {
 public:
  void store(std::uint64_t v) { model::store(self_, v, rel, {"store"}); }
  model::wait_outcome wait(bool timed = false) { return model::wait(self_, this, 0, timed); }
  void wake(bool all) { model::wake(this, all); }

 private:
  model::object self_{model::object_kind::atomic, 0};
};

class waiting final : public model::program {
 public:
  using body = std::function<void(word&)>;
  explicit waiting(std::vector<body> threads) : threads_(std::move(threads)) {}

  [[nodiscard]] unsigned threads() const override { return static_cast<unsigned>(threads_.size()); }
  void before() override { std::construct_at(&shared()); }
  void thread(unsigned index) override { threads_[index](shared()); }
  void after() override { std::destroy_at(&shared()); }

 private:
  word& shared() { return *reinterpret_cast<word*>(storage_.data()); }

  std::vector<body> threads_;
  alignas(word) std::array<std::byte, sizeof(word)> storage_{};
};

model::explore_result explored_waiting(std::vector<waiting::body> threads) {
  waiting p(std::move(threads));
  const model::explore_result r = model::explore(p);
  EXPECT_NE(r.end, model::end_of_search::cut);
  EXPECT_TRUE(r.end == model::end_of_search::failed || r.complete > 0);
  return r;
}

std::string failure(std::vector<waiting::body> threads) {
  return explored_waiting(std::move(threads)).failure;
}
std::string message(std::vector<waiting::body> threads) {
  return explored_waiting(std::move(threads)).message;
}

const waiting::body waits = [](word& w) { (void)w.wait(); };
const waiting::body waits_with_a_timeout = [](word& w) { (void)w.wait(true); };

waiting::body wakes(bool all) {
  return [all](word& w) {
    w.store(1);
    w.wake(all);
  };
}

TEST(Waiting, WhoWakesAfterTheWriteLosesNobody) {
  EXPECT_EQ(failure({waits, wakes(false)}), "");
  EXPECT_EQ(failure({waits, waits, wakes(true)}), "");
}

TEST(Waiting, AWakeUpBeforeTheWriteIsLost) {
  EXPECT_EQ(failure({waits,
                     [](word& w) {
                       w.wake(true);
                       w.store(1);
                     }}),
            "lost wake-up");
}

TEST(Waiting, NobodyIsWokenByAWriteAlone) {
  EXPECT_EQ(failure({waits, [](word& w) { w.store(1); }}), "lost wake-up");
}

TEST(Waiting, WhoSleepsAtAWordThatNobodyChangesHasLostNothing) {
  EXPECT_EQ(failure({waits}), "deadlock");
  EXPECT_EQ(failure({waits, [](word& w) { w.wake(true); }}), "deadlock");
  EXPECT_EQ(failure({waits, [](word& w) { w.store(0); }}), "deadlock");
  // Whoever sleeps with a value that came back has lost nothing either.
  EXPECT_EQ(failure({waits,
                     [](word& w) {
                       w.store(1);
                       w.store(0);
                     }}),
            "deadlock");
}

TEST(Waiting, AFailureSaysWhoWaitsForWhatSinceWhen) {
  EXPECT_EQ(
      message({waits, [](word& w) { w.store(1); }}),
      "nobody can go on: thread 0 sleeps on atomic 0 at its start, whose value is 1 and no longer "
      "0, written by thread 1 at store");
  EXPECT_EQ(
      message({waits, waits}),
      "nobody can go on: thread 0 sleeps on atomic 0 at its start, whose value is 0; thread 1 "
      "sleeps on atomic 0 at its start, whose value is 0");
}

TEST(Waiting, OneWhoHasLostAWakeUpAmongOthersIsFound) {
  EXPECT_EQ(failure({waits, waits,
                     [](word& w) {
                       w.store(1);
                       w.wake(false);
                       w.store(2);
                     }}),
            "lost wake-up");
}

TEST(Waiting, OneOfTwoIsNotBoth) {
  EXPECT_EQ(failure({waits, waits, wakes(false)}), "lost wake-up");
  EXPECT_EQ(failure({waits, waits,
                     [](word& w) {
                       w.store(1);
                       w.wake(false);
                       w.wake(false);
                     }}),
            "");
}

TEST(Waiting, WhoHasATimeoutDoesNotWaitForEver) {
  EXPECT_EQ(failure({waits_with_a_timeout}), "");
  EXPECT_EQ(failure({waits_with_a_timeout, [](word& w) { w.store(1); }}), "");
}

// ---- The hand-shake: set the own flag; fence; park unless the other's flag is set, in which case
// the other one is woken.

program hand_shake(std::optional<order> first, std::optional<order> second) {
  const auto meets = [](std::optional<order> o, unsigned mine, unsigned other) {
    constexpr unsigned wake_up = 2;
    return [=](machine& m) {
      m.store(mine, 1, rlx);
      if (o) m.fence(*o);
      if (m.load(other, rlx) == 0) {
        m.await(wake_up + mine, equal(1), acq);
      } else {
        m.store(wake_up + other, 1, rel);
      }
    };
  };
  return {"hand-shake", 0, {}, {meets(first, x, y), meets(second, y, x)}};
}

std::size_t stuck_graphs(const program& p) {
  explored e(p);
  std::size_t n = 0;
  model::for_each_graph(e, [&](const model::graph&, model::ending how) {
    if (how == model::ending::stuck) ++n;
  });
  return n;
}

TEST(HandShake, WithTwoFencesNobodyIsStuck) {
  const program p = hand_shake(sc, sc);
  EXPECT_EQ(stuck_graphs(p), 0U);
  const result r = explore(p);
  EXPECT_EQ(r.failure, "");
  EXPECT_EQ(r.executions, 3U);
}

TEST(HandShake, WithAWeakerFenceOrNoneBothAreStuckInOneGraph) {
  const std::vector<std::optional<order>> weaker{std::nullopt, acq, rel, acq_rel};
  for (const std::optional<order> o : weaker) {
    for (const program& p : {hand_shake(o, sc), hand_shake(sc, o), hand_shake(o, o)}) {
      EXPECT_EQ(stuck_graphs(p), 1U);
      EXPECT_EQ(explore(p).failure.rfind("livelock", 0), 0U);
    }
  }
}

}  // namespace
}  // namespace runnel::litmus

// SPDX-License-Identifier: MIT
#include "selects_on_threads.hpp"

#include "generated_selects.hpp"
#include "mistaken.hpp"
#include "unit/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace properties {

[[maybe_unused]] void showValue(const select_plan& plan, std::ostream& out) {
  out << "delays of seed " << plan.seed << ", channels of";
  for (const auto& c : plan.capacities) out << ' ' << (c ? std::to_string(*c) : "unbounded");
  out << '\n';
  const select_plan p = plan.with_an_end();
  for (const auto* kind : {&p.senders, &p.receivers, &p.both}) {
    for (const auto& calls : *kind) {
      out << "  thread:\n";
      for (const threads_call& c : calls)
        out << "    " << (c.plain ? "the first of " : "") << text(c.select) << '\n';
    }
  }
}

namespace {

/// So many threads, each with up to a few calls.
rc::Gen<std::vector<std::vector<threads_call>>> threads_of_selects(std::size_t least,
                                                                   std::size_t most) {
  const auto call = rc::gen::construct<threads_call>(
      selects(shared_channels), rc::gen::weightedElement<bool>({{3, false}, {1, true}}));
  const auto thread = rc::gen::container<std::vector<threads_call>>(call);
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(least, most + 1), [thread](std::size_t n) {
    return rc::gen::container<std::vector<std::vector<threads_call>>>(n,
                                                                      rc::gen::resize(6, thread));
  });
}

/// Up to seven threads.
rc::Gen<select_plan> select_plans(bool many_receivers) {
  using channels = std::array<std::optional<std::size_t>, shared_channels>;
  return rc::gen::build<select_plan>(
      rc::gen::set(&select_plan::capacities, rc::gen::container<channels>(flavours())),
      rc::gen::set(&select_plan::senders, threads_of_selects(1, 3)),
      rc::gen::set(&select_plan::receivers, threads_of_selects(1, many_receivers ? 3 : 1)),
      rc::gen::set(&select_plan::both, threads_of_selects(0, many_receivers ? 1 : 0)),
      rc::gen::set(&select_plan::receivers_wait_for_all, rc::gen::arbitrary<bool>()),
      rc::gen::set(&select_plan::seed, rc::gen::arbitrary<std::uint64_t>()));
}

std::string report_of(const spec::select_judgement& j) {
  std::string all = j.verdict == spec::verdict::undecided ? "undecided, " : "no order explains ";
  all += "channel " + std::to_string(j.channel) + '\n';
  for (const std::string& line : spec::history_table(j.history, spec::judge(j.history)).lines())
    all += line + '\n';
  return all;
}

/// Each plan runs a few times: another run of the same plan is another history.
template <class Api, class Selects>
bool histories_of_selects_are_explained(bool many_receivers, unsigned runs) {
  return rc::check([=] {
    const select_plan p = *select_plans(many_receivers);
    for (unsigned i = 0; i < runs; ++i) {
      selects_on_threads<Api, Selects> run(p);
      const spec::select_judgement j = spec::judge(run.history());
      if (!run.wrong().empty()) RC_FAIL(run.wrong());
      if (j.verdict != spec::verdict::explained) RC_FAIL(report_of(j));
      RC_ASSERT(parcels.load() == 0);
    }
  });
}

struct sleepy_selects : channels_on<sleepy_platform, core::receivers::many> {};

TEST(SelectsOnThreads, HistoriesOfOneReceiverAreExplained) {
  EXPECT_TRUE((histories_of_selects_are_explained<unit::mpsc, shipped_selects>(false, 5)));
}
TEST(SelectsOnThreads, HistoriesOfManyReceiversAreExplained) {
  EXPECT_TRUE((histories_of_selects_are_explained<unit::mpmc, shipped_selects>(true, 5)));
}
TEST(SelectsOnThreads, HistoriesWithoutPollingAreExplained) {
  EXPECT_TRUE((histories_of_selects_are_explained<sleepy_selects, shipped_selects>(true, 5)));
}

// ---- selects and channels with a mistake ----------------------------------------------------------

TEST(SelectsOnThreadsMistakes, AreFound) {
  for (const select_mistake m : {select_mistake::forgets_bias, select_mistake::ignores_guards,
                                 select_mistake::does_another, select_mistake::gives_up}) {
    planted_select_mistake = m;
    EXPECT_FALSE((histories_of_selects_are_explained<unit::mpsc, mistaken_selects>(false, 1)))
        << static_cast<int>(m);
    parcels.store(0);
  }
}

/// When a side has gone, nobody is told.
void select_without_wake_up_at_end() {
  planted_mistake = mistake::no_wake_at_end;
  hang_watch::patience = std::chrono::seconds(1);
  // Two plans of a hundred need the wake-up. A check that is repeated would try the same hundred again.
  const rc::Gen<select_plan> plans = select_plans(false);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const select_plan p = plans(rc::Random(seed), rc::kNominalSize).value();
    for (int i = 0; i < 5; ++i) {
      selects_on_threads<mistaken, shipped_selects> run(p);
      const bool is_explained = spec::judge(run.history()).verdict == spec::verdict::explained;
      if (!is_explained || !run.wrong().empty()) std::exit(2);
    }
  }
  std::exit(EXIT_SUCCESS);
}

TEST(SelectsOnThreadsDeathTest, AMissedWakeUpAtTheEndIsFound) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(select_without_wake_up_at_end(), testing::ExitedWithCode(EXIT_FAILURE),
              "nothing goes on:\n  thread 0 is in");
}

}  // namespace
}  // namespace properties

// SPDX-License-Identifier: MIT
#include "on_threads.hpp"

#include "mistaken.hpp"
#include "unit/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace properties {

[[maybe_unused]] void showValue(const plan& p, std::ostream& out) {
  out << "capacity " << (p.capacity ? std::to_string(*p.capacity) : "unbounded")
      << ", delays of seed " << p.seed << '\n';
  for (const auto* side : {&p.senders, &p.receivers}) {
    for (const std::vector<spec::op>& calls : *side) {
      out << (side == &p.senders ? "  sender:  " : "  receiver:");
      for (const spec::op o : calls) out << ' ' << spec::text(o);
      out << '\n';
    }
  }
}

namespace {

using spec::op;

rc::Gen<std::vector<std::vector<op>>> side(std::size_t most_threads, std::vector<op> calls) {
  const auto thread = rc::gen::container<std::vector<op>>(rc::gen::elementOf(std::move(calls)));
  return rc::gen::mapcat(
      rc::gen::inRange<std::size_t>(1, most_threads + 1), [thread](std::size_t n) {
        return rc::gen::container<std::vector<std::vector<op>>>(n, rc::gen::resize(6, thread));
      });
}

/// Up to eight threads.
rc::Gen<plan> plans(std::size_t most_receivers) {
  using capacity = std::optional<std::size_t>;
  return rc::gen::build<plan>(
      rc::gen::set(&plan::capacity, rc::gen::elementOf(std::vector<capacity>{0, 1, 2, 3, {}})),
      rc::gen::set(&plan::senders, side(4, {op::send, op::send, op::try_send, op::try_send,
                                            op::timed_send, op::timed_send, op::timed_closed})),
      rc::gen::set(&plan::receivers,
                   side(most_receivers, {op::recv, op::recv, op::recv, op::try_recv, op::try_recv,
                                         op::timed_recv, op::timed_recv, op::close})),
      rc::gen::set(&plan::seed, rc::gen::arbitrary<std::uint64_t>()));
}

std::string report(const spec::recorded_history& h, const spec::judgement& j) {
  std::string all = j.verdict == spec::verdict::undecided ? "undecided\n" : "";
  for (const std::string& line : spec::history_table(h, j).lines()) all += line + '\n';
  return all;
}

/// Each plan runs a few times: another run of the same plan is another history.
template <class Api>
bool histories_are_explained(std::size_t most_receivers, unsigned runs) {
  return rc::check([=] {
    const plan p = *plans(most_receivers);
    for (unsigned i = 0; i < runs; ++i) {
      const spec::recorded_history h = run_on_threads<Api>(p).history();
      const spec::judgement j = spec::judge(h);
      if (j.verdict != spec::verdict::explained) RC_FAIL("no order explains\n" + report(h, j));
      RC_ASSERT(parcels.load() == 0);
    }
  });
}

TEST(OnThreads, HistoriesOfOneReceiverAreExplained) {
  EXPECT_TRUE(histories_are_explained<unit::mpsc>(1, 5));
}
TEST(OnThreads, HistoriesOfManyReceiversAreExplained) {
  EXPECT_TRUE(histories_are_explained<unit::mpmc>(4, 5));
}

TEST(OnThreadsMistakes, AreFound) {
  for (const mistake m : {mistake::loses, mistake::swaps, mistake::full_too_early, mistake::leaks,
                          mistake::close_discards}) {
    planted_mistake = m;
    EXPECT_FALSE(histories_are_explained<mistaken>(1, 1)) << static_cast<int>(m);
    mistaken::receiver<parcel>::leaked.clear();
  }
}

void hang() {
  const auto [tx, rx] = runnel::mpsc::sync_channel<int>(1);
  hang_watch::threads calls(1);
  calls[0].store("recv");
  hang_watch::patience = std::chrono::milliseconds(10);
  const hang_watch watch(calls);
  (void)rx.recv();  // the sender lives
}

TEST(OnThreadsDeathTest, AHangIsAFailureThatNamesTheCalls) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(hang(), testing::ExitedWithCode(EXIT_FAILURE),
              "nothing goes on:\n  thread 0 is in recv");
}

}  // namespace
}  // namespace properties

// SPDX-License-Identifier: MIT
//
// Each order of a check is made weaker: those that it needs are told from those that it does not.
#include <runnel/model/check_orders.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace runnel::model {
namespace {

using order = std::memory_order;

struct hand_off {
  var<int> value{0};
  atomic<bool> ready{false};
  atomic<int> count{0};
};
template <order Publish>
void send(hand_off& h) {
  ++h.count;  // an operator keeps its order
  h.value = 1;
  h.ready.store(true, Publish, {"publish"});
}
template <order See>
void receive(hand_off& h) {
  if (h.ready.load(See, {"see"})) require(h.value == 1, "the value is lost");
}

template <class... Arguments>
std::pair<int, std::string> table_of(void (*sends)(hand_off&), void (*receives)(hand_off&),
                                     Arguments... arguments) {
  const std::array<const char*, sizeof...(arguments) + 1> argv{"program", arguments...};
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int status = check_orders<hand_off>("a hand-off", static_cast<int>(argv.size()),
                                            argv.data(), sends, receives);
  return {status, testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr()};
}

void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text;
}

std::vector<order_finding> findings_of(auto... bodies) {
  bodies_program<hand_off, decltype(bodies)...> p(bodies...);
  return find_needed_orders(p);
}

TEST(CheckOrders, TellsWhichAreNeeded) {
  for (const char* const jobs : {"1", "2"}) {
    const auto [status, told] =
        table_of(send<order::release>, receive<order::acquire>, "--jobs", jobs);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(told,
              "place    operation  order            weaker orders\n"
              "publish  store      release  needed  relaxed fails: data race\n"
              "see      load       acquire  needed  relaxed fails: data race\n"
              "\n"
              "a hand-off: 2 of 2 orders are needed\n");
  }
}

TEST(CheckOrders, TellsWhichAreStrongerThanTheCheckNeeds) {
  const auto [status, told] = table_of(send<order::seq_cst>, receive<order::acquire>);
  EXPECT_EQ(status, 1);
  expect_contains(
      told, "publish  store      seq_cst  NOT NEEDED  release passes; relaxed fails: data race");
  expect_contains(told, "a hand-off: 1 of 2 orders are needed; ");
}

TEST(CheckOrders, KnowsNothingOfACheckThatFails) {
  const auto [status, told] = table_of(send<order::relaxed>, receive<order::acquire>);
  EXPECT_EQ(status, 1);
  expect_contains(told,
                  "a hand-off: it fails as it is, so nothing is known of its orders: data race");
  EXPECT_THROW(findings_of(send<order::relaxed>, receive<order::acquire>), std::invalid_argument);
}

TEST(CheckOrders, KnowsNothingOfWhatALimitEnds) {
  const auto [status, told] =
      table_of(send<order::release>, receive<order::acquire>, "--limit", "1");
  EXPECT_EQ(status, 1);
  expect_contains(told, "a limit ended the search as it is");
  // Three executions as it is, and four with a weaker order.
  struct state {
    atomic<int> x{0};
    atomic<int> y{0};
  };
  const auto body = [](atomic<int> state::* to, atomic<int> state::* from) {
    return [=](state& s) {
      (s.*to).store(1, order::seq_cst, {"set"});
      (void)(s.*from).load(order::seq_cst, {"look"});
    };
  };
  bodies_program<state, decltype(body(&state::x, &state::y)), decltype(body(&state::x, &state::y))>
      p(body(&state::x, &state::y), body(&state::y, &state::x));
  explore_options how;
  how.limit = 3;
  for (const order_finding& f : find_needed_orders(p, how)) {
    EXPECT_FALSE(f.is_needed());
    ASSERT_FALSE(f.trials.empty());
    EXPECT_TRUE(f.trials[0].is_open());
  }
}

/// All would be needed of none.
TEST(CheckOrders, FailsWhereThereIsNothingToWeaken) {
  const auto [status, told] =
      table_of([](hand_off& h) { ++h.count; }, [](hand_off& h) { h.count.load(order::relaxed); });
  EXPECT_EQ(status, 1);
  expect_contains(told, "no operation has an order that could be weaker");
}

TEST(CheckOrders, MakesUpdatesWeakerInBothDirections) {
  const auto findings =
      findings_of([](hand_off& h) { h.count.fetch_add(1, order::acq_rel, {"add"}); },
                  [](hand_off& h) { h.count.fetch_add(1, order::acq_rel, {"add"}); });
  ASSERT_EQ(findings.size(), 1U);
  std::vector<order> tried;
  for (const order_trial& t : findings[0].trials) tried.push_back(t.weaker);
  EXPECT_EQ(tried, (std::vector{order::acquire, order::release, order::relaxed}));
}

TEST(CheckOrders, HasBothOrdersOfACompareExchangeAndFences) {
  const auto body = [](hand_off& h) {
    int zero = 0;
    h.count.compare_exchange_strong(zero, 1, order::acq_rel, order::acquire, {"take"});
    zero = 0;
    h.count.compare_exchange_weak(zero, 1, order::relaxed, order::relaxed, {"weak"});
    fence(order::release, {"fence"});
    h.count.load();
  };
  bodies_program<hand_off, decltype(body), decltype(body)> p(body, body);
  explore_options how;
  how.faults.weak_failures = 1;
  how.observes_orders = true;
  const std::vector<order_use> uses = explore(p, how).orders;
  using enum ordered_operation;
  const std::vector<order_use> named{{"fence", ordered_operation::fence, order::release},
                                     {"take", update, order::acq_rel},
                                     {"take", failed_compare, order::acquire},
                                     {"weak", update, order::relaxed},
                                     {"weak", failed_compare, order::relaxed}};
  ASSERT_EQ(uses.size(), 6U);
  EXPECT_TRUE(uses[0].place.starts_with("check_orders_test.cpp:")) << uses[0].place;
  EXPECT_EQ(uses[0].operation, load);
  EXPECT_EQ(std::vector<order_use>(uses.begin() + 1, uses.end()), named);
}

TEST(CheckOrders, RefusesWrongArguments) {
  EXPECT_EQ(table_of(send<order::release>, receive<order::acquire>, "--unknown").first, 2);
  EXPECT_EQ(table_of(send<order::release>, receive<order::acquire>, "--help").first, 0);
}

}  // namespace
}  // namespace runnel::model

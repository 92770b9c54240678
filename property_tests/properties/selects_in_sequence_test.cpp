// SPDX-License-Identifier: MIT
#include "selects_in_sequence.hpp"

#include "generated_selects.hpp"
#include "unit/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace properties {

[[maybe_unused]] void showValue(const select_action& a, std::ostream& out) {
  constexpr std::array kinds{"select", "add", "erase", "enable", "run", "close", "drop"};
  out << kinds.at(static_cast<std::size_t>(a.is)) << ' ' << int{a.number} << ' ' << text(a.call);
}

namespace {

rc::Gen<std::vector<select_action>> select_actions() {
  using kind = select_action::kind;
  const auto one = rc::gen::construct<select_action>(
      rc::gen::weightedElement<kind>({{12, kind::select},
                                      {3, kind::add},
                                      {1, kind::erase},
                                      {2, kind::enable},
                                      {8, kind::run},
                                      {1, kind::close},
                                      {1, kind::drop}}),
      selects(channels_of_selects), rc::gen::arbitrary<std::uint8_t>());
  return rc::gen::scale(2.0, rc::gen::container<std::vector<select_action>>(one));
}

/// The script of the last list of actions that went wrong; the shortest one if RapidCheck shrank it.
std::string wrong_selects;

template <class Api, class Selects>
bool select_agrees_with_the_spec() {
  return rc::check([] {
    const auto flavour = *rc::gen::container<capacities>(flavours());
    const auto list = *select_actions();
    using channels = compared_selects<Api, Selects>;
    std::string script;
    bool agrees = true;
    {
      channels all(flavour);
      for (const select_action& a : list) {
        agrees = all.perform(a);
        if (!agrees) break;
      }
      script = all.script();
    }
    if (agrees && channels::message::alive == 0) return;
    wrong_selects = script;
    channels::message::alive = 0;
    RC_FAIL("the specification has another result in the last line, or another state after it\n" +
            script);
  });
}

template <class Api>
class SelectsInSequence : public testing::Test {};
using apis_of_selects = testing::Types<unit::mpsc, unit::mpmc>;
TYPED_TEST_SUITE(SelectsInSequence, apis_of_selects);

TYPED_TEST(SelectsInSequence, EveryResultIsThatOfTheSpecification) {
  EXPECT_TRUE((select_agrees_with_the_spec<TypeParam, shipped_selects>()));
}

// ---- selects with a mistake, which a property must find -------------------------------------------

void expect_select_found(select_mistake m) {
  planted_select_mistake = m;
  wrong_selects.clear();
  EXPECT_FALSE((select_agrees_with_the_spec<unit::mpsc, mistaken_selects>()));
  EXPECT_NE(wrong_selects, "");
}

TEST(SelectsInSequenceMistakes, ABiasThatIsForgottenIsFound) {
  expect_select_found(select_mistake::forgets_bias);
}
TEST(SelectsInSequenceMistakes, AGuardThatIsIgnoredIsFound) {
  expect_select_found(select_mistake::ignores_guards);
}
TEST(SelectsInSequenceMistakes, TwoCasesAtOnceAreFound) {
  expect_select_found(select_mistake::does_another);
}
TEST(SelectsInSequenceMistakes, GivingUpIsFound) { expect_select_found(select_mistake::gives_up); }
TEST(SelectsInSequenceMistakes, AnotherResultThanTheHandlersIsFound) {
  expect_select_found(select_mistake::changes_result);
}
}  // namespace
}  // namespace properties

// SPDX-License-Identifier: MIT
#include "in_sequence.hpp"

#include "mistaken.hpp"
#include "unit/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace properties {

[[maybe_unused]] void showValue(const action& a, std::ostream& out) {
  out << static_cast<int>(a.op) << '@' << static_cast<int>(a.handle);
}

namespace {

using small = counted<1>;
using large = counted<1500>;  // blocks of three

/// Sends and receives come more often than changes of handles.
rc::Gen<std::vector<action>> actions() {
  using spec::op;
  const auto one = rc::gen::construct<action>(rc::gen::weightedElement<op>({{4, op::send},
                                                                            {4, op::try_send},
                                                                            {2, op::timed_send},
                                                                            {4, op::recv},
                                                                            {4, op::try_recv},
                                                                            {2, op::timed_recv},
                                                                            {1, op::clone_sender},
                                                                            {1, op::drop_sender},
                                                                            {1, op::clone_receiver},
                                                                            {1, op::drop_receiver},
                                                                            {1, op::timed_closed},
                                                                            {1, op::close}}),
                                              rc::gen::arbitrary<std::uint8_t>());
  return rc::gen::scale(3.0, rc::gen::container<std::vector<action>>(one));
}

/// The script of the last list of actions that went wrong; the shortest one if RapidCheck shrank it.
std::string wrong_script;

template <class Api, class Message>
bool agrees_with_the_spec(std::optional<std::size_t> capacity) {
  return rc::check([capacity] {
    const std::vector<action> list = *actions();
    const auto fail = [](const std::string& script) {
      wrong_script = script;
      RC_FAIL("the specification has another result in the last line, or another state after it\n" +
              script);
    };
    std::string script;
    {
      compared_channel<Api, Message> channel(capacity);
      for (const action& a : list) {
        if (!channel.perform(a)) fail(channel.script());
      }
      script = channel.script();
    }
    if (Message::alive != 0) fail(script + "// and all handles go\n");
  });
}

template <class Api>
class InSequence : public testing::Test {};
using apis = testing::Types<unit::mpsc, unit::mpmc>;
TYPED_TEST_SUITE(InSequence, apis);

TYPED_TEST(InSequence, EveryResultIsThatOfTheSpecification) {
  for (const std::optional<std::size_t> capacity :
       {std::optional<std::size_t>(0), {1}, {2}, {3}, {7}, {}}) {
    EXPECT_TRUE((agrees_with_the_spec<TypeParam, small>(capacity)));
    EXPECT_TRUE((agrees_with_the_spec<TypeParam, large>(capacity)));
  }
}

// ---- channels with a mistake, which the property must find --------------------------------------

std::ptrdiff_t lines_of(const std::string& script) {
  return std::count(script.begin(), script.end(), '\n');
}

/// The property fails, and shrinks to a script of so many lines, the one that makes the channel
/// included.
void expect_found(mistake m, std::optional<std::size_t> capacity, std::ptrdiff_t lines) {
  planted_mistake = m;
  wrong_script.clear();
  EXPECT_FALSE((agrees_with_the_spec<mistaken, small>(capacity)));
  EXPECT_EQ(lines_of(wrong_script), lines) << wrong_script;
  mistaken::receiver<small>::leaked.clear();
}

TEST(InSequenceMistakes, ALostMessageIsFound) { expect_found(mistake::loses, {}, 7); }
TEST(InSequenceMistakes, SwappedMessagesAreFound) { expect_found(mistake::swaps, 2, 4); }
TEST(InSequenceMistakes, FullTooEarlyIsFound) { expect_found(mistake::full_too_early, 1, 2); }
TEST(InSequenceMistakes, ALeakIsFound) { expect_found(mistake::leaks, 1, 3); }
TEST(InSequenceMistakes, ACloseThatDiscardsIsFound) { expect_found(mistake::close_discards, 1, 3); }

}  // namespace
}  // namespace properties

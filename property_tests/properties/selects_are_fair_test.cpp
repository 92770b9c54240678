// SPDX-License-Identifier: MIT
//
// Of the cases that are possible at once each is chosen as often as the others.
#include "generated_selects.hpp"
#include "selects.hpp"
#include "unit/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <optional>
#include <ostream>
#include <tuple>
#include <vector>

namespace properties {
namespace {

constexpr int times_each = 300;

/// Whether each of those that are possible has been chosen about `times_each` times. Less by six standard
/// deviations than expected would be one in a thousand million.
bool are_even(const std::vector<int>& chosen, const std::vector<bool>& possible) {
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!possible[i] && chosen[i] != 0) return false;
    if (possible[i] && std::abs(chosen[i] - times_each) > 104) return false;
  }
  return true;
}

/// A case that is impossible, not enabled, a receive that fails for good, or a send for which there is room.
enum class readiness : std::uint8_t { impossible, off, disconnected, room };

struct channels_that_are_ready {
  runnel::mpsc::sender<int> to_many;
  runnel::mpsc::receiver<int> from_many;
  runnel::mpsc::sender<int> to_one;
  runnel::mpsc::receiver<int> from_one;
  runnel::mpsc::receiver<int> from_none = runnel::mpsc::channel<int>().second;

  channels_that_are_ready() {
    std::tie(to_many, from_many) = runnel::mpsc::channel<int>();
    std::tie(to_one, from_one) = runnel::mpsc::sync_channel<int>(0);
  }
  [[nodiscard]] const runnel::mpsc::receiver<int>& receiver(readiness r) const {
    return r == readiness::disconnected ? from_none : from_one;
  }
};

[[maybe_unused]] void showValue(readiness r, std::ostream& out) {
  constexpr std::array texts{"impossible", "off", "disconnected", "room"};
  out << texts.at(static_cast<std::size_t>(r));
}
bool is_possible(readiness r) { return r == readiness::disconnected || r == readiness::room; }

/// Static cases of which each is as `how` says.
struct ready_cases {
  channels_that_are_ready& all;
  const std::array<readiness, generated_select::size>& how;
  int value = 0;

  auto send(std::size_t i) {
    return runnel::on_send(all.to_many, value, [i](auto) { return static_cast<unsigned>(i); });
  }
  auto receive(std::size_t i) {
    return runnel::on_recv(all.receiver(how[i]),
                           [i](const auto&) { return static_cast<unsigned>(i); });
  }
};

template <class Selects>
bool selects_are_fair() {
  return rc::check([] {
    const auto how =
        *rc::gen::container<std::array<readiness, generated_select::size>>(rc::gen::element(
            readiness::impossible, readiness::off, readiness::disconnected, readiness::room));
    generated_select g{*rc::gen::element(spec::waits::until_done, spec::waits::not_at_all)};
    std::vector<bool> possible;
    for (std::size_t i = 0; i < how.size(); ++i) {
      g.cases[i] = {how[i] == readiness::room, 0, how[i] != readiness::off};
      possible.push_back(is_possible(how[i]));
    }
    const auto n = static_cast<int>(std::ranges::count(possible, true));
    RC_PRE(n != 0);
    channels_that_are_ready all;
    ready_cases cases{all, how};
    std::vector<int> chosen(how.size());
    for (int i = 0; i < n * times_each; ++i) {
      const handled h = with_cases(g, cases, [&g](auto&... c) {
        return Selects::run(g.how, g.biased, std::chrono::nanoseconds(0), c...);
      });
      ++chosen[h.value()];
    }
    if (!are_even(chosen, possible))
      RC_FAIL("not even: " + rc::toString(chosen) + " of " + rc::toString(how));
  });
}

bool selectors_are_fair() {
  return rc::check([] {
    const auto how = *rc::gen::nonEmpty(rc::gen::resize(
        8, rc::gen::container<std::vector<readiness>>(rc::gen::element(
               readiness::impossible, readiness::off, readiness::disconnected, readiness::room))));
    channels_that_are_ready all;
    std::optional<std::expected<int, runnel::recv_errc>> got;
    std::optional<runnel::send_errc> error;
    int value = 0;
    runnel::selector s;
    std::vector<bool> possible;
    for (const readiness r : how) {
      const std::size_t i =
          r == readiness::room ? s.send(all.to_many, value, error) : s.recv(all.receiver(r), got);
      s.enable(i, r != readiness::off);
      possible.push_back(is_possible(r));
    }
    const auto n = static_cast<int>(std::ranges::count(possible, true));
    RC_PRE(n != 0);
    std::vector<int> chosen(how.size());
    for (int i = 0; i < n * times_each; ++i) ++chosen[s.select().value()];
    if (!are_even(chosen, possible))
      RC_FAIL("not even: " + rc::toString(chosen) + " of " + rc::toString(how));
  });
}

TEST(SelectsAreFair, AmongWhatIsPossible) { EXPECT_TRUE(selects_are_fair<shipped_selects>()); }
TEST(SelectsAreFair, SelectorsToo) { EXPECT_TRUE(selectors_are_fair()); }

TEST(SelectsAreFairMistakes, APreferenceIsFound) {
  planted_select_mistake = select_mistake::prefers_the_first;
  EXPECT_FALSE(selects_are_fair<mistaken_selects>());
}

}  // namespace
}  // namespace properties

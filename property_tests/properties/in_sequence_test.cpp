// SPDX-License-Identifier: MIT
#include "in_sequence.hpp"

#include "unit/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
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
  const auto one =
      rc::gen::construct<action>(rc::gen::weightedElement<op>({{4, op::send},
                                                               {4, op::try_send},
                                                               {2, op::timed_send},
                                                               {4, op::recv},
                                                               {4, op::try_recv},
                                                               {2, op::timed_recv},
                                                               {1, op::clone_sender},
                                                               {1, op::drop_sender},
                                                               {1, op::clone_receiver},
                                                               {1, op::drop_receiver}}),
                                 rc::gen::arbitrary<std::uint8_t>());
  return rc::gen::scale(3.0, rc::gen::container<std::vector<action>>(one));
}

/// The script of the last list of actions that went wrong; the shortest one if RapidCheck shrank it.
std::string wrong_script;

template <class Api, class Message>
bool agrees_with_the_spec(std::optional<std::size_t> capacity) {
  return rc::check([capacity] {
    const std::vector<action> list = *actions();
    {
      compared_channel<Api, Message> channel(capacity);
      for (const action& a : list) {
        if (channel.perform(a)) continue;
        wrong_script = channel.script();
        RC_FAIL(
            "the specification has another result in the last line, or another state after it\n" +
            wrong_script);
      }
    }
    RC_ASSERT(Message::alive == 0);
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

enum class mistake { loses, swaps, full_too_early };
mistake planted;

template <class T>
struct mistaken_receiver : unit::mpsc::receiver<T> {
  using base = unit::mpsc::receiver<T>;
  explicit mistaken_receiver(base&& r) : base(std::move(r)) {}

  auto recv() const { return wrong(base::recv()); }
  auto try_recv() const { return wrong(base::try_recv()); }
  auto recv_for(std::chrono::nanoseconds d) const { return wrong(base::recv_for(d)); }

 private:
  typename base::result wrong(typename base::result r) const {
    if (planted == mistake::loses && r && r->value() % 3 == 0) return base::try_recv();
    if (planted == mistake::swaps && r && base::size() > 0) {
      auto second = base::try_recv();
      lost_.push_back(*std::move(r));
      return second;
    }
    return r;
  }
  mutable std::vector<T> lost_;
};

template <class T>
struct mistaken_sender : unit::mpsc::sender<T> {
  using base = unit::mpsc::sender<T>;
  explicit mistaken_sender(base&& s) : base(std::move(s)) {}

  auto try_send(T&& value) const {
    if (planted == mistake::full_too_early && base::size() + 1 == base::capacity())
      return typename base::result(
          std::unexpected(runnel::send_error<T>{runnel::send_errc::full, std::move(value)}));
    return base::try_send(std::move(value));
  }
};

struct mistaken {
  static constexpr const char* name = "mistaken";
  template <class T>
  using sender = mistaken_sender<T>;
  template <class T>
  using receiver = mistaken_receiver<T>;
  template <class T>
  static std::pair<sender<T>, receiver<T>> sync_channel(std::size_t capacity) {
    auto [tx, rx] = unit::mpsc::sync_channel<T>(capacity);
    return {sender<T>(std::move(tx)), receiver<T>(std::move(rx))};
  }
  template <class T>
  static std::pair<sender<T>, receiver<T>> channel() {
    auto [tx, rx] = unit::mpsc::channel<T>();
    return {sender<T>(std::move(tx)), receiver<T>(std::move(rx))};
  }
};

std::ptrdiff_t lines_of(const std::string& script) {
  return std::count(script.begin(), script.end(), '\n');
}

/// The property fails, and shrinks to a script of so many lines, the one that makes the channel
/// included.
void expect_found(mistake m, std::optional<std::size_t> capacity, std::ptrdiff_t lines) {
  planted = m;
  wrong_script.clear();
  EXPECT_FALSE((agrees_with_the_spec<mistaken, small>(capacity)));
  EXPECT_EQ(lines_of(wrong_script), lines) << wrong_script;
}

TEST(InSequenceMistakes, ALostMessageIsFound) { expect_found(mistake::loses, {}, 7); }
TEST(InSequenceMistakes, SwappedMessagesAreFound) { expect_found(mistake::swaps, 2, 4); }
TEST(InSequenceMistakes, FullTooEarlyIsFound) { expect_found(mistake::full_too_early, 1, 2); }

}  // namespace
}  // namespace properties

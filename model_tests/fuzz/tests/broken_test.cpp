// SPDX-License-Identifier: MIT
//
// Generated programs catch channels with a mistake, and shrink to a few operations.
#include "fuzz/generated.hpp"
#include "fuzz/shrink.hpp"
#include "fuzz/subject.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace runnel::check::fuzz {
namespace {

constexpr std::uint64_t seed = 1;
constexpr std::uint64_t most_executions = 200'000;

const subject& subject_called(std::string_view name) {
  const auto found = std::ranges::find(subjects(), name, &subject::name);
  if (found == subjects().end()) throw std::invalid_argument(std::string(name));
  return *found;
}

result run(const subject& on, const generated& g) {
  options o;
  o.limit = most_executions;
  return on.run(g, o);
}

struct failure {
  generated program;
  std::string kind;
};

/// The first of so many programs that fails. A mistake of selects shows in programs with selects only.
std::optional<failure> find(const subject& on, std::uint64_t programs) {
  const bool of_selects = on.name.find("select") != std::string::npos;
  for (std::uint64_t i = 0; i < programs; ++i) {
    generated g = generate(seed, i);
    if (of_selects && !g.selects) continue;
    const result r = run(on, g);
    if (r.verdict == verdict::failed) return failure{std::move(g), r.failure};
  }
  return std::nullopt;
}

/// A mistake, how it has to fail first, and the most operations that are left when it is shrunk.
struct planted {
  std::string_view mistake;
  std::string_view kind;
  std::size_t operations;
  std::uint64_t programs = 50;
};

std::ostream& operator<<(std::ostream& out, const planted& p) { return out << p.mistake; }

class Broken : public ::testing::TestWithParam<planted> {};

TEST_P(Broken, IsCaughtAndShrinks) {
  const subject& on = subject_called(GetParam().mistake);
  const auto found = find(on, GetParam().programs);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, GetParam().kind);
  const auto fails = [&](const generated& g) { return run(on, g).failure == found->kind; };
  const generated shrunk = shrink(found->program, fails);
  EXPECT_LE(operations(shrunk), GetParam().operations) << text(shrunk);
  EXPECT_TRUE(fails(shrunk)) << text(shrunk);
  EXPECT_EQ(text(shrink(found->program, fails)), text(shrunk));
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, Broken,
    ::testing::Values(
        planted{"two messages of a sender are swapped", kind::order, 3},
        planted{"a send without memory keeps the value", kind::lost, 1},
        planted{"a withdrawal does not look", kind::leak, 1},
        planted{"two receivers take one message", kind::data_race, 3},
        planted{"nobody is notified", kind::deadlock, 3},
        planted{"the check comes before the registration", kind::deadlock, 1},
        planted{"the close wakes one of two", kind::deadlock, 2, 100},
        planted{"a failed compare-exchange is taken for the newest value", kind::deadlock, 1},
        planted{"the claim of a sender is not seq_cst", kind::deadlock, 3},
        planted{"the publication is relaxed", kind::data_race, 1},
        planted{"the slot is released relaxed", kind::data_race, 3},
        planted{"the mutex is released relaxed", kind::data_race, 1},
        planted{"a waiter tries while it is registered", kind::lost, 3},
        planted{"what a receiver has sent for it, a sender sends again", kind::lost, 3},
        planted{"a receiver sends for a sender without the mutex", kind::data_race, 3},
        planted{"every drop of a handle closes", kind::use_after_free, 0},
        planted{"the slot is released for the wrong lap", kind::livelock, 3},
        planted{"a select decides before it joins", kind::deadlock, 3},
        planted{"a biased select takes a message that is being published for none", kind::order,
                1}));

/// What fails there fails because of the mistake.
TEST(Shipped, PassesTheFirstPrograms) {
  const subject& on = subject_called(shipped);
  for (std::uint64_t i = 0; i < 20; ++i) {
    const generated g = generate(seed, i);
    EXPECT_NE(run(on, g).verdict, verdict::failed) << text(g);
  }
}

}  // namespace
}  // namespace runnel::check::fuzz

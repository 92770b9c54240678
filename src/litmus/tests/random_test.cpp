// SPDX-License-Identifier: MIT
#include "litmus/axioms.hpp"
#include "litmus/candidates.hpp"
#include "litmus/exploration.hpp"
#include "litmus/printer.hpp"
#include "litmus/reader.hpp"
#include "random_programs.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace runnel::litmus_core {
namespace {

TEST(LitmusRandom, ProgramsAreReadAsTheyWerePrinted) {
  EXPECT_TRUE(rc::check("reading what was printed gives the program", [] {
    const program p = random_programs().draw();
    const std::string text = text_of(p);
    const reading r = read(text, "");
    RC_LOG() << text;
    RC_ASSERT(r.program.has_value());
    RC_ASSERT(*r.program == p);
  }));
}

/// What was found, by the explorer and by the axioms: outcomes with numbers.
using numbers = std::map<std::vector<value>, std::uint64_t>;
constexpr std::uint64_t most_candidates = 500;

/// Nothing if there are too many candidates.
std::optional<numbers> by_axioms(const program& p, model_name m) {
  const std::vector<observed> shown = observed_by(p);
  numbers n;
  std::uint64_t candidates = 0;
  const candidate_options how{.rounds = 1,
                              .is_over = [&](double) { return candidates > most_candidates; }};
  const std::string incomplete = for_each_candidate(p, how, [&](const execution& x, bool complete) {
    ++candidates;
    if (complete && is_consistent(p, x, m)) ++n[outcome_of(p, x, shown)];
  });
  if (!incomplete.empty()) return std::nullopt;
  return n;
}

numbers by_explorer(const program& p, model_name m) {
  const std::vector<observed> shown = observed_by(p);
  numbers n;
  exploration e(p, m == model_name::cxx20 ? model::memory_model::cxx20 : model::memory_model::rc11,
                1);
  do {
    if (e.visit() != exploration::step::complete) continue;
    const execution x = e.made();
    EXPECT_TRUE(is_consistent(p, x, m));
    std::vector<value> outcome;
    e.outcome_into(outcome, shown);
    EXPECT_EQ(outcome, outcome_of(p, x, shown));
    ++n[outcome];
  } while (e.go_on());
  return n;
}

TEST(LitmusRandom, TheExplorerFindsWhatTheAxiomsAllow) {
  EXPECT_TRUE(rc::check("outcomes and numbers of executions", [] {
    const program p = random_programs().draw();
    RC_LOG() << text_of(p);
    const auto rc11 = by_axioms(p, model_name::rc11);
    RC_PRE(rc11.has_value());
    RC_ASSERT(by_explorer(p, model_name::rc11) == *rc11);
    RC_ASSERT(by_explorer(p, model_name::cxx20) == by_axioms(p, model_name::cxx20).value());
    // What a stronger model shows, a weaker one shows as well.
    const numbers tso = by_axioms(p, model_name::tso).value();
    const auto is_known = [](const numbers& weaker) {
      return [&weaker](const auto& one) { return weaker.contains(one.first); };
    };
    RC_ASSERT(std::ranges::all_of(by_axioms(p, model_name::sc).value(), is_known(tso)));
    RC_ASSERT(std::ranges::all_of(tso, is_known(*rc11)));
  }));
}

}  // namespace
}  // namespace runnel::litmus_core

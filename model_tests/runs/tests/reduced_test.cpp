// SPDX-License-Identifier: MIT
//
// A reduced search finds what the full one finds: the same results of calls, and the mistakes of broken
// channels. And the comparison sees it if a reduction leaves out too much.
#include "support/attempts.hpp"
#include "support/recorder.hpp"
#include "support/scenarios.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::check {
namespace {

/// Full searches of so many executions or more are not compared: it would take longer than seconds.
constexpr std::uint64_t small = 250'000;

constexpr reductions retries_and_guesses = reduction::retries | reduction::guesses;

// ---- What calls return

struct call {
  std::uint8_t op;
  std::uint8_t response;
  std::size_t sender;  ///< of the value: which thread
  std::size_t number;  ///< and which of its values
  friend auto operator<=>(const call&, const call&) = default;
};
using calls_of_threads = std::vector<std::vector<call>>;
using results_of_executions = std::set<calls_of_threads>;

struct sent {
  std::size_t thread;
  std::size_t number;
};

/// With the threads in another order, and the names of the values by their senders.
calls_of_threads in_order(const seen_results::calls& of, const std::vector<std::size_t>& place) {
  constexpr std::size_t bytes_each = 4;
  std::array<sent, 256> values{};
  std::vector<std::size_t> so_far(place.size());
  for (std::size_t i = 0; i < of.size(); i += bytes_each) {
    const auto thread = static_cast<std::size_t>(of[i]);
    if (spec::is_send(static_cast<spec::op>(of[i + 1])))
      values[static_cast<std::uint8_t>(of[i + 3])] = {place[thread], ++so_far[thread]};
  }
  calls_of_threads all(place.size());
  for (std::size_t i = 0; i < of.size(); i += bytes_each) {
    const sent value = values[static_cast<std::uint8_t>(of[i + 3])];
    all[place[static_cast<std::size_t>(of[i])]].push_back({static_cast<std::uint8_t>(of[i + 1]),
                                                           static_cast<std::uint8_t>(of[i + 2]),
                                                           value.thread, value.number});
  }
  return all;
}

/// The same for executions which differ in the numbers of threads alone.
calls_of_threads whoever_it_was(const seen_results::calls& of) {
  constexpr std::size_t most_threads_that_call = 4;
  std::vector<std::size_t> place(moment::outside + 1);
  std::iota(place.begin(), place.end(), 0U);
  calls_of_threads least = in_order(of, place);
  const auto end = place.begin() + most_threads_that_call;
  while (std::next_permutation(place.begin(), end)) least = std::min(least, in_order(of, place));
  return least;
}

struct searched {
  result outcome;
  results_of_executions results;
};

template <class Run>
searched results_of(Run run) {
  seen_results seen;
  seen_results::current() = &seen;
  result r = run();
  seen_results::current() = nullptr;
  searched s{std::move(r), {}};
  for (const auto& calls : seen.all()) s.results.insert(whoever_it_was(calls));
  return s;
}

searched searched_by(const search& how, const program& p, bool mpmc = false) {
  return results_of([&] { return run(engine::explorer, p, mpmc, how, {}); });
}

const scenario* find(const std::string& name) {
  for (const scenario& s : registry()) {
    if (s.name == name && s.engine == text(engine::explorer)) return &s;
  }
  return nullptr;
}

/// "two senders (capacity 1, reduced)": the name without that; empty if it has another end.
std::string name_in_full(const std::string& name) {
  const std::string end = std::string(reduced_suffix) + ")";
  return name.ends_with(end) ? name.substr(0, name.size() - end.size()) + ")" : "";
}

TEST(Reduced, ScenariosHaveTheResultsOfTheFullSearch) {
  unsigned compared = 0;
  for (const scenario& s : registry()) {
    const scenario* const full = find(name_in_full(s.name));
    if (full == nullptr) continue;
    options limited;
    limited.limit = small;
    const searched whole = results_of([&] { return full->run(full->search, limited); });
    if (whole.outcome.verdict == verdict::incomplete) continue;
    const searched part = results_of([&] { return s.run(s.search, {}); });
    EXPECT_EQ(whole.outcome.verdict, verdict::passed) << full->name << whole.outcome.message;
    EXPECT_EQ(part.outcome.verdict, verdict::passed) << s.name << part.outcome.message;
    EXPECT_LT(part.outcome.executions, whole.outcome.executions) << s.name;
    EXPECT_FALSE(whole.results.empty()) << full->name;
    EXPECT_EQ(part.results, whole.results) << s.name;
    ++compared;
  }
  EXPECT_GE(compared, 2U);
}

// ---- Each by itself

const std::vector<thread_program> a_message_each{sender({send(1)}), sender({send(2)}),
                                                 receiver({recv()})};

struct sample {
  std::string_view name;
  program of;
  bool mpmc = false;
};
std::ostream& operator<<(std::ostream& out, const sample& s) { return out << s.name; }

class ReducedSample : public ::testing::TestWithParam<sample> {};

TEST_P(ReducedSample, HasTheResultsOfTheFullSearch) {
  const auto& [name, p, mpmc] = GetParam();
  const searched whole = searched_by(search::full(), p, mpmc);
  ASSERT_EQ(whole.outcome.verdict, verdict::passed) << whole.outcome.message;
  for (const reductions by : {reductions(reduction::retries), retries_and_guesses}) {
    const searched part = searched_by(search::reduced(by), p, mpmc);
    EXPECT_EQ(part.outcome.verdict, verdict::passed) << part.outcome.message;
    EXPECT_EQ(part.results, whole.results);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Programs, ReducedSample,
    ::testing::Values(
        sample{"one message", {1, {sender({send(1)}), receiver({recv()})}}},
        sample{"full and empty",
               {2,
                {sender({try_send(1), try_send(2), try_send(3)}),
                 receiver({try_recv(), try_recv()})}}},
        sample{"two that try",
               {1, {sender({try_send(1)}), sender({try_send(2)}), receiver({try_recv()})}}},
        sample{"with deadlines", {1, {sender({send_for(1), send_for(2)}), receiver({recv_for()})}}},
        sample{"the receiver goes", {1, {sender({send(1)}), sender({send(2)}), receiver({})}}},
        sample{"list of a sole receiver",
               {unbounded, {sender({send(1), send(2)}), draining_receiver()}, 1}},
        sample{"two senders to a sole receiver",
               {unbounded, {sender({send(1)}), sender({send(2)}), receiver({try_recv()})}, 1}},
        sample{"two receivers of a list",
               {unbounded, {sender({send(1)}), receiver({try_recv()}), receiver({try_recv()})}, 1},
               true}));

/// Of n threads that are alike, n! executions are the same.
TEST(DropsInOrder, DivideTheNumberOfExecutions) {
  const auto executions = [](const search& how, const program& p, bool mpmc) {
    const result r = run(engine::explorer, p, mpmc, how, {});
    EXPECT_EQ(r.verdict, verdict::passed) << r.message;
    return r.executions;
  };
  const auto expect_divided = [&](std::uint64_t by, const program& p, bool mpmc = false) {
    EXPECT_EQ(executions(search::reduced(reduction::drops), p, mpmc) * by,
              executions(search::full(), p, mpmc));
  };
  expect_divided(2, {1, a_message_each});
  expect_divided(2, {rendezvous, {sender({send(1)}), sender({send(2)}), draining_receiver()}});
  expect_divided(2, {unbounded, {sender({send(1)}), sender({send(2)}), receiver({})}, 1});
  expect_divided(2, {1, {sender({}), receiver({recv()}), receiver({recv()})}}, true);
  expect_divided(6, {1, {sender({}), sender({}), sender({}), receiver({try_recv()})}});
  expect_divided(4, {1, {sender({}), sender({}), receiver({}), receiver({})}}, true);
}

// ---- Planted

/// For the duration of a scope.
class planted {
 public:
  explicit planted(planted_reduction p) { current_planted_reduction() = p; }
  ~planted() { current_planted_reduction() = planted_reduction::none; }
  planted(const planted&) = delete;
  planted& operator=(const planted&) = delete;
};

/// Nobody finds the queue empty.
TEST(Planted, AReductionThatLeavesOutLooksThatFailHasFewerResults) {
  const queue_program p{.capacity = 2, .threads = {{try_send(1)}, {try_recv()}}, .block_length = 1};
  const auto results_by = [&p](const search& how) {
    const searched s = results_of([&] { return run(engine::explorer, p, how, {}); });
    EXPECT_EQ(s.outcome.verdict, verdict::passed) << s.outcome.message;
    return s.results;
  };
  const auto whole = results_by(search::full());
  EXPECT_EQ(results_by(search::reduced(retries_and_guesses)), whole);
  const planted mistake(planted_reduction::looks_that_fail);
  EXPECT_LT(results_by(search::reduced(retries_and_guesses)).size(), whole.size());
}

/// The number of executions is another one than the record has.
TEST(Planted, AReductionThatLeavesOutAttemptsWithEffectsIsADrift) {
  const scenario* const s =
      find("two senders keep their own order (a message each, capacity 1, reduced)");
  ASSERT_NE(s, nullptr);
  EXPECT_EQ(s->run(s->search, {}).verdict, verdict::passed);
  const planted mistake(planted_reduction::effects);
  EXPECT_EQ(s->run(s->search, {}).failure, kind::drift);
}

// ---- What it refuses

TEST(Reductions, AreRefusedWhereTheyDoNotHold) {
  const auto refused = [](reductions by, const program& p) {
    EXPECT_THROW(run(engine::explorer, p, false, search::reduced(by), {}), std::invalid_argument);
  };
  refused(reduction::guesses, {1, a_message_each});
  refused(reduction::drops, {1, {sender({send(1)}), sender({}), receiver({recv()})}});
  refused(reduction::drops, {1, {sender({send(1)}), sender({try_send(2)}), receiver({recv()})}});
  refused(reduction::drops, {1, {sender({send(1)}), receiver({recv()})}});
  refused(reduction::drops, {.capacity = 1, .threads = a_message_each, .stays_open = true});
  refused(reduction::drops, {1,
                             {sender({clone_sender(), drop_sender()}),
                              sender({clone_sender(), drop_sender()}), receiver({})}});
  search with_faults = search::full(1);
  with_faults.reductions = reduction::retries;
  EXPECT_THROW(run(engine::explorer, {1, a_message_each}, false, with_faults, {}),
               std::invalid_argument);
}

// ---- Mistakes

/// With drops in order too, where they can be.
result run_reduced(const scenario& s, reductions by) {
  try {
    return s.run(search::reduced(by | reduction::drops), {});
  } catch (const std::invalid_argument&) {
    return s.run(search::reduced(by), {});
  }
}

/// What is found of two in another way.
std::string_view expected_of(const scenario& s, reductions by) {
  // The first execution that fails is another one.
  if (s.name == "broken: a waiter is left in its list" && by.has(reduction::guesses))
    return "crash";
  // Each attempt fails, for ever. Where retries are cut the first one is left to be told from an await; it is not
  // even made if its look would have to succeed.
  if (s.name == "broken: the slot is released for the wrong lap")
    return by.has(reduction::guesses) ? kind::no_execution : kind::deadlock;
  return s.expected_failure;
}

TEST(Reduced, BrokenChannelsAreCaught) {
  unsigned caught = 0;
  for (const scenario& s : registry()) {
    const bool has_faults = s.search.faults != 0 || s.search.failed_allocations != 0;
    if (s.engine != text(engine::explorer) || s.expected_failure.empty() || has_faults) continue;
    for (const reductions by : {reductions(reduction::retries), retries_and_guesses}) {
      const result r = run_reduced(s, by);
      EXPECT_EQ(r.verdict, verdict::failed) << s.name;
      EXPECT_EQ(r.failure, expected_of(s, by)) << s.name << ": " << r.message;
    }
    ++caught;
  }
  EXPECT_GE(caught, 50U);
}

}  // namespace
}  // namespace runnel::check

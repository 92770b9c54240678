// SPDX-License-Identifier: MIT
//
// Reductions of a search: of executions in which calls return the same, and the same goes wrong, one is
// visited. The arguments that follow are for the explorer, where an execution is a graph of RC11: its events,
// what each read reads from, and the modification orders.
//
// drops in order. If the threads of a side are alike, each drops the handle that it has in the order of their
// numbers. (graph_platform.hpp: the drop waits until the count is what it has to be.)
//
//   All drop by a read-modify-write of one count, so the modification order has them in one order. To exchange two
//   threads that are alike, and their messages, makes of an execution another one, and exchanges their places in
//   that order. So of n such threads each execution has n! forms, and one of them is visited. In an execution in
//   which some never come to their drop, those that do are the first ones of that form. A drop that is not the
//   last one does nothing else: nobody waits in vain for one that has to wait for its turn.
//
//   It takes threads whose programs differ in the values alone, messages that nothing is decided by, and an
//   oracle to which one value is as good as another. Nothing is weakened.
//
// retries cut. An attempt at an operation that fails, has written nothing and is made again, is not made.
// (A claim that would be lost goes no further, nor does an attempt that is about to wait for one step of another
// thread and begin anew.)
//
//   Take the events of such an attempt out of an execution: all of them are reads, which nobody reads from, and
//   the thread begins its next attempt as it had begun this one. If that goes on with the value that a failed
//   compare-exchange has read, let its first load read this: both are relaxed. What is left is an execution of the
//   program. Happens-before and the order of seq_cst operations lose edges and get none, so it is consistent, and
//   whoever raced, leaked, lost a value or slept still does. Failed attempts are still begun: what they touch is
//   checked.
//
//   It weakens the oracle: the order that it looks for has to extend happens-before, of which the edges are gone
//   that only the acquire of a failed attempt made. And an attempt that fails for ever is found to be a livelock
//   only where `guesses` does not hide it.
//
// guesses chosen (with `retries`). Whether a look, which is said to decide nothing, fails, is a choice, and
// such a look reads nothing; one that does not fail has to succeed.
//
//   Take out the reads of a look that fails: what is left is, as above, an execution in which it fails by choice.
//   And a look right after one that has failed by choice would do what that one could have done: it fails too.
//   There are executions besides in which a look fails that could not: so it is checked that guesses decide
//   nothing. (A look that serves a waiter, under the mutex, is left as it is.)
//
//   It weakens the same, for looks that fail.
//
// So what is small is searched in full as well, and the results of both are compared (reduced_test.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::check {

enum class reduction : std::uint8_t { drops, retries, guesses };

/// A set of them.
class reductions {
 public:
  constexpr reductions() = default;
  constexpr reductions(reduction r)  // NOLINT(google-explicit-constructor): one is a set
      : bits_(static_cast<std::uint8_t>(1U << static_cast<unsigned>(r))) {}

  /// All three.
  static constexpr reductions every() {
    reductions r;
    for (const reduction one : all) r = r | one;
    return r;
  }
  static constexpr std::array<reduction, 3> all{reduction::drops, reduction::retries,
                                                reduction::guesses};

  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr bool has(reduction r) const { return (bits_ & reductions(r).bits_) != 0; }
  friend constexpr reductions operator|(reductions a, reductions b) {
    a.bits_ = static_cast<std::uint8_t>(a.bits_ | b.bits_);
    return a;
  }
  friend constexpr bool operator==(reductions, reductions) = default;

 private:
  std::uint8_t bits_ = 0;
};
constexpr reductions operator|(reduction a, reduction b) { return reductions(a) | reductions(b); }

inline constexpr std::string_view text(reduction r) {
  switch (r) {
    case reduction::drops: return "drops";
    case reduction::retries: return "retries";
    case reduction::guesses: break;
  }
  return "guesses";
}

/// Their names.
inline std::vector<std::string> names_of(reductions of) {
  std::vector<std::string> list;
  for (const reduction r : reductions::all)
    if (of.has(r)) list.emplace_back(text(r));
  return list;
}

/// Those of the search that goes on.
inline reductions& current_reductions() {
  static reductions r;
  return r;
}

}  // namespace runnel::check

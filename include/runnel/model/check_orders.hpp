// SPDX-License-Identifier: MIT
//
// Which memory orders a check needs: each operation of the code under test gets each weaker order, one at a
// time, and the check has to fail.
//
//     int main(int argc, char** argv) {
//       return runnel::model::check_orders<hand_off>("a hand-off", argc, argv, sends, receives);
//     }
//
// See docs/model-checking.md.
#pragma once

#include <runnel/core/language.hpp>

#include <runnel/model/check.hpp>
#include <runnel/model/explore.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::model {

/// What came of one weaker order.
struct order_trial {
  std::memory_order weaker = std::memory_order::relaxed;  ///< that was tried
  explore_result result;                                  ///< of the search with it

  /// The check fails with it.
  [[nodiscard]] bool fails() const { return result.end == end_of_search::failed; }
  /// A limit ended the search before it failed.
  [[nodiscard]] bool is_open() const { return result.end == end_of_search::cut; }
};

/// An order of an operation, and the weaker ones that were tried: a weaker one again only of those with which
/// the check passes.
struct order_finding {
  order_use use;                    ///< which order, of which operation
  std::vector<order_trial> trials;  ///< what came of the weaker ones

  /// Every order that is one step weaker makes the check fail; true of relaxed.
  [[nodiscard]] bool is_needed() const;
  /// It is not known whether it is needed: a limit ended a search.
  [[nodiscard]] bool is_open() const;
};

/// Explores the program, then again with each weaker order of each operation that it came to. Where the code
/// stands is told by the place of the operation: a line of a file, or the name that was given as the last
/// argument, `load(order, {"stack.top"})`. Operators, and the mutexes of the model, keep their orders.
///
/// Throws std::invalid_argument if the program fails as it is, or a limit ends its search: nothing is known of
/// its orders then; and if no operation has an order that could be weaker. `how` is of each search, but for what these decide themselves.
std::vector<order_finding> find_needed_orders(program& p, const explore_options& how = {});

/// The same as a program: explores as the arguments of the command line say, prints a table to stdout (with
/// `--explain DIR` as pages as well), and returns the exit status: 0 if every order is needed; 1 if the check passes with a weaker one, fails as it is,
/// or a limit ended a search; 2 for wrong arguments. `--help` lists the options.
int check_orders(std::string_view name, program& p, int argc, const char* const* argv);

template <class Test>
int check_orders(std::string_view name, int argc, const char* const* argv) {
  test_program<Test> p;
  return model::check_orders(name, p, argc, argv);
}
template <class State, class... Bodies>
  requires(sizeof...(Bodies) > 0)
int check_orders(std::string_view name, int argc, const char* const* argv, Bodies... bodies) {
  bodies_program<State, Bodies...> p(std::move(bodies)...);
  return model::check_orders(name, p, argc, argv);
}

}  // namespace runnel::model

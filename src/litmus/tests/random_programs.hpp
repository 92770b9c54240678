// SPDX-License-Identifier: MIT
//
// Random litmus programs, small enough for the enumeration.
#pragma once

#include "litmus/program.hpp"

#include <rapidcheck.h>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>

namespace runnel::litmus_core {

class random_programs {
 public:
  /// Within a property.
  program draw() {
    program_ = {};
    program_.name = "random";
    for (const char* const name : {"x", "y"})
      program_.locations.push_back({name, one_of<value>({0, 0, 1})});
    const std::size_t threads = 2 + below(2);
    for (std::size_t t = 0; t < threads; ++t) add_thread(threads == 2 ? 4 : 3);
    program_.asks = one_of({quantifier::exists, quantifier::exists_not, quantifier::for_all});
    program_.condition = condition(2);
    if (below(4) == 0) program_.filter = condition(1);
    if (below(2) == 0) program_.shown.push_back({.index = static_cast<unsigned>(below(2))});
    return program_;
  }

 private:
  static std::size_t below(std::size_t n) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, n));
  }
  template <class T>
  static T one_of(std::initializer_list<T> values) {
    return *(values.begin() + below(values.size()));
  }

  void add_thread(std::size_t most) {
    thread_ = &program_.threads.emplace_back();
    for (const char* const name : {"r0", "r1", "r2"}) thread_->locals.push_back({name, 0});
    thread_->body = statements(1 + below(most), 1);
  }

  std::vector<statement> statements(std::size_t n, unsigned depth) {
    std::vector<statement> list;
    for (; n > 0; --n) list.push_back(statement_in(depth));
    return list;
  }

  statement statement_in(unsigned depth) {
    using enum statement::kind;
    statement s{.is =
                    one_of({store, assign, store, assign, fence, evaluate, branch, loop, assume})};
    if ((s.is == branch || s.is == loop) && depth == 0) s.is = assign;
    s.local = s.is == assign ? local() : 0;
    if (s.is == fence) s.order = any_order();
    if (s.is == store)
      s.access = access_in(
          {std::memory_order::relaxed, std::memory_order::release, std::memory_order::seq_cst});
    if (s.is == store || s.is == branch || s.is == loop || s.is == assume) s.value = calculation(1);
    if (s.is == assign) s.value = below(4) == 0 ? calculation(2) : accessing();
    if (s.is == evaluate) s.value = accessing();
    if (s.is == evaluate && s.value->is == expression::kind::load) s.value->access.plain = false;
    if (s.is == branch || s.is == loop) s.body = statements(1, depth - 1);
    if (s.is == branch && below(2) == 0) s.otherwise = statements(1, depth - 1);
    if (s.is == loop) s.body_first = below(2) == 0;
    return s;
  }

  /// Plain accesses of x alone: a thread's accesses of a location are all plain, or all atomic, as its parameter is.
  access access_in(std::initializer_list<std::memory_order> orders) {
    return {.location = static_cast<unsigned>(below(2)), .plain = false, .order = one_of(orders)};
  }
  static std::memory_order any_order() {
    return one_of({std::memory_order::acq_rel, std::memory_order::seq_cst,
                   std::memory_order::acquire, std::memory_order::release,
                   std::memory_order::relaxed});
  }
  static unsigned local() { return static_cast<unsigned>(below(3)); }

  expression accessing() {
    expression e{.is = one_of({expression::kind::load, expression::kind::load,
                               expression::kind::update, expression::kind::compare})};
    e.access = e.is == expression::kind::load
                   ? access_in({std::memory_order::relaxed, std::memory_order::acquire,
                                std::memory_order::seq_cst})
                   : access{.location = static_cast<unsigned>(below(2)), .order = any_order()};
    if (e.is == expression::kind::load) return e;
    e.operands.push_back(calculation(0));
    if (e.is == expression::kind::update) {
      e.updates = one_of({update::add, update::exchange, update::bit_or, update::subtract});
      return e;
    }
    e.failure = one_of(
        {std::memory_order::relaxed, std::memory_order::acquire, std::memory_order::seq_cst});
    e.weak = below(3) == 0;
    e.expected = local();
    return e;
  }

  expression calculation(unsigned depth) {
    if (depth == 0 || below(2) == 0) {
      if (below(2) == 0) return {.constant = one_of<value>({1, 0, 2, -1})};
      return {.is = expression::kind::local, .local = local()};
    }
    expression e{.is = expression::kind::calculation};
    if (below(4) == 0) {
      e.how = arithmetic::logical_not;
      e.operands.push_back(calculation(depth - 1));
      return e;
    }
    e.how = one_of({arithmetic::equal, arithmetic::add, arithmetic::unequal, arithmetic::bit_and,
                    arithmetic::less, arithmetic::logical_or});
    e.operands.push_back(calculation(depth - 1));
    e.operands.push_back(calculation(depth - 1));
    return e;
  }

  observed seen() {
    if (below(3) == 0) return {.index = static_cast<unsigned>(below(2))};
    return {.thread = static_cast<int>(below(program_.threads.size())), .index = local()};
  }

  proposition condition(unsigned depth) {
    const std::size_t kind = depth == 0 ? 0 : below(4);
    if (kind < 2)
      return {.is = proposition::kind::equal, .left = seen(), .right = one_of<value>({0, 1, 2})};
    proposition p{.is = kind == 2 ? proposition::kind::all : proposition::kind::none};
    p.parts.push_back(condition(0));
    if (kind == 2) p.parts.push_back(condition(0));
    return p;
  }

  program program_;
  thread* thread_ = nullptr;
};

}  // namespace runnel::litmus_core

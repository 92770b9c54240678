// SPDX-License-Identifier: MIT
#include "condition_reader.hpp"

#include <algorithm>
#include <utility>

namespace runnel::litmus_core {

namespace {

class condition_reader {
 public:
  explicit condition_reader(c_reader& r) : r_(r) {}

  void read_all() {
    if (r_.take_name("locations")) read_locations();
    if (r_.take_name("filter")) r_.made().filter = proposition_here();
    program& p = r_.made();
    const bool is_negated = r_.at("~") || r_.at_name("not");
    if (is_negated) r_.advance();
    if (r_.take_name("exists")) {
      p.asks = is_negated ? quantifier::exists_not : quantifier::exists;
    } else if (!is_negated && r_.take_name("forall")) {
      p.asks = quantifier::for_all;
    } else if (is_negated || !r_.at_end()) {
      return r_.fail_here(
          "expected 'locations', 'filter', 'exists', '~exists' or 'forall', or the end, " +
          r_.found());
    } else {
      return;
    }
    p.condition = proposition_here();
    if (!r_.at_end()) r_.fail_here("expected the end after the condition, " + r_.found());
  }

 private:
  void read_locations() {
    r_.expect("[", "after locations");
    while (!r_.at("]") && !r_.at_end()) {
      r_.made().shown.push_back(observed_here());
      if (!r_.take(";")) break;
    }
    r_.expect("]", "after the locations");
  }

  observed observed_here() {
    if (r_.at_kind(word::kind::number)) {
      const word of = r_.current();
      const value thread = r_.number("a thread");
      r_.expect(":", "after the number of a thread");
      return local_here(of, thread);
    }
    const bool in_brackets = r_.take("[");
    const word w = r_.current();
    const std::string name = r_.name("a location, or a local with its thread, as 0:r1");
    if (in_brackets) r_.expect("]", "after the location");
    const std::optional<unsigned> l = r_.find_location(name);
    if (!l) r_.fail(w.at, "there is no location '" + name + "'");
    return {.index = l.value_or(0)};
  }

  observed local_here(const word& of, value thread) {
    const word w = r_.current();
    const std::string name = r_.name("a local");
    const std::vector<litmus_core::thread>& threads = r_.made().threads;
    if (thread >= static_cast<value>(threads.size())) {
      r_.fail(of.at, "there is no thread " + std::to_string(thread));
      return {};
    }
    const std::vector<local>& locals = threads[static_cast<std::size_t>(thread)].locals;
    const auto l = std::ranges::find(locals, name, &local::name);
    if (l == locals.end())
      r_.fail(w.at, "thread " + std::to_string(thread) + " has no local '" + name + "'");
    return {.thread = static_cast<int>(thread), .index = static_cast<unsigned>(l - locals.begin())};
  }

  static proposition joined(proposition::kind how, proposition left, proposition right) {
    proposition p{.is = how};
    for (proposition* part : {&left, &right}) {
      if (part->is != how) {
        p.parts.push_back(std::move(*part));
        continue;
      }
      for (proposition& inner : part->parts) p.parts.push_back(std::move(inner));
    }
    return p;
  }

  static proposition negated(proposition p) {
    proposition n{.is = proposition::kind::none};
    n.parts.push_back(std::move(p));
    return n;
  }

  proposition proposition_here() {
    if (++depth_ > c_reader::most_depth) {
      r_.fail_here("the condition is nested too deeply");
      return {};
    }
    proposition left = disjunction();
    if (r_.take("=>"))
      left = joined(proposition::kind::any, negated(std::move(left)), proposition_here());
    --depth_;
    return left;
  }

  proposition disjunction() {
    proposition left = conjunction();
    while (r_.take("\\/")) left = joined(proposition::kind::any, std::move(left), conjunction());
    return left;
  }

  proposition conjunction() {
    proposition left = atom();
    while (r_.take("/\\")) left = joined(proposition::kind::all, std::move(left), atom());
    return left;
  }

  proposition atom() {
    if (r_.take("(")) {
      proposition p = proposition_here();
      r_.expect(")", "after the condition");
      return p;
    }
    if (r_.at("~") || r_.at_name("not")) {
      r_.advance();
      if (++depth_ > c_reader::most_depth) r_.fail_here("the condition is nested too deeply");
      proposition p = negated(atom());
      --depth_;
      return p;
    }
    if (r_.take_name("true")) return {};
    if (r_.take_name("false")) return negated({});
    proposition p{.is = proposition::kind::equal, .left = observed_here()};
    const bool is_negated = r_.at("!=") || r_.at("<>");
    if (is_negated) r_.advance();
    if (!is_negated && !r_.take("=") && !r_.take("=="))
      r_.fail_here("expected '=' or '!=', " + r_.found());
    p.right = r_.number("an integer");
    return is_negated ? negated(std::move(p)) : p;
  }

  c_reader& r_;
  unsigned depth_ = 0;
};

}  // namespace

void read_conditions(c_reader& r) { condition_reader(r).read_all(); }

}  // namespace runnel::litmus_core

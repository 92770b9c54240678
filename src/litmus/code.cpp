// SPDX-License-Identifier: MIT
#include "code.hpp"

#include <limits>
#include <utility>

namespace runnel::litmus_core {

namespace {

value wrapped(std::uint64_t b) { return static_cast<value>(b); }

/// What C leaves undefined, as a division by zero, is 0.
value quotient(value a, value b) {
  if (b == 0) return 0;
  return b == -1 ? wrapped(0 - bits(a)) : a / b;
}
value remainder(value a, value b) { return b == 0 || b == -1 ? 0 : a % b; }
value shifted_left(value a, value by) {
  return by < 0 || by > 63 ? 0 : wrapped(bits(a) << bits(by));
}
value shifted_right(value a, value by) { return by < 0 || by > 63 ? 0 : a >> by; }

value unary_result(arithmetic how, value a) {
  if (how == arithmetic::negate) return wrapped(0 - bits(a));
  return how == arithmetic::complement ? ~a : static_cast<value>(a == 0);
}

value binary_result(arithmetic how, value a, value b) {
  switch (how) {
    case arithmetic::multiply: return wrapped(bits(a) * bits(b));
    case arithmetic::divide: return quotient(a, b);
    case arithmetic::remainder: return remainder(a, b);
    case arithmetic::add: return wrapped(bits(a) + bits(b));
    case arithmetic::subtract: return wrapped(bits(a) - bits(b));
    case arithmetic::shift_left: return shifted_left(a, b);
    case arithmetic::shift_right: return shifted_right(a, b);
    case arithmetic::less: return a < b ? 1 : 0;
    case arithmetic::less_equal: return a <= b ? 1 : 0;
    case arithmetic::greater: return a > b ? 1 : 0;
    case arithmetic::greater_equal: return a >= b ? 1 : 0;
    case arithmetic::equal: return a == b ? 1 : 0;
    case arithmetic::unequal: return a != b ? 1 : 0;
    case arithmetic::bit_and: return a & b;
    case arithmetic::bit_xor: return a ^ b;
    case arithmetic::bit_or: return a | b;
    case arithmetic::logical_and: return a != 0 && b != 0 ? 1 : 0;
    case arithmetic::logical_or: return a != 0 || b != 0 ? 1 : 0;
    case arithmetic::negate:
    case arithmetic::complement:
    case arithmetic::logical_not: break;
  }
  return 0;
}

class compiler {
 public:
  explicit compiler(const thread& t) {
    for (const local& l : t.locals) code_.initial.push_back(l.initial);
    add(t.body);
  }

  code made() { return std::move(code_); }

 private:
  unsigned new_register() {
    code_.initial.push_back(0);
    return static_cast<unsigned>(code_.initial.size() - 1);
  }
  instruction& add(instruction i) { return code_.instructions.emplace_back(std::move(i)); }
  [[nodiscard]] std::size_t here() const { return code_.instructions.size(); }

  /// Does the access that is in the expression, and gives the rest.
  expression without_access(const expression& e) {
    expression pure = e;
    for (expression& o : pure.operands) o = without_access(o);
    if (e.is == expression::kind::constant || e.is == expression::kind::local ||
        e.is == expression::kind::calculation)
      return pure;
    const unsigned target = new_register();
    instruction i{.target = target, .access = e.access, .at = e.at};
    if (e.is == expression::kind::load) {
      i.is = instruction::kind::load;
      add(i);
    } else if (e.is == expression::kind::update) {
      i.is = instruction::kind::update;
      i.updates = e.updates;
      i.value = std::move(pure.operands[0]);
      add(std::move(i));
    } else {
      add_compare(e, i, std::move(pure.operands[0]));
    }
    return {.is = expression::kind::local, .local = target};
  }

  void add_compare(const expression& e, instruction i, expression desired) {
    i.is = instruction::kind::compare;
    i.failure = e.failure;
    i.weak = e.weak;
    i.expected = e.expects_location ? new_register() : e.expected;
    const access where{.location = e.expected, .plain = true};
    if (e.expects_location)
      add({.is = instruction::kind::load, .target = i.expected, .access = where, .at = e.at});
    i.value = std::move(desired);
    add(i);
    if (!e.expects_location) return;
    const expression failed{.is = expression::kind::calculation,
                            .how = arithmetic::logical_not,
                            .operands = {{.is = expression::kind::local, .local = i.target}}};
    const std::size_t branch = here();
    add({.is = instruction::kind::unless, .value = failed});
    add({.is = instruction::kind::store,
         .access = where,
         .value = {.is = expression::kind::local, .local = i.expected},
         .at = e.at});
    code_.instructions[branch].to = here();
  }

  void add(const std::vector<statement>& list) {
    for (const statement& s : list) add(s);
  }

  void add(const statement& s) {
    if (s.is == statement::kind::branch) return add_branch(s);
    if (s.is == statement::kind::loop) return add_loop(s);
    instruction i{.access = s.access, .at = s.at};
    if (s.value) i.value = without_access(*s.value);
    switch (s.is) {
      case statement::kind::assign:
        i.is = instruction::kind::set;
        i.target = s.local;
        break;
      case statement::kind::store: i.is = instruction::kind::store; break;
      case statement::kind::fence:
        i.is = instruction::kind::fence;
        i.access.order = s.order;
        break;
      case statement::kind::assume: i.is = instruction::kind::assume; break;
      case statement::kind::evaluate:
      case statement::kind::branch:
      case statement::kind::loop: return;
    }
    add(std::move(i));
  }

  void add_branch(const statement& s) {
    instruction i{.is = instruction::kind::unless, .at = s.at};
    i.value = without_access(*s.value);
    const std::size_t branch = here();
    add(std::move(i));
    add(s.body);
    const std::size_t end = here();
    if (!s.otherwise.empty()) add({.is = instruction::kind::jump});
    code_.instructions[branch].to = here();
    add(s.otherwise);
    if (!s.otherwise.empty()) code_.instructions[end].to = here();
  }

  /// A round is counted before its body.
  void add_loop(const statement& s) {
    const unsigned rounds = new_register();
    add({.is = instruction::kind::set, .target = rounds});
    const std::size_t begin = here();
    if (s.body_first) {
      add({.is = instruction::kind::count_round, .target = rounds, .at = s.at});
      add(s.body);
    }
    instruction i{.is = instruction::kind::unless, .at = s.at};
    i.value = without_access(*s.value);
    const std::size_t branch = here();
    add(std::move(i));
    if (!s.body_first) {
      add({.is = instruction::kind::count_round, .target = rounds, .at = s.at});
      add(s.body);
    }
    add({.is = instruction::kind::jump, .to = begin});
    code_.instructions[branch].to = here();
  }

  code code_;
};

}  // namespace

code compiled(const thread& t) { return compiler(t).made(); }

value result_of(const expression& e, const std::vector<value>& registers) {
  if (e.is == expression::kind::constant) return e.constant;
  if (e.is == expression::kind::local) return registers[e.local];
  const value a = result_of(e.operands[0], registers);
  return e.operands.size() == 1 ? unary_result(e.how, a)
                                : binary_result(e.how, a, result_of(e.operands[1], registers));
}

value result_of(update u, value old, value operand) {
  switch (u) {
    case update::exchange: return operand;
    case update::add: return wrapped(bits(old) + bits(operand));
    case update::subtract: return wrapped(bits(old) - bits(operand));
    case update::bit_and: return old & operand;
    case update::bit_or: return old | operand;
    case update::bit_xor: return old ^ operand;
  }
  return old;
}

void machine::begin() {
  registers_ = code_.initial;
  next_ = 0;
}

machine::stop machine::go_on() {
  while (next_ < code_.instructions.size()) {
    const instruction& i = code_.instructions[next_];
    switch (i.is) {
      case instruction::kind::set:
        registers_[i.target] = result_of(i.value, registers_);
        ++next_;
        break;
      case instruction::kind::unless:
        next_ = result_of(i.value, registers_) == 0 ? i.to : next_ + 1;
        break;
      case instruction::kind::jump: next_ = i.to; break;
      case instruction::kind::assume:
        if (result_of(i.value, registers_) == 0) return stop::assumed;
        ++next_;
        break;
      case instruction::kind::count_round:
        if (registers_[i.target]++ == static_cast<value>(rounds_)) return stop::unrolled;
        ++next_;
        break;
      case instruction::kind::load:
      case instruction::kind::store:
      case instruction::kind::update:
      case instruction::kind::compare:
      case instruction::kind::fence: return stop::access;
    }
  }
  return stop::finished;
}

}  // namespace runnel::litmus_core

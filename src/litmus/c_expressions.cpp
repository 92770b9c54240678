// SPDX-License-Identifier: MIT
#include "c_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace runnel::litmus_core {

namespace {

struct binary {
  std::string_view sign;
  arithmetic how;
  unsigned precedence;
};
constexpr std::array<binary, 18> binary_operators{{{"||", arithmetic::logical_or, 1},
                                                   {"&&", arithmetic::logical_and, 2},
                                                   {"|", arithmetic::bit_or, 3},
                                                   {"^", arithmetic::bit_xor, 4},
                                                   {"&", arithmetic::bit_and, 5},
                                                   {"==", arithmetic::equal, 6},
                                                   {"!=", arithmetic::unequal, 6},
                                                   {"<", arithmetic::less, 7},
                                                   {"<=", arithmetic::less_equal, 7},
                                                   {">", arithmetic::greater, 7},
                                                   {">=", arithmetic::greater_equal, 7},
                                                   {"<<", arithmetic::shift_left, 8},
                                                   {">>", arithmetic::shift_right, 8},
                                                   {"+", arithmetic::add, 9},
                                                   {"-", arithmetic::subtract, 9},
                                                   {"*", arithmetic::multiply, 10},
                                                   {"/", arithmetic::divide, 10},
                                                   {"%", arithmetic::remainder, 10}}};

struct named_order {
  std::string_view name;
  std::memory_order order;
};
constexpr std::array<named_order, 6> orders{{{"relaxed", std::memory_order::relaxed},
                                             {"consume", std::memory_order::consume},
                                             {"acquire", std::memory_order::acquire},
                                             {"release", std::memory_order::release},
                                             {"acq_rel", std::memory_order::acq_rel},
                                             {"seq_cst", std::memory_order::seq_cst}}};

struct named_update {
  std::string_view name;
  update how;
};
constexpr std::array<named_update, 6> updates{{{"exchange", update::exchange},
                                               {"fetch_add", update::add},
                                               {"fetch_sub", update::subtract},
                                               {"fetch_and", update::bit_and},
                                               {"fetch_or", update::bit_or},
                                               {"fetch_xor", update::bit_xor}}};

bool is_kernel_name(std::string_view n) {
  return n == "READ_ONCE" || n == "WRITE_ONCE" || n.starts_with("smp_") || n.starts_with("rcu_") ||
         n.starts_with("srcu_") || n.starts_with("spin_") || n.starts_with("xchg") ||
         n.starts_with("cmpxchg") || n.starts_with("__") || n.starts_with("synchronize_") ||
         n.starts_with("atomic_add") || n.starts_with("atomic_sub") ||
         n.starts_with("atomic_inc") || n.starts_with("atomic_dec") || n == "atomic_read" ||
         n == "atomic_set" || n == "atomic_cmpxchg" || n == "atomic_xchg";
}

bool has_access(const expression& e) {
  return e.is == expression::kind::load || e.is == expression::kind::update ||
         e.is == expression::kind::compare || std::ranges::any_of(e.operands, has_access);
}

}  // namespace

std::optional<std::memory_order> order_called(std::string_view name) {
  for (const std::string_view prefix : {"memory_order_", "mo_"}) {
    if (!name.starts_with(prefix)) continue;
    name.remove_prefix(prefix.size());
    break;
  }
  const auto o = std::ranges::find(orders, name, &named_order::name);
  return o == orders.end() ? std::nullopt : std::optional(o->order);
}

std::string_view name_of(std::memory_order order) {
  return std::ranges::find(orders, order, &named_order::order)->name;
}

bool may_load(std::memory_order o) {
  return o != std::memory_order::release && o != std::memory_order::acq_rel;
}
bool may_store(std::memory_order o) {
  return o == std::memory_order::relaxed || o == std::memory_order::release ||
         o == std::memory_order::seq_cst;
}

/// Says so if the name means something that there is not.
bool c_reader::unsupported(const word& name) {
  const std::string_view n = name.text;
  if (find_local(n) || find_location(n) || n == "__VERIFIER_assume") return false;
  if (n == "lock" || n == "unlock" || n == "mtx_lock" || n == "mtx_unlock") {
    fail(name.at, "mutexes are not supported");
  } else if (is_kernel_name(n)) {
    fail(name.at,
         "'" + std::string(n) +
             "' is of the Linux kernel's memory model; supported are the atomics of C and C++");
  } else if (n == "goto" || n == "switch" || n == "break" || n == "continue") {
    fail(name.at, "'" + std::string(n) + "' is not supported; supported: if, while, do, for");
  }
  return failed();
}

// ---- Expressions

expression c_reader::whole_expression() {
  expression e = any_expression();
  check_sides(e);
  return e;
}

/// Of two accesses nobody says which is first; and what is behind && may not be evaluated at all.
void c_reader::check_sides(const expression& e) {
  for (const expression& o : e.operands) check_sides(o);
  if (e.is != expression::kind::calculation || e.operands.size() < 2) return;
  const bool decides = e.how == arithmetic::logical_and || e.how == arithmetic::logical_or;
  if (!has_access(e.operands[1]) || (!decides && !has_access(e.operands[0]))) return;
  fail(e.operands[1].at,
       decides ? "an access behind '&&' or '||' is not supported: use 'if'"
               : "C does not say which of the accesses in an expression comes first: write them as "
                 "statements");
}

expression c_reader::calculation(arithmetic how, expression left, expression right,
                                 position at) const {
  expression e{.is = expression::kind::calculation, .how = how, .at = at};
  e.operands.push_back(std::move(left));
  e.operands.push_back(std::move(right));
  return e;
}

expression c_reader::any_expression(unsigned precedence) {
  if (++depth_ > most_depth) {
    fail_here("the expression is nested too deeply");
    return {};
  }
  expression left = unary();
  for (;;) {
    const auto op =
        std::ranges::find_if(binary_operators, [&](const binary& b) { return at(b.sign); });
    if (op == binary_operators.end() || op->precedence <= precedence) break;
    const position where = word_.at;
    advance();
    left = calculation(op->how, std::move(left), any_expression(op->precedence), where);
  }
  if (at("?")) fail_here("'?' is not supported: use 'if'");
  --depth_;
  return left;
}

expression c_reader::unary() {
  const word first = word_;
  const auto operation = [&](arithmetic how) {
    advance();
    expression e{.is = expression::kind::calculation, .how = how, .at = first.at};
    if (++depth_ > most_depth) fail_here("the expression is nested too deeply");
    e.operands.push_back(unary());
    --depth_;
    return e;
  };
  if (at("-")) {
    expression e = operation(arithmetic::negate);
    if (e.operands[0].is != expression::kind::constant) return e;
    return {.constant = -e.operands[0].constant, .at = first.at};
  }
  if (at("~")) return operation(arithmetic::complement);
  if (at("!")) return operation(arithmetic::logical_not);
  if (take("+")) return unary();
  if (take("*")) {
    expression e = load(access_of(pointed_to()));
    e.at = first.at;
    return e;
  }
  return primary();
}

expression c_reader::primary() {
  const word first = word_;
  if (take("(")) {
    if (at_type() || at_name("void")) {
      if (!take_name("void")) (void)type();
      expect(")", "after the type");
      return unary();
    }
    expression e = any_expression();
    expect(")", "after the expression");
    return e;
  }
  if (at_kind(word::kind::number)) return {.constant = number("a number"), .at = first.at};
  if (!at_kind(word::kind::name)) {
    fail_here("expected an expression, " + found());
    return {};
  }
  if (unsupported(first)) return {};
  advance();
  return at("(") ? call(first) : named(first);
}

expression c_reader::load(access a) const { return {.is = expression::kind::load, .access = a}; }

/// A name that is not called.
expression c_reader::named(const word& w) {
  const std::string n(w.text);
  const std::optional<unsigned> location = find_location(n);
  if (location && find_shared(*location) != nullptr) {
    if (dialect_ == dialect::herd) {
      fail(w.at, "'" + n + "' is a pointer here: *" + n + " is what it points to");
      return {};
    }
    if (take(".")) return member_of(w, *location);
    expression e = load(access_of(*location));
    e.at = w.at;
    return e;
  }
  if (at(".")) {
    fail_here("'" + n + "' has no members");
    return {};
  }
  const std::optional<unsigned> l = find_local(n);
  if (!l) fail(w.at, "'" + n + "' is not declared");
  return {.is = expression::kind::local, .local = l.value_or(0), .at = w.at};
}

expression c_reader::call(const word& function) {
  std::string_view f = function.text;
  const bool is_explicit = f.ends_with("_explicit");
  if (is_explicit) f.remove_suffix(std::string_view("_explicit").size());
  if (f.starts_with("cas_")) {
    f.remove_prefix(4);
  } else if (f.starts_with("atomic_")) {
    f.remove_prefix(7);
    if (f.starts_with("compare_exchange_")) f.remove_prefix(17);
  } else {
    f = {};
  }
  const bool is_compare = f == "strong" || f == "weak";
  const bool is_update = std::ranges::find(updates, f, &named_update::name) != updates.end();
  if (!is_compare && !is_update && f != "load") {
    fail(function.at, "the function '" + std::string(function.text) +
                          "' is not supported; supported: atomic_load, atomic_store, "
                          "atomic_exchange, atomic_compare_exchange_strong and _weak, "
                          "atomic_fetch_add, _sub, _and, _or, _xor, each also with _explicit, and "
                          "atomic_thread_fence");
    return {};
  }
  expect("(", "after the function");
  const access a{.location = pointed_to()};
  if (f == "load") {
    expression e = load(a);
    e.at = function.at;
    if (is_explicit) e.access.order = order_in_call();
    expect(")", "after the arguments");
    check_order(e);
    return e;
  }
  expect(",", "after the location");
  return is_compare ? compare(a, f, function.at, is_explicit)
                    : fetch(a, f, function.at, is_explicit);
}

/// After the point.
expression c_reader::member_of(const word& object, unsigned location) {
  const word member = word_;
  const std::string m = name("a member of an atomic");
  const access a{.location = location};
  expression e;
  constexpr std::string_view compares = "compare_exchange_";
  const bool is_update = std::ranges::find(updates, m, &named_update::name) != updates.end();
  if (m == "load") {
    expect("(", "after load");
    e = load(a);
    e.at = object.at;
    if (!at(")")) e.access.order = order();
    expect(")", "after the order");
    check_order(e);
  } else if (is_update || m == "compare_exchange_strong" || m == "compare_exchange_weak") {
    expect("(", "after the member");
    e = is_update ? fetch(a, m, object.at, false)
                  : compare(a, m.substr(compares.size()), object.at, false);
  } else {
    fail(member.at, "the member '" + m +
                        "' is not supported; supported: load, store, exchange, "
                        "compare_exchange_strong and _weak, fetch_add, _sub, _and, _or, _xor, "
                        "readsvalue");
  }
  if (!at(".")) return e;
  advance();
  if (!take_name("readsvalue")) fail_here("expected 'readsvalue', " + found());
  expect("(", "after readsvalue");
  reads_value_ = number("the value that is read");
  expect(")", "after the value");
  return e;
}

/// After the location.
expression c_reader::fetch(access a, std::string_view function, position at_, bool has_order) {
  expression e{.is = expression::kind::update, .access = a, .at = at_};
  e.updates = std::ranges::find(updates, function, &named_update::name)->how;
  e.operands.push_back(any_expression());
  if (has_order || at(",")) e.access.order = order_in_call();
  expect(")", "after the arguments");
  return e;
}

expression c_reader::compare(access a, std::string_view function, position at_, bool has_orders) {
  expression e{.is = expression::kind::compare, .access = a, .at = at_};
  e.weak = function == "weak";
  expected_into(e);
  expect(",", "after the expected value");
  e.operands.push_back(any_expression());
  if (has_orders || at(",")) {
    e.access.order = order_in_call();
    // As C++ has it if there is one order.
    e.failure = e.access.order == std::memory_order::acq_rel   ? std::memory_order::acquire
                : e.access.order == std::memory_order::release ? std::memory_order::relaxed
                                                               : e.access.order;
    if (has_orders || at(",")) e.failure = order_in_call();
  }
  expect(")", "after the arguments");
  check_order(e);
  return e;
}

/// Where the expected value is: `&r`, or a location, or in CppMem's language a local alone.
void c_reader::expected_into(expression& compare) {
  const bool has_address = take("&");
  const word w = word_;
  const std::string n = name("where the expected value is");
  const std::optional<unsigned> l = find_location(n);
  if (l && find_shared(*l) != nullptr) {
    compare.expects_location = true;
    compare.expected = *l;
    return;
  }
  const std::optional<unsigned> r = thread_ == nullptr ? std::nullopt : find_local(n);
  if (!r) return fail(w.at, "'" + n + "' is not declared");
  if (!has_address && dialect_ == dialect::herd)
    return fail(w.at, "expected the address of the expected value: &" + n);
  compare.expected = *r;
}

void c_reader::check_order(const expression& e) {
  if (e.is == expression::kind::load && !may_load(e.access.order))
    fail(e.at, "a load is relaxed, acquire or seq_cst");
  if (e.is == expression::kind::compare && !may_load(e.failure))
    fail(e.at, "a compare-exchange that fails is relaxed, acquire or seq_cst");
}

// ---- Their parts

/// The argument that points to a location: `x` or `&x`, in parentheses or not.
unsigned c_reader::pointed_to() {
  unsigned parentheses = 0;
  while (take("(")) {
    ++parentheses;
    if (!at_type()) continue;
    (void)type();
    expect(")", "after the type");
    --parentheses;
  }
  const bool has_address = take("&");
  const word w = word_;
  const std::string n = name("a location");
  const std::optional<unsigned> l = find_location(n);
  if (!l || find_shared(*l) == nullptr) {
    fail(w.at, "'" + n + "' is no location that this thread shares");
    return 0;
  }
  if (has_address && dialect_ == dialect::herd)
    fail(w.at, "'" + n + "' is a pointer here, without '&'");
  for (; parentheses > 0; --parentheses) expect(")", "after the location");
  return *l;
}

/// Of what is written `*x`, or `x`: of an atomic it is seq_cst, as C and C++ have it.
access c_reader::access_of(unsigned location) const {
  const shared_name* const s = find_shared(location);
  return {.location = location, .plain = s == nullptr || !s->is_atomic};
}

std::memory_order c_reader::order_in_call() {
  expect(",", "before the order");
  return order();
}

std::memory_order c_reader::order() {
  if (take_name("std")) expect("::", "after std");
  if (take_name("memory_order")) expect("::", "after memory_order");
  const std::optional<std::memory_order> o =
      at_kind(word::kind::name) ? order_called(word_.text) : std::nullopt;
  if (!o) {
    fail_here(
        "expected an order, memory_order_relaxed, consume, acquire, release, acq_rel or "
        "seq_cst, " +
        found());
    return std::memory_order::seq_cst;
  }
  advance();
  return *o;
}

}  // namespace runnel::litmus_core

// SPDX-License-Identifier: MIT
#include "c_reader.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace runnel::litmus_core {

namespace {

constexpr std::array<std::string_view, 5> integer_types{"int", "long", "int32_t", "int64_t",
                                                        "intptr_t"};
constexpr std::array<std::string_view, 2> atomic_types{"atomic_int", "atomic_long"};
constexpr std::array<std::string_view, 25> other_types{
    "char",     "short",      "unsigned",    "signed",   "float",    "double",      "int8_t",
    "int16_t",  "uint8_t",    "uint16_t",    "uint32_t", "uint64_t", "uintptr_t",   "size_t",
    "__int128", "__int128_t", "__uint128_t", "struct",   "bool",     "atomic_bool", "atomic_flag",
    "mutex",    "atomic_t",   "spinlock_t",  "mtx_t"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

/// Decimal, hexadecimal or octal; nothing if it is none or does not fit.
std::optional<value> number_in(std::string_view text) {
  unsigned base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
  }
  if (text.empty()) return std::nullopt;
  std::uint64_t n = 0;
  for (const char c : text) {
    const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                           : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10
                           : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A') + 10
                                                  : base;
    if (digit >= base) return std::nullopt;
    n = n * base + digit;
    if (n > static_cast<std::uint64_t>(std::numeric_limits<value>::max())) return std::nullopt;
  }
  return static_cast<value>(n);
}

}  // namespace

// ---- Words

bool c_reader::at(std::string_view sign) const {
  return word_.is == word::kind::sign && word_.text == sign;
}
bool c_reader::at_name(std::string_view name) const {
  return word_.is == word::kind::name && word_.text == name;
}

void c_reader::advance() {
  if (failed()) return;
  word_ = lexer_.next();
  if (lexer_.open_comment()) fail(*lexer_.open_comment(), "this comment has no end");
}

bool c_reader::take(std::string_view sign) {
  if (!at(sign)) return false;
  advance();
  return true;
}
bool c_reader::take_name(std::string_view name) {
  if (!at_name(name)) return false;
  advance();
  return true;
}

void c_reader::expect(std::string_view sign, std::string_view where) {
  if (!take(sign))
    fail_here("expected '" + std::string(sign) + "' " + std::string(where) + ", " + found());
}

std::string c_reader::name(std::string_view what) {
  std::string text(word_.text);
  if (word_.is != word::kind::name) {
    fail_here("expected " + std::string(what) + ", " + found());
    return {};
  }
  advance();
  return text;
}

value c_reader::number(std::string_view what) {
  const bool is_negative = take("-");
  if (word_.is != word::kind::number) {
    fail_here("expected " + std::string(what) + ", " + found());
    return 0;
  }
  const std::optional<value> n = number_in(word_.text);
  if (!n) fail_here("'" + std::string(word_.text) + "' is no integer of 64 bits with a sign");
  advance();
  return is_negative ? -n.value_or(0) : n.value_or(0);
}

void c_reader::fail(position at, std::string message) {
  if (failed()) return;
  error_ = reading_error{at, std::move(message)};
  word_ = {};
}

std::string c_reader::found() const {
  return at_end() ? "found the end" : "found '" + std::string(word_.text) + "'";
}

// ---- Types and names

bool c_reader::at_type() const {
  if (word_.is != word::kind::name) return false;
  const std::string_view t = word_.text;
  return contains(integer_types, t) || contains(atomic_types, t) || contains(other_types, t) ||
         t == "const" || t == "volatile" || t == "_Atomic" || t == "atomic" || t == "std" ||
         t == "void" || t == "auto";
}

/// Qualifiers say nothing here.
litmus_core::type c_reader::type() {
  litmus_core::type t;
  bool has_base = false;
  const word first = word_;
  while (at_type()) {
    if (at_name("std")) {
      advance();
      expect("::", "after std");
      continue;
    }
    const std::string_view text = word_.text;
    if (contains(other_types, text) || text == "void" || text == "auto")
      return fail_here("the type '" + std::string(text) +
                       "' is not supported; supported: int, long, int32_t, int64_t, intptr_t, and "
                       "atomics of these"),
             t;
    t.is_atomic =
        t.is_atomic || text == "_Atomic" || text == "atomic" || contains(atomic_types, text);
    has_base = has_base || contains(integer_types, text) || contains(atomic_types, text);
    advance();
    if (text != "_Atomic" && text != "atomic") continue;
    const bool is_template = at("<");
    if (!is_template && !at("(")) continue;
    advance();
    const litmus_core::type inner = type();
    if (inner.pointers > 0) fail(first.at, "atomic pointers are not supported");
    expect(is_template ? ">" : ")", "after the type of the atomic");
    has_base = true;
  }
  if (!has_base) fail_here("expected a type, " + found());
  for (; at("*") || at_name("const") || at_name("volatile"); advance()) t.pointers += at("*");
  return t;
}

std::optional<unsigned> c_reader::find_location(std::string_view name) const {
  const auto l = std::ranges::find(program_.locations, name, &location::name);
  if (l == program_.locations.end()) return std::nullopt;
  return static_cast<unsigned>(l - program_.locations.begin());
}

/// That of the name, which is made known if it is not.
unsigned c_reader::location_of(const std::string& name) {
  if (const auto known = find_location(name)) return *known;
  program_.locations.push_back({name, 0});
  return static_cast<unsigned>(program_.locations.size() - 1);
}

void c_reader::begin_thread() {
  thread_ = &program_.threads.emplace_back();
  scopes_.assign(1, {});
  if (dialect_ == dialect::herd) shared_.clear();
}

void c_reader::share(unsigned location, bool is_atomic) {
  shared_.push_back({location, is_atomic});
}

void c_reader::end_thread() { thread_ = nullptr; }

const c_reader::shared_name* c_reader::find_shared(unsigned location) const {
  const auto s = std::ranges::find(shared_, location, &shared_name::location);
  return s == shared_.end() ? nullptr : &*s;
}

std::optional<unsigned> c_reader::find_local(std::string_view name) const {
  const auto l = std::ranges::find(thread_->locals, name, &local::name);
  if (l == thread_->locals.end()) return std::nullopt;
  return static_cast<unsigned>(l - thread_->locals.begin());
}

unsigned c_reader::local_of(const std::string& name) {
  if (const auto known = find_local(name)) return *known;
  thread_->locals.push_back({name, 0});
  return static_cast<unsigned>(thread_->locals.size() - 1);
}

// ---- Statements

std::vector<statement> c_reader::statements() {
  std::vector<statement> list;
  while (!at("}") && !at("}}}") && !at("|||") && !at_end()) statement_into(list);
  return list;
}

/// One statement or those in braces.
std::vector<statement> c_reader::block() {
  std::vector<statement> list;
  scopes_.emplace_back();
  statement_into(list);
  scopes_.pop_back();
  return list;
}

void c_reader::statement_into(std::vector<statement>& list) {
  if (++depth_ > most_depth) return fail_here("statements are nested too deeply");
  if (take("{")) {
    scopes_.emplace_back();
    for (statement& s : statements()) list.push_back(std::move(s));
    scopes_.pop_back();
    expect("}", "at the end of the block");
  } else if (at_name("if")) {
    branch_into(list);
  } else if (at_name("while")) {
    loop_into(list);
  } else if (at_name("do")) {
    do_loop_into(list);
  } else if (at_name("for")) {
    for_loop_into(list);
  } else if (at_type()) {
    declaration_into(list);
  } else if (!take(";")) {
    simple_into(list);
    expect(";", "at the end of the statement");
  }
  --depth_;
}

void c_reader::declaration_into(std::vector<statement>& list) {
  const litmus_core::type t = type();
  if (t.is_atomic || t.pointers > 0)
    return fail_here("locals that are atomics or pointers are not supported");
  do {
    const word declared = word_;
    const std::string n = name("the name of a local");
    if (find_location(n) && find_shared(*find_location(n)) != nullptr)
      return fail(declared.at, "'" + n + "' is a location that the thread shares");
    const unsigned l = local_of(n);
    for (const std::vector<unsigned>& scope : scopes_) {
      if (std::ranges::find(scope, l) != scope.end())
        return fail(declared.at, "'" + n + "' is declared a second time");
    }
    scopes_.back().push_back(l);
    if (at("[")) return fail_here("arrays are not supported");
    if (at("=")) assignment_into(list, declared);
  } while (take(","));
  expect(";", "at the end of the declaration");
}

expression c_reader::condition() {
  expect("(", "before the condition");
  expression e = whole_expression();
  expect(")", "after the condition");
  return e;
}

void c_reader::branch_into(std::vector<statement>& list) {
  statement s{.is = statement::kind::branch, .at = word_.at};
  advance();
  s.value = condition();
  s.body = block();
  if (take_name("else")) s.otherwise = block();
  list.push_back(std::move(s));
}

void c_reader::loop_into(std::vector<statement>& list) {
  statement s{.is = statement::kind::loop, .at = word_.at};
  advance();
  s.value = condition();
  s.body = block();
  list.push_back(std::move(s));
}

void c_reader::do_loop_into(std::vector<statement>& list) {
  statement s{.is = statement::kind::loop, .body_first = true, .at = word_.at};
  advance();
  s.body = block();
  if (!take_name("while")) fail_here("expected 'while' after the body of the loop, " + found());
  s.value = condition();
  expect(";", "after the loop");
  list.push_back(std::move(s));
}

/// What it begins with, then a while loop.
void c_reader::for_loop_into(std::vector<statement>& list) {
  statement s{.is = statement::kind::loop, .at = word_.at};
  advance();
  expect("(", "after for");
  scopes_.emplace_back();
  statement_into(list);
  s.value = at(";") ? expression{.constant = 1} : whole_expression();
  expect(";", "after the condition of the loop");
  std::vector<statement> step;
  if (!at(")")) simple_into(step);
  expect(")", "after the head of the loop");
  s.body = block();
  for (statement& last : step) s.body.push_back(std::move(last));
  scopes_.pop_back();
  list.push_back(std::move(s));
}

/// Without the semicolon.
void c_reader::simple_into(std::vector<statement>& list) {
  if (at("*")) return store_through_pointer_into(list);
  const word first = word_;
  if (first.is == word::kind::name) {
    if (take_name("return")) return fail(first.at, "'return' is not supported");
    if (unsupported(first)) return;
    advance();
    if (at("(") && call_statement_into(list, first)) return;
    if (at(".") && member_store_into(list, first)) return;
    if (!at("(") && !at(".")) {
      if (!assignment_into(list, first)) fail_here("expected an assignment or a call, " + found());
      return;
    }
    expression e = at("(") ? call(first) : named(first);
    return evaluate_into(list, std::move(e), first.at);
  }
  evaluate_into(list, whole_expression(), first.at);
}

void c_reader::evaluate_into(std::vector<statement>& list, expression e, position at) {
  check_sides(e);
  statement s{.is = statement::kind::evaluate, .at = at};
  if (reads_value_) {
    s.is = statement::kind::assume;
    e = calculation(arithmetic::equal, std::move(e), {.constant = *reads_value_}, at);
    reads_value_.reset();
  }
  s.value = std::move(e);
  list.push_back(std::move(s));
}

namespace {

struct assigning {
  std::string_view sign;
  arithmetic how;
};
constexpr std::array<assigning, 8> assigning_operators{{{"+=", arithmetic::add},
                                                        {"-=", arithmetic::subtract},
                                                        {"*=", arithmetic::multiply},
                                                        {"&=", arithmetic::bit_and},
                                                        {"|=", arithmetic::bit_or},
                                                        {"^=", arithmetic::bit_xor},
                                                        {"<<=", arithmetic::shift_left},
                                                        {">>=", arithmetic::shift_right}}};

}  // namespace

/// After the name of what is assigned to. False: this is no assignment.
bool c_reader::assignment_into(std::vector<statement>& list, const word& target) {
  const std::string n(target.text);
  const std::optional<unsigned> shared = find_location(n);
  const bool is_shared = shared && find_shared(*shared) != nullptr;
  const bool is_plain_assignment = at("=");
  const auto how =
      std::ranges::find_if(assigning_operators, [&](const assigning& a) { return at(a.sign); });
  const bool steps = at("++") || at("--");
  if (!is_plain_assignment && how == assigning_operators.end() && !steps) return false;
  if (is_shared && dialect_ == dialect::herd) {
    fail(target.at, "'" + n + "' is a pointer here: *" + n + " is what it points to");
    return true;
  }
  if (is_shared && !is_plain_assignment) {
    fail_here("'" + std::string(word_.text) + "' on what threads share is not supported: use '='");
    return true;
  }
  if (!is_shared && dialect_ == dialect::herd && !find_local(n)) {
    fail(target.at, "'" + n + "' is not declared");
    return true;
  }
  const word sign = word_;
  advance();
  if (is_shared) {
    store_into(list, access_of(*shared), target.at);
    return true;
  }
  const unsigned l = local_of(n);
  statement s{.is = statement::kind::assign, .local = l, .at = target.at};
  expression old{.is = expression::kind::local, .local = l, .at = target.at};
  if (steps) {
    s.value = calculation(sign.text == "++" ? arithmetic::add : arithmetic::subtract,
                          std::move(old), {.constant = 1, .at = sign.at}, sign.at);
  } else if (is_plain_assignment) {
    s.value = whole_expression();
  } else {
    s.value = calculation(how->how, std::move(old), whole_expression(), sign.at);
  }
  list.push_back(std::move(s));
  if (!reads_value_) return true;
  list.push_back({.is = statement::kind::assume,
                  .value = calculation(arithmetic::equal,
                                       {.is = expression::kind::local, .local = l, .at = target.at},
                                       {.constant = *reads_value_}, target.at),
                  .at = target.at});
  reads_value_.reset();
  return true;
}

void c_reader::store_into(std::vector<statement>& list, access a, position at) {
  statement s{.is = statement::kind::store, .access = a, .at = at};
  s.value = whole_expression();
  if (reads_value_) fail(at, "'.readsvalue' is supported where the value is assigned to a local");
  list.push_back(std::move(s));
}

void c_reader::store_through_pointer_into(std::vector<statement>& list) {
  const word star = word_;
  advance();
  const unsigned l = pointed_to();
  if (!take("=")) return fail_here("expected '=' after what is written to, " + found());
  store_into(list, access_of(l), star.at);
}

/// Functions that have no value. False: others.
bool c_reader::call_statement_into(std::vector<statement>& list, const word& called) {
  const std::string_view f = called.text;
  if (f == "atomic_store" || f == "atomic_store_explicit") {
    advance();
    const unsigned l = pointed_to();
    expect(",", "after the location");
    statement s{.is = statement::kind::store, .access = {.location = l}, .at = called.at};
    s.value = whole_expression();
    if (f == "atomic_store_explicit") s.access.order = order_in_call();
    expect(")", "after the arguments");
    if (!may_store(s.access.order)) fail(called.at, "a store is relaxed, release or seq_cst");
    list.push_back(std::move(s));
    return true;
  }
  if (f == "__VERIFIER_assume") {
    list.push_back({.is = statement::kind::assume, .at = called.at});
    list.back().value = condition();
    return true;
  }
  if (f == "atomic_thread_fence" || (f == "fence" && dialect_ == dialect::cppmem)) {
    advance();
    list.push_back({.is = statement::kind::fence, .order = order(), .at = called.at});
    expect(")", "after the order");
    return true;
  }
  return false;
}

/// `x.store(1, order)`. False: it is no store.
bool c_reader::member_store_into(std::vector<statement>& list, const word& object) {
  const std::optional<unsigned> l = find_location(object.text);
  lexer ahead = lexer_;
  if (ahead.next().text != "store") return false;
  if (dialect_ == dialect::herd) {
    fail_here("members are not supported here: atomic_store_explicit, say");
    return true;
  }
  if (!l) {
    fail(object.at, "'" + std::string(object.text) + "' is not declared");
    return true;
  }
  advance();
  advance();
  expect("(", "after store");
  statement s{.is = statement::kind::store, .access = {.location = *l}, .at = object.at};
  s.value = whole_expression();
  if (at(",")) s.access.order = order_in_call();
  expect(")", "after the arguments");
  if (!may_store(s.access.order)) fail(object.at, "a store is relaxed, release or seq_cst");
  list.push_back(std::move(s));
  return true;
}

}  // namespace runnel::litmus_core

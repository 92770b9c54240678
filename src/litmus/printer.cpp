// SPDX-License-Identifier: MIT
#include "printer.hpp"

#include "c_reader.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace runnel::litmus_core {

namespace {

std::string_view sign_of(arithmetic a) {
  switch (a) {
    case arithmetic::negate:
    case arithmetic::subtract: return "-";
    case arithmetic::complement: return "~";
    case arithmetic::logical_not: return "!";
    case arithmetic::multiply: return "*";
    case arithmetic::divide: return "/";
    case arithmetic::remainder: return "%";
    case arithmetic::add: return "+";
    case arithmetic::shift_left: return "<<";
    case arithmetic::shift_right: return ">>";
    case arithmetic::less: return "<";
    case arithmetic::less_equal: return "<=";
    case arithmetic::greater: return ">";
    case arithmetic::greater_equal: return ">=";
    case arithmetic::equal: return "==";
    case arithmetic::unequal: return "!=";
    case arithmetic::bit_and: return "&";
    case arithmetic::bit_xor: return "^";
    case arithmetic::bit_or: return "|";
    case arithmetic::logical_and: return "&&";
    case arithmetic::logical_or: return "||";
  }
  return {};
}

std::string_view function_of(update u) {
  switch (u) {
    case update::exchange: return "atomic_exchange_explicit";
    case update::add: return "atomic_fetch_add_explicit";
    case update::subtract: return "atomic_fetch_sub_explicit";
    case update::bit_and: return "atomic_fetch_and_explicit";
    case update::bit_or: return "atomic_fetch_or_explicit";
    case update::bit_xor: return "atomic_fetch_xor_explicit";
  }
  return {};
}

std::string order_text(std::memory_order o) { return "memory_order_" + std::string(name_of(o)); }

class thread_printer {
 public:
  thread_printer(const program& p, const thread& t) : program_(p), thread_(t) {}

  std::string text(unsigned number) {
    find_accesses(thread_.body);
    std::string s = "P" + std::to_string(number) + " (";
    for (unsigned l = 0; l < program_.locations.size(); ++l) {
      if (uses_[l] == use::none) continue;
      if (s.back() != '(') s += ", ";
      s += uses_[l] == use::atomic ? "atomic_int* " : "int* ";
      s += program_.locations[l].name;
    }
    s += ") {\n";
    declares_in_place_ = can_declare_in_place();
    if (!declares_in_place_)
      for (const local& l : thread_.locals) s += "  int " + l.name + ";\n";
    add(s, thread_.body, 1);
    return s + "}\n";
  }

  [[nodiscard]] std::string text(const expression& e) const {
    const std::string& location = e.access.location < program_.locations.size()
                                      ? program_.locations[e.access.location].name
                                      : nothing_;
    switch (e.is) {
      case expression::kind::constant: return std::to_string(e.constant);
      case expression::kind::local: return thread_.locals[e.local].name;
      case expression::kind::calculation:
        if (e.operands.size() == 1) return std::string(sign_of(e.how)) + operand(e.operands[0]);
        return operand(e.operands[0]) + ' ' + std::string(sign_of(e.how)) + ' ' +
               operand(e.operands[1]);
      case expression::kind::load:
        if (e.access.plain) return '*' + location;
        return "atomic_load_explicit(" + location + ", " + order_text(e.access.order) + ')';
      case expression::kind::update:
        return std::string(function_of(e.updates)) + '(' + location + ", " + text(e.operands[0]) +
               ", " + order_text(e.access.order) + ')';
      case expression::kind::compare: break;
    }
    return std::string("atomic_compare_exchange_") + (e.weak ? "weak" : "strong") + "_explicit(" +
           location + ", " +
           (e.expects_location ? program_.locations[e.expected].name
                               : '&' + thread_.locals[e.expected].name) +
           ", " + text(e.operands[0]) + ", " + order_text(e.access.order) + ", " +
           order_text(e.failure) + ')';
  }

  /// Without what is in it.
  [[nodiscard]] std::string head(const statement& s) const {
    switch (s.is) {
      case statement::kind::evaluate: return text(*s.value) + ';';
      case statement::kind::assign:
        return thread_.locals[s.local].name + " = " + text(*s.value) + ';';
      case statement::kind::store: return store(s);
      case statement::kind::fence: return "atomic_thread_fence(" + order_text(s.order) + ");";
      case statement::kind::branch: return "if (" + text(*s.value) + ')';
      case statement::kind::loop: return "while (" + text(*s.value) + ')';
      case statement::kind::assume: return "__VERIFIER_assume(" + text(*s.value) + ");";
    }
    return {};
  }

 private:
  enum class use : std::uint8_t { none, atomic, plain };

  [[nodiscard]] std::string store(const statement& s) const {
    const std::string& location = program_.locations[s.access.location].name;
    if (s.access.plain) return '*' + location + " = " + text(*s.value) + ';';
    return "atomic_store_explicit(" + location + ", " + text(*s.value) + ", " +
           order_text(s.access.order) + ");";
  }

  [[nodiscard]] std::string operand(const expression& e) const {
    const bool is_calculation = e.is == expression::kind::calculation;
    const bool is_negative = e.is == expression::kind::constant && e.constant < 0;
    const bool is_star = e.is == expression::kind::load && e.access.plain;
    return is_calculation || is_negative || is_star ? '(' + text(e) + ')' : text(e);
  }

  void add(std::string& s, const std::vector<statement>& list, unsigned depth) {
    for (const statement& st : list) add(s, st, depth);
  }

  void add(std::string& s, const statement& st, unsigned depth) {
    const std::string indent(2 * std::size_t{depth}, ' ');
    s += indent;
    if (st.is == statement::kind::branch) {
      s += head(st) + " {\n";
      add(s, st.body, depth + 1);
      s += indent + '}';
      if (!st.otherwise.empty()) {
        s += " else {\n";
        add(s, st.otherwise, depth + 1);
        s += indent + '}';
      }
    } else if (st.is == statement::kind::loop) {
      s += (st.body_first ? "do" : head(st)) + " {\n";
      add(s, st.body, depth + 1);
      s += indent + '}';
      if (st.body_first) s += ' ' + head(st) + ';';
    } else {
      if (declares_in_place_ && st.is == statement::kind::assign && st.local == declared_) {
        s += "int ";
        ++declared_;
      }
      s += head(st);
    }
    s += '\n';
  }

  void find_accesses(const expression& e) {
    if (e.is == expression::kind::load || e.is == expression::kind::update ||
        e.is == expression::kind::compare)
      find(e.access);
    if (e.is == expression::kind::compare && e.expects_location)
      find({.location = e.expected, .plain = true});
    for (const expression& o : e.operands) find_accesses(o);
  }

  void find_accesses(const std::vector<statement>& list) {
    for (const statement& s : list) {
      if (s.is == statement::kind::store) find(s.access);
      if (s.value) find_accesses(*s.value);
      find_accesses(s.body);
      find_accesses(s.otherwise);
    }
  }

  void find(const access& a) {
    if (a.plain) uses_[a.location] = use::plain;
    if (!a.plain && uses_[a.location] == use::none) uses_[a.location] = use::atomic;
  }

  /// Whether each local is assigned to, one after the other, before anything else is done with it.
  [[nodiscard]] bool can_declare_in_place() const {
    unsigned known = 0;
    for (const statement& s : thread_.body) {
      if (s.value && highest(*s.value) > known) return false;
      if (s.is == statement::kind::assign && s.local == known) ++known;
      if (highest(s) > known) return false;
    }
    return known == thread_.locals.size();
  }
  /// One more than the last local in it.
  static unsigned highest(const expression& e) {
    unsigned h = e.is == expression::kind::local ? e.local + 1 : 0;
    if (e.is == expression::kind::compare && !e.expects_location) h = e.expected + 1;
    for (const expression& o : e.operands) h = std::max(h, highest(o));
    return h;
  }
  static unsigned highest(const statement& s) {
    unsigned h = s.is == statement::kind::assign ? s.local + 1 : 0;
    if (s.value) h = std::max(h, highest(*s.value));
    for (const statement& inner : s.body) h = std::max(h, highest(inner));
    for (const statement& inner : s.otherwise) h = std::max(h, highest(inner));
    return h;
  }

  const program& program_;
  const thread& thread_;
  std::string nothing_;
  std::vector<use> uses_ = std::vector<use>(program_.locations.size(), use::none);
  bool declares_in_place_ = false;
  unsigned declared_ = 0;
};

std::string joined(const program& p, const proposition& c, std::string_view sign) {
  std::string s;
  for (const proposition& part : c.parts) {
    if (!s.empty()) s += sign;
    const bool is_group = part.is == proposition::kind::all || part.is == proposition::kind::any;
    s += is_group ? '(' + text_of(p, part) + ')' : text_of(p, part);
  }
  return s;
}

std::string_view quantifier_text(quantifier q) {
  switch (q) {
    case quantifier::exists: return "exists";
    case quantifier::exists_not: return "~exists";
    case quantifier::for_all: break;
  }
  return "forall";
}

}  // namespace

std::string text_of(const program& p, const proposition& c) {
  switch (c.is) {
    case proposition::kind::always: return "true";
    case proposition::kind::equal: return name_of(p, c.left) + '=' + std::to_string(c.right);
    case proposition::kind::all: return joined(p, c, " /\\ ");
    case proposition::kind::any: return joined(p, c, " \\/ ");
    case proposition::kind::none: break;
  }
  const bool is_false = c.parts[0].is == proposition::kind::always;
  return is_false ? "false" : "not (" + text_of(p, c.parts[0]) + ')';
}

std::string condition_text(const program& p) {
  return std::string(quantifier_text(p.asks)) + " (" + text_of(p, p.condition) + ')';
}

std::string text_of(const program& p, const thread& t, const statement& s) {
  return thread_printer(p, t).head(s);
}
std::string text_of(const program& p, const thread& t, const expression& e) {
  return thread_printer(p, t).text(e);
}

std::string text_of(const program& p) {
  std::string s = "C " + p.name + "\n\n{";
  for (const location& l : p.locations) s += ' ' + l.name + " = " + std::to_string(l.initial) + ';';
  for (std::size_t t = 0; t < p.threads.size(); ++t) {
    for (const local& l : p.threads[t].locals) {
      if (l.initial == 0) continue;
      s += ' ' + std::to_string(t) + ':' + l.name + " = " + std::to_string(l.initial) + ';';
    }
  }
  s += " }\n";
  for (unsigned t = 0; t < p.threads.size(); ++t)
    s += '\n' + thread_printer(p, p.threads[t]).text(t);
  if (!p.shown.empty()) {
    s += "\nlocations [";
    for (const observed& o : p.shown) s += name_of(p, o) + ';';
    s += "]\n";
  }
  if (p.filter) s += "\nfilter (" + text_of(p, *p.filter) + ")\n";
  return s + '\n' + condition_text(p) + '\n';
}

}  // namespace runnel::litmus_core

// SPDX-License-Identifier: MIT
//
// What herd's and CppMem's languages have in common: the C in the threads.
//
// After the first error there are no more words, so everything comes to its end; what was read does not count then.
#pragma once

#include "program.hpp"
#include "text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::litmus_core {

/// A type, as far as it matters.
struct type {
  bool is_atomic = false;
  unsigned pointers = 0;
};

class c_reader {
 public:
  enum class dialect : std::uint8_t {
    herd,  ///< what threads share are pointers
    cppmem,  ///< what threads share are variables, with the members of std::atomic; locals need no declaration
  };
  c_reader(std::string_view text, dialect d) : lexer_(text), dialect_(d) {
    lexer_.is_in_parallel(d == dialect::cppmem);
    advance();
  }

  // Words.
  [[nodiscard]] const word& current() const { return word_; }
  [[nodiscard]] bool at_end() const { return word_.is == word::kind::end; }
  [[nodiscard]] bool at(std::string_view sign) const;
  [[nodiscard]] bool at_name(std::string_view name) const;
  [[nodiscard]] bool at_kind(word::kind k) const { return word_.is == k; }
  void advance();
  bool take(std::string_view sign);
  bool take_name(std::string_view name);
  void expect(std::string_view sign, std::string_view where);
  std::string name(std::string_view what);
  value number(std::string_view what);
  void in_code(bool is_in_code) { lexer_.is_in_code(is_in_code); }
  lexer& words() { return lexer_; }
  /// The first error stays.
  void fail(position at, std::string message);
  void fail_here(const std::string& message) { fail(word_.at, message); }
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  [[nodiscard]] const reading_error& error() const { return *error_; }
  /// "found ';'".
  [[nodiscard]] std::string found() const;

  // Types and names.
  [[nodiscard]] bool at_type() const;
  litmus_core::type type();
  program& made() { return program_; }
  [[nodiscard]] std::optional<unsigned> find_location(std::string_view name) const;
  unsigned location_of(const std::string& name);
  /// Begins a thread, which may access locations if they are shared with it, declared so.
  void begin_thread();
  void share(unsigned location, bool is_atomic);
  void end_thread();

  /// Up to the brace that ends the block, which stays.
  std::vector<statement> statements();

  static constexpr unsigned most_depth = 100;

 private:
  struct shared_name {
    unsigned location;
    bool is_atomic;
  };

  // Statements.
  void statement_into(std::vector<statement>& list);
  void declaration_into(std::vector<statement>& list);
  void branch_into(std::vector<statement>& list);
  void loop_into(std::vector<statement>& list);
  void do_loop_into(std::vector<statement>& list);
  void for_loop_into(std::vector<statement>& list);
  void simple_into(std::vector<statement>& list);
  bool assignment_into(std::vector<statement>& list, const word& target);
  void store_through_pointer_into(std::vector<statement>& list);
  bool call_statement_into(std::vector<statement>& list, const word& called);
  bool member_store_into(std::vector<statement>& list, const word& object);
  void evaluate_into(std::vector<statement>& list, expression e, position at);
  void store_into(std::vector<statement>& list, access a, position at);
  std::vector<statement> block();
  expression condition();

  // Expressions.
  expression whole_expression();
  expression any_expression(unsigned precedence = 0);
  expression unary();
  expression primary();
  expression named(const word& w);
  expression call(const word& function);
  expression member_of(const word& object, unsigned location);
  expression fetch(access a, std::string_view function, position at, bool has_order);
  expression compare(access a, std::string_view function, position at, bool has_orders);
  [[nodiscard]] expression calculation(arithmetic how, expression left, expression right,
                                       position at) const;
  expression load(access a) const;
  void check_sides(const expression& e);
  void check_order(const expression& e);

  // Their parts.
  unsigned pointed_to();
  [[nodiscard]] access access_of(unsigned location) const;
  std::memory_order order();
  std::memory_order order_in_call();
  void expected_into(expression& compare);
  [[nodiscard]] const shared_name* find_shared(unsigned location) const;
  [[nodiscard]] std::optional<unsigned> find_local(std::string_view name) const;
  unsigned local_of(const std::string& name);
  bool unsupported(const word& name);

  lexer lexer_;
  dialect dialect_;
  word word_;
  std::optional<reading_error> error_;
  program program_;
  std::vector<shared_name> shared_;
  litmus_core::thread* thread_ = nullptr;
  std::vector<std::vector<unsigned>> scopes_;  ///< the locals that the blocks around have declared
  std::optional<value> reads_value_;  ///< what CppMem's .readsvalue says of the access before
  unsigned depth_ = 0;
};

/// "memory_order_acquire" and how else it may be written.
std::optional<std::memory_order> order_called(std::string_view name);
std::string_view name_of(std::memory_order order);
bool may_load(std::memory_order order);
bool may_store(std::memory_order order);

}  // namespace runnel::litmus_core

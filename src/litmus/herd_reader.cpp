// SPDX-License-Identifier: MIT
//
// herd's C: `C name`, `{ initial values }`, `P0 (atomic_int* x) { ... }`, the condition.
#include "herd_reader.hpp"

#include "c_reader.hpp"
#include "condition_reader.hpp"

#include <algorithm>
#include <utility>

namespace runnel::litmus_core {

namespace {

struct initial_local {
  position at;
  value thread;
  std::string name;
  value initial;
};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

class herd_reader {
 public:
  explicit herd_reader(std::string_view text) : r_(text, c_reader::dialect::herd) {}

  reading read() {
    read_head();
    read_initial_values();
    while (r_.at_name("void") || r_.at_name("static") || begins_thread()) read_thread();
    if (r_.made().threads.empty())
      r_.fail_here("expected a thread, 'P0 (atomic_int* x) { ... }', " + r_.found());
    set_initial_locals();
    read_conditions(r_);
    reading result;
    if (r_.failed()) {
      result.error = r_.error();
    } else {
      result.program = std::move(r_.made());
    }
    return result;
  }

 private:
  /// What is said there between the name and the initial values is for other tools.
  void read_head() {
    r_.made().name = trimmed(r_.words().rest_of_line());
    if (r_.made().name.empty())
      return r_.fail(r_.words().here(), "expected the name of the test after 'C'");
    r_.advance();
    while (!r_.at("{") && !r_.at_end()) r_.advance();
    r_.expect("{", "before the initial values");
  }

  void read_initial_values() {
    while (!r_.at("}") && !r_.at_end()) {
      if (r_.take(";")) continue;
      read_initial_value();
      if (!r_.at("}")) r_.expect(";", "between initial values");
    }
    r_.expect("}", "after the initial values");
  }

  void read_initial_value() {
    litmus_core::type t;
    if (r_.at_type()) t = r_.type();
    if (t.pointers > 0) return r_.fail_here("pointers are not supported");
    if (r_.at_kind(word::kind::number)) {
      initial_local l{
          .at = r_.current().at, .thread = r_.number("a thread"), .name = {}, .initial = 0};
      r_.expect(":", "after the number of a thread");
      l.name = r_.name("a local");
      if (r_.take("=")) l.initial = r_.number("an integer");
      locals_.push_back(std::move(l));
      return;
    }
    const bool in_brackets = r_.take("[");
    const word w = r_.current();
    const std::string name = r_.name("a location, as in 'x = 1'");
    if (in_brackets) r_.expect("]", "after the location");
    if (r_.find_location(name)) return r_.fail(w.at, "'" + name + "' has an initial value already");
    const unsigned l = r_.location_of(name);
    if (r_.take("=")) r_.made().locations[l].initial = r_.number("an integer");
  }

  [[nodiscard]] bool begins_thread() const {
    const std::string_view t = r_.current().text;
    return r_.at_kind(word::kind::name) && t.size() > 1 && t[0] == 'P' && t[1] >= '0' &&
           t[1] <= '9';
  }

  void read_thread() {
    while (r_.take_name("void") || r_.take_name("static")) {
    }
    const std::string expected = "P" + std::to_string(r_.made().threads.size());
    if (!r_.take_name(expected))
      r_.fail_here("expected the thread " + expected + ", " + r_.found());
    r_.begin_thread();
    r_.expect("(", "after the name of the thread");
    if (!r_.at(")")) {
      do {
        read_parameter();
      } while (r_.take(","));
    }
    r_.expect(")", "after the parameters");
    r_.in_code(true);
    r_.expect("{", "before what the thread does");
    std::vector<statement> body = r_.statements();
    r_.made().threads.back().body = std::move(body);
    r_.in_code(false);
    r_.expect("}", "after what the thread does");
    r_.end_thread();
  }

  void read_parameter() {
    const litmus_core::type t = r_.type();
    if (t.pointers != 1)
      return r_.fail_here("a parameter is a pointer to a location, as 'atomic_int* x'");
    const unsigned l = r_.location_of(r_.name("the name of a location"));
    if (r_.failed()) return;
    r_.share(l, t.is_atomic);
  }

  void set_initial_locals() {
    std::vector<litmus_core::thread>& threads = r_.made().threads;
    for (const initial_local& i : locals_) {
      if (i.thread >= static_cast<value>(threads.size()))
        return r_.fail(i.at, "there is no thread " + std::to_string(i.thread));
      std::vector<local>& all = threads[static_cast<std::size_t>(i.thread)].locals;
      const auto l = std::ranges::find(all, i.name, &local::name);
      if (l == all.end())
        return r_.fail(i.at,
                       "thread " + std::to_string(i.thread) + " has no local '" + i.name + "'");
      l->initial = i.initial;
    }
  }

  c_reader r_;
  std::vector<initial_local> locals_;
};

}  // namespace

reading read_herd(std::string_view text) { return herd_reader(text).read(); }

}  // namespace runnel::litmus_core

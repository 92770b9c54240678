// SPDX-License-Identifier: MIT
//
// CppMem's language: `int main() { atomic_int x = 0; {{{ x.store(1); ||| r1 = x.load(); }}} return 0; }`. What is
// asked may follow as in herd's language; else all locals and locations are shown.
#include "cppmem_reader.hpp"

#include "c_reader.hpp"
#include "condition_reader.hpp"

#include <utility>

namespace runnel::litmus_core {

namespace {

class cppmem_reader {
 public:
  cppmem_reader(std::string_view text, std::string name) : r_(text, c_reader::dialect::cppmem) {
    r_.made().name = std::move(name);
  }

  reading read() {
    read_main();
    read_conditions(r_);
    reading result;
    if (r_.failed()) {
      result.error = r_.error();
      return result;
    }
    show_all_unless_asked();
    result.program = std::move(r_.made());
    return result;
  }

 private:
  void read_main() {
    r_.in_code(true);
    if (!r_.take_name("int") || !r_.take_name("main"))
      r_.fail_here("expected 'int main()', " + r_.found());
    r_.expect("(", "after main");
    (void)r_.take_name("void");
    r_.expect(")", "after main(");
    r_.expect("{", "before the program");
    while (r_.at_type()) read_declaration();
    r_.expect("{{{", "before the threads");
    do {
      read_thread();
    } while (r_.take("|||"));
    r_.expect("}}}", "after the threads");
    (void)r_.take(";");
    if (r_.take_name("return")) {
      (void)r_.number("an integer");
      r_.expect(";", "after return");
    }
    r_.in_code(false);
    r_.expect("}", "after the threads: what main does when they have ended is not supported");
  }

  void read_declaration() {
    const litmus_core::type t = r_.type();
    if (t.pointers > 0) return r_.fail_here("pointers are not supported");
    do {
      const word w = r_.current();
      const std::string name = r_.name("the name of a location");
      if (r_.find_location(name)) return r_.fail(w.at, "'" + name + "' is declared a second time");
      const unsigned l = r_.location_of(name);
      if (!r_.take("=") && !r_.at("("))
        return r_.fail_here("expected '=' and the initial value, " + r_.found());
      const bool in_parentheses = r_.take("(");
      r_.made().locations[l].initial = r_.number("an integer");
      if (in_parentheses) r_.expect(")", "after the initial value");
      r_.share(l, t.is_atomic);
    } while (r_.take(","));
    r_.expect(";", "after the declaration");
  }

  void read_thread() {
    r_.begin_thread();
    std::vector<statement> body = r_.statements();
    r_.made().threads.back().body = std::move(body);
    r_.end_thread();
  }

  void show_all_unless_asked() {
    program& p = r_.made();
    if (!p.shown.empty() || p.condition.is != proposition::kind::always) return;
    for (unsigned t = 0; t < p.threads.size(); ++t) {
      for (unsigned l = 0; l < p.threads[t].locals.size(); ++l)
        p.shown.push_back({static_cast<int>(t), l});
    }
    for (unsigned l = 0; l < p.locations.size(); ++l) p.shown.push_back({.index = l});
  }

  c_reader r_;
};

}  // namespace

reading read_cppmem(std::string_view text, std::string name) {
  return cppmem_reader(text, std::move(name)).read();
}

}  // namespace runnel::litmus_core

// SPDX-License-Identifier: MIT
#include "rules.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

namespace runnel::cli {
namespace {

using partner_list = std::vector<std::string> order_site::*;

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

const std::vector<std::string> known_orders = {"relaxed", "acquire", "release", "acq_rel",
                                               "seq_cst"};
const std::vector<std::string> known_operations = {"load",
                                                   "store",
                                                   "exchange",
                                                   "compare_exchange_weak",
                                                   "compare_exchange_strong",
                                                   "fetch_add",
                                                   "fetch_sub",
                                                   "fetch_or",
                                                   "await",
                                                   "fence"};

bool only_reads(const order_site& s) { return s.operation == "load" || s.operation == "await"; }

bool can_release(const order_site& s) {
  const std::string& order = s.orders[0];
  return !only_reads(s) && (order == "release" || order == "acq_rel" || order == "seq_cst");
}

bool can_acquire(const order_site& s) {
  return s.operation != "store" && std::ranges::any_of(s.orders, [](const std::string& order) {
           return order == "acquire" || order == "acq_rel" || order == "seq_cst";
         });
}

bool is_relaxed(const order_site& s) { return !can_release(s) && !can_acquire(s); }

bool can_synchronize(const order_site& a, const order_site& b) {
  return (can_release(a) && can_acquire(b)) || (can_release(b) && can_acquire(a));
}

class checker {
 public:
  explicit checker(order_table& table) : table_(table) {}

  void run() {
    for (const order_site& s : table_.sites) index(s);
    for (const order_site& s : table_.sites) {
      check_operation(s);
      check_partners(s, "needs", &order_site::needs);
      check_partners(s, "also", &order_site::also);
      check_partners(s, "handshake", &order_site::handshake);
      if (is_relaxed(s) && !s.needs.empty())
        fail(s, "it orders nothing, being a relaxed operation, but has needs");
      for (const std::string& partner : s.needs)
        if (contains(s.also, partner)) fail(s, partner + " is both under needs and under also");
    }
  }

 private:
  void fail(const order_site& s, const std::string& message) {
    table_.errors.push_back({s.file, s.line, s.name + ": " + message});
  }

  void index(const order_site& s) {
    const auto [first, inserted] = sites_.emplace(s.name, &s);
    if (inserted) return;
    const order_site& other = *first->second;
    fail(s, "the same site is in " + other.file + ":" + std::to_string(other.line));
  }

  void check_operation(const order_site& s) {
    if (!contains(known_operations, s.operation))
      fail(s, "it is not the argument of an atomic operation, but of '" + s.operation + "'");
    for (const std::string& order : s.orders)
      if (!contains(known_orders, order)) fail(s, "'" + order + "' is not a memory order");
  }

  void check_partners(const order_site& s, const std::string& relation, partner_list list) {
    for (const std::string& name : s.*list) {
      const auto found = sites_.find(name);
      if (found == sites_.end()) {
        fail(s, relation + " names " + name + ", and there is no such site");
        continue;
      }
      const order_site& partner = *found->second;
      if (!contains(partner.*list, s.name))
        fail(s, relation + " is one-sided: " + name + " does not name it in turn");
      if (list == &order_site::handshake) {
        if (partner.orders[0] != "seq_cst")
          fail(s, "handshake with " + name + ", which is not seq_cst");
      } else if (!can_synchronize(s, partner) && !(is_relaxed(s) && list == &order_site::needs)) {
        fail(s, relation + " names " + name + ", but the two can never synchronize: " +
                    "one has to release and write, the other to acquire and read");
      }
    }
  }

  order_table& table_;
  std::map<std::string, const order_site*> sites_;
};

}  // namespace

void check_rules(order_table& table) { checker(table).run(); }

}  // namespace runnel::cli

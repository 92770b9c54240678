// SPDX-License-Identifier: MIT
#include "weaker.hpp"

#include "model/place_name.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace runnel::model {

namespace {

using enum std::memory_order;

/// All that is weaker, by however many steps.
std::vector<weakening> weakenings_of(const order_use& use) {
  std::vector<std::memory_order> orders = weaker_than(use.order, use.operation);
  std::vector<weakening> all;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    all.push_back({use, orders[i]});
    for (const std::memory_order o : weaker_than(orders[i], use.operation))
      if (std::ranges::find(orders, o) == orders.end()) orders.push_back(o);
  }
  return all;
}

}  // namespace

const char* name_of(ordered_operation o) {
  switch (o) {
    case ordered_operation::load: return "load";
    case ordered_operation::store: return "store";
    case ordered_operation::update: return "update";
    case ordered_operation::failed_compare: return "failed compare-exchange";
    case ordered_operation::fence: break;
  }
  return "fence";
}

std::vector<std::memory_order> weaker_than(std::memory_order o, ordered_operation operation) {
  const bool reads =
      operation == ordered_operation::load || operation == ordered_operation::failed_compare;
  switch (o) {
    case seq_cst:
      if (reads) return {acquire};
      if (operation == ordered_operation::store) return {release};
      return {acq_rel};
    case acq_rel: return {acquire, release};
    case consume:
    case acquire:
    case release: return {relaxed};
    case relaxed: break;
  }
  return {};
}

std::string name_of(const weakening& w) {
  const bool fails = w.use.operation == ordered_operation::failed_compare;
  return w.use.place + (fails ? ":failure-" : ":") + text_of(w.to);
}

weakening weakening_called(std::string_view name, program& p, const explore_options& how) {
  explore_options observing = how;
  observing.observes_orders = true;
  observing.jobs = 1;
  observing.smallest = 0;
  observing.replay.clear();
  std::vector<weakening> meant;
  std::string all;
  for (const order_use& use : explore(p, observing).orders) {
    for (const weakening& w : weakenings_of(use)) {
      if (name_of(w) == name) meant.push_back(w);
      all += "\n  " + name_of(w);
    }
  }
  if (meant.size() == 1) return meant[0];
  if (meant.size() > 1)
    throw std::invalid_argument("\"" + std::string(name) + "\" is the name of " +
                                std::to_string(meant.size()) +
                                " operations; give them names, as their last arguments");
  throw std::invalid_argument(
      "no order can be weakened so: \"" + std::string(name) + "\"" +
      (all.empty() ? "; no order that the search comes to can be weaker" : "; these can:" + all));
}

}  // namespace runnel::model

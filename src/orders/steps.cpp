// SPDX-License-Identifier: MIT
#include "steps.hpp"

#include "model/place_name.hpp"
#include "own_check/weaker.hpp"

#include <stdexcept>
#include <string_view>

namespace runnel::cli {
namespace {

using model::ordered_operation;
using std::memory_order;

ordered_operation operation_of(const order_site& s) {
  if (s.operation == "load" || s.operation == "await") return ordered_operation::load;
  return s.operation == "store" ? ordered_operation::store : ordered_operation::update;
}

std::string change(memory_order from, memory_order to) {
  return std::string(model::text_of(from)) + " to " + model::text_of(to);
}

}  // namespace

memory_order order_called(std::string_view name) {
  const auto order = model::order_called(name);
  if (!order) throw std::invalid_argument("'" + std::string(name) + "' is not a memory order");
  return *order;
}

std::vector<order_step> steps_of(const order_site& site) {
  const bool compares = site.orders.size() == 2;
  const memory_order order = order_called(site.orders.at(0));
  const memory_order failure = compares ? order_called(site.orders[1]) : memory_order::relaxed;
  std::vector<order_step> steps;
  for (const memory_order o : model::weaker_than(order, operation_of(site)))
    steps.push_back({site.name, (compares ? "success: " : "") + change(order, o), o, failure});
  if (compares) {
    for (const memory_order f : model::weaker_than(failure, ordered_operation::failed_compare))
      steps.push_back({site.name, "failure: " + change(failure, f), order, f});
  }
  return steps;
}

std::string step_id(const std::string& site, const std::string& change,
                    const std::string& kind_of_channel) {
  const std::string to = change.substr(change.rfind(' ') + 1);
  return site + ':' + (change.starts_with("failure") ? "failure-" : "") + to + ':' +
         kind_of_channel;
}

check::scenario weakened(check::scenario s, const order_step& step) {
  s.run = [run = s.run, step](const check::search& how, const check::options& o) {
    if (step.partner.empty()) {
      check::current_weakening() = {step.site, step.order, step.failure};
    } else {
      check::current_severed_pair() = {step.site, step.partner};
    }
    return run(how, o);
  };
  return s;
}

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#include "steps.hpp"

#include "model/place_name.hpp"

#include <stdexcept>
#include <string_view>

namespace runnel::cli {
namespace {

using std::memory_order;

enum class access { reads, writes, both };

access access_of(const order_site& s) {
  if (s.operation == "load" || s.operation == "await") return access::reads;
  return s.operation == "store" ? access::writes : access::both;
}

std::vector<memory_order> weaker(memory_order o, access a) {
  switch (o) {
    case memory_order::seq_cst:
      if (a == access::reads) return {memory_order::acquire};
      if (a == access::writes) return {memory_order::release};
      return {memory_order::acq_rel};
    case memory_order::acq_rel: return {memory_order::acquire, memory_order::release};
    case memory_order::acquire:
    case memory_order::release: return {memory_order::relaxed};
    default: return {};
  }
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
  for (const memory_order o : weaker(order, access_of(site)))
    steps.push_back({site.name, (compares ? "success: " : "") + change(order, o), o, failure});
  if (compares) {
    for (const memory_order f : weaker(failure, access::reads))
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

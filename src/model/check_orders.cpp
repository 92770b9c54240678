// SPDX-License-Identifier: MIT
#include <runnel/model/check_orders.hpp>

#include "place_name.hpp"
#include "readable.hpp"
#include "search_options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <iostream>
#include <stdexcept>

namespace runnel::model {

namespace {

using enum std::memory_order;

/// Those that are one step weaker.
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

/// The searches of all weaker orders of one use. Who passes is made weaker still.
std::vector<order_trial> tried(program& p, const explore_options& how, const order_use& use) {
  std::vector<order_trial> trials;
  std::vector<std::memory_order> to_try = weaker_than(use.order, use.operation);
  for (std::size_t i = 0; i < to_try.size(); ++i) {
    explore_options weaker = how;
    weaker.weakened = {use, to_try[i]};
    trials.push_back({to_try[i], explore(p, weaker)});
    if (trials.back().fails() || trials.back().is_open()) continue;
    for (const std::memory_order o : weaker_than(to_try[i], use.operation))
      if (std::ranges::find(to_try, o) == to_try.end()) to_try.push_back(o);
  }
  return trials;
}

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

std::string told(const order_trial& t) {
  const std::string order = text_of(t.weaker);
  if (t.fails()) return order + " fails: " + t.result.failure;
  return order + (t.is_open() ? " is open: a limit ended its search" : " passes");
}

std::string verdict(const order_finding& f) {
  if (f.use.order == relaxed) return "";
  if (f.is_needed()) return "needed";
  const bool open = std::ranges::any_of(f.trials, &order_trial::is_open);
  return open ? "OPEN" : "NOT NEEDED";
}

void print(const std::vector<order_finding>& findings) {
  std::vector<std::vector<std::string>> rows{{"place", "operation", "order", "", "weaker orders"}};
  for (const order_finding& f : findings) {
    std::string trials;
    for (const order_trial& t : f.trials) trials += (trials.empty() ? "" : "; ") + told(t);
    rows.push_back(
        {f.use.place, name_of(f.use.operation), text_of(f.use.order), verdict(f), trials});
  }
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.resize(line.size() + widths[i] - row[i].size() + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::cout << line << '\n';
  }
}

exit_status judge(const std::string& name, const std::vector<order_finding>& findings) {
  print(findings);
  const auto ordered = std::ranges::count_if(
      findings, [](const order_finding& f) { return f.use.order != relaxed; });
  const auto needed = std::ranges::count_if(
      findings, [](const order_finding& f) { return f.use.order != relaxed && f.is_needed(); });
  std::cout << '\n'
            << wrapped(
                   name + ": " + std::to_string(needed) + " of " + std::to_string(ordered) +
                       " orders are needed" +
                       (needed == ordered ? ""
                                          : "; the check passes with a weaker one of the others, "
                                            "or its search did not end"),
                   columns, 2)
            << '\n';
  return needed == ordered ? passed : failed;
}

}  // namespace

bool order_finding::is_needed() const {
  const std::vector<std::memory_order> next = weaker_than(use.order, use.operation);
  return std::ranges::all_of(next, [this](std::memory_order o) {
    const auto t = std::ranges::find(trials, o, &order_trial::weaker);
    return t != trials.end() && t->fails();
  });
}

std::vector<order_finding> find_needed_orders(program& p, const explore_options& how) {
  explore_options as_written = how;
  as_written.weakened.reset();
  as_written.replay.clear();
  as_written.smallest = 0;
  explore_options observing = as_written;
  observing.observes_orders = true;
  observing.jobs = 1;
  const explore_result r = explore(p, observing);
  if (r.end == end_of_search::failed)
    throw std::invalid_argument(
        "it fails as it is, so nothing is known of its orders: " + r.failure + ": " + r.message);
  if (r.end == end_of_search::cut)
    throw std::invalid_argument(
        "a limit ended the search as it is, so nothing is known of its orders");
  const bool has_orders =
      std::ranges::any_of(r.orders, [](const order_use& use) { return use.order != relaxed; });
  if (!has_orders)
    throw std::invalid_argument(
        "no operation has an order that could be weaker, so there is nothing to find out; "
        "operators "
        "and the mutexes of the model keep theirs");
  std::vector<order_finding> findings;
  for (const order_use& use : r.orders) findings.push_back({use, tried(p, as_written, use)});
  return findings;
}

int check_orders(std::string_view name, program& p, int argc, const char* const* argv) {
  CLI::App app("Makes each memory order of a small program weaker, and looks whether it fails.");
  explore_options how;
  add_search_options(app, how);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e, std::cout, std::cerr) == 0 ? passed : wrong_use;
  }
  try {
    return judge(std::string(name), find_needed_orders(p, how));
  } catch (const std::exception& e) {
    std::cerr << name << ": " << e.what() << '\n';
    return failed;
  }
}

}  // namespace runnel::model

// SPDX-License-Identifier: MIT
#include <runnel/model/check_orders.hpp>

#include "check_once.hpp"
#include "model/place_name.hpp"
#include "result_files.hpp"
#include "search_options.hpp"
#include "terminal/common_options.hpp"
#include "terminal/text_output.hpp"
#include "weaker.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <iostream>
#include <stdexcept>

namespace runnel::model {

namespace {

using enum std::memory_order;

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

std::string told(const order_trial& t) {
  const std::string order = text_of(t.weaker);
  if (t.fails()) return order + " fails: " + t.result.failure;
  return order + (t.is_open() ? " is open: a limit ended its search" : " passes");
}

std::string verdict(const order_finding& f) {
  if (f.use.order == relaxed) return "";
  if (f.is_needed()) return "needed";
  return f.is_open() ? "OPEN" : "NOT NEEDED";
}

void print(std::ostream& out, const std::vector<order_finding>& findings) {
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
    out << line << '\n';
  }
}

exit_status judge(std::ostream& out, const std::string& name,
                  const std::vector<order_finding>& findings) {
  print(out, findings);
  const auto is_ordered = [](const order_finding& f) { return f.use.order != relaxed; };
  const auto ordered = std::ranges::count_if(findings, is_ordered);
  const auto needed = std::ranges::count_if(
      findings, [&](const order_finding& f) { return is_ordered(f) && f.is_needed(); });
  const std::string sentence =
      name + ": " + std::to_string(needed) + " of " + std::to_string(ordered) +
      " orders are needed" +
      (needed == ordered
           ? ""
           : "; the check passes with a weaker one of the others, or its search did not end");
  out << '\n' << cli::wrap(sentence, cli::prose_width(), 2, 0) << '\n';
  return needed == ordered ? passed : failed;
}

/// Finds, prints, and writes what was asked for. Of a program that is not right nothing can be found.
exit_status find_and_tell(checked c, program& p, const explore_options& how,
                          const file_options& files) {
  result_files result(files);
  std::vector<order_finding> findings;
  try {
    findings = find_needed_orders(p, how);
  } catch (const std::invalid_argument& e) {
    std::cerr << c.name << ": " << e.what() << '\n';
    return failed;
  }
  std::ostream silent(nullptr);
  std::ostream& out = files.json == cli::standard_output ? silent : std::cout;
  c.status = judge(out, c.name, findings);
  if (!files.explanations.empty())
    out << "written: " << write_order_book(files.explanations, c, findings) << '\n';
  result.write(c, findings);
  return c.status;
}

}  // namespace

bool order_finding::is_needed() const {
  const std::vector<std::memory_order> next = weaker_than(use.order, use.operation);
  return std::ranges::all_of(next, [this](std::memory_order o) {
    const auto t = std::ranges::find(trials, o, &order_trial::weaker);
    return t != trials.end() && t->fails();
  });
}

bool order_finding::is_open() const {
  return !is_needed() && std::ranges::any_of(trials, &order_trial::is_open);
}

std::vector<order_finding> find_needed_orders(program& p, const explore_options& how) {
  explore_options as_written = how;
  as_written.weakened.reset();
  as_written.replay.clear();
  explore_options observing = as_written;
  observing.observes_orders = true;
  observing.jobs = 1;
  observing.smallest = 0;
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
  once_options once;
  add_search_options(app, how);
  add_file_options(app, once.files);
  add_once_options(app, how, once);
  return run_parsed(std::string(name), app, argc, argv, [&]() -> int {
    const bool is_one_search = !once.weakened.empty() || !how.replay.empty();
    if (is_one_search || !once.files.explanations.empty()) how.smallest = smallest_by_default;
    if (is_one_search) return check_once(std::string(name), argv[0], p, how, once);
    const checked c{.name = std::string(name),
                    .program = argv[0],
                    .expected_failure = "",
                    .memory_model = how.memory_model};
    return find_and_tell(c, p, how, once.files);
  });
}

}  // namespace runnel::model

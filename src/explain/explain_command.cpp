// SPDX-License-Identifier: MIT
#include "explain_command.hpp"

#include "checks/check_run.hpp"
#include "checks/selection.hpp"
#include "orders/record.hpp"
#include "orders/source_files.hpp"
#include "orders/steps.hpp"
#include "scenario_explanation.hpp"
#include "terminal/common_options.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"
#include "terminal/text_pattern.hpp"

#include <check.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runnel::cli {
namespace {

struct explain_options {
  std::string id;
  std::string to;
  std::string kind_of_channel;
  std::string scenario;
  std::string replay;
  std::string output;
  std::string include = RUNNEL_INCLUDE_DIR;
  std::string record = RUNNEL_ORDERS;
  std::uint64_t executions = 1'000'000;
  double timeout = 120;
};

/// What is to be explained: a scenario, perhaps with an order weaker.
struct subject {
  check::scenario scenario;
  std::string title;
  std::string id;
  std::optional<order_step> step;
};

std::vector<check::scenario> of_the_explorer(const std::string& pattern) {
  return select(check::registry(), pattern, {"explorer"}, true);
}

check::scenario one_scenario(const std::string& pattern, const order_table& table) {
  const auto selected = of_the_explorer(pattern);
  if (selected.size() == 1) return selected[0];
  if (selected.empty()) {
    std::vector<std::string> known;
    for (const order_site& s : table.sites) known.push_back(s.name);
    for (const check::scenario& s : of_the_explorer("")) known.push_back(s.name);
    throw std::runtime_error("there is no scenario of the explorer, and no site, that '" + pattern +
                             "' names" + did_you_mean(pattern, known) +
                             "\nrunnel check --list and runnel orders name them");
  }
  std::vector<std::string> names;
  for (const check::scenario& s : selected) names.push_back("\n  " + s.name);
  throw std::runtime_error("'" + pattern + "' names " + std::to_string(selected.size()) +
                           " scenarios; give the whole name of one:" + join(names, ""));
}

/// A step in a kind of channel.
struct candidate {
  step_key key;
  order_step step;
  step_finding finding;
};

std::vector<candidate> steps_that_fit(const explain_options& options, const order_table& table,
                                      const order_record& record) {
  std::vector<candidate> all;
  for (const order_site& site : table.sites) {
    for (const order_step& step : steps_of(site)) {
      for (const std::string& kind : {std::string("mpsc"), std::string("mpmc")}) {
        const std::string id = step_id(site.name, step.change, kind);
        const std::string to =
            id.substr(site.name.size() + 1, id.rfind(':') - site.name.size() - 1);
        const bool named = id == options.id || site.name == options.id;
        const bool wanted = (options.to.empty() || options.to == to || options.to == step.change) &&
                            (options.kind_of_channel.empty() || options.kind_of_channel == kind);
        if (!named || !wanted) continue;
        const step_key key{site.name, step.change, kind};
        const auto known = record.steps.find(key);
        all.push_back({key, step, known == record.steps.end() ? step_finding{} : known->second});
      }
    }
  }
  return all;
}

bool is_site(const explain_options& options, const order_table& table) {
  const std::string site = options.id.substr(0, options.id.find(':'));
  return site_called(table, site) != nullptr;
}

/// The step that is meant: of the kinds of channel the first in which a scenario is known to fail.
candidate one_step(const explain_options& options, std::vector<candidate> fitting) {
  if (fitting.empty())
    throw std::runtime_error("'" + options.id +
                             "' has no such step weaker; runnel orders --verify "
                             "names all steps");
  const std::string change = fitting[0].key.change;
  std::vector<std::string> names;
  for (const candidate& c : fitting)
    names.push_back("\n  " + step_id(c.key.site, c.key.change, c.key.kind_of_channel));
  if (std::ranges::any_of(fitting, [&](const candidate& c) { return c.key.change != change; }))
    throw std::runtime_error("'" + options.id +
                             "' has several steps weaker; name one of them:" + join(names, ""));
  const auto killed = std::ranges::find(fitting, necessity::killed,
                                        [](const candidate& c) { return c.finding.verdict; });
  return killed == fitting.end() ? fitting[0] : *killed;
}

/// Nothing if no scenario is known to fail; then that is printed.
std::optional<subject> subject_of(const explain_options& options, const order_table& table) {
  if (!is_site(options, table)) {
    if (!options.to.empty() || !options.kind_of_channel.empty() || !options.scenario.empty())
      throw std::runtime_error("--to, --in and --scenario are for sites; there is no site '" +
                               options.id + "'");
    const check::scenario s = one_scenario(options.id, table);
    return subject{s, s.name, s.name, {}};
  }
  const candidate c =
      one_step(options, steps_that_fit(options, table, read_record(options.record)));
  const std::string id = step_id(c.key.site, c.key.change, c.key.kind_of_channel);
  const std::string name = options.scenario.empty() ? c.finding.scenario : options.scenario;
  if (name.empty()) {
    std::cout << id << ": no scenario is known to fail"
              << (c.finding.argument.empty() ? "" : "; the argument: " + c.finding.argument)
              << "\nrunnel orders " << c.key.site << " --verify --search looks for one\n";
    return std::nullopt;
  }
  const std::string title =
      c.key.site + ", " + c.key.change + ", in " + c.key.kind_of_channel + " channels";
  return subject{weakened(one_scenario(name, table), c.step), title, id, c.step};
}

/// The command that shows the same again.
std::string command_of(const explain_options& options, const subject& s) {
  std::string command = "runnel explain " + shell_word(s.id);
  if (s.step && !options.scenario.empty()) command += " --scenario " + shell_word(s.scenario.name);
  if (!options.replay.empty()) command += " --replay " + shell_word(options.replay);
  return command;
}

report run_subject(const explain_options& options, const subject& s) {
  run_options how;
  how.timeout = options.timeout;
  how.check.replay = options.replay;
  how.check.smallest = options.executions;
  how.check.limit = options.executions;
  return run_checks({s.scenario}, how).at(0);
}

/// What is to be said where there is no failure with a picture.
int nothing_to_explain(const subject& s, const report& r) {
  const check::result& found = r.result;
  std::cout << s.title << '\n';
  if (found.verdict == check::verdict::passed)
    std::cout << "\"" << s.scenario.name << "\" does not fail: " << found.executions
              << " executions, all that there are\n";
  else if (found.verdict == check::verdict::incomplete)
    std::cout << "a limit ended the search of \"" << s.scenario.name << "\" after "
              << found.executions << " executions, before one failed: nothing to explain\n";
  else
    std::cout << "there is no picture of this failure: " << found.failure << ": " << found.message
              << '\n';
  return 1;
}

int run_explain(const explain_options& options) {
  const auto sources = read_sources(options.include);
  const order_table table = read_orders(sources);
  const auto s = subject_of(options, table);
  if (!s) return 1;
  const interrupt signals;
  const report r = run_subject(options, *s);
  if (interrupt::signal() != 0) return 128 + interrupt::signal();
  if (r.result.verdict != check::verdict::failed || r.result.picture.events.empty())
    return nothing_to_explain(*s, r);
  explanation e = explain(s->scenario.name, r.result, table, sources);
  e.title = s->title;
  e.command = command_of(options, *s);
  print(std::cout, e);
  if (!options.output.empty()) {
    const auto files = write_files(options.output, s->id, e);  // before it is said: it may fail
    std::cout << "\nwritten: " << join(files, ", ") << '\n';
  }
  return 0;
}

void add_options(CLI::App& command, explain_options& options) {
  command
      .add_option("ID", options.id,
                  "A scenario of the explorer that fails, by its name; or a site whose order is "
                  "made weaker, or one step of it as runnel orders --verify names it: "
                  "ring.publish:relaxed:mpsc")
      ->type_name("ID")
      ->required()
      ->check(refuse_empty);
  command.add_option("--to", options.to, "Of a site: the weaker order, or \"acq_rel to acquire\"")
      ->type_name("ORDER")
      ->check(refuse_empty);
  command.add_option("--in", options.kind_of_channel, "Of a site: the kind of channel")
      ->check(CLI::IsMember({"mpsc", "mpmc"}));
  command
      .add_option("--scenario", options.scenario,
                  "Of a site: the scenario to run (default: the one that is recorded to fail)")
      ->type_name("NAME")
      ->check(refuse_empty);
  command.add_option("--replay", options.replay, "This execution of the scenario")
      ->type_name("ID")
      ->check(refuse_empty);
  add_output(command, options.output, "DIR",
             "Also write the picture (SVG) and a page with all of it (HTML) there");
  add_executions(command, options.executions,
                 "Executions in which a failure, then so many more in which a smaller one is "
                 "looked for");
  add_timeout(command, options.timeout, "Time for the search");
  command.add_option("--include", options.include, "Directory with the source")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  command.add_option("--record", options.record, "What is known of each step (JSON)")
      ->type_name("FILE");
}

}  // namespace

void add_explain_command(CLI::App& app, int& status) {
  auto* const command =
      app.add_subcommand("explain", "Explain how a scenario, or a weaker order, fails");
  const auto options = std::make_shared<explain_options>();
  add_options(*command, *options);
  command->footer(
      "The execution that is shown is the smallest that the search finds of those that fail in the "
      "same way.\n\n"
      "Examples:\n"
      "  runnel explain ring.publish\n"
      "  runnel explain ring.publish:relaxed:mpmc --output pictures\n\n"
      "Exit status: 0 if a failure was explained; 1 if there is none, or a limit ended the search "
      "before; 2 for a wrong use; 130, 143 after SIGINT, SIGTERM.");
  command->callback([options, &status] { status = run_explain(*options); });
}

}  // namespace runnel::cli

// SPDX-License-Identifier: MIT
#include "orders_command.hpp"

#include "orders.hpp"
#include "source_files.hpp"
#include "terminal/common_options.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/output_file.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"
#include "terminal/text_pattern.hpp"
#include "verification.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>

namespace runnel::cli {
namespace {

namespace fs = std::filesystem;

struct orders_options {
  std::string include = RUNNEL_INCLUDE_DIR;
  std::string json;
  bool quiet = false;
  bool verify = false;
  bool search = false;
  std::string pattern;
  std::string record = RUNNEL_ORDERS;
  std::string results;
  std::string output;
  std::size_t jobs = default_jobs();
  double timeout = 120;
  std::uint64_t limit = 0;
};

void print_line(std::ostream& out, const std::string& title, const std::string& text) {
  constexpr std::size_t indent = 14;
  if (!text.empty())
    out << "  " << left(title, indent - 2) << wrap(text, row_width(), indent) << '\n';
}

void print_table(std::ostream& out, const order_table& table) {
  std::size_t name_width = 0;
  std::size_t place_width = 0;
  const auto place = [](const order_site& s) { return s.file + ":" + std::to_string(s.line); };
  for (const order_site& s : table.sites) {
    name_width = std::max(name_width, s.name.size());
    place_width = std::max(place_width, place(s).size());
  }
  for (const order_site& s : table.sites) {
    out << left(s.name, name_width) << "  " << left(place(s), place_width) << "  "
        << left(s.operation, 23) << "  " << join(s.orders, ", ") << '\n';
    print_line(out, "needs", s.needs.empty() ? "nothing" : join(s.needs, ", "));
    print_line(out, "also", join(s.also, ", "));
    print_line(out, "handshake", join(s.handshake, ", "));
    print_line(out, "reason", s.reason);
  }
}

nlohmann::ordered_json as_json(const order_table& table) {
  nlohmann::ordered_json all = {{"schema", 1},
                                {"sites", nlohmann::ordered_json::array()},
                                {"errors", nlohmann::ordered_json::array()}};
  for (const order_site& s : table.sites)
    all["sites"].push_back({{"site", s.name},
                            {"file", s.file},
                            {"line", s.line},
                            {"operation", s.operation},
                            {"orders", s.orders},
                            {"needs", s.needs},
                            {"also", s.also},
                            {"handshake", s.handshake},
                            {"reason", s.reason}});
  for (const source_error& e : table.errors)
    all["errors"].push_back({{"file", e.file}, {"line", e.line}, {"message", e.message}});
  return all;
}

/// What was found, in a line; more lines if it is not as it should be.
void print_step(std::ostream& out, const verified_step& step) {
  const step_key& key = step.key;
  if (key.partner.empty()) {
    out << left(step_id(key.site, key.change, key.kind_of_channel), 41) << "  "
        << left(key.change, 27) << "  ";
  } else {
    out << left(key.site + ' ' + change_of(key), 41) << "  "
        << left("in " + key.kind_of_channel, 27) << "  ";
  }
  const step_finding& f = step.finding;
  switch (f.verdict) {
    case necessity::killed:
      out << f.failure << " after " << f.executions << ": " << f.scenario;
      break;
    case necessity::argued: out << "argued: " << wrap(f.argument, row_width(), 14); break;
    case necessity::not_shown:
      out << "NOT SHOWN";
      if (step.searched != 0) out << ": " << step.searched << " scenarios do not fail";
      break;
    case necessity::unknown: out << "not decided"; break;
  }
  out << '\n';
  for (const std::string& cut : step.cut) out << "              a limit ended: " << cut << '\n';
  if (!step.disagreement.empty()) out << "              UNEXPECTED: " << step.disagreement << '\n';
  out.flush();
}

struct verdicts {
  std::size_t all = 0;
  std::size_t killed = 0;
  std::size_t argued = 0;
  std::size_t not_shown = 0;
  std::size_t undecided = 0;
};

verdicts count_verdicts(const verification& v, bool of_pairs) {
  verdicts n;
  for (const verified_step& step : v.steps) {
    if (step.key.partner.empty() == of_pairs) continue;
    ++n.all;
    n.killed += step.finding.verdict == necessity::killed;
    n.argued += step.finding.verdict == necessity::argued;
    n.not_shown += step.finding.verdict == necessity::not_shown;
    n.undecided += step.finding.verdict == necessity::unknown;
  }
  return n;
}

void print_verdicts(const verdicts& n, const char* what, const char* not_shown) {
  std::cout << n.all << what << n.killed << " make a scenario fail, " << n.argued << " are argued, "
            << n.not_shown << not_shown;
  if (n.undecided != 0) std::cout << ", " << n.undecided << " are not decided";
}

int end_of_verification(const verification& v, int signal) {
  const verdicts steps = count_verdicts(v, false);
  const verdicts pairs = count_verdicts(v, true);
  const auto unexpected =
      v.errors.size() + static_cast<std::size_t>(std::ranges::count_if(
                            v.steps, [](const auto& s) { return !s.disagreement.empty(); }));
  for (const std::string& error : v.errors) std::cerr << "error: " << error << '\n';
  if (v.not_passed != 0)
    std::cout << "As they stand " << v.not_passed << " of " << v.scenarios
              << " scenarios do not pass.\n";
  else if (v.scenarios != 0)
    std::cout << "As they stand no order fails: " << v.scenarios << " scenarios, " << v.executions
              << " executions; " << v.observed.size() << " pairs of sites synchronize.\n";
  print_verdicts(steps, " steps weaker: ", " are not shown to be necessary");
  std::cout << '\n';
  print_verdicts(pairs, " needed pairs severed: ", " are not shown to be relied upon");
  std::cout << "; " << unexpected << " errors\n";
  if (signal != 0) return 128 + signal;
  return unexpected == 0 && steps.undecided + pairs.undecided == 0 ? 0 : 1;
}

std::set<std::string> sites_meant(const orders_options& options, const order_table& table) {
  std::vector<std::string> names;
  for (const order_site& s : table.sites) names.push_back(s.name);
  const auto meant = names_meant(names, options.pattern, "order site");
  return {meant.begin(), meant.end()};
}

int verify(const orders_options& options, const order_table& table) {
  const order_record known =
      options.search && !fs::exists(options.record) ? order_record{} : read_record(options.record);
  std::optional<output_file> file;
  if (!options.output.empty()) file.emplace(options.output);
  verification_options how;
  how.jobs = options.jobs;
  how.timeout = options.timeout;
  how.limit = options.limit;
  how.from_scratch = options.search;
  if (!options.pattern.empty()) how.sites = sites_meant(options, table);
  if (!options.results.empty()) how.known = read_exploration(options.results);
  how.decided = [&options](const verified_step& step) {
    if (!options.quiet || !step.disagreement.empty()) print_step(std::cout, step);
  };
  const auto scenarios = exhaustive_scenarios();
  const interrupt signals;
  const verification v = verify_orders(table.sites, scenarios, known, how);
  const int status = end_of_verification(v, interrupt::signal());
  if (file && interrupt::signal() == 0) {
    write_record(file->stream(), v.record);
    file->commit();
  }
  return status;
}

/// The errors are of all sites, whichever are shown.
int run_orders(const orders_options& options) {
  order_table table = read_orders(read_sources(options.include));
  if (options.verify && table.errors.empty()) return verify(options, table);
  const std::size_t sites = table.sites.size();
  if (!options.pattern.empty()) {
    const auto meant = sites_meant(options, table);
    std::erase_if(table.sites, [&](const order_site& s) { return !meant.contains(s.name); });
  }
  std::optional<output_file> json;
  if (!options.json.empty()) json.emplace(options.json);
  if (options.json != standard_output) {
    if (!options.quiet) print_table(std::cout, table);
    std::cout << sites << " order sites, " << table.errors.size() << " errors\n";
  }
  for (const source_error& e : table.errors)
    std::cerr << e.file << ':' << e.line << ": error: " << e.message << '\n';
  return status_after(table.errors.empty() ? 0 : 1, [&] {
    std::cout.flush();
    if (!json) return;
    json->stream() << as_json(table).dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
                   << '\n';
    json->commit();
  });
}

void add_options(CLI::App& command, orders_options& options) {
  add_pattern(command, options.pattern, "sites whose name", "--site");
  command.add_option("--include", options.include, "Read the sources below DIR")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  auto* const json = add_json(command, options.json);
  command.add_flag("-q,--quiet", options.quiet, "Print only what is wrong, and a count");
  auto* const verify =
      command
          .add_flag("--verify", options.verify,
                    "Weaken each order by each step there is, and take out what each pair of sites "
                    "orders that need each other: a scenario has to fail. Without PATTERN also "
                    "compare the comments with which sites synchronize")
          ->excludes(json);
  command
      .add_flag("--search", options.search,
                "With --verify: search for the scenario that fails, whatever the record says")
      ->needs(verify);
  command
      .add_option("--record", options.record, "With --verify: what is known of each step (JSON)")
      ->type_name("FILE")
      ->needs(verify);
  command
      .add_option("--results", options.results,
                  "With --verify: what runnel check --json has written, so that the scenarios need "
                  "not be explored again")
      ->type_name("FILE")
      ->needs(verify)
      ->check(CLI::ExistingFile);
  add_output(command, options.output, "FILE", "With --verify: write what was found there (JSON)",
             "--write-record")
      ->needs(verify);
  add_jobs(command, options.jobs, "With --verify: scenarios")->needs(verify);
  add_timeout(command, options.timeout,
              "With --verify: time for each search, after which it says nothing")
      ->needs(verify);
  add_limit(command, options.limit,
            "With --verify: executions of each search, after which it says nothing")
      ->needs(verify);
}

}  // namespace

void add_orders_command(CLI::App& app, int& status) {
  auto* const command = app.add_subcommand(
      "orders",
      "Print the memory order of each atomic operation of the library, what it "
      "synchronizes with and why, and check that the claims agree with each other");
  const auto options = std::make_shared<orders_options>();
  add_options(*command, *options);
  command->footer(
      "Examples:\n"
      "  runnel orders ring\n"
      "  runnel orders ring.publish --verify\n\n"
      "Exit status: 0 if all is well, 1 if a comment is wrong or missing, 2 for a wrong use. The "
      "comments are explained in runnel/core/site.hpp, the JSON in docs/command.md.");
  command->callback([options, &status] { status = run_orders(*options); });
}

}  // namespace runnel::cli

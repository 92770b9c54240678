// SPDX-License-Identifier: MIT
#include "result_files.hpp"

#include "model/place_name.hpp"
#include "picture/picture_json.hpp"
#include "terminal/common_options.hpp"
#include "terminal/parsed_command.hpp"
#include "terminal/text_output.hpp"
#include "weaker.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace runnel::model {

namespace {

using nlohmann::ordered_json;

/// Of a search, not of the program: a limit has ended it.
const char* verdict_of(exit_status status, bool is_cut) {
  if (status == passed) return "passed";
  return is_cut ? "incomplete" : "failed";
}

ordered_json head_of(const checked& c, bool is_cut) {
  return {{"schema", 1},
          {"version", cli::version_text()},
          {"name", c.name},
          {"verdict", verdict_of(c.status, is_cut)}};
}

ordered_json to_json(const explore_result& r) {
  return {
      {"failure", r.failure},     {"message", r.message},     {"history", r.history},
      {"replay", r.replay},       {"failures", r.failures},   {"is_smallest", r.is_smallest},
      {"executions", r.complete}, {"blocked", r.blocked},     {"events", r.events},
      {"seconds", r.time},        {"memory_bytes", r.memory}, {"picture", cli::to_json(r.picture)}};
}

ordered_json to_json(const order_finding& f) {
  auto trials = ordered_json::array();
  for (const order_trial& t : f.trials) {
    ordered_json trial = {{"order", text_of(t.weaker)},
                          {"verdict", t.fails()     ? "fails"
                                      : t.is_open() ? "open"
                                                    : "passes"}};
    trial.update(to_json(t.result));
    trials.push_back(std::move(trial));
  }
  return {{"place", f.use.place},
          {"operation", name_of(f.use.operation)},
          {"order", text_of(f.use.order)},
          {"is_needed", f.is_needed()},
          {"weaker", std::move(trials)}};
}

void write_document(std::optional<cli::output_file>& file, const ordered_json& document) {
  if (!file) return;
  file->stream() << document.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n';
  file->commit();
}

cli::junit_case case_of(const checked& c, const explore_result& r) {
  cli::junit_case result{.class_name = c.program, .name = c.name, .seconds = r.time};
  if (c.status == passed) return result;
  const bool is_cut = r.end == end_of_search::cut;
  result.verdict = is_cut ? cli::junit_verdict::error : cli::junit_verdict::failed;
  result.type = is_cut ? "incomplete" : r.failure.empty() ? "no failure" : r.failure;
  result.message = is_cut              ? "a limit ended the search before an execution failed"
                   : r.failure.empty() ? "expected is " + c.expected_failure
                                       : r.message;
  result.details = r.history;
  if (!r.replay.empty()) result.details += "\nthis execution alone: " + replay_command(c, r);
  return result;
}

/// Of an order that is not relaxed.
cli::junit_case case_of(const checked& c, const order_finding& f) {
  cli::junit_case result{
      .class_name = c.name,
      .name = f.use.place + " (" + name_of(f.use.operation) + ", " + text_of(f.use.order) + ")"};
  for (const order_trial& t : f.trials) result.seconds += t.result.time;
  if (f.is_needed()) return result;
  result.verdict = f.is_open() ? cli::junit_verdict::error : cli::junit_verdict::failed;
  result.type = f.is_open() ? "incomplete" : "not needed";
  result.message = f.is_open() ? "a limit ended the search with a weaker order"
                               : "the check passes with a weaker order";
  return result;
}

}  // namespace

void add_file_options(CLI::App& app, file_options& files) {
  app.add_option(
         "--explain,--output", files.explanations,
         "Write what happens, as a picture (SVG) and as a page with all of it (HTML), there")
      ->type_name("DIR")
      ->check(cli::refuse_empty);
  cli::add_json(app, files.json);
  app.add_option("--junit", files.junit, "Write the results as JUnit XML")
      ->type_name("FILE")
      ->check(cli::refuse_empty);
}

result_files::result_files(const file_options& files) try {
  if (!files.json.empty()) json_.emplace(files.json);
  if (!files.junit.empty()) junit_.emplace(files.junit);
} catch (const std::runtime_error& e) {
  throw std::invalid_argument(e.what());
}

void result_files::write(const checked& c, const explore_result& r) {
  ordered_json document = head_of(c, r.end == end_of_search::cut);
  document["expected_failure"] = c.expected_failure;
  if (!c.left_out.empty()) document["left_out"] = c.left_out;
  document["memory_model"] = c.memory_model == memory_model::rc11 ? "rc11" : "cxx20";
  document["weakened"] = c.weakening ? name_of(*c.weakening) : "";
  document.update(to_json(r));
  write_document(json_, document);
  write_cases(c, {case_of(c, r)}, r.time);
}

void result_files::write(const checked& c, const std::vector<order_finding>& findings) {
  bool is_cut = false;
  double seconds = 0;
  std::vector<cli::junit_case> cases;
  auto orders = ordered_json::array();
  for (const order_finding& f : findings) {
    orders.push_back(to_json(f));
    if (f.use.order == std::memory_order::relaxed) continue;
    is_cut |= f.is_open();
    cases.push_back(case_of(c, f));
    seconds += cases.back().seconds;
  }
  ordered_json document = head_of(c, is_cut);
  document["orders"] = std::move(orders);
  write_document(json_, document);
  write_cases(c, cases, seconds);
}

void result_files::write_cases(const checked& c, const std::vector<cli::junit_case>& cases,
                               double seconds) {
  if (!junit_) return;
  cli::write_junit(junit_->stream(), c.name, cases, seconds);
  junit_->commit();
}

}  // namespace runnel::model

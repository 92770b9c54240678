// SPDX-License-Identifier: MIT
#include "report_files.hpp"

#include "result_json.hpp"
#include "terminal/junit.hpp"
#include "terminal/text_output.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace runnel::cli {
namespace {

using nlohmann::ordered_json;

ordered_json as_json(const report& r) {
  const check::scenario& s = r.scenario;
  ordered_json all = to_json(s);
  all.update({{"executions", r.result.executions},
              {"details", r.result.details},
              {"seconds", r.seconds},
              {"verdict", name_of(r.status)},
              {"failure", r.result.failure},
              {"message", r.result.message},
              {"history", r.result.history},
              {"replay", r.result.replay},
              {"sites", r.result.sites},
              {"observations", to_json(r.result.observations)}});
  return all;
}

junit_case case_of(const report& r) {
  const std::string again = replay_command(r);
  junit_case c{
      .class_name = r.scenario.file,
      .name = r.scenario.name + " (" + r.scenario.engine + ", " + describe(r.scenario.search) + ")",
      .seconds = r.seconds};
  c.message = r.result.message;
  c.details = r.result.message + "\n" + r.result.history +
              (again.empty() ? "" : "\nto run it again: " + again);
  switch (r.status) {
    case state::passed: break;
    case state::failed:
      c.verdict = junit_verdict::failed;
      c.type = r.result.failure;
      break;
    case state::incomplete:
      c.verdict = junit_verdict::error;
      c.type = "incomplete";
      break;
    case state::not_run: c.verdict = junit_verdict::skipped; c.message = "not run";
  }
  return c;
}

}  // namespace

void write_json(std::ostream& out, const std::vector<report>& reports, double seconds, int signal) {
  const summary all = summarize(reports);
  ordered_json json = {{"schema", 1},
                       {"version", version_text()},
                       {"signal", signal},
                       {"seconds", seconds},
                       {"summary",
                        {{"selected", all.selected},
                         {"passed", all.passed},
                         {"failed", all.failed},
                         {"incomplete", all.incomplete},
                         {"not run", all.not_run},
                         {"executions", all.executions}}},
                       {"scenarios", ordered_json::array()}};
  for (const report& r : reports) json["scenarios"].push_back(as_json(r));
  out << json.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n';
}

void write_junit(std::ostream& out, const std::vector<report>& reports, double seconds) {
  std::vector<junit_case> cases;
  for (const report& r : reports) cases.push_back(case_of(r));
  write_junit(out, "runnel check", cases, seconds);
}

}  // namespace runnel::cli

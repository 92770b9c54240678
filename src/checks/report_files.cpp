// SPDX-License-Identifier: MIT
#include "report_files.hpp"

#include "result_json.hpp"
#include "terminal/html.hpp"
#include "terminal/text_output.hpp"

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string_view>

namespace runnel::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

[[noreturn]] void cannot_write(const std::string& path) {
  throw std::runtime_error("cannot write " + path + ": " + std::strerror(errno));
}

ordered_json as_json(const report& r) {
  const check::scenario& s = r.scenario;
  return {{"name", s.name},
          {"file", s.file},
          {"engine", s.engine},
          {"search",
           {{"kind", name_of(s.search.kind)},
            {"bound", s.search.bound},
            {"executions", s.search.executions},
            {"seed", s.search.seed},
            {"faults", s.search.faults},
            {"failed_allocations", s.search.failed_allocations}}},
          {"judged_by", s.judged_by},
          {"expected_failure", s.expected_failure},
          {"executions", r.result.executions},
          {"details", r.result.details},
          {"seconds", r.seconds},
          {"verdict", name_of(r.status)},
          {"failure", r.result.failure},
          {"message", r.result.message},
          {"history", r.result.history},
          {"replay", r.result.replay},
          {"sites", r.result.sites},
          {"observations", to_json(r.result.observations)}};
}

/// Valid UTF-8 without the characters that XML cannot contain.
std::string xml_text(const std::string& text) {
  const std::string quoted =
      ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  std::string escaped;
  for (const char c : html::escape(ordered_json::parse(quoted).get<std::string>())) {
    // In attributes they would become spaces.
    switch (c) {
      case '\n': escaped += "&#10;"; break;
      case '\t': escaped += "&#9;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

void write_case(std::ostream& out, const report& r) {
  out << "    <testcase classname=\"" << xml_text(r.scenario.file) << "\" name=\""
      << xml_text(r.scenario.name + " (" + r.scenario.engine + ", " + describe(r.scenario.search) +
                  ")")
      << "\" time=\"" << r.seconds << '"';
  const std::string again = replay_command(r);
  const std::string details = xml_text(r.result.message + "\n" + r.result.history +
                                       (again.empty() ? "" : "\nto run it again: " + again));
  const auto element = [&](std::string_view tag, const std::string& type) {
    out << ">\n      <" << tag << " type=\"" << xml_text(type) << "\" message=\""
        << xml_text(r.result.message) << "\">" << details << "</" << tag << ">\n    </testcase>\n";
  };
  switch (r.status) {
    case state::passed: out << "/>\n"; break;
    case state::failed: element("failure", r.result.failure); break;
    case state::incomplete: element("error", "incomplete"); break;
    case state::not_run: out << ">\n      <skipped message=\"not run\"/>\n    </testcase>\n";
  }
}

}  // namespace

output_file::output_file(const std::string& path) : shown_(path), path_(path) {
  std::error_code ignored;
  const fs::path resolved = fs::weakly_canonical(path, ignored);
  if (!resolved.empty()) path_ = resolved.string();
  const fs::file_status status = fs::status(path_, ignored);
  if (fs::is_directory(status)) {
    errno = EISDIR;
    cannot_write(shown_);
  }
  if (fs::exists(status) && access(path_.c_str(), W_OK) != 0) cannot_write(shown_);
  // What /dev/stdout stands for may be a regular file, but it is open already: it is not replaced.
  const bool direct =
      path.starts_with("/dev/") || (fs::exists(status) && !fs::is_regular_file(status));
  if (!direct) temporary_ = path_ + ".tmp" + std::to_string(getpid());
  stream_.open(direct ? path_ : temporary_, std::ios::binary | std::ios::app);
  if (!stream_) cannot_write(shown_);
}

output_file::~output_file() {
  if (!temporary_.empty()) std::remove(temporary_.c_str());
}

void output_file::commit() {
  errno = 0;
  stream_.close();
  if (!stream_) cannot_write(shown_);
  if (temporary_.empty()) return;
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) cannot_write(shown_);
  temporary_.clear();
}

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
  const summary all = summarize(reports);
  const std::string counts =
      " tests=\"" + std::to_string(all.selected) + "\" failures=\"" + std::to_string(all.failed) +
      "\" errors=\"" + std::to_string(all.incomplete) + "\" skipped=\"" +
      std::to_string(all.not_run) + "\" time=\"" + std::to_string(seconds) + "\"";
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" << counts
      << ">\n  <testsuite name=\"runnel check\"" << counts << ">\n";
  for (const report& r : reports) write_case(out, r);
  out << "  </testsuite>\n</testsuites>\n";
}

}  // namespace runnel::cli
